/*
 * How a tool is carried out: the binding of its record, and what it may do.
 */
#ifndef SMELT_TOOLDEF_BINDING_H
#define SMELT_TOOLDEF_BINDING_H

#include <stdbool.h>

struct answer;
struct arguments;
struct emit;
struct json;

/* Where routes of a source tree are called when nothing else is said. */
#define BINDING_SERVER "http://127.0.0.1:5000"

/* "permissions", "security" and "binding". */
void binding_put(const struct json *callable, const struct arguments *args,
	const struct answer *answer, bool idempotent, struct emit *e);

#endif
