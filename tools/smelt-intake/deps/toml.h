/*
 * TOML 1.0, as far as manifests and lock files need it: every value, with its
 * place; numbers, booleans and dates are kept as they are written.
 *
 * Strict: what TOML forbids (a key set twice, a table opened twice, a value
 * that is none of its kinds) is an error with its position.
 * Limits: TOML_DEPTH levels.
 */
#ifndef INTAKE_TOML_H
#define INTAKE_TOML_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

enum { TOML_DEPTH = 64 };

enum toml_type { TOML_TABLE, TOML_ARRAY, TOML_STRING, TOML_OTHER };

struct toml {
	enum toml_type type;
	const char *key;	/* NULL in an array */
	const char *text;	/* of a string or other value */
	size_t len;
	unsigned line, col;	/* of the key in a table, else of the value */
	unsigned end_line, end_col;	/* behind the value */
	struct toml *first, *last, *next;
	bool closed;		/* inline, or a header named it */
};

/* The root table; everything lives in the arena. */
int toml_parse(struct arena *a, const char *text, size_t len,
	const char *name, struct toml **root, struct err *err);

/* A member of a table, or NULL; t may be NULL. */
const struct toml *toml_get(const struct toml *t, const char *key);
/* Along a dotted path of bare keys. */
const struct toml *toml_path(const struct toml *t, const char *path);
/* The text of a string, or NULL. */
const char *toml_str(const struct toml *t);

#endif
