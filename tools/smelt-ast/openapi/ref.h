/*
 * $ref inside OpenAPI documents: "#/pointer", "#anchor", "file.yaml",
 * "dir/file.json#/pointer", and what resource.h has by URI.  Paths are taken
 * relative to the file with the reference and must be file records of the
 * artifact.  A pointer may go through a Reference Object on its way.
 *
 * A URL that nothing has ("https:", "file:", "//host") is refused for the
 * whole run: err->rule is "remote-ref" and openapi.refused is set.  Everything
 * else that does not resolve is an error located at the $ref.
 */
#ifndef SMELT_AST_OPENAPIREF_H
#define SMELT_AST_OPENAPIREF_H

struct err;
struct json;
struct openapi;
struct openapi_doc;
struct str;

/* More Reference Objects in a row than this are a cycle. */
enum { OPENAPI_REF_CHAIN = 64 };

struct openapi_target {
	struct openapi_doc *doc;
	const struct json *value;
	const struct json *key;		/* that leads to it, NULL for the root
					 * and in arrays */
	char *pointer;			/* in doc, "" for the root */
};

/* out = "a/d.yaml" for "a/b/c.yaml" and "../d.yaml"; -1: it leaves the tree. */
int openapi_ref_path(struct str *out, const char *from, const char *to);

/* ref is the string value of a $ref in d.  One step. */
int openapi_ref(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, struct openapi_target *target,
	struct err *err);

/* The member of that name; quick also in a large object. */
const struct json *openapi_member(struct openapi *o,
	const struct json *object, const struct json *name);
/* Append "/" and key as a token of a pointer. */
void openapi_pointer_add(struct str *pointer, const struct json *key);

void openapi_refs_release(struct openapi *o);

/* While *v is {"$ref": …}, go there; *d follows. */
int openapi_deref(struct openapi *o, struct openapi_doc **d,
	const struct json **v, struct err *err);
/* The same, and the description that counts in the end, or NULL: from 3.1 on
 * one beside the $ref goes before the component's. */
int openapi_deref_said(struct openapi *o, struct openapi_doc **d,
	const struct json **v, const struct json **said, struct err *err);

#endif
