#include "smelt-gate1/poison/normal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"

bool
normal_is_tag(uint32_t c)
{
	return c >= 0xE0000 && c <= 0xE007F;
}

bool
normal_is_zero_width(uint32_t c)
{
	return c == 0x200B || c == 0x200C || c == 0x200D || c == 0xFEFF ||
		(c >= 0x2060 && c <= 0x2064) || c == 0x180E || c == 0xAD;
}

bool
normal_is_bidi(uint32_t c)
{
	return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool
normal_is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xA0 ||
		(c >= 0x2000 && c <= 0x200A) || c == 0x200E || c == 0x200F ||
		c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
		c == 0x2800 || c == 0x3000 || c == 0x3164 || c == 0x115F ||
		c == 0x1160 || c == 0xFFA0;
}

static const struct {
	uint16_t c;
	char latin;
} lookalikes[] = {
	{ 0x0391, 'A' }, { 0x0392, 'B' }, { 0x0395, 'E' }, { 0x0396, 'Z' },
	{ 0x0397, 'H' }, { 0x0399, 'I' }, { 0x039A, 'K' }, { 0x039C, 'M' },
	{ 0x039D, 'N' }, { 0x039F, 'O' }, { 0x03A1, 'P' }, { 0x03A4, 'T' },
	{ 0x03A5, 'Y' }, { 0x03A7, 'X' }, { 0x03B1, 'a' }, { 0x03B9, 'i' },
	{ 0x03BD, 'v' }, { 0x03BF, 'o' }, { 0x03C1, 'p' }, { 0x03C5, 'u' },
	{ 0x0405, 'S' }, { 0x0406, 'I' }, { 0x0408, 'J' }, { 0x0410, 'A' },
	{ 0x0412, 'B' }, { 0x0415, 'E' }, { 0x041A, 'K' }, { 0x041C, 'M' },
	{ 0x041D, 'H' }, { 0x041E, 'O' }, { 0x0420, 'P' }, { 0x0421, 'C' },
	{ 0x0422, 'T' }, { 0x0425, 'X' }, { 0x0430, 'a' }, { 0x0435, 'e' },
	{ 0x043E, 'o' }, { 0x0440, 'p' }, { 0x0441, 'c' }, { 0x0443, 'y' },
	{ 0x0445, 'x' }, { 0x0455, 's' }, { 0x0456, 'i' }, { 0x0458, 'j' },
	{ 0x04BB, 'h' }, { 0x0501, 'd' }, { 0x051B, 'q' }, { 0x051D, 'w' },
	{ 0x0131, 'i' }, { 0x0261, 'g' }, { 0x2170, 'i' }, { 0x217C, 'l' },
};

char
normal_lookalike(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return (char)(c - 0xFF01 + '!');
	for (size_t i = 0; i < sizeof(lookalikes) / sizeof(*lookalikes); i++)
		if (lookalikes[i].c == c)
			return lookalikes[i].latin;
	return 0;
}

static uint32_t
folded(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFF01 + '!';
	switch (c) {
	case 0x2018: case 0x2019: case 0x201B: case 0x2032:
		return '\'';
	case 0x201C: case 0x201D: case 0x201E: case 0x2033:
		return '"';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014:
		return '-';
	default:
		return c;
	}
}

/* A character reference at p: its value and length. */
static size_t
reference(const char *p, size_t n, uint32_t *c)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", ' ' } };
	size_t digits;
	char *end;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (mem_starts(p, n, names[i].name)) {
			*c = (uint32_t)names[i].c;
			return strlen(names[i].name);
		}
	if (n < 4 || p[1] != '#')
		return 0;
	digits = p[2] == 'x' || p[2] == 'X' ? 3 : 2;
	if (!isxdigit((unsigned char)p[digits]))
		return 0;
	*c = (uint32_t)strtoul(p + digits, &end, digits == 3 ? 16 : 10);
	return end < p + n && *end == ';' && *c && *c < 0x110000 ?
		(size_t)(end - p) + 1 : 0;
}

static bool
latin(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words with a Latin letter and a look-alike become Latin. */
static void
fold_words(struct str *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len; ) {
		size_t end = at, n;
		bool has_latin = false, has_like = false;
		uint32_t c;

		while (end < len && (n = utf8_decode(text + end, len - end,
		    &c)) && (latin(text[end]) || c >= 0x80)) {
			has_latin |= latin(text[end]);
			has_like |= normal_lookalike(c) != 0;
			end += n;
		}
		if (end == at) {
			str_putc(out, text[at++]);
			continue;
		}
		while (at < end) {
			char like;

			n = utf8_decode(text + at, end - at, &c);
			like = has_latin && has_like ? normal_lookalike(c) : 0;
			if (like)
				str_putc(out, like);
			else
				str_add(out, text + at, n);
			at += n;
		}
	}
}

static void
put(struct str *out, uint32_t c)
{
	bool blank = normal_is_blank(c);
	char last = out->len ? out->buf[out->len - 1] : '\n';

	if (normal_is_tag(c)) {
		if (c >= 0xE0020 && c < 0xE007F)
			str_putc(out, (char)(c - 0xE0000));
		return;
	}
	if (normal_is_zero_width(c) || normal_is_bidi(c) ||
	    (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) ||
	    (c < 0x20 && !blank) || c == 0x7F)
		return;
	if (c == '\n')
		str_putc(out, '\n');
	else if (!blank)
		utf8_append(out, folded(c));
	else if (last != ' ' && last != '\n')
		str_putc(out, ' ');
}

void
normal_text(struct str *out, const char *text, size_t len)
{
	struct str plain;
	uint32_t c;

	str_init(&plain, STR_RECORD);
	for (size_t at = 0; at < len; ) {
		size_t n = text[at] == '&' ?
			reference(text + at, len - at, &c) : 0;

		if (!n)
			n = utf8_decode(text + at, len - at, &c);
		if (!n) {
			c = 0xFFFD;
			n = 1;
		}
		put(&plain, c);
		at += n;
	}
	fold_words(out, str_s(&plain), plain.len);
	str_release(&plain);
}

void
normal_name(struct str *out, const char *name)
{
	struct str words;
	char last = 0;

	str_init(&words, STR_LINE);
	for (const char *p = name; *p; p++) {
		bool upper = *p >= 'A' && *p <= 'Z';

		if (upper && last >= 'a' && last <= 'z')
			str_putc(&words, ' ');
		str_putc(&words, *p == '_' || *p == '-' || *p == '.' ||
			*p == '/' ? ' ' : *p);
		last = *p;
	}
	normal_text(out, str_s(&words), words.len);
	str_release(&words);
}

static bool
printable(const char *text, size_t len)
{
	size_t blanks = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 && !strchr("\t\n\r", c))
			return false;
		blanks += c == ' ';
	}
	return len >= 8 && blanks > 0 && utf8_valid(text, len);
}

static void
take_decoded(struct str *out, const struct str *one)
{
	if (!printable(str_s(one), one->len))
		return;
	str_add(out, one->buf, one->len);
	str_putc(out, '\n');
}

static bool
base64_char(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '/' ||
		c == '-' || c == '_';
}

static void
base64_run(struct str *out, const char *text, size_t len)
{
	struct str clean, one;

	str_init(&clean, STR_LINE);
	str_init(&one, STR_LINE);
	for (size_t i = 0; i < len; i++)
		str_putc(&clean, text[i] == '-' ? '+' : text[i] == '_' ? '/' :
			text[i]);
	while (clean.len % 4)
		str_putc(&clean, '=');
	if (!str_over(&clean) &&
	    base64_decode(&one, str_s(&clean), clean.len) == 0)
		take_decoded(out, &one);
	str_release(&clean);
	str_release(&one);
}

/* prefix is "%" or "\\x" or "": pairs of digits behind it. */
static size_t
hex_run(struct str *one, const char *text, size_t len, const char *prefix)
{
	size_t skip = strlen(prefix), at = 0;

	while (at + skip + 2 <= len && mem_starts(text + at, len - at,
	    prefix) && hex_digit(text[at + skip]) >= 0 &&
	    hex_digit(text[at + skip + 1]) >= 0) {
		str_putc(one, (char)(hex_digit(text[at + skip]) * 16 +
			hex_digit(text[at + skip + 1])));
		at += skip + 2;
	}
	return at;
}

/* "ignore%20all%20rules": the passage with its percent escapes decoded */
static size_t
percent_run(struct str *one, const char *text, size_t len)
{
	size_t at = 0, escapes = 0, n;

	while (at < len && (unsigned char)text[at] > ' ') {
		n = text[at] == '%' ? hex_run(one, text + at, len - at, "%") :
			0;
		escapes += n != 0;
		if (!n)
			str_putc(one, text[at]);
		at += n ? n : 1;
	}
	if (escapes < 2)
		str_clear(one);
	return at ? at : 1;
}

void
normal_decoded(struct str *out, const char *text, size_t len)
{
	struct str one;
	size_t n;

	str_init(&one, STR_LINE);
	for (size_t at = 0; at < len; at += n ? n : 1) {
		for (n = 0; at + n < len && base64_char(text[at + n]); n++)
			;
		if (n >= 20)
			base64_run(out, text + at, n);
		str_clear(&one);
		if (n >= 20 && hex_run(&one, text + at, n, "") == n)
			take_decoded(out, &one);
		if (n)
			continue;
		if (mem_starts(text + at, len - at, "\\x")) {
			n = hex_run(&one, text + at, len - at, "\\x");
			take_decoded(out, &one);
		}
	}
	for (size_t at = 0; at < len; at += n) {
		str_clear(&one);
		n = percent_run(&one, text + at, len - at);
		take_decoded(out, &one);
	}
	str_release(&one);
}
