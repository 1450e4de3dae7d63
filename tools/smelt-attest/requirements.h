/*
 * requirements.txt as pip-compile and uv write it: name==version lines with
 * --hash options and "# via" comments, which give the edges.  Without any via
 * comment the packages go to the closure's flat ones.
 */
#ifndef ATTEST_REQUIREMENTS_H
#define ATTEST_REQUIREMENTS_H

struct closure;
struct err;

/* name is for errors.  -1: a line that pins nothing. */
int requirements_read(struct closure *c, const char *text, const char *name,
	struct err *err);

#endif
