/*
 * primaryLocationLineHash, the partial fingerprint by which GitHub follows a
 * finding from commit to commit: a rolling hash over the 100 characters (white
 * space left out) that start at a line, with a count of equal ones before it.
 *
 * Text is decoded as UTF-8 (invalid bytes count as U+FFFD) and hashed as
 * UTF-16 code units.
 */
#ifndef FORM_LINEHASH_H
#define FORM_LINEHASH_H

#include <stddef.h>
#include <stdint.h>

enum { LINEHASH_SIZE = 32 };	/* "c129715d7a2bc9a3:1" and a NUL */

struct linehash {
	uint64_t *hash;		/* of line i + 1 */
	unsigned *nth;		/* 1-based among equal hashes */
	size_t n;		/* lines, with the one behind a final LF */
};

void linehash_init(struct linehash *h, const char *text, size_t len);
void linehash_release(struct linehash *h);
/* The hash of a 1-based line; "" when the text has no such line. */
void linehash_get(const struct linehash *h, unsigned line,
	char out[LINEHASH_SIZE]);

#endif
