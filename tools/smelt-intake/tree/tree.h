/*
 * Walking a directory: which of its files belong to the source.
 *
 * Nothing is followed or entered that is a symbolic link, a mount of special
 * files or a ".git" entry.  The order is bytewise by path, so that what a
 * limit cuts is the same everywhere.  What is left out is told by
 * tree_visitor.omit with one of the reasons of smelt-records(5).
 *
 * Limits: TREE_DEPTH directories deep; TREE_NAMES names in one directory.
 */
#ifndef INTAKE_TREE_H
#define INTAKE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct ignore;
struct stat;

enum { TREE_DEPTH = 128, TREE_NAMES = 1000 * 1000 };

struct tree_visitor {
	void *arg;
	/* A regular file: open it as name beneath the directory fd dir.
	 * -1 with err ends the walk. */
	int (*file)(void *arg, int dir, const char *name, const char *path,
		const struct stat *st, struct err *err);
	void (*omit)(void *arg, const char *path, const char *reason,
		int64_t bytes);
	/* Is path tracked (dir: is something beneath it)?  Rules do not hold
	 * then.  May be NULL. */
	bool (*tracked)(void *arg, const char *path, bool is_dir);
};

/* Files that this run itself writes: not part of any source. */
enum { TREE_OUTPUTS = 8 };

struct tree_outputs {
	struct {
		dev_t dev;
		ino_t ino;
	} files[TREE_OUTPUTS];
	size_t n;
};

/* path: what it names now, if it is a file; NULL: what fd is. */
void tree_add_output(struct tree_outputs *o, const char *path, int fd);

struct tree {
	struct ignore *ignore;		/* rules that hold from the root on */
	struct ignore *exclude;		/* rules that nothing overrides */
	bool no_ignore;			/* .gitignore files are not read */
	const struct tree_outputs *outputs;	/* may be NULL */
};

int tree_walk(const struct tree *t, int root, const char *name,
	const struct tree_visitor *v, struct err *err);

/*
 * Read an open regular file of at most max bytes.  NULL, or the reason to
 * leave it out: "size", "binary" (a NUL in the first 8 KiB).
 */
struct str;
const char *tree_read_file(int fd, uint64_t max, struct str *text);
/* The same of a text in memory. */
bool tree_is_binary(const char *text, size_t len);

#endif
