/*
 * What a name or expression refers to, across files (python).
 *
 * A symbol is a class, a function, or the one value of a variable in a unit;
 * a whole module (node 0 of its unit); or a dotted name of something outside
 * the project ("flask.Flask").  Follows imports, re-exports, wildcards,
 * values, members of modules and classes, "self", instances of classes of the
 * project (by constructor or annotation) to their methods.
 */
#ifndef AST_RESOLVE_H
#define AST_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct project;
struct str;
struct unit;

enum symbol_type {
	SYMBOL_NONE,
	SYMBOL_MODULE,
	SYMBOL_CLASS,
	SYMBOL_FUNCTION,
	SYMBOL_VALUE,		/* node: the expression */
	SYMBOL_INSTANCE,	/* of the class node */
	SYMBOL_PARAMETER	/* node: the parameter's name node */
};

struct symbol {
	enum symbol_type type;
	struct unit *unit;
	uint32_t node;
};

/*
 * Set unit.module of all python units, and build project.modules.  A file's
 * package is the folders around it that have an __init__.py, and those by
 * whose names the project itself imports its files ("app.db" for
 * backend/app/db.py): namespace packages.
 */
void resolve_modules(struct project *p);

/* The symbol of expression n in u.  type NONE when it is none of ours. */
struct symbol resolve(struct project *p, struct unit *u, uint32_t n);
/* As resolve(), for a name as seen at node `at` of u. */
struct symbol resolve_name(struct project *p, struct unit *u,
	const char *name, uint32_t at);
/* A member of a class, own or inherited inside the project. */
struct symbol resolve_member(struct project *p, struct symbol object,
	const char *name);
/* Append name, a dotted name that u imports: absolute, without leading dots. */
void resolve_absolute(const struct unit *u, const char *name, struct str *out);
/*
 * Set out to the absolute dotted name of expression n: relative imports made
 * absolute, values of other files of the project followed.  False when it has
 * none.  *head, when not NULL, says what its first name is.
 */
enum resolve_head {
	HEAD_BUILTIN,		/* bound nowhere in the file */
	HEAD_IMPORT,
	HEAD_LOCAL		/* a parameter, a variable, a definition */
};
bool resolve_external(struct project *p, struct unit *u, uint32_t n,
	struct str *out, enum resolve_head *head);

#endif
