/*
 * Secrets in the git history of the source: every blob that a ref reaches,
 * each once, and of a blob only the lines that no blob before it had.
 *
 * The repository is the one given, or the source's own directory when the
 * source record names it relative and its HEAD is the revision recorded.  It is
 * read in this process (sys/repo.h); git is not run.
 */
#ifndef GATE1_HISTORY_H
#define GATE1_HISTORY_H

#include <stdbool.h>

struct err;
struct gate;
struct json;
struct secret;

struct history {
	char *gitdir;		/* NULL: none, why says why */
	char *why;
	bool given;		/* by --repo */
};

/* Find the repository; source may be NULL.  -1: the one given is not there. */
int history_find(struct history *h, const char *repo,
	const struct json *source, struct err *err);
void history_scan(const struct history *h, struct gate *g, struct secret *s);
void history_release(struct history *h);

#endif
