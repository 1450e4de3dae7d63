/*
 * struct origin: the operand, opened.
 *
 * origin_open() runs before the sandbox: it opens files, fetches URLs by
 * child processes and looks at the first bytes to tell what they are; it
 * parses nothing.  What is read afterwards is read from what is open here, or
 * beneath the paths that origin_box() names.
 */
#ifndef INTAKE_ORIGIN_H
#define INTAKE_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

struct box;
struct err;
struct request;
struct str;
struct tempdir;

enum origin_type {
	ORIGIN_DOCUMENT,	/* OpenAPI */
	ORIGIN_TEXT,
	ORIGIN_ARCHIVE,
	ORIGIN_DIRECTORY	/* also a git repository */
};

struct origin {
	enum origin_type type;
	char *label;		/* what messages call it */
	char *location;		/* for the record */
	char *base;		/* last part of its name, "" for none */
	char *path;		/* file or directory to read; NULL: bytes, fd */
	int fd;			/* an archive, open; -1 */
	struct str *bytes;	/* of a document or text */
	char *dir;		/* of a document that seems to refer to
				 * files beside it; NULL */
	struct str *media_type;	/* of what was fetched; NULL */
	struct tempdir *temp;	/* holds a cloned repository; NULL */
	bool remote;
};

int origin_open(struct origin *o, const struct request *q, struct err *err);
void origin_close(struct origin *o);
void origin_box(const struct origin *o, struct box *box);

/* A name for the server out of the operand's; free it. */
char *origin_name(const struct origin *o);

#endif
