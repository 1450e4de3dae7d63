/*
 * struct project: all source files of one artifact, and what was found in
 * them.  Everything hangs on its arena and lives as long as it does.
 *
 * A unit is one parsed file.  A func is one function or method that has a
 * name from outside: what is nested in it (closures, lambdas) counts as part
 * of it.
 */
#ifndef AST_PROJECT_H
#define AST_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct auths;
struct effects;
struct evidence;
struct func;
struct knowledge;
struct lang;
struct map;
struct names;
struct route;
struct routers;
struct types;
struct unit;

enum parse_state { PARSE_OK, PARSE_ERRORS, PARSE_UNSUPPORTED };

struct unit {
	const char *path;
	const char *language;
	char *text;		/* NUL behind */
	size_t len;
	const struct lang *lang;	/* NULL: no grammar */
	enum parse_state state;
	const char *problem;	/* what the parser could not do, or NULL */
	struct ir *ir;		/* NULL: not parsed */
	struct names *names;
	const char *module;	/* dotted; python only */
	bool package;		/* an __init__.py */
	bool test;		/* lies in a test folder or is a test */
	unsigned lines, functions, classes;
	struct func **funcs;
	size_t nfuncs, funcs_cap;
};

enum visibility { VISIBLE_PUBLIC, VISIBLE_INTERNAL, VISIBLE_DEPRECATED };

struct call {
	uint32_t node;		/* call, in the caller's unit */
	struct func *callee;
};

struct func {
	struct unit *unit;
	uint32_t node;
	uint32_t class;		/* the class node it is a method of, or 0 */
	const char *name;
	const char *qualname;	/* "Notes.add" */
	const char *id;		/* "pkg/notes.py:Notes.add" */
	bool constructor;
	enum visibility visibility;
	const char *why;	/* the evidence of visibility */
	const char *group;	/* the same, without names, for the summary */
	unsigned effects;	/* bits, own and through calls */
	unsigned own;		/* bits, own only */
	struct evidence *evidence;	/* own, in source order */
	size_t nevidence, evidence_cap;
	struct call *calls;
	size_t ncalls, calls_cap;
	struct route **routes;	/* that it handles */
	size_t nroutes, routes_cap;
};

struct project {
	struct arena *arena;
	struct knowledge *knowledge;
	struct unit **units;	/* sorted by path */
	size_t nunits, units_cap;
	struct map *modules;	/* dotted name to unit */
	struct map *ids;	/* callable ids in use */
	struct types *types;
	struct effects *effects;
	struct routers *routers;
	struct auths *auths;
	struct route **routes;
	size_t nroutes, routes_cap;
	size_t pathless;	/* routes left out: no constant path */
	const char *document;	/* what routes belong to among several, or NULL */
	const char *prefix;	/* of the names of their schemes, or NULL */
};

#endif
