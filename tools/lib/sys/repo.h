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
	REPO_ENTRIES = 2 * 1000 * 1000,	/* of all trees of a commit */
	REPO_META_MAX = 64 * 1024 * 1024	/* commits, trees, tags, and
					 * what deltas are made from */
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
/* And back: a whole object name in lower-case hex. */
bool repo_oid(const struct repo *r, const char *hex, size_t n,
	struct oid *oid);

/*
 * The commit that a name stands for: HEAD, a branch, a tag (peeled), a full
 * ref, an object name or its first 7 or more digits.  No expressions such as
 * HEAD~1.
 */
int repo_find(struct repo *r, const char *name, struct oid *commit,
	struct err *err);

/*
 * Append an object's content.  0; 1 when it has more than max bytes, or is a
 * delta to something of more than REPO_META_MAX (nothing appended); -1 when it
 * is missing or damaged.  *type and *size are set on 0 and 1; both may be NULL.
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
};

/* Not 0 ends the walk with that value. */
typedef int repo_visit(void *arg, const struct repo_entry *entry);

/* Every entry that is not a tree, in tree order.  0, -1 or visit's value. */
int repo_walk(struct repo *r, const struct oid *commit, repo_visit *visit,
	void *arg, struct err *err);

/* Why objects may not be in this store. */
struct repo_gaps {
	bool shallow;		/* commits end early */
	bool borrowed;		/* alternates */
	bool partial;		/* a partial clone's promisor has the rest */
};
void repo_gaps(struct repo *r, struct repo_gaps *gaps);

/* An object as repo_each() meets it. */
struct repo_object {
	struct oid oid;
	enum repo_type type;
	const char *data;	/* during the call */
	size_t len;
};

/* What repo_each() could not give. */
struct repo_losses {
	size_t large;		/* over max, or deltas on such */
	size_t damaged;
};

/*
 * Every object of the types (a mask of 1 << enum repo_type) that the object
 * store has, reachable or not, each once: packs first, an object behind those
 * that it is a delta on, then loose ones.  Objects of more than max bytes and
 * damaged ones are counted.  In packs, contents are not held against names.
 * 0, -1 or visit's value.
 */
typedef int repo_meet(void *arg, const struct repo_object *object);
int repo_each(struct repo *r, unsigned types, size_t max, repo_meet *visit,
	void *arg, struct repo_losses *losses, struct err *err);

#endif
