/*
 * struct bases: what smelt keeps in a server's directory to merge an edited
 * handler with what is generated later.
 *
 *	.smelt/base/DIGEST	a handler as it was generated, once for all that
 *				have this text; smelt.json says which is whose
 *	.smelt/pending.json	{"handlers":{PATH:"sha256:DIGEST"…}}: handlers
 *				with conflict marks that were there before the
 *				last run, and the base that they still have.
 *				Not there when there is none.
 *
 * Neither is part of the server: no record, no archive has them.
 */
#ifndef CODEGEN_BASE_H
#define CODEGEN_BASE_H

#include <stdbool.h>

struct err;
struct folder;
struct map;
struct str;
struct tree;

struct bases {
	struct folder *folder;
	struct map *old;	/* path to base ("sha256:…"), before this run */
	struct map *pending;	/* the same, after it; values the caller's */
	struct map *texts;	/* digest to struct str *, read already */
};

/* "sha256:" and 64 hex digits? */
bool base_is_digest(const char *text);

void bases_init(struct bases *b, struct folder *folder);
void bases_release(struct bases *b);
/* Read .smelt/pending.json; one that is broken is as none. */
void bases_load(struct bases *b);
/* The base of that digest ("sha256:…"), or NULL when it is not there or is
 * not what its name says. */
const struct str *bases_get(struct bases *b, const char *digest);

/* The bases of a tree's handlers into a new directory. */
int bases_make(struct bases *b, const struct tree *t, struct err *err);
/* … into one that is there: those that it lacks. */
int bases_add(struct bases *b, const struct tree *t, struct err *err);
/* Write what is pending; then remove bases that nobody has any more. */
int bases_close(struct bases *b, const struct tree *t, struct err *err);
/* Remove what bases_make() has made. */
void bases_undo(struct bases *b, const struct tree *t);

#endif
