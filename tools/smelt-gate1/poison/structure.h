/*
 * Structural tests of one text: what can be seen in its characters.  Each
 * answers with what it saw in out (for the message), or false.
 */
#ifndef GATE1_STRUCTURE_H
#define GATE1_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

typedef bool structure_test(const char *text, size_t len, struct str *out,
	struct str *count);

/* The test that a rule's check member names, or NULL: tag-characters,
 * zero-width, bidi, variation-selectors, control, padding, homoglyph-name. */
structure_test *structure_by_name(const char *name);

#endif
