/*
 * Text as words: lower case, letters and digits of any script, without
 * punctuation.  Everything lives in the caller's arena.
 */
#ifndef SCORE_WORDS_H
#define SCORE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct words {
	const char **v;
	size_t n;
	bool foreign;		/* mostly not ASCII: rules about English words
				 * have nothing to say */
};

/* The words of a sentence. */
struct words words_of(struct arena *a, const char *text);
/* The words of an identifier: split at "_", "-", "." and inner capitals. */
struct words words_of_name(struct arena *a, const char *name);
/* Their bare forms, sorted and unique: "books" and "book" are one. */
struct words words_set(struct arena *a, const struct words *w);
/* Length as a reader feels it: scripts without spaces count two characters as
 * a word. */
size_t words_length(const struct words *w);
/* " word word word ": phrases are looked for in this with strstr. */
const char *words_line(struct arena *a, const struct words *w);
/* Bare form: plural and third person without their ending. */
const char *words_bare(struct arena *a, const char *word);

#endif
