/*
 * Digests of files that need no reading again, for --key.
 *
 * An entry holds for a file while its path, size, inode, time of modification
 * and time of change are what they were.  A file that was modified within
 * STATCACHE_YOUNG seconds before it was read gets no entry: it could change
 * once more within the resolution of its time.  Reading a cache never fails:
 * what is not understood is as if it were not there.
 */
#ifndef INTAKE_STATCACHE_H
#define INTAKE_STATCACHE_H

#include <stddef.h>
#include <time.h>

struct map;
struct stat;
struct str;

enum { STATCACHE_YOUNG = 2 };

struct statcache {
	struct map *old;	/* tree and path -> line before them */
	struct str *fresh;	/* the new cache's lines */
	struct timespec now;	/* when the run began */
};

/* text: the bytes of the cache file; "" for none. */
void statcache_init(struct statcache *c, const char *text, size_t len);
void statcache_release(struct statcache *c);
/* The hex digest of the file at path in tree (a source's name), or NULL. */
const char *statcache_get(struct statcache *c, const char *tree,
	const char *path, const struct stat *st, char hex[65]);
void statcache_put(struct statcache *c, const char *tree, const char *path,
	const struct stat *st, const char *hex);

#endif
