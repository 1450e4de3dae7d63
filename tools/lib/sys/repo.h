/*
 * struct repo: the objects and refs of a git repository, read in-process.
 *
 * git(1) is never run on somebody else's repository: its configuration, hooks
 * and attributes can start programs.  Here only these files are read, none of
 * them through a symbolic link: HEAD, refs/, packed-refs, objects/ (loose
 * objects, packs with their version 2 index), and of config the one setting
 * extensions.objectFormat.  Replace refs, grafts, alternates, reftables and
 * worktrees are not followed; an object that is missing for that reason is an
 * error that says so.  Every object's content is held against its name.
 *
 * Works inside the sandbox: give box_read() the git directory.
 */
#ifndef SYS_REPO_H
#define SYS_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pack;
struct packcache;
struct str;

enum repo_type { REPO_COMMIT = 1, REPO_TREE = 2, REPO_BLOB = 3, REPO_TAG = 4 };

enum {
	REPO_HEX = 64,			/* longest object name in hex */
	REPO_PACKS = 4096,
	REPO_TREE_DEPTH = 128,
	REPO_META_MAX = 64 * 1024 * 1024	/* commits, trees, tags */
};

struct oid {
	unsigned char b[32];		/* SHA-1: the first 20, rest zero */
};

struct repo {
	int dir;
	char *name;			/* for messages */
	size_t oid_size;		/* 20 or 32 */
	struct pack *packs;
	size_t npacks;
	struct packcache *cache;
};

/*
 * gitdir is a bare repository or the .git directory of a work tree.  -1 when
 * it is not one (no HEAD, objects or refs), is a file or link, or uses a
 * format that is not read.
 */
int repo_open(struct repo *r, const char *gitdir, struct err *err);
void repo_close(struct repo *r);

/* Hex form; out has room for REPO_HEX + 1. */
void repo_hex(const struct repo *r, const struct oid *oid, char *out);

/*
 * The commit that a name stands for: HEAD, a branch, a tag (peeled), a full
 * ref, an object name or its first 7 or more digits.  No expressions such as
 * HEAD~1.
 */
int repo_find(struct repo *r, const char *name, struct oid *commit,
	struct err *err);

/*
 * Append an object's content.  0; 1 when it has more than max bytes (nothing
 * appended); -1 when it is missing or damaged.  *type and *size are set on 0
 * and 1; both may be NULL.
 */
int repo_read(struct repo *r, const struct oid *oid, size_t max,
	enum repo_type *type, uint64_t *size, struct str *out,
	struct err *err);

/* The name that a file's bytes have as a blob. */
void repo_blob_name(const struct repo *r, const char *data, size_t n,
	struct oid *oid);

/* One entry of a tree. */
struct repo_entry {
	const char *path;	/* from the root; bytes as they are */
	size_t len;
	unsigned mode;		/* 0100644 0100755 0120000 0160000 */
	struct oid oid;
	const struct oid *commit;	/* repo_history(): of this commit */
};

/* Not 0 ends the walk with that value. */
typedef int repo_visit(void *arg, const struct repo_entry *entry);

/* Every entry that is not a tree, in tree order.  0, -1 or visit's value. */
int repo_walk(struct repo *r, const struct oid *commit, repo_visit *visit,
	void *arg, struct err *err);

/*
 * Every blob of every commit that a ref reaches, each blob once, with the
 * oldest commit (by commit date) and the path it is first met at.  max_commits
 * bounds the work; *cut tells that it did.  A shallow repository ends where
 * its objects end.
 */
int repo_history(struct repo *r, size_t max_commits, bool *cut,
	repo_visit *visit, void *arg, struct err *err);

#endif
