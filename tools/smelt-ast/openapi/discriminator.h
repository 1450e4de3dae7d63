/*
 * Discriminators as plain JSON Schema: what tells the schemas of a choice
 * apart becomes a const or enum of the property in each, which is required
 * there.
 *
 * The values of a schema are those that the mapping leads to it with, else
 * its x-ms-discriminator-value, else its name among the components.  Nothing is
 * added to a schema whose own property says as much, that does not let the
 * property in, that is itself a choice or no object, or whose property says
 * otherwise.  The schema of defaultMapping has what all others have not.
 *
 * A schema with a discriminator and neither oneOf nor anyOf is a base: the
 * component schemas that build on it by allOf, heirs, are a choice wherever it
 * is referred to.  Where its heirs refer to it, it is the schema as it is
 * written; so is one that lists its heirs itself.  More than OPENAPI_HEIRS
 * heirs: it stays as it is, with a warning.
 *
 * Source: OpenAPI 3.2.0 (Discriminator Object).
 */
#ifndef SMELT_AST_OPENAPIDISCRIMINATOR_H
#define SMELT_AST_OPENAPIDISCRIMINATOR_H

#include <stdbool.h>
#include <stddef.h>

struct emit;
struct json;
struct map;
struct openapi;
struct openapi_doc;
struct openapi_target;

/* A list of more schemas than OPENAPI_BRANCHES stays as it is, and so does what
 * comes when OPENAPI_LOOKS members have been looked at for all of them. */
enum {
	OPENAPI_HEIRS = 32,
	OPENAPI_BRANCHES = 500,
	OPENAPI_LOOKS = 20 * 1000 * 1000
};

/* One schema of a choice. */
struct openapi_branch {
	struct openapi_target *target;	/* NULL: nothing that has a name */
	struct map *values;
	bool constrain, require;	/* the property is to be put */
	bool others;			/* by what other branches have not */
	const char *mark;		/* "readOnly", "writeOnly" or NULL */
	bool plain;			/* the values are numbers or booleans */
};

struct openapi_choice {
	const struct json *property;
	struct openapi_branch *v;
	size_t n;
	bool heirs;			/* of a base, not listed */
};

/* Has schema a discriminator, and lists no choice? */
bool openapi_is_base(const struct json *schema);
/* The choice that list, the oneOf or anyOf of schema in d, is.  false: there
 * is no discriminator, and nothing to release. */
bool openapi_choice_list(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, const struct json *list,
	struct openapi_choice *c);
/* The choice that base is by its heirs; false: it is none. */
bool openapi_choice_heirs(struct openapi *o,
	const struct openapi_target *base, struct openapi_choice *c);
void openapi_choice_release(struct openapi_choice *c);

/* Is there something to put for branch i? */
bool openapi_choice_tells(const struct openapi_choice *c, size_t i);
/* Put it into the open object e: properties and required. */
void openapi_choice_put(const struct openapi_choice *c, size_t i,
	struct emit *e);

/* Does heir, a component schema, build on target, which has it in its choice?
 * Then target is meant without the choice. */
bool openapi_inherits(struct openapi *o, const struct json *heir,
	const struct openapi_target *target);
void openapi_heirs_release(struct openapi *o);

#endif
