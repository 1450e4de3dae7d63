/*
 * One operation of an OpenAPI document as a callable record.
 */
#ifndef SMELT_AST_OPENAPIOPERATION_H
#define SMELT_AST_OPENAPIOPERATION_H

struct emit;
struct err;
struct json;
struct openapi;
struct openapi_doc;
struct openapi_operation;
struct str;

/* Where an operation stands. */
struct openapi_place {
	struct openapi_doc *doc;	/* the described document */
	struct openapi_doc *item_doc;	/* the file of the path item */
	const struct json *path;	/* key of the path item */
	const struct json *item;
	const struct json *beside;	/* in doc, the $ref to item; or NULL */
	const struct json *key;		/* "get" */
	const struct json *value;	/* the operation */
	int method;			/* index of openapi_methods; above:
					 * key is the method */
};

/* Work the operation out and append it to o->ops.  -1 only when the whole run
 * is refused; a bad operation gets a why. */
int openapi_operation(struct openapi *o, const struct openapi_place *at,
	struct err *err);

/* Append the record of a bad one: what can be said, and "invalid". */
void openapi_operation_invalid(struct openapi *o,
	const struct openapi_operation *op, struct str *out);

/* The security requirements that count for an operation, or NULL. */
const struct json *openapi_security(const struct openapi_place *at);
/* Emit a list of requirements of d as an array. */
void openapi_put_security(const struct openapi_doc *d,
	const struct json *security, struct emit *e);
/* Emit, as a key, what a security scheme of d is called in this artifact. */
void openapi_put_scheme(const struct openapi_doc *d, const struct json *name,
	struct emit *e);
/* Warn when a call of d needs a base URL: no server URL is absolute. */
void openapi_check_servers(const struct openapi_doc *d);

/* Emit the URLs that an operation can be called at as an array. */
void openapi_put_servers(const struct openapi_place *at, struct emit *e);

/* "GET /books", newly allocated. */
char *openapi_operation_label(const struct openapi_place *at);

#endif
