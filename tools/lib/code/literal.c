#include "code/literal.h"

#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"

/* up to max digits of base at p; the number of them */
static size_t
number(const char *p, size_t n, size_t max, int base, uint32_t *value)
{
	size_t i;
	int d;

	*value = 0;
	for (i = 0; i < n && i < max; i++) {
		d = hex_digit(p[i]);
		if (d < 0 || d >= base)
			break;
		*value = *value * (uint32_t)base + (uint32_t)d;
	}
	return i;
}

static void
scalar(struct str *out, uint32_t c, bool byte)
{
	if (byte && c < 256)
		str_putc(out, (char)c);
	else if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		utf8_append(out, 0xfffd);
	else
		utf8_append(out, c);
}

/* \x41 \u0041 \u{41} \U00000041; bytes used behind the letter, 0: not one */
static size_t
coded(struct str *out, char letter, const char *p, size_t n, bool bytes)
{
	size_t want = letter == 'x' ? 2 : letter == 'u' ? 4 : 8, k;
	uint32_t c, low;

	if (letter == 'u' && n && p[0] == '{') {
		k = number(p + 1, n - 1, 6, 16, &c);
		if (!k || k + 1 >= n || p[k + 1] != '}')
			return 0;
		scalar(out, c, false);
		return k + 2;
	}
	k = number(p, n, want, 16, &c);
	if (k != want)
		return 0;
	if (c >= 0xd800 && c <= 0xdbff && n >= 10 && p[4] == '\\' &&
	    p[5] == 'u' && number(p + 6, n - 6, 4, 16, &low) == 4 &&
	    low >= 0xdc00 && low <= 0xdfff) {
		scalar(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00),
			false);
		return 10;
	}
	scalar(out, c, bytes && letter == 'x');
	return k;
}

/* one escape, p behind the backslash; bytes used, 0: unknown */
static size_t
escape(struct str *out, const char *p, size_t n, bool bytes)
{
	static const char from[] = "ntrbfva\\'\"`$/", to[] =
		"\n\t\r\b\f\v\a\\'\"`$/";
	const char *at;
	uint32_t c;
	size_t k;

	if (p[0] == '\n')
		return 1;
	if (p[0] == '\r')
		return n > 1 && p[1] == '\n' ? 2 : 1;
	if (p[0] == 'x' || p[0] == 'u' || p[0] == 'U') {
		k = coded(out, p[0], p + 1, n - 1, bytes);
		return k ? k + 1 : 0;
	}
	if (p[0] >= '0' && p[0] <= '7') {
		k = number(p, n, 3, 8, &c);
		scalar(out, c, bytes);
		return k;
	}
	at = p[0] ? strchr(from, p[0]) : NULL;
	if (!at)
		return 0;
	str_putc(out, to[at - from]);
	return 1;
}

void
literal_decode(struct str *out, const char *text, size_t len,
	enum literal_escapes escapes, bool bytes)
{
	const char *end = text + len, *back;
	size_t k;

	while (text < end) {
		back = escapes == LITERAL_RAW ? NULL :
			memchr(text, '\\', (size_t)(end - text));
		if (!back || back + 1 >= end) {
			str_add(out, text, (size_t)(end - text));
			return;
		}
		str_add(out, text, (size_t)(back - text));
		text = back + 1;
		k = escape(out, text, (size_t)(end - text), bytes);
		/* python's `$` and `/` escapes are unknown ones as well */
		if (escapes == LITERAL_PYTHON && k == 1 &&
		    strchr("`$/", text[0]) && text[0]) {
			out->len--;
			k = 0;
		}
		if (!k && escapes == LITERAL_PYTHON)
			str_putc(out, '\\');
		text += k;
		if (!k)
			str_putc(out, *text++);
	}
}
