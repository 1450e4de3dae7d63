/*
 * struct inputs: what a route takes from the request: parameters, and a body
 * put together from the properties that the handler reads.
 */
#ifndef AST_INPUTS_H
#define AST_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emit;
struct param;
struct project;
struct route;

enum body_part { BODY_JSON, BODY_FORM, BODY_FILE };

struct property {
	enum body_part part;
	const char *name;
	const char *schema;	/* JSON text */
	bool required;
};

struct inputs {
	struct param *params;
	size_t nparams, params_cap;
	struct property *properties;
	size_t nproperties, properties_cap;
	bool json;		/* the body is read as JSON */
	const char *whole;	/* schema of the JSON body as a whole */
	bool required;		/* of the body */
};

void inputs_release(struct inputs *in);
void inputs_param(struct inputs *in, const struct param *p);
void inputs_property(struct inputs *in, struct property p);
bool inputs_has_body(const struct inputs *in);

/* Path variables, then by the framework's "parameters": what the handler
 * reads of the request, or its signature. */
void inputs_find(struct project *p, const struct route *r, struct inputs *in);
/* The two ways. */
void inputs_request(struct project *p, const struct route *r,
	struct inputs *in);
void inputs_signature(struct project *p, const struct route *r,
	struct inputs *in);

/* The record's "parameters" and "body" as values. */
void inputs_emit_params(const struct inputs *in, struct emit *e);
void inputs_emit_body(const struct inputs *in, struct emit *e);
/* The key "responses", where the handler says what it answers. */
void inputs_emit_responses(struct project *p, const struct route *r,
	struct emit *e);

#endif
