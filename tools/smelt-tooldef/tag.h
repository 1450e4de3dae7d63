/*
 * struct tags: one document into several servers, by tag.
 *
 * A callable belongs to the first of its tags, or is untagged: so it is in
 * exactly one of the servers that are made of the tags.  Each tag has a slug,
 * the name of its server, [a-z0-9][a-z0-9-]*; digits of a digest stand behind
 * it where several tags would have the same.  What is untagged has the name of
 * the source's server, with "-untagged" where a tag has that.
 *
 * A tag is asked for by its name or, where no tag is called so, by its slug.
 */
#ifndef SMELT_TOOLDEF_TAG_H
#define SMELT_TOOLDEF_TAG_H

#include <stdbool.h>
#include <stddef.h>

struct catalog;
struct definitions;
struct err;
struct json;
struct map;
struct opt_list;
struct str;

struct tags {
	const struct opt_list *wanted;	/* --tag */
	bool untagged;			/* --untagged */
	struct map *all;		/* name -> struct tag, as they come */
	struct tag *none;		/* what is untagged */
};

void tags_init(struct tags *t, const struct opt_list *wanted,
	bool untagged);
void tags_release(struct tags *t);
/* Find the tags of all callables; -1: a tag that is asked for is none. */
int tags_find(struct tags *t, const struct catalog *c, struct err *err);
/* NULL when it is asked for, or nothing is; else why not, newly allocated. */
char *tags_refuse(const struct tags *t, const struct json *callable);

/* A line for each: slug, number of tools, of callables, name as JSON (null for
 * untagged), with a tab between. */
void tags_list(struct tags *t, const struct definitions *d, struct str *out);

#endif
