/*
 * Schemas as tools show them: JSON Schema 2020-12 that a strict validator
 * compiles, by direction.
 *
 * Both ways: formats that validators do not know become words in the
 * description, "$comment" goes, "$schema" is left to the root.
 * Arguments: properties marked readOnly are gone, also from required; patterns
 * that JavaScript (u flag) and Python would not read alike, or that could take
 * them exponential time, are left out (pattern.h).
 * Answers: properties marked writeOnly are gone; only the shape stays (types,
 * properties, required, items, enumerations), no formats, patterns, bounds,
 * defaults or examples, objects are open, oneOf becomes anyOf: an answer that
 * oversteps a bound is still the answer.  Of an alternative that is a reference
 * only that stays.  A type with a base is that base: it may
 * have new heirs.
 *
 * Every $ref stays one; shape_defs() gives the definitions that a set of
 * references needs, each once, sorted by name.
 */
#ifndef SMELT_TOOLDEF_SHAPE_H
#define SMELT_TOOLDEF_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

struct catalog;
struct emit;
struct json;
struct map;
struct str;

struct shape {
	char *text;
	size_t len;
	struct map *refs;	/* ids of the types it names */
};

/* Append schema; ids of types it names are added to refs. */
void shape_schema(struct catalog *c, bool output,
	const struct json *schema, struct str *out, struct map *refs);

/*
 * The same for an argument: doc (or NULL) takes the place of the schema's own
 * description, and a deprecated parameter says so.
 */
void shape_described(struct catalog *c, const struct json *schema,
	const struct json *doc, bool deprecated, struct str *out,
	struct map *refs);

/*
 * The keywords of an object schema, for the root of a tool's schema: emitted
 * into the open object e, without type, title, description, $schema and, if
 * !properties, without properties, required and additionalProperties.
 */
void shape_keywords(struct catalog *c, bool output,
	const struct json *schema, bool properties, struct emit *e,
	struct map *refs);

/*
 * Emit "$defs" with all that refs need, or nothing.  Once they pass max bytes,
 * types that are only reached from there on are defined as true (any value);
 * false is returned then.
 */
bool shape_defs(struct catalog *c, bool output, const struct map *refs,
	size_t max, struct emit *e);

/* Does the property schema carry the mark ("readOnly"), itself or by $ref? */
bool shape_marked(const struct catalog *c, const struct json *schema,
	const char *mark);

void shape_free(struct shape *s);

#endif
