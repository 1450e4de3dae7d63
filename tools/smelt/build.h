/*
 * The chain for one server: which filters run, with which options.
 */
#ifndef SMELT_BUILD_H
#define SMELT_BUILD_H

#include <stdbool.h>

struct err;
struct order;
struct place;

/* What of the source a server is made of. */
struct part {
	const char *artifact;	/* of smelt-ast; NULL: made from the source */
	const char *name;	/* of the server; NULL: as it is */
	const char *tag;	/* its slug; NULL: as the order says */
	bool untagged;		/* what has no tag */
};

/* All of it, into p.  As chain_run(): 0, 1 (the verdict is no, nothing is
 * signed) or 2; -1: a process could not be started. */
int build_server(const struct order *o, const struct place *p,
	const struct part *part, struct err *err);
/* The artifact of smelt-ast, into file of p. */
int build_artifact(const struct order *o, const struct place *p,
	const char *file, struct err *err);
/* What smelt-tooldef --list-tags says of it, into list of p. */
int build_tags(const struct order *o, const struct place *p,
	const char *file, const char *list, struct err *err);
/* The signing key, if it is not there. */
void build_key(const struct order *o);

#endif
