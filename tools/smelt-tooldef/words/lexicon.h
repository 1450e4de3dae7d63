/*
 * struct lexicon: the words of share/smelt/text.yaml, by which tools are found
 * in a description.  English only.
 */
#ifndef SMELT_TOOLDEF_LEXICON_H
#define SMELT_TOOLDEF_LEXICON_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct err;
struct json;
struct map;
struct sha256;
struct str;

enum verb_form { FORM_NONE, FORM_BASE, FORM_THIRD, FORM_GERUND };

struct verb {
	char *base;
	const char *class;	/* "read", "add" or "change" */
};

struct lexicon {
	char *file;
	struct str *text;
	struct document *doc;
	struct verb **all;
	size_t nall, all_cap;
	struct map *verbs;	/* every form -> struct verb_entry */
	struct map *lists;	/* "leads:that" */
};

void lexicon_init(struct lexicon *l);
void lexicon_release(struct lexicon *l);
/* Read the file; parse it, once words are wanted. */
int lexicon_load(struct lexicon *l, struct err *err);
int lexicon_parse(struct lexicon *l, struct err *err);
void lexicon_digest(const struct lexicon *l, struct sha256 *h);

/* word is lower case.  NULL when it is no verb that counts. */
const struct verb *lexicon_verb(const struct lexicon *l, const char *word,
	enum verb_form *form);
/* Is word in that list of the file? */
bool lexicon_has(const struct lexicon *l, const char *list,
	const char *word);
/* The schema for an argument whose last word this is, or NULL. */
const struct json *lexicon_schema(const struct lexicon *l,
	const char *word);

#endif
