/*
 * struct atoms: interned strings.  Equal text, equal number, so text compare
 * is one integer compare.
 *
 * Atom 0 is "no atom", 1 the empty string.  A table may stand on a base that
 * nobody changes any more: texts of the base keep their numbers, so patterns
 * compiled once into a base can be compared with the targets of many threads,
 * each of which adds to a table of its own.  Texts are copied; a returned
 * pointer is valid until atoms_free().
 */
#ifndef CODE_ATOM_H
#define CODE_ATOM_H

#include <stddef.h>
#include <stdint.h>

struct atoms;

/* base may be NULL.  It must outlive the new table and stay unchanged. */
struct atoms *atoms_new(const struct atoms *base);
void atoms_free(struct atoms *a);

/* The atom of text, added when it is new. */
uint32_t atoms_add(struct atoms *a, const char *text, size_t len);
/* The atom of text, or 0 when it has none. */
uint32_t atoms_find(const struct atoms *a, const char *text, size_t len);
/* NUL-terminated; len may be NULL.  "" for 0. */
const char *atoms_text(const struct atoms *a, uint32_t atom, size_t *len);
/* One more than the largest atom. */
uint32_t atoms_count(const struct atoms *a);

#endif
