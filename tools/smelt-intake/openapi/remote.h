/*
 * Documents that an OpenAPI document refers to by URL (--allow-ref).
 *
 * Who parses has no network, and who fetches parses nothing: before the
 * sandbox, remotes_fetch() lets a child in a sandbox of its own read the
 * document and say which URLs it would need, fetches those that are within
 * the given prefixes by smelt-fetch(1), and asks again, until nothing is
 * missing.  The child's answer is hostile, too: it is held against the
 * prefixes in the parent, and so is every redirect in smelt-fetch.
 *
 * Limits: REMOTE_FILES documents of REMOTE_FILE bytes, REMOTE_TOTAL bytes and
 * REMOTE_SECONDS for all of them, REMOTE_ROUNDS from the document to the
 * last.
 */
#ifndef INTAKE_REMOTE_H
#define INTAKE_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct map;
struct origin;
struct request;
struct source;
struct str;

enum {
	REMOTE_FILES = 200,
	REMOTE_FILE = 16 * 1024 * 1024,
	REMOTE_TOTAL = 64 * 1024 * 1024,
	REMOTE_SECONDS = 300,
	REMOTE_ROUNDS = 16
};

struct remote {
	char *url;			/* canonical */
	char *path;			/* in the artifact */
	struct str *bytes;
};

struct remotes {
	const struct request *q;
	const char **prefixes;		/* canonical */
	size_t nprefixes;
	struct remote *v;
	size_t n, cap;
	size_t total;			/* bytes */
	struct str *wanted;		/* a URL a line; NULL: not looking */
	bool lenient;			/* for a key: what is not there is left
					 * for the stage to complain about */
};

/* The prefixes of q; -1: one is no plain URL. */
int remotes_init(struct remotes *r, const struct request *q,
	struct err *err);
void remotes_release(struct remotes *r);

/*
 * Fetch all that the document of o needs.  template holds what it is read with
 * (languages, overlays).  What the document itself has wrong is no error here.
 */
int remotes_fetch(struct remotes *r, const struct origin *o,
	const struct source *template, struct err *err);

/* The document of a URL in canonical form, or NULL. */
const struct remote *remotes_find(const struct remotes *r, const char *url);
/* Is it the path of one? */
bool remotes_has_path(const struct remotes *r, const char *path);
/* Is it within a prefix? */
bool remotes_allow(const struct remotes *r, const char *url);
/* Note that it is needed. */
void remotes_want(struct remotes *r, const char *url);

#endif
