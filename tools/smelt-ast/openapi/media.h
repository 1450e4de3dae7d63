/*
 * Request bodies and responses of one operation: media types with their
 * schemas and encodings.
 */
#ifndef SMELT_AST_OPENAPIMEDIA_H
#define SMELT_AST_OPENAPIMEDIA_H

struct emit;
struct err;
struct json;
struct openapi;
struct openapi_deps;
struct openapi_doc;

/* A requestBody (or a reference to one) as an object. */
int openapi_put_body(struct openapi *o, struct openapi_doc *d,
	const struct json *body, struct emit *e, struct openapi_deps *deps,
	struct err *err);

/* The responses, as an array of status, doc and content. */
int openapi_put_responses(struct openapi *o, struct openapi_doc *d,
	const struct json *responses, struct emit *e,
	struct openapi_deps *deps, struct err *err);

/* What is said of the parts of a form, if there is something. */
void openapi_put_encoding(const struct json *encoding, struct emit *e);
/* The schema of a Media Type Object: of itemSchema alone, an array of such. */
int openapi_put_media_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *media, struct emit *e, struct openapi_deps *deps,
	struct err *err);

/* Emit schema (NULL: {}) as the value that comes next. */
int openapi_put_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, struct emit *e,
	struct openapi_deps *deps, struct err *err);

#endif
