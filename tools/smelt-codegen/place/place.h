/*
 * Puts a tree of files into a directory, or looks whether it is there.
 *
 * A new directory is made beside its place and renamed into it: it appears
 * whole or not at all.  One that is there already must be ours (it has our
 * smelt.json); see update.h for what is written then.  A symbolic link inside
 * the directory is not followed: it is an error.
 */
#ifndef CODEGEN_PLACE_H
#define CODEGEN_PLACE_H

#include <stddef.h>

struct err;
struct tree;

struct place {
	int fd;		/* the directory that is written to */
	char *dir;
	char *fresh;	/* made beside dir, to be renamed to it; or NULL */
};

/* Before the sandbox: look at dir, make a fresh directory if it is needed. */
int place_open(struct place *p, const char *dir, struct err *err);
/* The same for place_compare(): dir must be there, nothing is made. */
int place_look(struct place *p, const char *dir, struct err *err);
/* *conflicts: handlers whose edits could not be merged, said already. */
int place_fill(struct place *p, const struct tree *t, size_t *conflicts,
	struct err *err);
/* *differences: from what would be generated, each said already. */
int place_compare(const struct place *p, const struct tree *t,
	size_t *differences, struct err *err);
/* Also after an error, and from atexit(3): a fresh directory that did not get
 * its name goes again. */
void place_close(struct place *p);

#endif
