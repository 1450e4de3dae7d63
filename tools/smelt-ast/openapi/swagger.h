/*
 * Swagger 2.0: the tree of such a document, written anew in the form of
 * OpenAPI 3.0, so that one reader does for both.  Places stay those of the
 * document's own text.
 *
 * host, basePath and schemes become servers (https before http; without
 * schemes the one that the document came by, or https); consumes and produces
 * media types (none: application/json); body and formData parameters a body;
 * the types of other parameters schemas; collectionFormat style and explode;
 * definitions and securityDefinitions components; x-nullable nullable.
 * Parameters and responses that are referred to are written where they are
 * used.  What 3.0 has no word for is sent as one string, and said: the
 * collectionFormat tsv, and ssv and pipes outside of a query.
 *
 * Refused: a parameter, response or path in another file; only schemas may be
 * there.  Limits: those of data/rewrite.h, SWAGGER_TYPES media types in a list,
 * OPENAPI_PARAMETERS form fields, SWAGGER_WORK for all references.
 *
 * Source: OpenAPI Specification 2.0, 3.0.4.
 */
#ifndef SMELT_AST_SWAGGER_H
#define SMELT_AST_SWAGGER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct openapi_doc;
struct rewrite;
struct str;

enum {
	SWAGGER_TYPES = 64,		/* media types of one list */
	SWAGGER_WORK = 1000 * 1000 * 1000
};

struct swagger {
	struct openapi_doc *doc;
	const struct json *root;
	struct rewrite *r;
	struct err *err;
	bool refused;			/* err says why */
	size_t work;			/* members looked through */
};

/* Is it the root of a Swagger 2.0 document? */
bool swagger_is(const struct json *root);
/* Replace the tree of d, a parsed Swagger 2.0 document. */
int swagger_convert(struct openapi_doc *d, struct err *err);
/* Append pointer, one into the document, as one into what it became. */
void swagger_pointer(const char *pointer, struct str *out);

/* --- between the files of this reader --- */

/* The value that v, a parameter, response or path item, refers to; v itself
 * where it leads nowhere.  Another file is refused. */
const struct json *swagger_target(struct swagger *s, const struct json *v);
/* The document is refused, at v, a key or scalar. */
void swagger_refuse(struct swagger *s, const struct json *v,
	const char *why);
/* A schema, or an array of them. */
void swagger_schema(struct swagger *s, const struct json *v);

#endif
