#include "smelt-tooldef/toolname.h"

#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "data/json.h"

static bool
is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

size_t
toolname_limit(const char *server)
{
	size_t n = strlen(server);

	if (n + TOOLNAME_MIN > TOOLNAME_WITH_SERVER)
		return TOOLNAME_MIN;
	n = TOOLNAME_WITH_SERVER - n;
	return n < TOOLNAME_MAX ? n : TOOLNAME_MAX;
}

bool
toolname_valid(const char *name)
{
	size_t i;

	if (name[0] < 'a' || name[0] > 'z')
		return false;
	for (i = 0; name[i]; i++)
		if (!is_lower(name[i]) && name[i] != '_')
			return false;
	return i <= TOOLNAME_MAX;
}

/* does a word start at text[i]? "listBooks", "getHTMLPage", "v2Books" */
static bool
starts_word(const char *text, size_t i, size_t len)
{
	if (!i || !is_upper(text[i]))
		return false;
	if (is_lower(text[i - 1]))
		return true;
	return is_upper(text[i - 1]) && i + 1 < len &&
	    text[i + 1] >= 'a' && text[i + 1] <= 'z' &&
	    /* "listAPIs": the plural s is no word */
	    !(text[i + 1] == 's' && (i + 2 == len || is_upper(text[i + 2]) ||
	    !is_lower(text[i + 2])));
}

void
toolname_words(struct str *out, const char *text, size_t len)
{
	bool gap = false;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = text[i];

		if (!is_lower(c) && !is_upper(c)) {
			/* "member's" is one word */
			gap = gap || c != '\'';
			continue;
		}
		if (out->len && (gap || starts_word(text, i, len)))
			str_putc(out, '_');
		gap = false;
		str_putc(out, char_lower(c));
	}
}

static void
from_route(struct str *out, const struct json *route)
{
	const char *p = json_get_str(route, "path"), *end;
	const char *method = json_get_str(route, "method");

	toolname_words(out, method ? method : "call",
		method ? strlen(method) : 4);
	for (; p && *p; p = end) {
		bool given = *p == '{' || *p == '<' || *p == ':';
		size_t before;

		end = p + 1;
		end += strcspn(end, given && *p != ':' ? "}>" : "/{<");
		if (*p != '/' && *p != '{' && *p != '<' && *p != ':' &&
		    *p != '}' && *p != '>')
			end = p + strcspn(p, "/{<");
		str_puts(out, given ? "_by_" : "_");
		before = out->len;
		toolname_words(out, p, (size_t)(end - p));
		if (out->len == before)
			out->len -= given ? 4 : 1;
	}
	str_seal(out);
}

void
toolname_digest(struct str *name, const struct json *id, size_t limit,
	size_t digits)
{
	char hex[SHA256_HEX + 1];
	size_t room = limit - digits - 1, cut;

	sha256_hex(json_str(id), json_len(id), hex);
	if (name->len > room) {
		for (cut = room; cut > room / 2 && name->buf[cut] != '_';
		    cut--)
			;
		name->len = name->buf[cut] == '_' ? cut : room;
	}
	while (name->len && name->buf[name->len - 1] == '_')
		name->len--;
	str_seal(name);
	str_addf(name, "%s%.*s", name->len ? "_" : "t", (int)digits, hex);
}

/* one _ for many, none at the ends, a letter first */
static void
tidy(struct str *name)
{
	size_t i, n = 0;

	for (i = 0; i < name->len; i++) {
		char c = name->buf[i];

		if (c == '_' && (!n || name->buf[n - 1] == '_'))
			continue;
		name->buf[n++] = c;
	}
	while (n && name->buf[n - 1] == '_')
		n--;
	name->len = n;
	if (name->buf)
		str_seal(name);
}

const struct json *
toolname_given(const struct json *callable)
{
	const struct json *name = json_get(json_get(callable, "mcp"), "name");
	size_t i;

	for (i = 0; i < json_len(name); i++)
		if (is_lower(json_str(name)[i]) || is_upper(json_str(name)[i]))
			return name;
	return json_get(callable, "name");
}

void
toolname_wanted(struct str *out, const struct json *callable, size_t limit)
{
	const struct json *name = toolname_given(callable);
	const struct json *id = json_get(callable, "id");
	const struct json *route = json_get(callable, "route");
	struct str words;

	str_init(&words, STR_RECORD);
	toolname_words(&words, json_str(name) ? json_str(name) : "",
		json_len(name));
	tidy(&words);
	if (!words.len && route)
		from_route(&words, route);
	tidy(&words);
	if (words.len && !(words.buf[0] >= 'a' && words.buf[0] <= 'z'))
		str_puts(out, "call_");
	/* one more than fit, so that what follows sees that it is cut */
	str_add(out, str_s(&words), words.len > limit ? limit + 1 : words.len);
	if (!words.len)
		str_puts(out, "tool");
	if (!words.len || out->len > limit)
		toolname_digest(out, id, limit, 4);
	str_release(&words);
}

void
toolname_qualified(struct str *out, const struct json *callable,
	const char *name)
{
	const char *method = json_get_str(json_get(callable, "route"),
		"method");
	const char *module = json_get_str(callable, "module"), *dot;
	const char *document = json_get_str(callable, "document");

	if (json_str_is(json_get(callable, "type"), "operation")) {
		if (document)
			toolname_words(out, document, strlen(document));
	} else if (method) {
		toolname_words(out, method, strlen(method));
	} else if (module) {
		dot = strrchr(module, '.');
		toolname_words(out, dot ? dot + 1 : module,
			strlen(dot ? dot + 1 : module));
	}
	if (out->len && out->buf[0] >= 'a' && out->buf[0] <= 'z')
		str_addf(out, "_%s", name);
	else
		str_clear(out);
}
