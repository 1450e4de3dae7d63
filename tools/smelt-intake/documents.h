/*
 * struct documents: which files of a tree are OpenAPI documents.
 *
 * A JSON or YAML file is one when its root has the key "openapi" with 3.x, or
 * "swagger" with 2.0.  Only the root's keys are looked for, in the first
 * DOCUMENTS_LOOK bytes, and nothing is parsed: whether the rest holds is for
 * smelt-ast to say.  Such files get the language "openapi".
 *
 * Those that share/smelt/documents.yaml sets aside (tests, examples, copies of
 * other projects) stay what they were, and are told on stderr.
 */
#ifndef INTAKE_DOCUMENTS_H
#define INTAKE_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct sha256;
struct source;

enum { DOCUMENTS_LOOK = 16 * 1024 * 1024 };

struct documents {
	char *aside;		/* patterns, a line each */
};

/* Read the table; its bytes go into h, the config digest. */
int documents_load(struct documents *d, struct sha256 *h, struct err *err);
void documents_release(struct documents *d);

/* Has the text the root of an OpenAPI document? */
bool documents_is(const char *text, size_t len);
/* Mark those of s, a tree of files. */
void documents_mark(const struct documents *d, struct source *s);

#endif
