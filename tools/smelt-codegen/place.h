/*
 * Puts a tree of files into a directory.
 *
 * A new directory is made beside its place and renamed into it: it appears
 * whole or not at all.  One that is there already must be ours (it has our
 * smelt.json); then only what differs is written, file by file, smelt.json
 * last.  Never lost: a handler that a person edited is kept; any other edited
 * or unknown file in the way is moved to FILE.orig; both are said on stderr.
 * Files that an earlier run made and this one does not are removed, unless
 * edited.  A symbolic link inside the directory is not followed: it is an error.
 */
#ifndef CODEGEN_PLACE_H
#define CODEGEN_PLACE_H

struct err;
struct tree;

struct place {
	int fd;		/* the directory that is written to */
	char *dir;
	char *fresh;	/* made beside dir, to be renamed to it; or NULL */
};

/* Before the sandbox: look at dir, make a fresh directory if it is needed. */
int place_open(struct place *p, const char *dir, struct err *err);
int place_fill(struct place *p, const struct tree *t, struct err *err);
/* Also after an error, and from atexit(3): a fresh directory that did not get
 * its name goes again. */
void place_close(struct place *p);

#endif
