/*
 * struct grade: the outcome, and its record.
 */
#ifndef SCORE_GRADE_H
#define SCORE_GRADE_H

#include <stddef.h>

#include <stdbool.h>

struct category;
struct fix;
struct marks;
struct str;

struct grade {
	const struct marks *marks;
	double score;			/* rounded to a whole number */
	const char *letter;
	double potential;
	double dimensions[6];		/* rounded */
	struct category *security;	/* five */
	struct fix *fixes;
	size_t nfixes;
};

/* Score everything; m has all its marks. */
void grade_make(struct grade *g, const struct marks *m);
void grade_release(struct grade *g);
/* Append the record. */
void grade_write(struct str *out, const struct grade *g);
/* Marks of a dimension, most points first: indices into marks->v. */
size_t grade_marks(const struct grade *g, size_t dimension, size_t *at,
	size_t max);

#endif
