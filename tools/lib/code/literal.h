/*
 * The content of a string literal: escapes decoded.
 */
#ifndef CODE_LITERAL_H
#define CODE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum literal_escapes {
	LITERAL_RAW,	/* none */
	LITERAL_C,	/* an unknown escape is its character */
	LITERAL_PYTHON	/* an unknown escape keeps its backslash */
};

/*
 * Append text[0..len), the part between the quotes.  Numbers beyond Unicode
 * and lone surrogates become U+FFFD; with bytes set, \xNN is one byte.
 */
void literal_decode(struct str *out, const char *text, size_t len,
	enum literal_escapes escapes, bool bytes);

#endif
