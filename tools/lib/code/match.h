/*
 * Matching a pattern (code/pattern.h) against a parsed file.
 *
 * A name in a pattern stands for what it would mean in the file: the pattern
 * subprocess.run(...) matches r(...) behind "from subprocess import run as r",
 * and not a local function of that name.  A constant string also matches the
 * variable that holds it.  Keyword arguments, pairs and decorators match in
 * any order; what a pattern leaves out of a definition may be anything.
 *
 * Work is bounded by a budget of steps a target; what was not looked at is
 * told (target->exhausted), never dropped silently.
 */
#ifndef CODE_MATCH_H
#define CODE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ir;
struct names;
struct pattern;
struct str;

enum { MATCH_VARS = 16, MATCH_STEPS = 20 * 1000 * 1000 };

/* $X: the nodes first..last (siblings); first 0: nothing (an empty $...X) */
struct match_var {
	uint32_t var;		/* atom of "$X" */
	uint32_t first, last;
	uint32_t start, end;	/* bytes; for a regular expression's $1 */
};

struct match {
	uint32_t start, end;	/* bytes */
	unsigned nvars;
	struct match_var vars[MATCH_VARS];
};

struct matches {
	struct match *items;
	size_t n, cap;
};

/* One file, prepared once for all patterns. */
struct match_target {
	const struct ir *ir;
	struct names *names;
	uint32_t *dotted;	/* by node: atom + 1 once known */
	unsigned char *has;	/* by atom: bit set */
	uint32_t natoms;
	unsigned long steps;	/* left */
	bool exhausted;
};

void match_target_init(struct match_target *t, const struct ir *ir);
void match_target_release(struct match_target *t);
/* May the pattern match at all (its words are in the file)? */
bool match_possible(const struct match_target *t, const struct pattern *p);
/* How a match must lie to a range that is given. */
enum match_relation {
	MATCH_ANYWHERE,
	MATCH_EQUAL,
	MATCH_AROUND,		/* contains it */
	MATCH_RELATED		/* contains it, or lies in it */
};

bool match_related(const struct match *m, const struct match *to,
	enum match_relation relation);
/*
 * Append the matches, by position.  With a seed only those that agree with its
 * variables and lie to its range as the relation says; they have its variables
 * beside their own.
 */
void match_all(struct match_target *t, const struct pattern *p,
	const struct match *seed, enum match_relation relation,
	struct matches *out);

const struct match_var *match_find(const struct match *m, uint32_t var);
void matches_add(struct matches *list, const struct match *m);
void matches_release(struct matches *list);

#endif
