/*
 * The five security categories: the gates' findings as grades.  What a waiver
 * suppresses costs nothing here and is told; a category of which no scanner ran
 * has no grade.
 */
#ifndef SCORE_SECURITY_H
#define SCORE_SECURITY_H

#include <stdbool.h>
#include <stddef.h>

struct rubric;
struct server;

struct category {
	const char *id, *title;
	double score;
	const char *grade;	/* "-": not scanned */
	size_t findings;	/* with the waived ones */
	const char **evidence;
	size_t nevidence;
};

/* Fill all five; strings live in the server's arena. */
void security_look(struct category *v, const struct rubric *r,
	const struct server *s);

#endif
