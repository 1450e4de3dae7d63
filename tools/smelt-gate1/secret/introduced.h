/*
 * Which commit brought a blob, and at which path: one walk over the trees and
 * commits of a repository for any number of blobs.
 *
 * The commit is the oldest by its committer's date whose tree has the blob,
 * whether a ref reaches it or not; of equal ones the one with fewer commits
 * before it, then the one with the lowest name.
 */
#ifndef GATE1_INTRODUCED_H
#define GATE1_INTRODUCED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct oid;
struct repo;
struct repo_losses;

enum { INTRODUCED_EDGES = 64 * 1000 * 1000 };	/* most it looks at */

struct introduced {
	const struct oid *blob;		/* the caller's */
	size_t tag;			/* the caller's */
	bool found;
	uint64_t date;
	uint32_t generation;	/* commits before it, in the longest line */
	char commit[65];		/* hex; "" when not found */
	const char *path;		/* "" when not found or not UTF-8 */
};

/* Fill and sort: found ones first, by date, commit and path.  -1: the
 * repository can not be walked. */
int introduced_find(struct repo *r, struct introduced *list, size_t n,
	struct arena *arena, struct repo_losses *losses, struct err *err);

#endif
