/*
 * struct place: a value of a document and the way to it, as a chain on the
 * stack of whoever walks: each place refers to the one it is in.
 */
#ifndef INTAKE_LINTPLACE_H
#define INTAKE_LINTPLACE_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct json_iter;
struct str;

struct place {
	const struct place *up;		/* NULL: the root */
	const struct json *key;		/* a member's; NULL: of an array */
	const char *name;		/* instead of key: a member that may
					 * be missing (value NULL) */
	size_t index;			/* of an array */
	const struct json *value;
};

/* The member of that name, which may be missing. */
struct place place_member(const struct place *up, const char *name);
/* What json_next() gave, of up's value; n counts from 0. */
struct place place_next(const struct place *up, const struct json_iter *it,
	size_t n);

/* The key or scalar by which messages name the place; NULL: the start. */
const struct json *place_mark(const struct place *p);
/* Append the JSONPath: names and indexes, parameters by name and place. */
void place_path(struct str *out, const struct place *p);
/* Append ".name" or "['name']", or the text in quotes alone. */
void place_name(struct str *out, const char *name, size_t len);
void place_quote(struct str *out, const char *text, size_t len);
/* Steps below the root. */
unsigned place_depth(const struct place *p);

#endif
