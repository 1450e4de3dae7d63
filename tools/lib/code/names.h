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
 * "requests.Session().get".  "with f() as x" and, from any method of the same
 * class, "self.x = f()" bind as well.  A parameter or a variable that has no
 * one value stands for itself, and hides an import or a builtin of that name.
 * A relative import keeps its dots: ".db.get_db".  In javascript an import or
 * require of "node:fs" gives "node:fs"; of "./db" gives "./db".
 *
 * Scopes are functions, classes and the module; branches are not told apart.
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
 * What a name stands for where it is used.  NONE: nothing in this file, so a
 * builtin or a wildcard's.  LOCAL: a parameter, a variable that has no one
 * value, a definition of this file.  VALUE: the one expression assigned.
 */
enum names_type { NAMES_NONE, NAMES_IMPORT, NAMES_VALUE, NAMES_LOCAL };

struct names_entry {
	enum names_type type;
	uint32_t atom;		/* the name */
	uint32_t scope;		/* function, class or 0 = module */
	uint32_t node;		/* the binding; VALUE: the expression */
	const char *target;	/* IMPORT: dotted name; else NULL */
};

/*
 * Append the dotted name of expression n: a name, a member ("a.b"), a call
 * ("f()"), an item ("a[]"), an awaited one, the left of "a or b", with its
 * first name resolved.
 * *head, when not NULL, says what the first name was (IMPORT or NONE also
 * behind a VALUE).  False, and nothing appended, for any other expression.
 */
bool names_dotted(const struct names *s, uint32_t n, struct str *out,
	enum names_type *head);

/* The binding that the name has at this node, or NULL. */
const struct names_entry *names_lookup(const struct names *s, uint32_t atom,
	uint32_t at);
/* The one value of an attribute "self.atom" in this class, or NULL. */
const struct names_entry *names_attribute(const struct names *s,
	uint32_t atom, uint32_t class);

/* All bindings in source order; imports have "m.*" for wildcards. */
const struct names_entry *names_at(const struct names *s, size_t i);
size_t names_count(const struct names *s);

#endif
