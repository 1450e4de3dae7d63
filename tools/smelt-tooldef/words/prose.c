#include "smelt-tooldef/words/prose.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "data/json.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* in code points */
static size_t
length(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += !continues(text[i]);
	return n;
}

/* offset of character number max, or len */
static size_t
offset_of(const char *text, size_t len, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		if (!continues(text[i]) && n++ == max)
			return i;
	return len;
}

/* behind the last sentence or paragraph that ends before end, or 0 */
static size_t
sentence_end(const char *text, size_t end)
{
	size_t i;

	for (i = end; i > 1; i--) {
		if (text[i - 1] == '\n' && i > 2 && text[i - 2] == '\n')
			return i - 2;
		if (is_space(text[i - 1]) && strchr(".!?", text[i - 2]) &&
		    text[i - 2])
			return i - 1;
	}
	return 0;
}

static size_t
word_end(const char *text, size_t end)
{
	size_t i = end;

	while (i > end / 2 && !is_space(text[i]))
		i--;
	while (i && is_space(text[i - 1]))
		i--;
	return i > end / 2 ? i : end;
}

/* append at most max characters of text; true when it was cut */
static bool
add_cut(struct str *out, const char *text, size_t len, size_t max)
{
	size_t end = offset_of(text, len, max), at;

	if (end == len) {
		str_add(out, text, len);
		return false;
	}
	at = sentence_end(text, end);
	if (at > end / 3) {
		str_add(out, text, at);
		return true;
	}
	/* room for the mark of what is missing */
	end = offset_of(text, len, max - 1);
	at = word_end(text, end);
	while (at && continues(text[at]))
		at--;
	str_add(out, text, at);
	str_puts(out, "\xe2\x80\xa6");
	return true;
}

/* without the line ends that a YAML block leaves at its end */
static size_t
trimmed(const struct json *v)
{
	size_t n = json_len(v);

	while (n && json_str(v)[n - 1] == '\n')
		n--;
	return n;
}

static bool
starts_with(const char *text, size_t len, const char *head, size_t n)
{
	return len >= n && memcmp(text, head, n) == 0;
}

void
prose_title(struct str *out, const struct json *callable, const char *name)
{
	const struct json *wish = json_get(json_get(callable, "mcp"), "title");
	const struct json *title = wish ? wish : json_get(callable, "title");
	const char *text = json_str(title);
	size_t len = trimmed(title);

	/* the first sentence of a docstring is no sentence as a title */
	if (len > 1 && !json_str_is(json_get(callable, "type"), "operation") &&
	    text[len - 1] == '.' && text[len - 2] != '.')
		len--;
	if (text && len) {
		add_cut(out, text, len, PROSE_TITLE);
		return;
	}
	for (; *name; name++) {
		char c = *name == '_' ? ' ' : *name;

		if (!out->len && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		str_putc(out, c);
	}
}

/* "Not Found", "OK": the status in words says nothing new */
static bool
says_nothing(const char *text, size_t len)
{
	static const char *const phrases[] = { "bad request", "unauthorized",
		"payment required", "forbidden", "not found",
		"resource not found", "method not allowed", "not acceptable",
		"request timeout", "conflict", "gone",
		"precondition failed", "payload too large", "content too large",
		"unsupported media type", "unprocessable entity",
		"unprocessable content", "too many requests",
		"validation failed", "error", "internal server error",
		"service unavailable", "default response",
		"unexpected error", "requires authentication", NULL };
	size_t i;

	while (len && (text[len - 1] == '.' || is_space(text[len - 1])))
		len--;
	for (i = 0; phrases[i]; i++)
		if (strlen(phrases[i]) == len &&
		    strncasecmp(text, phrases[i], len) == 0)
			return true;
	return !len;
}

static size_t
first_sentence(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n')
			return i;
		if (strchr(".!?", text[i]) && text[i] &&
		    (i + 1 == len || is_space(text[i + 1])))
			return i;
	}
	return len;
}

static void
note_errors(struct str *notes, const struct json *callable)
{
	bool any = false;
	struct json_iter it;

	for (json_each(&it, json_get(callable, "responses"));
	    json_next(&it); ) {
		const struct json *doc = json_get(it.value, "doc");
		const char *status = json_get_str(it.value, "status");
		size_t n = trimmed(doc), before = notes->len;

		if (!status || *status != '4' || !n ||
		    strcmp(status, "401") == 0 ||
		    says_nothing(json_str(doc), n))
			continue;
		n = first_sentence(json_str(doc), n);
		str_addf(notes, "%s%s ", any ? "; " : notes->len ?
			" Errors: " : "Errors: ", status);
		add_cut(notes, json_str(doc), n, 100);
		if (length(notes->buf, notes->len) >= PROSE_NOTES) {
			notes->len = before;
			str_seal(notes);
			break;
		}
		any = true;
	}
	if (any)
		str_putc(notes, '.');
}

static void
note_auth(struct str *notes, const struct json *callable)
{
	const struct json *auth = json_get(callable, "auth");

	if (json_get_bool(auth, "required", false))
		str_addf(notes, "%sNeeds authorization.",
			notes->len ? " " : "");
}

/* no sentence ends behind "e.g." and "i.e.", or before a small letter */
static bool
ends_sentence(const char *text, size_t i, size_t len)
{
	size_t next = i + 1;

	if (text[i] != '.' && text[i] != '!' && text[i] != '?')
		return false;
	while (next < len && is_space(text[next]))
		next++;
	if (next == len)
		return true;
	return next > i + 1 && !(text[next] >= 'a' && text[next] <= 'z') &&
	    !(i > 1 && text[i - 2] == '.');
}

/* a paragraph ends, or a list begins */
static bool
ends_paragraph(const char *text, size_t i, size_t len)
{
	if (text[i++] != '\n')
		return false;
	while (i < len && (text[i] == ' ' || text[i] == '\t'))
		i++;
	return i == len || (text[i] && strchr("\r\n-*#|+>`", text[i]));
}

size_t
prose_sentence(const char *text, size_t len)
{
	size_t i, start = 0;

	while (start < len && is_space(text[start]))
		start++;
	for (i = start; i < len; i++) {
		if (ends_sentence(text, i, len))
			return i + 1;
		if (ends_paragraph(text, i, len))
			break;
	}
	while (i > start && is_space(text[i - 1]))
		i--;
	return i;
}

static void
add_words(struct str *out, const struct json *callable, bool brief)
{
	const struct json *title = json_get(callable, "title");
	const struct json *doc = json_get(callable, "doc");
	const struct json *route = json_get(callable, "route");
	const struct json *wish = json_get(json_get(callable, "mcp"),
		"description");
	size_t nt = trimmed(title), nd = trimmed(doc);

	if (wish) {
		str_add(out, json_str(wish), trimmed(wish));
		return;
	}
	if (brief && nd)
		nd = prose_sentence(json_str(doc), nd);
	if (nt && !starts_with(json_str(doc) ? json_str(doc) : "", nd,
	    json_str(title), nt))
		str_add(out, json_str(title), nt);
	if (nd) {
		if (out->len)
			str_puts(out, strchr(".!?:", out->buf[out->len - 1]) ?
				"\n" : ".\n");
		str_add(out, json_str(doc), nd);
	}
	if (!out->len && route)
		str_addf(out, "Calls %s %s.", json_get_str(route, "method"),
			json_get_str(route, "path"));
}

bool
prose_description(struct str *out, const struct json *callable, bool brief)
{
	struct str words, notes;
	size_t room = PROSE_MAX;
	bool cut;

	str_init(&words, STR_RECORD);
	str_init(&notes, STR_RECORD);
	if (json_str_is(json_get(callable, "visibility"), "deprecated"))
		str_puts(&notes, "Deprecated.");
	note_auth(&notes, callable);
	if (!brief)
		note_errors(&notes, callable);
	add_words(&words, callable, brief);
	if (!words.len)
		str_puts(&words, "No description in the source.");
	if (notes.len)
		room -= length(notes.buf, notes.len) + 1;
	cut = add_cut(out, words.buf, words.len, room);
	if (notes.len) {
		str_putc(out, '\n');
		str_add(out, notes.buf, notes.len);
	}
	str_release(&words);
	str_release(&notes);
	return cut;
}
