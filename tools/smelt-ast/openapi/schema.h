/*
 * One schema of an OpenAPI document as JSON Schema 2020-12: the rules are in
 * openapitype.h.
 */
#ifndef SMELT_AST_OPENAPISCHEMA_H
#define SMELT_AST_OPENAPISCHEMA_H

struct err;
struct json;
struct openapi;
struct openapi_deps;
struct openapi_doc;
struct openapi_type;
struct str;

/*
 * Append schema, a value of d; what it refers to is noted in deps.  A missing
 * schema (NULL) is {}.
 */
int openapi_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, struct str *out,
	struct openapi_deps *deps, struct err *err);

/* Append the schema of t, filling its deps. */
int openapi_schema_type(struct openapi *o, struct openapi_type *t,
	struct str *out, struct err *err);

#endif
