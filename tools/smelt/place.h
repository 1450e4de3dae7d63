/*
 * struct place: the driver's output directory, and where things lie.
 *
 * The directory is new, empty, or one that an earlier run marked as its own
 * (a file ".smelt"); anything else is refused, so a user's files are never
 * overwritten.  A .gitignore in it keeps other sources that lie around it
 * from holding what was made.  Opening it removes what an earlier run signed
 * (dist/): if this run's verdict is red, nothing signed is left behind.
 */
#ifndef SMELT_PLACE_H
#define SMELT_PLACE_H

#include <stdbool.h>

struct err;

struct place {
	const char *dir;	/* the caller's */
	bool fresh;		/* made or first filled by this run */
};

int place_open(struct place *p, const char *dir, struct err *err);
/* After trouble: a fresh directory is removed whole; in an older one the files
 * of the earlier run stay, except artifact.jsonl and dist/, which were removed
 * when it was opened. */
void place_undo(const struct place *p);
/* Remove what is signed from the directory dir/name, if smelt made it: 1, else
 * 0.  The rest stays: a person may have edited handlers in it. */
int place_retire(const struct place *p, const char *name, struct err *err);
/* dir/name, newly allocated. */
char *place_file(const struct place *p, const char *name);

/* Where the directory lies in source, as a pattern of .gitignore ("/out/"),
 * newly allocated; NULL when it does not. */
char *place_inside(const struct place *p, const char *source);

/* Directory of the running program, where its filters lie too; NULL when not
 * known (then PATH is searched). */
char *place_programs(void);
/* $SMELT_KEY, else $XDG_CONFIG_HOME/smelt/smelt.key, else
 * ~/.config/smelt/smelt.key (the folders are made, mode 0700). */
char *place_key(void);
/* A directory with objects of git in it: a work tree's top or bare. */
bool place_is_repository(const char *path);

#endif
