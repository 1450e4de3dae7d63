/*
 * struct types: python annotations as JSON Schema 2020-12.
 *
 * What a name means comes from share/smelt/types/python.yaml; classes of the
 * project (dataclass, pydantic, TypedDict, NamedTuple, attrs, Enum) become
 * type records and "$ref": "#/$defs/ID".  A type that is not understood gives
 * no keyword but "$comment", which says so.
 */
#ifndef AST_TYPES_H
#define AST_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emit;
struct err;
struct ir;
struct ir_parser;
struct json;
struct project;
struct stage;
struct str;
struct types;
struct unit;

struct types *types_new(struct project *p, struct err *err);
void types_free(struct types *t);

/*
 * Where an expression is read: the IR that holds it, and the place in the
 * unit whose names it sees.  For code in place ir is the unit's.
 */
struct type_place {
	struct unit *unit;
	const struct ir *ir;
	uint32_t at;
	int depth;		/* 0 at the start */
};

/*
 * Write the keywords for annotation n into the object that e has open.
 * False: not understood (a "$comment" was written).
 */
bool types_annotation(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e);
/* The same for a type in words, as docstrings have it. */
bool types_words(struct types *t, struct unit *u, uint32_t at,
	const char *words, struct emit *e);
/*
 * Write what a default or an Annotated argument says: constraints,
 * description, default.  True when n is a call of a known field function
 * (Field, Query, ...); *required then tells whether there is no default.
 */
bool types_field(struct types *t, const struct type_place *at, uint32_t n,
	bool array, struct emit *e, bool *required);
/* Is the annotation an array, so that length means items? */
bool types_is_array(struct types *t, const struct type_place *at, uint32_t n);

/* The id of the type record of this class, which will be written; NULL when
 * the class is no model and no enum. */
const char *types_reference(struct types *t, struct unit *u, uint32_t class);

/* Write the records of all types referenced so far, and what they reference,
 * sorted by id.  Returns how many. */
size_t types_write(struct types *t, struct stage *out);

/* What python.yaml says about a dotted name. */
enum type_role {
	ROLE_NONE,
	ROLE_SCHEMA,
	ROLE_ARRAY,
	ROLE_TUPLE,
	ROLE_MAP,
	ROLE_OPTIONAL,
	ROLE_UNION,
	ROLE_LITERAL,
	ROLE_ANNOTATED,
	ROLE_THROUGH,
	ROLE_ENUM,
	ROLE_MODEL,
	ROLE_MODEL_DECORATOR,
	ROLE_FIELD
};
enum type_role types_role(struct types *t, const char *name,
	const struct json **schema);
/* The role of an expression in place, by its dotted name. */
enum type_role types_role_of(struct types *t, struct unit *u, uint32_t n);
struct project *types_project(struct types *t);
/* A part of python.yaml. */
const struct json *types_table(const struct types *t, const char *key);
/* Append the dotted name of n; false when it is no name. */
bool types_name(const struct type_place *at, uint32_t n, struct str *out);

#endif
