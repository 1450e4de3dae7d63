/*
 * What a tool answers: the outputSchema and the media type it asks for.
 *
 * There is an outputSchema when the answers to a successful call are JSON with
 * a schema, all of them: where another 2xx has no JSON at all, promising one
 * would make good calls fail.  Two different ones become a choice.  What is not
 * an object is wrapped as {"result": …}.  A schema of more than ANSWER_MAX
 * bytes is not worth its price and left out.
 */
#ifndef SMELT_TOOLDEF_ANSWER_H
#define SMELT_TOOLDEF_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct catalog;
struct emit;
struct json;

enum { ANSWERS = 8, ANSWER_MAX = 48 * 1024 };

struct answer {
	const char *media_type;		/* to ask for, or NULL */
	const struct json *schemas[ANSWERS];	/* of JSON answers */
	size_t n;
	bool wrap;
	bool too_large;			/* was: n is 0 for that */
};

void answer_init(struct answer *a, struct catalog *c,
	const struct json *callable);
/* Emit "outputSchema", if there is one; too_large is set here. */
void answer_put(struct answer *a, struct catalog *c, struct emit *e);

#endif
