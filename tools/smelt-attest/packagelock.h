/*
 * package-lock.json, lockfileVersion 2 or 3: the "packages" of a tree of
 * node_modules folders, each dependency resolved as Node does.
 */
#ifndef ATTEST_PACKAGELOCK_H
#define ATTEST_PACKAGELOCK_H

#include <stddef.h>

struct closure;
struct err;

int packagelock_read(struct closure *c, const char *text, size_t len,
	const char *name, struct err *err);

#endif
