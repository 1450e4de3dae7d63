/*
 * The parameters of one operation: those of the path item merged with its own,
 * in the form that callable records have, with all defaults explicit.
 *
 * A path template name that nothing declares becomes a string parameter; a
 * path parameter that is not in the template and headers that OpenAPI says
 * to ignore (Accept, Content-Type, Authorization) are left out, the former two
 * with a warning.  A parameter that is the key of an apiKey scheme which the
 * operation asks for is left out, too: the server sends it, not its caller.
 */
#ifndef SMELT_AST_OPENAPIPARAMETER_H
#define SMELT_AST_OPENAPIPARAMETER_H

struct emit;
struct err;
struct openapi;
struct openapi_deps;
struct openapi_place;

/* An operation with more is bad. */
enum { OPENAPI_PARAMETERS = 1000 };

/* Emit the array; types referred to are noted in deps. */
int openapi_put_parameters(struct openapi *o,
	const struct openapi_place *at, struct emit *e,
	struct openapi_deps *deps, struct err *err);

#endif
