#include "smelt-intake/directory.h"

#include <errno.h>
#include <fcntl.h>
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
#include "smelt-intake/ignore.h"
#include "smelt-intake/language.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tracked.h"
#include "smelt-intake/tree.h"
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

struct reader {
	struct source *source;
	const struct tracked *tracked;	/* NULL: no repository */
	struct ignore exclude;
	struct repo *repo;		/* for a commit's files */
	struct err *err;
};

static int
read_file(void *arg, int dir, const char *name, const char *path,
	const struct stat *st, struct err *err)
{
	struct reader *r = arg;
	const char *reason = source_refuses(r->source, path,
		(uint64_t)st->st_size);
	struct str text;
	int fd;

	if (reason) {
		source_omit(r->source, path, reason, (int64_t)st->st_size);
		return 0;
	}
	fd = beneath_open(dir, name, O_RDONLY);
	if (fd < 0)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	str_init(&text, 0);
	reason = tree_read_file(fd, source_max(r->source, path), &text);
	close(fd);
	if (reason)
		source_omit(r->source, path, reason, (int64_t)st->st_size);
	else
		source_add_file(r->source, path, NULL, &text);
	str_release(&text);
	return 0;
}

static void
omit(void *arg, const char *path, const char *reason, int64_t bytes)
{
	struct reader *r = arg;

	source_omit(r->source, path, reason, bytes);
}

static bool
is_tracked(void *arg, const char *path, bool is_dir)
{
	struct reader *r = arg;

	return tracked_has(r->tracked, path, is_dir);
}

static void
add_excludes(struct ignore *g, const struct request *q)
{
	size_t i;

	for (i = 0; q->excludes && i < q->excludes->n; i++)
		ignore_push(g, "", q->excludes->items[i],
			strlen(q->excludes->items[i]));
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
read_files(struct reader *r, const char *path, const struct request *q,
	struct err *err)
{
	struct tree_visitor v = { r, read_file, omit,
		r->tracked ? is_tracked : NULL };
	struct ignore rules = { 0 };
	struct tree tree = { &rules, &r->exclude, q->no_ignore };
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (root < 0)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	if (!q->no_ignore) {
		const char *table = r->source->languages->ignored;

		ignore_push(&rules, "", table, strlen(table));
		add_local_rules(&rules, root);
	}
	rc = tree_walk(&tree, root, path, &v, err);
	ignore_release(&rules);
	close(root);
	return rc;
}

static void
set_revision(struct source *s, const struct repo *r, const struct oid *oid)
{
	s->revision = xmalloc(REPO_HEX + 1);
	repo_hex(r, oid, s->revision);
}

static int
read_work_tree(struct source *s, const char *path, const struct request *q,
	struct err *err)
{
	struct reader r = { .source = s, .err = err };
	struct tracked tracked;
	struct err problem;
	struct repo repo;
	struct oid head;
	struct str git;
	bool known = false;
	int rc;

	str_init(&git, STR_LINE);
	path_join(&git, path, ".git");
	add_excludes(&r.exclude, q);
	tracked_init(&tracked);
	rc = repo_open(&repo, str_s(&git), err);
	if (rc == 0 && repo_find(&repo, "HEAD", &head, &problem) == 0) {
		set_revision(s, &repo, &head);
		known = tracked_read(&tracked, &repo, &head, &problem) == 0;
	}
	if (rc == 0 && !known)
		diag_warn_err(&problem);
	r.tracked = &tracked;
	if (rc == 0)
		rc = read_files(&r, path, q, err);
	if (rc == 0 && known)
		s->dirty = tracked_dirty(&tracked, &repo, s);
	if (repo.dir >= 0)
		repo_close(&repo);
	tracked_release(&tracked);
	ignore_release(&r.exclude);
	str_release(&git);
	return rc;
}

/* --- the files of a commit -------------------------------------------------- */
static const char *
refuse_entry(const struct reader *r, const struct repo_entry *e)
{
	if (ignore_match_deep(&r->exclude, e->path))
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
	rc = repo_find(&repo, q->ref ? q->ref : "HEAD", &commit, err);
	if (rc == 0) {
		set_revision(s, &repo, &commit);
		rc = repo_walk(&repo, &commit, read_blob, &r, err);
	}
	ignore_release(&r.exclude);
	repo_close(&repo);
	return rc;
}

int
directory_read(struct source *s, const char *path, const struct request *q,
	struct err *err)
{
	struct reader r = { .source = s, .err = err };
	enum directory_kind kind;
	struct str git;
	int rc;

	if (directory_kind(path, q, &kind, err) < 0)
		return -1;
	s->type = kind == DIRECTORY_PLAIN ? "directory" : "git";
	if (kind == DIRECTORY_PLAIN) {
		if (q->ref)
			return err_at(err, path, 0, 0,
				"--ref needs a git repository");
		add_excludes(&r.exclude, q);
		rc = read_files(&r, path, q, err);
		ignore_release(&r.exclude);
	} else if (kind == DIRECTORY_WORK_TREE && !q->ref) {
		rc = read_work_tree(s, path, q, err);
	} else {
		str_init(&git, STR_LINE);
		if (kind == DIRECTORY_WORK_TREE)
			path_join(&git, path, ".git");
		else
			str_puts(&git, path);
		rc = read_commit(s, str_s(&git), q, err);
		str_release(&git);
	}
	if (rc == 0 && s->nfiles == 0)
		rc = err_at(err, path, 0, 0, "no files to read");
	return rc;
}
