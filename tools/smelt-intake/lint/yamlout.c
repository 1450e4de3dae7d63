#include "smelt-intake/lint/yamlout.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"
#include "data/json.h"

/* What every YAML reader takes for this string without quotes. */
static bool
is_plain(const char *text, size_t len)
{
	static const char *const words[] = { "null", "true", "false", "yes",
		"no", "on", "off", "y", "n", "nan", "inf", NULL };
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"), i;
	char lower[8];

	if (n != len || !n || !((text[0] >= 'a' && text[0] <= 'z') ||
	    (text[0] >= 'A' && text[0] <= 'Z')))
		return false;
	for (i = 0; i < len && i < sizeof(lower) - 1; i++)
		lower[i] = char_lower(text[i]);
	lower[i] = '\0';
	return len >= sizeof(lower) - 1 || !str_in(lower, words);
}

/* Shown as they are: letters of all scripts, but nothing that is invisible,
 * breaks a line or turns the direction. */
static bool
is_shown(uint32_t c)
{
	if (c < 0xa1)
		return c >= 0x20 && c < 0x7f;
	return c != 0xad && c != 0x61c && !(c >= 0x180b && c <= 0x180f) &&
		!(c >= 0x2000 && c <= 0x200f) &&
		!(c >= 0x2028 && c <= 0x202f) &&
		!(c >= 0x205f && c <= 0x206f) && c != 0x3000 && c != 0xfeff &&
		!(c >= 0xd800 && c <= 0xf8ff) &&
		!(c >= 0xfe00 && c <= 0xfe0f) &&
		!(c >= 0xfff0 && c <= 0xffff) && c < 0xe0000;
}

static void
put_scalar(struct str *out, uint32_t c)
{
	switch (c) {
	case '"':
		str_puts(out, "\\\"");
		return;
	case '\\':
		str_puts(out, "\\\\");
		return;
	case '\n':
		str_puts(out, "\\n");
		return;
	case '\t':
		str_puts(out, "\\t");
		return;
	default:
		break;
	}
	if (is_shown(c))
		utf8_append(out, c);
	else if (c < 0x10000)
		str_addf(out, "\\u%04x", c);
	else
		str_addf(out, "\\U%08x", c);
}

void
yamlout_str(struct str *out, const char *text, size_t len)
{
	uint32_t c;
	size_t i, n;

	if (is_plain(text, len)) {
		str_add(out, text, len);
		return;
	}
	str_putc(out, '"');
	for (i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		put_scalar(out, n ? c : 0xfffd);
		n = n ? n : 1;
	}
	str_putc(out, '"');
}

static void
scalar(struct str *out, const struct json *v)
{
	if (json_str(v))
		yamlout_str(out, json_str(v), json_len(v));
	else
		json_write(out, v);
}

static void
spaces(struct str *out, int n)
{
	str_addf(out, "%*s", n, "");
}

/* the members of a container; the first one is indented already */
static void
block(struct str *out, const struct json *v, int indent, bool inside)
{
	struct json_iter it;

	for (json_each(&it, v); json_next(&it); inside = false) {
		if (!inside)
			spaces(out, indent);
		if (it.key) {
			scalar(out, it.key);
			str_putc(out, ':');
			yamlout_value(out, it.value, indent + 2);
			continue;
		}
		str_putc(out, '-');
		if (json_is(it.value, JSON_OBJECT) && json_size(it.value)) {
			str_putc(out, ' ');
			block(out, it.value, indent + 2, true);
		} else {
			yamlout_value(out, it.value, indent + 2);
		}
	}
}

void
yamlout_value(struct str *out, const struct json *v, int indent)
{
	if (json_type(v) >= JSON_ARRAY && json_size(v) &&
	    indent < 4 * JSON_DEPTH) {
		str_putc(out, '\n');
		block(out, v, indent, false);
		return;
	}
	str_putc(out, ' ');
	scalar(out, v);
	str_putc(out, '\n');
}

void
yamlout_comment(struct str *out, const char *text)
{
	size_t i, n, len = strlen(text);
	uint32_t c;

	for (i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		if (n && is_shown(c))
			str_add(out, text + i, n);
		else
			str_addf(out, "\\u{%x}", n ? c : 0xfffd);
		n = n ? n : 1;
	}
}
