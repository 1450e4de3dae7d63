/*
 * Secrets in the git history of the source: every blob that the object store
 * has, reachable or not, each once; of a blob only the lines that no blob
 * before it had (rules over several lines look at whole blobs).  A finding is
 * placed at the oldest commit that has the line, and at the path there.
 *
 * The repository is the one given, or the source's own directory when the
 * source record names it relative and it has the revision recorded.  It is
 * read in this process (sys/repo.h); git is not run.  Binary blobs (a NUL in
 * the first 8,000 bytes), blobs larger than HISTORY_BLOB, damaged ones, and
 * what lies behind HISTORY_TOTAL bytes is left out, and counted in what the
 * verdict says was scanned.
 */
#ifndef GATE1_HISTORY_H
#define GATE1_HISTORY_H

#include <stdbool.h>

struct err;
struct gate;
struct json;
struct secret;

enum { HISTORY_BLOB = 16 * 1024 * 1024 };
#define HISTORY_TOTAL	((unsigned long long)64 << 30)

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
