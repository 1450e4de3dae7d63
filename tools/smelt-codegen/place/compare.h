/*
 * Says where a directory is not what would be generated; writes nothing.
 *
 * One line on stderr for each difference, "DIR/FILE:LINE:1: error: text
 * [rule]": missing (a file, or a base below .smelt that a later merge would
 * need), changed, left-over (made by an earlier run, no longer made), stale (an
 * edited handler of another base than today's), conflict (marks of a merge).
 * Fine are edited handlers whose base is today's, which -v lists, and files
 * that smelt knows nothing of.
 */
#ifndef CODEGEN_COMPARE_H
#define CODEGEN_COMPARE_H

#include <stddef.h>

struct err;
struct folder;
struct tree;

/* -1: not a directory of ours. */
int compare_tree(struct folder *folder, const struct tree *t,
	size_t *differences, struct err *err);

#endif
