/*
 * What an OpenAPI document wants to be made of an operation as an MCP tool:
 * the vendor extensions x-mcp and x-speakeasy-mcp.
 *
 *	x-mcp: false				no tool
 *	x-mcp: {disabled: true}			(or enabled: false) no tool
 *	x-mcp: {name, title, description, scopes: [...]}
 *
 * Whether it is one at all is said by the operation, else by its path item,
 * else by the document; what it is called, by the operation alone.  Where both
 * extensions say something x-mcp counts.  Members of other types say nothing.
 */
#ifndef SMELT_AST_OPENAPIMCP_H
#define SMELT_AST_OPENAPIMCP_H

#include <stdbool.h>

struct emit;
struct openapi_place;

/* Emit "mcp": {disabled, name, title, description, scopes}, or nothing. */
void openapi_put_mcp(const struct openapi_place *at, struct emit *e);

/* Is no tool to be made of it? */
bool openapi_mcp_disabled(const struct openapi_place *at);

#endif
