#include "smelt-gate1/poison/structure.h"

#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"
#include "smelt-gate1/poison/normal.h"

enum { PADDING_BLANKS = 400, PADDING_LINES = 20, PADDING_MARKS = 8,
	SELECTORS = 3 };

/* Next character of text; bytes that are not UTF-8 are U+FFFD. */
static size_t
next(const char *text, size_t len, size_t at, uint32_t *c)
{
	size_t n = at < len ? utf8_decode(text + at, len - at, c) : 0;

	if (!n)
		*c = 0xFFFD;
	return n ? n : 1;
}

static void
name(struct str *out, uint32_t c)
{
	str_clear(out);
	str_addf(out, "U+%04X", (unsigned)c);
}

static bool
tags(const char *text, size_t len, struct str *out, struct str *count)
{
	size_t n = 0;
	uint32_t c, before = 0;

	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		/* the flags of England, Scotland, Wales are spelt so */
		if (c == 0x1F3F4)
			before = c;
		else if (!normal_is_tag(c))
			before = 0;
		if (!normal_is_tag(c) || before)
			continue;
		n++;
		if (c >= 0xE0020 && c < 0xE007F)
			str_putc(out, (char)(c - 0xE0000));
	}
	str_addf(count, "%zu", n);
	return n > 0;
}

static bool
ascii(uint32_t c)
{
	return c < 0x80 || normal_is_zero_width(c) || normal_is_blank(c);
}

/* Between ASCII characters no script has a use for them. */
static bool
zero_width(const char *text, size_t len, struct str *out, struct str *count)
{
	uint32_t before = ' ', c, after;

	(void)count;
	for (size_t at = 0; at < len; before = c) {
		at += next(text, len, at, &c);
		after = ' ';
		if (at < len)
			next(text, len, at, &after);
		if (normal_is_zero_width(c) && !(c == 0xFEFF && at <= 3) &&
		    c != 0xAD && ascii(before) && ascii(after)) {
			name(out, c);
			return true;
		}
	}
	return false;
}

static bool
bidi(const char *text, size_t len, struct str *out, struct str *count)
{
	uint32_t c;

	(void)count;
	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		if (normal_is_bidi(c)) {
			name(out, c);
			return true;
		}
	}
	return false;
}

static bool
selectors(const char *text, size_t len, struct str *out, struct str *count)
{
	size_t far = 0, run = 0, longest = 0;
	uint32_t c;

	(void)out;
	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		far += c >= 0xE0100 && c <= 0xE01EF;
		run = c >= 0xFE00 && c <= 0xFE0F ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	str_addf(count, "%zu", far ? far : longest);
	return far > 0 || longest >= SELECTORS;
}

static bool
control(const char *text, size_t len, struct str *out, struct str *count)
{
	uint32_t c;

	(void)count;
	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		    (c >= 0x7F && c < 0xA0)) {
			name(out, c);
			return true;
		}
	}
	return false;
}

static bool
padding(const char *text, size_t len, struct str *out, struct str *count)
{
	size_t run = 0, lines = 0, marks = 0;
	uint32_t c;

	(void)out;
	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		if (normal_is_blank(c) || normal_is_zero_width(c)) {
			run++;
			lines += c == '\n';
			marks += c > 0x7F && c != 0xA0 && c != 0x3000;
			continue;
		}
		if (run >= PADDING_BLANKS || lines >= PADDING_LINES ||
		    marks >= PADDING_MARKS) {
			str_addf(count, "%zu", run);
			return true;
		}
		run = lines = marks = 0;
	}
	return false;
}

static bool
homoglyph(const char *text, size_t len, struct str *out, struct str *count)
{
	bool latin = false, like = false;
	uint32_t c;

	(void)count;
	for (size_t at = 0; at < len; ) {
		at += next(text, len, at, &c);
		latin |= c < 0x80 && c > '@';
		like |= normal_lookalike(c) != 0;
	}
	str_add(out, text, len < 80 ? len : 80);
	return latin && like;
}

structure_test *
structure_by_name(const char *check)
{
	static const struct {
		const char *name;
		structure_test *test;
	} tests[] = {
		{ "tag-characters", tags }, { "zero-width", zero_width },
		{ "bidi", bidi }, { "variation-selectors", selectors },
		{ "control", control }, { "padding", padding },
		{ "homoglyph-name", homoglyph },
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (!strcmp(check, tests[i].name))
			return tests[i].test;
	return NULL;
}
