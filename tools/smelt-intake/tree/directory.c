#include "smelt-intake/tree/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/language.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tree/ignore.h"
#include "smelt-intake/tree/tracked.h"
#include "smelt-intake/tree/tree.h"
#include "sys/beneath.h"
#include "sys/repo.h"

static bool
has(const char *dir, const char *name, struct stat *st)
{
	struct str path;
	bool there;

	str_init(&path, STR_LINE);
	path_join(&path, dir, name);
	there = lstat(str_s(&path), st) == 0;
	str_release(&path);
	return there;
}

int
directory_kind(const char *path, const struct request *q,
	enum directory_kind *kind, struct err *err)
{
	struct stat st;

	*kind = DIRECTORY_PLAIN;
	if (q->plain)
		return 0;
	if (has(path, ".git", &st)) {
		if (!S_ISDIR(st.st_mode))
			return err_at(err, path, 0, 0, "its .git is a %s: not "
				"followed (--plain reads the files alone)",
				S_ISLNK(st.st_mode) ? "symbolic link" :
				"file");
		*kind = DIRECTORY_WORK_TREE;
	} else if (has(path, "HEAD", &st) && has(path, "objects", &st) &&
	    has(path, "refs", &st)) {
		*kind = DIRECTORY_BARE;
	}
	return 0;
}

static void
add_excludes(struct ignore *g, const struct request *q)
{
	size_t i;

	for (i = 0; q->excludes && i < q->excludes->n; i++)
		ignore_push(g, "", q->excludes->items[i],
			strlen(q->excludes->items[i]));
}

static void
set_revision(struct source *s, const struct repo *r, const struct oid *oid)
{
	free(s->revision);
	s->revision = xmalloc(REPO_HEX + 1);
	repo_hex(r, oid, s->revision);
}

/* --- the files that lie there ----------------------------------------------- */
/* What a work tree's repository says. */
struct work {
	struct repo repo;
	struct tracked tracked;
	bool known;		/* the commit of HEAD, and its files */
};

/* What can not be read is told; the files are read all the same. */
static void
work_open(struct work *w, struct source *s, const char *path)
{
	struct err problem;
	struct oid head;
	struct str git;

	memset(w, 0, sizeof(*w));
	tracked_init(&w->tracked);
	str_init(&git, STR_LINE);
	path_join(&git, path, ".git");
	if (repo_open(&w->repo, str_s(&git), &problem) == 0 &&
	    repo_find(&w->repo, "HEAD", &head, &problem) == 0) {
		set_revision(s, &w->repo, &head);
		w->known = tracked_read(&w->tracked, &w->repo, &head,
			&problem) == 0;
	}
	if (!w->known)
		diag_warn_err(&problem);
	str_release(&git);
}

static void
work_close(struct work *w)
{
	if (w->repo.dir >= 0)
		repo_close(&w->repo);
	tracked_release(&w->tracked);
}

struct visit {
	const struct directory_visitor *v;
	const struct tracked *tracked;
};

static int
visit_file(void *arg, int dir, const char *name, const char *path,
	const struct stat *st, struct err *err)
{
	struct visit *x = arg;

	return x->v->file(x->v->arg, dir, name, path, st, err);
}

static void
visit_omit(void *arg, const char *path, const char *reason, int64_t bytes)
{
	struct visit *x = arg;

	x->v->omit(x->v->arg, path, reason, bytes);
}

static bool
visit_tracked(void *arg, const char *path, bool is_dir)
{
	struct visit *x = arg;

	return tracked_has(x->tracked, path, is_dir);
}

/* .git/info/exclude holds before the tree's own rules */
static void
add_local_rules(struct ignore *g, int root)
{
	struct err ignored;
	struct str text;

	str_init(&text, STR_LINE * 16);
	if (beneath_read(root, ".git/info/exclude", "", &text, &ignored) == 0)
		ignore_push(g, "", str_s(&text), text.len);
	str_release(&text);
}

static int
visit_files(const struct source *s, const char *path,
	const struct request *q, const struct tracked *tracked,
	const struct directory_visitor *v, struct err *err)
{
	struct visit x = { v, tracked };
	struct tree_visitor tv = { &x, visit_file, visit_omit,
		tracked ? visit_tracked : NULL };
	struct ignore rules = { 0 }, exclude = { 0 };
	struct tree tree = { &rules, &exclude, q->no_ignore, q->outputs };
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (root < 0)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	add_excludes(&exclude, q);
	if (!q->no_ignore) {
		ignore_push(&rules, "", s->languages->ignored,
			strlen(s->languages->ignored));
		if (tracked)
			add_local_rules(&rules, root);
	}
	rc = tree_walk(&tree, root, path, &tv, err);
	ignore_release(&rules);
	ignore_release(&exclude);
	close(root);
	return rc;
}

struct reader {
	struct source *source;
	struct ignore exclude;
	struct repo *repo;
	struct err *err;
};

static int
read_file(void *arg, int dir, const char *name, const char *path,
	const struct stat *st, struct err *err)
{
	struct source *s = arg;
	const char *reason = source_refuses(s, path, (uint64_t)st->st_size);
	struct str text;
	int fd;

	if (reason) {
		source_omit(s, path, reason, (int64_t)st->st_size);
		return 0;
	}
	fd = beneath_open(dir, name, O_RDONLY);
	if (fd < 0)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	str_init(&text, 0);
	reason = tree_read_file(fd, source_max(s, path), &text);
	close(fd);
	if (reason)
		source_omit(s, path, reason, (int64_t)st->st_size);
	else
		source_add_file(s, path, NULL, &text);
	str_release(&text);
	return 0;
}

static void
omit(void *arg, const char *path, const char *reason, int64_t bytes)
{
	source_omit(arg, path, reason, bytes);
}

static int
read_work_tree(struct source *s, const char *path, const struct request *q,
	struct err *err)
{
	struct directory_visitor v = { s, read_file, omit };
	struct work w;
	int rc;

	work_open(&w, s, path);
	rc = visit_files(s, path, q, &w.tracked, &v, err);
	if (rc == 0 && w.known)
		s->dirty = tracked_dirty(&w.tracked, &w.repo, s);
	work_close(&w);
	return rc;
}

/* --- the files of a commit -------------------------------------------------- */
static const char *
refuse_entry(const struct reader *r, const struct repo_entry *e)
{
	if (ignore_match_deep(&r->exclude, e->path) ||
	    ignore_is_git(e->path))
		return "ignored";
	if (!path_is_inside(e->path, e->len))
		return utf8_valid(e->path, e->len) ? "special" :
			"not-utf8-path";
	if ((e->mode & 0170000) == 0120000)
		return "symlink";
	return (e->mode & 0170000) != 0100000 ? "special" : NULL;
}

static int
read_blob(void *arg, const struct repo_entry *e)
{
	struct reader *r = arg;
	const char *reason = refuse_entry(r, e);
	uint64_t size = 0;
	struct str text;
	int rc = 0;

	str_init(&text, STR_RECORD);
	if (!reason)
		rc = repo_read(r->repo, &e->oid,
			(size_t)source_max(r->source, e->path), NULL, &size,
			&text, r->err);
	if (!reason && rc == 1)
		reason = "size";
	if (!reason && rc == 0)
		reason = tree_is_binary(str_s(&text), text.len) ? "binary" :
			source_refuses(r->source, e->path, text.len);
	if (reason)
		source_omit(r->source, e->path, reason,
			size ? (int64_t)size : -1);
	else if (rc == 0)
		source_add_file(r->source, e->path, NULL, &text);
	str_release(&text);
	return rc < 0 ? -1 : 0;
}

/* In a repository that was fetched, HEAD is what --ref named. */
static const char *
wanted(const struct source *s, const struct request *q)
{
	return q->ref && !s->fetched ? q->ref : "HEAD";
}

static int
read_commit(struct source *s, const char *gitdir, const struct request *q,
	struct err *err)
{
	struct reader r = { .source = s, .err = err };
	struct repo repo;
	struct oid commit;
	int rc;

	if (repo_open(&repo, gitdir, err) < 0)
		return -1;
	add_excludes(&r.exclude, q);
	r.repo = &repo;
	rc = repo_find(&repo, wanted(s, q), &commit, err);
	if (rc == 0) {
		set_revision(s, &repo, &commit);
		rc = repo_walk(&repo, &commit, read_blob, &r, err);
	}
	ignore_release(&r.exclude);
	repo_close(&repo);
	return rc;
}

/* .git of a work tree, or the bare repository itself; free it */
static char *
git_directory(const char *path, enum directory_kind kind)
{
	return kind == DIRECTORY_WORK_TREE ? xasprintf("%s/.git", path) :
		xstrdup(path);
}

static int
start(struct source *s, const char *path, const struct request *q,
	enum directory_kind *kind, struct err *err)
{
	if (directory_kind(path, q, kind, err) < 0)
		return -1;
	s->type = *kind == DIRECTORY_PLAIN ? "directory" : "git";
	if (*kind == DIRECTORY_PLAIN && q->ref)
		return err_at(err, path, 0, 0,
			"--ref needs a git repository");
	return 0;
}

static int
name_commit(struct source *s, const char *gitdir, const struct request *q,
	struct err *err)
{
	struct repo repo;
	struct oid commit;
	int rc;

	if (repo_open(&repo, gitdir, err) < 0)
		return -1;
	rc = repo_find(&repo, wanted(s, q), &commit, err);
	if (rc == 0)
		set_revision(s, &repo, &commit);
	repo_close(&repo);
	return rc;
}

int
directory_visit(struct source *s, const char *path, const struct request *q,
	const struct directory_visitor *v, struct err *err)
{
	enum directory_kind kind;
	struct work w;
	char *gitdir;
	int rc;

	if (start(s, path, q, &kind, err) < 0)
		return -1;
	if (kind == DIRECTORY_PLAIN)
		return visit_files(s, path, q, NULL, v, err);
	if (kind == DIRECTORY_WORK_TREE && !q->ref) {
		work_open(&w, s, path);
		rc = visit_files(s, path, q, &w.tracked, v, err);
		work_close(&w);
		return rc;
	}
	gitdir = git_directory(path, kind);
	rc = name_commit(s, gitdir, q, err);
	free(gitdir);
	return rc;
}

int
directory_read(struct source *s, const char *path, const struct request *q,
	struct err *err)
{
	struct directory_visitor v = { s, read_file, omit };
	enum directory_kind kind;
	char *gitdir;
	int rc;

	if (start(s, path, q, &kind, err) < 0)
		return -1;
	if (kind == DIRECTORY_PLAIN) {
		rc = visit_files(s, path, q, NULL, &v, err);
	} else if (kind == DIRECTORY_WORK_TREE && !q->ref) {
		rc = read_work_tree(s, path, q, err);
	} else {
		gitdir = git_directory(path, kind);
		rc = read_commit(s, gitdir, q, err);
		free(gitdir);
	}
	if (rc == 0 && s->nfiles == 0)
		rc = err_at(err, path, 0, 0, "no files to read");
	return rc;
}
