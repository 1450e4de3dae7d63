/*
 * A directory, or a git repository, as a source.
 *
 * A directory's files are read as they lie there: tracked ones, and untracked
 * ones that .gitignore does not name.  Where it has a .git directory, the
 * revision is the commit of HEAD, and "dirty" tells that the files read are
 * not those of that commit.  With --ref, and for a bare repository, the files
 * are those of the commit, read from the objects.  git(1) is not run.
 */
#ifndef INTAKE_DIRECTORY_H
#define INTAKE_DIRECTORY_H

#include <stdint.h>

struct err;
struct request;
struct source;
struct stat;

enum directory_kind {
	DIRECTORY_PLAIN,
	DIRECTORY_WORK_TREE,	/* has a .git directory */
	DIRECTORY_BARE		/* is a git repository itself */
};

/* What path is; -1 with err when its .git is a file or a link (not followed;
 * --plain reads such a directory as files only). */
int directory_kind(const char *path, const struct request *q,
	enum directory_kind *kind, struct err *err);

/* As struct tree_visitor has them. */
struct directory_visitor {
	void *arg;
	int (*file)(void *arg, int dir, const char *name, const char *path,
		const struct stat *st, struct err *err);
	void (*omit)(void *arg, const char *path, const char *reason,
		int64_t bytes);
};

/*
 * Visit the files that directory_read() would read, and set type and revision
 * of s.  Files of a commit are not visited: its name says what they are.
 */
int directory_visit(struct source *s, const char *path,
	const struct request *q, const struct directory_visitor *v,
	struct err *err);

/* Fill the source.  Works in the sandbox with path readable. */
int directory_read(struct source *s, const char *path,
	const struct request *q, struct err *err);

#endif
