/*
 * struct param: one parameter of a callable; struct params: a list of them.
 */
#ifndef AST_PARAM_H
#define AST_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct docstring;
struct emit;
struct func;
struct project;

struct param {
	const char *name;
	const char *in;		/* argument, path, query, header, cookie */
	bool required;
	const char *schema;	/* JSON text */
	const char *doc;	/* or NULL */
	const char *kind;	/* positional, keyword, variadic; or NULL */
	uint32_t node;		/* in the signature, 0: not from there */
};

struct params {
	struct param *items;
	size_t n, cap;
};

void params_release(struct params *ps);
/* Add, unless there is one of this name and place. */
struct param *params_add(struct params *ps, struct param p);
struct param *params_find(const struct params *ps, const char *name,
	const char *in);

/*
 * The parameters of a python signature, without self and cls: type from the
 * annotation, else from the docstring, else from the default.
 */
void params_signature(struct project *p, struct func *f,
	const struct docstring *doc, struct params *out);
/* The parts of a parameter node: its name, type and default; any may be 0. */
void param_parts(const struct func *f, uint32_t node, uint32_t *name,
	uint32_t *type, uint32_t *value);
/* {"type":...,"default":...} of one parameter node, in the arena. */
const char *param_schema(struct project *p, struct func *f, uint32_t node,
	const struct docstring *doc, bool *required);

/* The record's "parameters" array as a value. */
void params_emit(const struct params *ps, struct emit *e);

#endif
