/*
 * What documents and schemas are called besides their place: the URIs that
 * $self and $id give, and the plain names of $anchor and $dynamicAnchor.
 *
 * A document is looked through once, when it has been parsed, and only if its
 * text names something.  Its base URI is its $self, else the URL that it came
 * from, else "artifact:///" and its path; an $id gives the schemas inside it
 * another.  A name that is given twice keeps its first place, but a document
 * that gives it means its own.
 *
 * $dynamicRef (JSON Schema 2020-12, 8.2.3.2): where one schema has its
 * $dynamicAnchor it is an ordinary reference.  Where there are several, the
 * outermost resource that was entered on the way decides: a scope says which
 * those are, and types are converted once for each scope that they are used
 * in.  Scope 0 decides nothing.  OPENAPI_DYNAMIC such anchors, OPENAPI_SCOPES
 * scopes and OPENAPI_SCOPED types at most; what goes beyond is resolved as a
 * $ref.
 */
#ifndef SMELT_AST_OPENAPIRESOURCE_H
#define SMELT_AST_OPENAPIRESOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct openapi;
struct openapi_doc;
struct openapi_target;

enum {
	OPENAPI_SCOPES = 64,
	OPENAPI_DYNAMIC = 64,
	OPENAPI_SCOPED = 10 * 1000	/* types that are another in a scope */
};

struct openapi_resource {
	char *uri;			/* absolute */
	struct openapi_doc *doc;
	const struct json *value, *key;
	char *pointer;			/* in the document */
	bool schema;			/* by $id, not a document */
};

void openapi_resources_init(struct openapi *o);
void openapi_resources_release(struct openapi *o);
/* All documents are there: their URLs, and where overlays add names. */
void openapi_resources_begin(struct openapi *o);
/* Look through d, which is parsed and whose version is known. */
void openapi_resources_add(struct openapi *o, struct openapi_doc *d);
/* Read every document of the artifact that may name something and was not
 * needed so far; those that can not be read name nothing. */
void openapi_resources_all(struct openapi *o);

/* The resource that ref, a string of d, stands in; NULL: d itself. */
struct openapi_resource *openapi_resource_of(const struct openapi *o,
	const struct json *ref);
/* The one that ref's first n bytes, not empty, name from there, or NULL. */
struct openapi_resource *openapi_resource_named(const struct openapi *o,
	const struct openapi_doc *d, const struct json *ref, size_t n);
/* Point target at the anchor of this name in r (NULL: in document d). */
bool openapi_anchor(const struct openapi *o, const struct openapi_doc *d,
	const struct openapi_resource *r, const char *name,
	struct openapi_target *target);
/* No name is there twice, and there is no $id. */
bool openapi_anchors_alone(const struct openapi *o);

/* The scope within target, which is entered in this scope. */
size_t openapi_scope_enter(struct openapi *o, size_t scope,
	const struct openapi_target *target);
/* The same for a schema that is written out where it stands. */
size_t openapi_scope_inside(struct openapi *o, size_t scope,
	const struct json *schema);
/* Is that scope all that entering target gives?  Then it is no other use of
 * it than the first. */
bool openapi_scope_own(struct openapi *o, size_t scope,
	const struct openapi_target *target);
/* target is what ref, a $dynamicRef, says as a $ref: make it what it says in
 * this scope. */
void openapi_scope_pick(struct openapi *o, size_t scope,
	struct openapi_doc *d, const struct json *ref,
	struct openapi_target *target);
/* Bytes that tell one scope from others, for a digest. */
const char *openapi_scope_text(const struct openapi *o, size_t scope);

#endif
