/*
 * struct rules: what the user wants otherwise, from smelt.yaml (--config).
 *
 *	include: [PATTERN...]		only these become tools
 *	exclude: [PATTERN...]		these do not
 *	deprecated: true		as --include-deprecated
 *	tools:
 *	  NAME-OR-CALLABLE-ID:		the name that smelt would give
 *	    name: other_name
 *	    title: Other title
 *	    description: Other words.
 *	    annotations: {destructiveHint: true}
 *
 * A PATTERN with * and ? is held against the tool's name and the callable's id;
 * "tag:PATTERN" against its tags, "scope:PATTERN" against the scopes that the
 * document gives it (x-mcp), "path:GLOB" against the route's path
 * (data/glob.h), "method:PATTERN" against its method.
 * Annotations can only be tightened: readOnlyHint and idempotentHint to false,
 * destructiveHint and openWorldHint to true.  Unknown keys, wrong types and
 * entries for tools that do not exist are located errors.
 */
#ifndef SMELT_TOOLDEF_RULES_H
#define SMELT_TOOLDEF_RULES_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct err;
struct hints;
struct json;
struct sha256;
struct str;
struct tags;

struct rules {
	struct str *text;
	struct document *doc;		/* NULL: no file */
	const char *file;
	const struct json *include, *exclude, *tools;
	bool deprecated;
	bool *used;			/* of the tools entries, by index */
	const struct tags *tags;	/* --tag, the caller's */
};

void rules_init(struct rules *r);
void rules_release(struct rules *r);
int rules_load(struct rules *r, const char *file, struct err *err);
void rules_digest(const struct rules *r, struct sha256 *h);

bool rules_excludes(const struct rules *r, const struct json *callable,
	const char *name, const char **why);

/* Which of the include patterns names it, from 0: the order in which users
 * want tools. */
size_t rules_rank(const struct rules *r, const struct json *callable,
	const char *name);

/* The entry for a callable, or NULL. */
const struct json *rules_entry(struct rules *r, const struct json *callable,
	const char *name);
/* Tighten hints as entry says; -1: it would loosen them. */
int rules_hints(const struct rules *r, const struct json *entry,
	struct hints *h, struct err *err);
/* -1 when an entry has met no callable. */
int rules_unused(const struct rules *r, struct err *err);

#endif
