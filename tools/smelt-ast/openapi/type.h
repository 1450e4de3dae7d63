/*
 * Schemas of OpenAPI documents as JSON Schema 2020-12, and the types that they
 * refer to.
 *
 * openapi_schema() (openapischema.h) writes one schema.  Every $ref in it becomes
 * "#/$defs/<ID>"; what it points to becomes a struct openapi_type, converted
 * by openapi_types_finish(), which goes on until nothing new is referred to.
 *
 * Ids: "#/components/schemas/NAME" of the source's main document keeps NAME
 * where that is made of [A-Za-z0-9_.-]; everything else gets 8 hex digits
 * behind it, taken from its path and pointer, so that ids do not depend on the
 * order of things.
 *
 * The conversion: nullable becomes a type union (or anyOf with null), boolean
 * exclusive bounds become numbers, example becomes examples, an array of items
 * becomes prefixItems; $dynamicRef becomes $ref (resource.h).  Kept are the
 * keywords of 2020-12 with values that its meta-schema allows, $anchor only at a
 * type, and where anchors stand alone (resource.h); $id, x-…, xml, discriminator,
 * externalDocs and what nobody knows go.  In 3.0 the keywords beside a $ref go
 * too, with a note.
 */
#ifndef SMELT_AST_OPENAPITYPE_H
#define SMELT_AST_OPENAPITYPE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct loc;
struct openapi;
struct openapi_deps;
struct openapi_doc;
struct openapi_target;

/* One schema is one type, but for each use that makes another of it. */
struct openapi_use {
	size_t scope;			/* resource.h */
	bool dynamic;			/* it is said by a $dynamicRef */
	bool base;			/* without its choice: discriminator.h */
	const struct json *heir;	/* whose allOf says it, or NULL */
};

struct openapi_type {
	char *id;
	char *name;			/* as in the document */
	struct openapi_doc *doc;
	const struct json *schema;
	const struct json *key;		/* that leads to it, or NULL */
	char *pointer;			/* in doc */
	struct loc *loc;		/* of the key that leads to it */
	char *text;			/* the converted schema */
	size_t len;
	struct openapi_deps *deps;	/* all that it refers to */
	struct openapi_deps *direct;	/* … with no property between */
	size_t stamps[2];		/* of the deps that last took it in */
	struct err *bad;		/* why it can not be used, or NULL */
	struct openapi_use use;		/* scope: that inside of it */
	size_t base;			/* what answers have at least: the
					 * type's index + 1, 0: itself */
};

/* The type that ref, the value of a $ref in d, stands for in this use. */
int openapi_type_ref(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, const struct openapi_use *use, size_t *type,
	struct err *err);
/* The same for what is known already. */
size_t openapi_type_at(struct openapi *o, const struct openapi_target *t,
	const struct openapi_use *use);

/* Convert all types; mark the bad ones and those that need one. */
int openapi_types_finish(struct openapi *o, struct err *err);
void openapi_types_release(struct openapi *o);

#endif
