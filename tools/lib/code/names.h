/*
 * struct names: what the names of one file stand for.
 *
 * Imports with their aliases, per scope, and variables that are assigned once
 * in their scope (symbolic propagation).  So in
 *
 *	from subprocess import run as r
 *	import requests as rq
 *	s = rq.Session()
 *
 * r is "subprocess.run", rq.get is "requests.get", and s.get is
 * "requests.Session().get".  A parameter or a variable that is assigned more
 * than once stands for itself, and hides an import or a builtin of that name.
 * A relative import keeps its dots: ".db.get_db".  In javascript an import or
 * require of "node:fs" gives "node:fs"; of "./db" gives "./db".
 */
#ifndef CODE_NAMES_H
#define CODE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ir;
struct names;
struct str;

/* ir must stay. */
struct names *names_new(const struct ir *ir);
void names_free(struct names *s);

/*
 * Append the dotted name of expression n: a name, a member, a call ("f()"),
 * an awaited one, with the first name resolved.  False, and nothing appended,
 * for anything else, for a parameter, and behind a limit of steps.
 */
bool names_dotted(const struct names *s, uint32_t n, struct str *out);

/*
 * What a name stands for where node `at` uses it.  LOCAL: a parameter, a
 * variable that has no one value, a definition of this file; node is its
 * first binding.  VALUE: node is the one expression that is assigned.
 */
enum names_type { NAMES_NONE, NAMES_IMPORT, NAMES_VALUE, NAMES_LOCAL };
struct names_entry {
	enum names_type type;
	uint32_t atom;		/* the name */
	uint32_t scope;		/* function, class or 0 = module */
	uint32_t node;		/* binding; VALUE: the expression */
	const char *target;	/* IMPORT: dotted name; else NULL */
	bool conditional;	/* bound inside if, try or a loop */
};
const struct names_entry *names_lookup(const struct names *s, uint32_t atom,
	uint32_t at);

/* All imports in source order, including "m.*" for wildcards. */
const struct names_entry *names_import(const struct names *s, size_t i);
size_t names_imports(const struct names *s);

#endif
