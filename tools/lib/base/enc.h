/*
 * Encodings: UTF-8, UTF-16 columns, hex, base64, percent.
 */
#ifndef BASE_ENC_H
#define BASE_ENC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Bytes of the scalar at p (1..4) and its value, 0 when it is not valid
 * UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms). */
size_t utf8_decode(const char *p, size_t n, uint32_t *scalar);
/* Offset of the first invalid byte, or n. */
size_t utf8_check(const char *p, size_t n);
bool utf8_valid(const char *p, size_t n);
/* Append the scalar. */
void utf8_append(struct str *out, uint32_t scalar);
/* Length in UTF-16 code units; an invalid byte counts as one. */
size_t utf16_length(const char *p, size_t n);

/*
 * Line and column (1-based, column in UTF-16 units) of byte offset off in
 * text.  Linear; use struct lines for many look-ups in one text.
 */
void text_position(const char *text, size_t n, size_t off, unsigned *line,
	unsigned *col);

/* Line starts of one text, for many position look-ups. */
struct lines {
	const char *text;	/* the caller's, not copied */
	size_t n;
	size_t *starts;
	size_t count;
	struct lines_mark {	/* inside lines of many kilobytes */
		size_t off;
		size_t units;	/* UTF-16, since the line's start */
	} *marks;
	size_t nmarks;
};

void lines_init(struct lines *l, const char *text, size_t n);
void lines_release(struct lines *l);
void lines_position(const struct lines *l, size_t off, unsigned *line,
	unsigned *col);

void hex_encode(struct str *out, const void *p, size_t n);
/* 0..15 in either case; -1: no hex digit. */
int hex_digit(char c);
/* Append with %XX decoded; a "%" without two digits behind it stays. */
void percent_decode(struct str *out, const char *text, size_t n);
void base64_encode(struct str *out, const void *p, size_t n);
/* Strict RFC 4648 section 4: canonical padding, no white space.  -1 if not. */
int base64_decode(struct str *out, const char *p, size_t n);

#endif
