/*
 * Which callables become tools.
 *
 * Candidates: operations and routes that can be called over HTTP; public
 * functions of a module that have a docstring and a type for every parameter.
 * Where the source has routes, its functions are their inside: they are
 * candidates only if an include pattern names them.
 * Everything else is a skip with a reason and a text.
 */
#ifndef SMELT_TOOLDEF_SELECT_H
#define SMELT_TOOLDEF_SELECT_H

#include <stdbool.h>

struct arguments;
struct catalog;
struct json;
struct rules;

/* Reason of a skip and its text; reason NULL: it is a tool. */
struct verdict {
	const char *reason;
	char text[1200];
};

void select_callable(struct verdict *v, const struct rules *rules,
	const struct catalog *c, const struct json *callable,
	const char *name, const struct arguments *args);

#endif
