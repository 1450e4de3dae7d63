/*
 * A text as sentences, a sentence as words.
 *
 * A sentence ends at . ! ? before white space, at a semicolon, and at a line
 * end before an empty line or a list item ("- ", "* ", "1. ").
 */
#ifndef SMELT_TOOLDEF_WORDS_H
#define SMELT_TOOLDEF_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORD_MAX = 40 };

struct word {
	size_t at, len;			/* in the text */
	char lower[WORD_MAX];		/* "" when too long to matter */
	char mark;			/* a punctuation mark, or 0 */
};

struct words {
	struct word *v;
	size_t n, cap;
	size_t from, to;		/* the sentence in the text */
	bool item;			/* of a list */
	bool fresh;			/* first of a paragraph or item */
};

void words_release(struct words *w);
/* The next sentence at or behind *pos; false at the end. */
bool words_next(struct words *w, const char *text, size_t len, size_t *pos);
/* The word there, or one that is nothing. */
const struct word *words_at(const struct words *w, size_t i);

#endif
