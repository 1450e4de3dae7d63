/*
 * struct tracked: the files of a commit by path, to tell what the rules of
 * .gitignore do not hold for and whether a work tree equals the commit.
 */
#ifndef INTAKE_TRACKED_H
#define INTAKE_TRACKED_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct map;
struct oid;
struct repo;
struct source;

struct tracked {
	struct map *files;	/* path -> struct oid; links and modules: NULL */
	struct map *dirs;	/* every directory that has one of them */
};

void tracked_init(struct tracked *t);
void tracked_release(struct tracked *t);
int tracked_read(struct tracked *t, struct repo *r, const struct oid *commit,
	struct err *err);
bool tracked_has(const struct tracked *t, const char *path, bool is_dir);
/* Is a file of the source not in the commit, other than there, or one of the
 * commit neither in the source nor left out by it? */
bool tracked_dirty(const struct tracked *t, const struct repo *r,
	const struct source *s);

#endif
