/*
 * struct entries: several OpenAPI documents as one source.
 *
 * entries_open() runs before the sandbox and opens the operands, each of which
 * must be a document of its own; entries_read() parses them in it.  What a
 * document refers to lies beneath its own directory, as it does for one.
 *
 * Paths in the artifact are taken from the nearest directory that holds all
 * documents that are files, so that a file that two of them refer to is there
 * once; a document at a URL is called HOST/PATH.
 */
#ifndef INTAKE_ENTRIES_H
#define INTAKE_ENTRIES_H

#include <stddef.h>

struct box;
struct entry;
struct err;
struct origin;
struct request;
struct source;

enum { ENTRIES_MAX = 1000 };

struct entries {
	struct entry *v;
	size_t n;
};

/* All operands of q; "-" is stdin. */
int entries_open(struct entries *e, const struct request *q,
	struct err *err);
void entries_close(struct entries *e);
const struct origin *entries_origin(const struct entries *e, size_t i);
void entries_box(const struct entries *e, struct box *box);
/* A name for the server out of the operands'; free it. */
char *entries_name(const struct entries *e);
/* The operands as one text; free it. */
char *entries_location(const struct entries *e);
int entries_read(const struct entries *e, struct source *s,
	const struct request *q, struct err *err);

#endif
