/*
 * The documentation that --docs names, and what --fetch-docs adds: opened and
 * fetched before the sandbox, parsed in it.
 */
#ifndef INTAKE_PAGES_H
#define INTAKE_PAGES_H

#include <stddef.h>

struct catalogue;
struct err;
struct page;
struct request;
struct source;

struct pages {
	struct page *list;
	size_t n, cap;
};

int pages_open(struct pages *p, const struct request *q,
	const struct catalogue *c, struct err *err);
int pages_add(const struct pages *p, struct source *s, struct err *err);
void pages_release(struct pages *p);

#endif
