/*
 * What one sentence says that tools do: verb, thing, arguments.
 */
#ifndef SMELT_TOOLDEF_PHRASE_H
#define SMELT_TOOLDEF_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct lexicon;
struct words;

enum { PHRASE_ARGUMENTS = 16, PHRASE_NAME = 64, PHRASE_VERBS = 8,
	PHRASE_THING = 4, PHRASE_CHOICES = 12 };

struct phrase_argument {
	char name[PHRASE_NAME + 1];
	const char *words;		/* in the text */
	size_t words_len;
	const struct json *schema;	/* of the lexicon, or NULL */
	char choices[PHRASE_CHOICES][PHRASE_NAME];	/* "(north or south)" */
	size_t nchoices;
	bool list, optional, explained;
};

struct phrase {
	const char *class;		/* "read", "add" or "change" */
	bool headed;			/* "name: what it does" */
	char name[PHRASE_NAME * 2];	/* "find_book" */
	struct phrase_argument args[PHRASE_ARGUMENTS];
	size_t nargs;
	size_t from, to;		/* its words in the text */
	size_t said;			/* where they begin behind a head */
};

struct phrases {
	struct phrase *v;
	size_t n, cap;
};

void phrases_release(struct phrases *p);
/*
 * Append what the sentence w of text says.  One that goes on about the tool
 * before ("Takes a title.") is added to that.
 */
void phrases_find(struct phrases *p, const struct lexicon *l,
	const struct words *w, const char *text);

#endif
