/*
 * struct outdir: the files that one run puts below --out, and their arrival.
 *
 * A directory is ours when it is new, empty, or holds the list OUTDIR_LIST
 * that an earlier run wrote.  In it, only files of that list whose digest is
 * still the listed one are replaced or removed; everything else belongs to the
 * user and stops the run before anything is written.
 *
 * Each file appears whole, by rename.  The list is written before (old and
 * new digests) and after, so a run that is killed anywhere leaves a directory
 * that the next run takes on.  Files of an earlier run that this one does not
 * make are removed.
 */
#ifndef ATTEST_OUTDIR_H
#define ATTEST_OUTDIR_H

#include <stddef.h>

struct err;
struct map;
struct str;

#define OUTDIR_LIST	".smelt-out"

struct outdir_file {
	char *name;		/* "clients/README.md" */
	char *data;
	size_t len;
	char sha256[65];
};

struct outdir {
	const char *path;
	struct outdir_file *files;
	size_t n, cap;
	struct map *listed;	/* name: struct str of "digest " words */
};

/* Look at path, which may not exist; nothing is written. */
int outdir_open(struct outdir *d, const char *path, struct err *err);
/* Make the directory, with those above it.  *made is its path when it was not
 * there: then it is the caller's to remove if nothing comes of it. */
int outdir_prepare(struct outdir *d, const char **made, struct err *err);
/* Takes a copy.  name is clean and unique; one directory level at most. */
void outdir_add(struct outdir *d, const char *name, const struct str *data);
const struct outdir_file *outdir_find(const struct outdir *d,
	const char *name);
/* Bytes of a file that is there now and listed; -1 when there is none. */
int outdir_current(const struct outdir *d, const char *name,
	struct str *data);
/* Write all. */
int outdir_commit(struct outdir *d, struct err *err);
void outdir_release(struct outdir *d);

#endif
