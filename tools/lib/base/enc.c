#include "base/enc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { LINES_STEP = 4096 };

size_t
utf8_decode(const char *p, size_t n, uint32_t *scalar)
{
	const unsigned char *s = (const unsigned char *)p;
	uint32_t c, min;
	size_t k, i;

	if (n == 0)
		return 0;
	if (s[0] < 0x80) {
		*scalar = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		k = 2, c = s[0] & 0x1fu, min = 0x80;
	} else if ((s[0] & 0xf0) == 0xe0) {
		k = 3, c = s[0] & 0x0fu, min = 0x800;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		k = 4, c = s[0] & 0x07u, min = 0x10000;
	} else {
		return 0;
	}
	if (n < k)
		return 0;
	for (i = 1; i < k; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*scalar = c;
	return k;
}

/* ASCII bytes that p begins with, by eights: not all of them */
static size_t
ascii_run(const char *p, size_t n)
{
	size_t i = 0;
	uint64_t w;

	for (; n - i >= 8; i += 8) {
		memcpy(&w, p + i, 8);
		if (w & 0x8080808080808080ull)
			break;
	}
	return i;
}

size_t
utf8_check(const char *p, size_t n)
{
	size_t i = 0, k;
	uint32_t c;

	while (i < n) {
		i += ascii_run(p + i, n - i);
		if (i >= n)
			break;
		k = utf8_decode(p + i, n - i, &c);
		if (!k)
			return i;
		i += k;
	}
	return n;
}

bool
utf8_valid(const char *p, size_t n)
{
	return utf8_check(p, n) == n;
}

void
utf8_append(struct str *out, uint32_t c)
{
	char b[4];
	size_t n;

	if (c < 0x80) {
		b[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		n = 3;
	} else {
		b[0] = (char)(0xf0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3f));
		b[2] = (char)(0x80 | (c >> 6 & 0x3f));
		b[3] = (char)(0x80 | (c & 0x3f));
		n = 4;
	}
	str_add(out, b, n);
}

size_t
utf16_length(const char *p, size_t n)
{
	size_t i = 0, k, units = 0;
	uint32_t c;

	while (i < n) {
		k = ascii_run(p + i, n - i);
		units += k;
		i += k;
		if (i >= n)
			break;
		k = utf8_decode(p + i, n - i, &c);
		units += k == 4 ? 2 : 1;
		i += k ? k : 1;
	}
	return units;
}

void
text_position(const char *text, size_t n, size_t off, unsigned *line,
	unsigned *col)
{
	size_t i, start = 0;

	*line = 1;
	if (off > n)
		off = n;
	for (i = 0; i < off; i++) {
		if (text[i] == '\n') {
			++*line;
			start = i + 1;
		}
	}
	*col = (unsigned)utf16_length(text + start, off - start) + 1;
}

/* so that a column in a text of one line costs no walk through it all */
static void
mark_line(struct lines *l, size_t from, size_t to, size_t *cap)
{
	size_t i = from, k, units = 0, next = from + LINES_STEP;
	uint32_t c;

	while (i < to) {
		if (i >= next) {
			l->marks = vec_grow(l->marks, l->nmarks, cap,
				sizeof(*l->marks));
			l->marks[l->nmarks].off = i;
			l->marks[l->nmarks++].units = units;
			next = i + LINES_STEP;
		}
		k = ascii_run(l->text + i, (to < next ? to : next) - i);
		if (k) {
			units += k;
			i += k;
			continue;
		}
		k = utf8_decode(l->text + i, l->n - i, &c);
		units += k == 4 ? 2 : 1;
		i += k ? k : 1;
	}
}

void
lines_init(struct lines *l, const char *text, size_t n)
{
	size_t cap = 0, marks_cap = 0, i, end;
	const char *p = text;

	memset(l, 0, sizeof(*l));
	l->text = text;
	l->n = n;
	l->starts = vec_grow(NULL, 0, &cap, sizeof(*l->starts));
	l->starts[l->count++] = 0;
	while (p < text + n && (p = memchr(p, '\n',
	    (size_t)(text + n - p)))) {
		p++;
		l->starts = vec_grow(l->starts, l->count, &cap,
			sizeof(*l->starts));
		l->starts[l->count++] = (size_t)(p - text);
	}
	for (i = 0; i < l->count; i++) {
		end = i + 1 < l->count ? l->starts[i + 1] : n;
		if (end - l->starts[i] > 2 * LINES_STEP)
			mark_line(l, l->starts[i], end, &marks_cap);
	}
}

void
lines_release(struct lines *l)
{
	free(l->starts);
	free(l->marks);
	memset(l, 0, sizeof(*l));
}

/* the last mark at or before off, NULL when there is none */
static const struct lines_mark *
find_mark(const struct lines *l, size_t off)
{
	size_t lo = 0, hi = l->nmarks, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->marks[mid].off <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &l->marks[lo - 1] : NULL;
}

void
lines_position(const struct lines *l, size_t off, unsigned *line,
	unsigned *col)
{
	size_t lo = 0, hi = l->count, mid, from, units = 0;
	const struct lines_mark *mark;

	if (off > l->n)
		off = l->n;
	while (hi - lo > 1) {
		mid = lo + (hi - lo) / 2;
		if (l->starts[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	from = l->starts[lo];
	mark = find_mark(l, off);
	if (mark && mark->off > from) {
		from = mark->off;
		units = mark->units;
	}
	*line = (unsigned)lo + 1;
	*col = (unsigned)(units + utf16_length(l->text + from, off - from)) +
		1;
}

void
hex_encode(struct str *out, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *s = p;
	char *at = str_room(out, n * 2);
	size_t i;

	if (!at)
		return;
	for (i = 0; i < n; i++) {
		*at++ = digits[s[i] >> 4];
		*at++ = digits[s[i] & 15];
	}
	out->len += n * 2;
	str_seal(out);
}

static const char b64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
percent_decode(struct str *out, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (text[i] == '%' && i + 2 < n && hex_digit(text[i + 1]) >= 0 &&
		    hex_digit(text[i + 2]) >= 0) {
			str_putc(out, (char)(hex_digit(text[i + 1]) * 16 +
				hex_digit(text[i + 2])));
			i += 2;
		} else {
			str_putc(out, text[i]);
		}
	}
}

void
base64_encode(struct str *out, const void *p, size_t n)
{
	const unsigned char *s = p;
	size_t len = (n + 2) / 3 * 4, k;
	char *at = str_room(out, len);
	uint32_t v;

	if (!at)
		return;
	for (; n; n -= k, s += k) {
		k = n < 3 ? n : 3;
		v = (uint32_t)s[0] << 16;
		if (k > 1)
			v |= (uint32_t)s[1] << 8;
		if (k > 2)
			v |= s[2];
		*at++ = b64[v >> 18];
		*at++ = b64[v >> 12 & 63];
		*at++ = k > 1 ? b64[v >> 6 & 63] : '=';
		*at++ = k > 2 ? b64[v & 63] : '=';
	}
	out->len += len;
	str_seal(out);
}

static int
b64_value(char c)
{
	const char *at = c ? strchr(b64, c) : NULL;

	return at ? (int)(at - b64) : -1;
}

int
base64_decode(struct str *out, const char *p, size_t n)
{
	size_t i, j, pad = 0;
	uint32_t v;
	char b[3];
	int d;

	if (n % 4)
		return -1;
	if (n && p[n - 1] == '=')
		pad = p[n - 2] == '=' ? 2 : 1;
	for (i = 0; i < n; i += 4) {
		size_t keep = i + 4 == n ? 3 - pad : 3;

		v = 0;
		for (j = 0; j < 4; j++) {
			d = j > keep ? 0 : b64_value(p[i + j]);
			if (d < 0)
				return -1;
			v = v << 6 | (uint32_t)d;
		}
		b[0] = (char)(v >> 16);
		b[1] = (char)(v >> 8);
		b[2] = (char)v;
		if ((keep < 3 && b[2]) || (keep < 2 && b[1]))
			return -1;
		if (str_add(out, b, keep) < 0)
			return -1;
	}
	return 0;
}
