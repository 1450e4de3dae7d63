/*
 * What refers to what in an OpenAPI document or JSON Schema: a walk over all
 * of it that says where references stand, what can be referred to otherwise
 * than by a pointer, and which base URI holds there.
 *
 * What stands in example, examples, default, const, enum, value and x-
 * members is data; the members of "properties", "schemas" and their like are
 * names.  Both hold no keywords.
 *
 * Sources: OpenAPI 3.2.0, JSON Schema 2020-12 (8.2, 9.2).
 */
#ifndef DATA_REFS_H
#define DATA_REFS_H

#include <stdbool.h>

struct json;
struct str;

enum refs_kind {
	REFS_REF,		/* $ref */
	REFS_DYNAMIC,		/* $dynamicRef */
	REFS_MAPPING		/* a value of discriminator.mapping */
};

/* An object that has a name. */
struct refs_place {
	const struct json *value;
	const struct json *key;		/* leads to it; NULL: none */
	const char *base;		/* URI that holds inside */
	const char *pointer;		/* RFC 6901, from the root */
};

/* Each may be NULL; a result other than 0 ends the walk. */
struct refs {
	void *arg;
	bool ids;		/* $id and anchors count: from 3.1 on */
	/* ref is a string */
	int (*reference)(void *arg, enum refs_kind kind,
		const struct json *ref, const char *base);
	/* by $id; base is the URI that it gives */
	int (*resource)(void *arg, const struct refs_place *at);
	/* by $anchor or $dynamicAnchor: name */
	int (*anchor)(void *arg, const struct refs_place *at,
		const struct json *name, bool dynamic);
};

/* The result of the last function called; 0 without one. */
int refs_walk(const struct refs *r, const struct json *root,
	const char *base);
/* May text name something by $id, $self or an anchor?  Cheap, errs to yes. */
bool refs_names(const char *text, unsigned long n);
/* The N of version "3.N", "3.N.…" or "3.N-…" of OpenAPI; -1: no such. */
int refs_minor(const struct json *version);
/* Append the URI that root, a document, says it has ($self), against base;
 * false when it says none. */
bool refs_self(const struct json *root, const char *base, struct str *out);

#endif
