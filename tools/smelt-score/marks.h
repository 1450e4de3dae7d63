/*
 * struct marks: what was found wanting, and the arithmetic over it.
 *
 * A tool starts at 100 in each dimension and loses the points of its marks,
 * down to 0.  A dimension is mean * (mean of its tools) + worst * (its lowest
 * tool), less the points of marks about the whole server.  The score is the
 * same combination of the six dimensions.
 */
#ifndef SCORE_MARKS_H
#define SCORE_MARKS_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct map;
struct rubric;
struct server;

enum { WHOLE_SERVER = -1, FIXES_MAX = 16 };

struct mark {
	const char *rule;
	const struct json *facts;	/* the rule in the rubric */
	size_t dimension;
	int tool;			/* index or WHOLE_SERVER */
	double points;
	const char *text;		/* with its detail */
};

struct fix {
	const char *rule;
	double gain;
	size_t tools;			/* how many it is about */
};

struct marks {
	const struct rubric *rubric;
	const struct server *server;
	struct mark *v;
	size_t n, cap;
	double *scratch;		/* one a tool */
	double *tools;			/* DIMENSIONS a tool, or NULL before
					 * marks_finish() */
	struct map *firsts;		/* first words of names: how many */
};

void marks_init(struct marks *m, const struct rubric *r,
	const struct server *s);
void marks_release(struct marks *m);
/* share (0 to 1) of the rule's points; detail may be NULL. */
void marks_add(struct marks *m, const char *rule, int tool, double share,
	const char *detail);

/* After the last marks_add(). */
void marks_finish(struct marks *m);

/* without: rules that count as fixed, or NULL. */
double marks_dimension(const struct marks *m, size_t dimension,
	const struct map *without);
double marks_total(const struct marks *m, const struct map *without);
double marks_tool(const struct marks *m, size_t dimension, int tool);
/*
 * The best fixes, best first: each is the one that gains most when those before
 * it are done.  Returns how many; potential is the score with all of them done.
 */
size_t marks_fixes(const struct marks *m, struct fix fixes[FIXES_MAX],
	double *potential);

#endif
