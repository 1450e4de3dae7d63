/*
 * Swagger 2.0: parameters, bodies and responses (see swagger.h).
 */
#ifndef SMELT_AST_SWAGGERBODY_H
#define SMELT_AST_SWAGGERBODY_H

struct json;
struct swagger;

/* The parameters of an array that stay parameters, as an array. */
void swagger_parameters(struct swagger *s, const struct json *list);
/* requestBody, when the parameters of op or of its path item make one. */
void swagger_body(struct swagger *s, const struct json *item,
	const struct json *op);
/* The responses of op, an object. */
void swagger_responses(struct swagger *s, const struct json *responses,
	const struct json *op);

#endif
