/*
 * The unit record of one OpenAPI document: what it says about the API as a
 * whole.
 */
#ifndef SMELT_AST_OPENAPIUNIT_H
#define SMELT_AST_OPENAPIUNIT_H

struct json;
struct openapi;
struct openapi_doc;
struct str;

/* Append the record. */
void openapi_unit(struct openapi *o, struct openapi_doc *d, struct str *out);

/* Append the key under which openapi.names counts an operationId of d. */
void openapi_id_key(const struct openapi_doc *d, const struct json *id,
	struct str *out);

#endif
