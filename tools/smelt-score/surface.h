/*
 * Dimensions error-surface and observability-hooks: annotations against
 * methods, limits, and what the emitted server's own code is seen to do
 * ("signals" of the rubric).
 */
#ifndef SCORE_SURFACE_H
#define SCORE_SURFACE_H

struct marks;
struct rubric;
struct server;

/* Where a signal was seen. */
struct sighting {
	const char *file;	/* NULL: nowhere */
	const char *what;
	unsigned line;		/* 0: a package of that file */
};

void surface_look(struct marks *m);
struct sighting surface_find(const struct rubric *r, const struct server *s,
	const char *signal);

#endif
