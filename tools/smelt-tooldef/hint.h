/*
 * The four annotations of a tool, derived from what it does.
 *
 * Over HTTP, by the method (RFC 9110 section 9.2): GET, HEAD, OPTIONS and TRACE
 * read; PUT and DELETE may be repeated; PUT, PATCH and DELETE take something
 * away, POST adds.  A verb in the name can only tighten that: a GET called
 * "deleteUser" does not read, a POST called "removeTag" destroys.
 * Functions, by their effects: writing files or databases and starting
 * programs change things and may destroy them, and so may the network; all
 * else reads.  The world is open where the network is among the effects.
 * Described in words only, by the meaning of the verb; the world is open.
 */
#ifndef SMELT_TOOLDEF_HINT_H
#define SMELT_TOOLDEF_HINT_H

#include <stdbool.h>

struct emit;
struct json;
struct str;

struct hints {
	bool read_only;
	bool destructive;
	bool idempotent;
	bool open_world;
};

void hints_derive(struct hints *h, const struct json *callable,
	const char *name);
/* "annotations" */
void hints_put(const struct hints *h, const struct str *title, struct emit *e);

#endif
