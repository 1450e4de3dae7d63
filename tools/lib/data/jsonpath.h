/*
 * struct jsonpath: a JSONPath query (RFC 9535) and the values that it selects.
 *
 * Read are the root, names, indexes (negative ones, too), wildcards, lists of
 * them in brackets, descendants (..), and filters made of ==, !=, &&, ||, !,
 * parentheses, literals and paths of names and indexes from @ or $.  Not read:
 * slices, functions, <, <=, >, >=, other queries in filters.
 *
 * Unlike RFC 9535 a value is selected once at most.  Limits: JSONPATH_MAX
 * bytes, JSONPATH_TERMS parts, JSONPATH_DEPTH levels of parentheses,
 * JSONPATH_VISITS values looked at, JSONPATH_NODES selected by one part.
 */
#ifndef DATA_JSONPATH_H
#define DATA_JSONPATH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct json;
struct json_doc;
struct jsonpath_segment;
struct jsonpath_step;

enum {
	JSONPATH_MAX = 4096,
	JSONPATH_TERMS = 256,
	JSONPATH_DEPTH = 32,
	JSONPATH_VISITS = 32 * 1000 * 1000,
	JSONPATH_NODES = 1000 * 1000
};

struct jsonpath {
	struct arena *memory;
	struct jsonpath_segment *segments;	/* a list */
	struct json_doc *literals;
	size_t nliterals, cap;
	size_t visits;			/* of the last selection */
	/* NULL, or told of all that a selection looks at: the member or entry
	 * value (NULL: there is none) that step leads to from v; without a step
	 * an entry of v that is looked at with all others, once more with no
	 * value; v NULL: two values that are compared, all the way down */
	void (*look)(void *arg, const struct json *v,
		const struct jsonpath_step *step, const struct json *value);
	void *arg;
};

/* -1: err->text says at which character what is wrong; without a position.
 * Release p in both cases. */
int jsonpath_parse(struct jsonpath *p, const char *text, size_t len,
	struct err *err);
void jsonpath_release(struct jsonpath *p);

/* Allocate what is selected below root, in its order by segments; free it. */
int jsonpath_select(struct jsonpath *p, const struct json *root,
	const struct json ***nodes, size_t *n, struct err *err);

#endif
