#include "smelt-intake/tree/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/tree/ignore.h"
#include "sys/beneath.h"

enum { SNIFF = 8 * 1024, RULES_MAX = 1024 * 1024 };

struct name {
	char *text;		/* directories end in "/" */
	struct stat st;
};

struct walk {
	const struct tree *t;
	const struct tree_visitor *v;
	const char *root;
	struct str path;
	struct err *err;
};

bool
tree_is_binary(const char *text, size_t len)
{
	return memchr(text, '\0', len < SNIFF ? len : SNIFF) != NULL;
}

const char *
tree_read_file(int fd, uint64_t max, struct str *text)
{
	struct err ignored;

	text->max = (size_t)max;
	if (io_read_fd(fd, "", text, &ignored) < 0)
		return "size";
	return tree_is_binary(str_s(text), text->len) ? "binary" : NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text,
		((const struct name *)b)->text);
}

static int
cannot(struct walk *w, const char *what)
{
	struct str full;

	str_init(&full, STR_LINE);
	path_join(&full, w->root, str_s(&w->path));
	err_at(w->err, str_s(&full), 0, 0, "%s: %s", what, strerror(errno));
	str_release(&full);
	return -1;
}

/* The names of a directory, sorted as whole paths sort. */
static int
list(struct walk *w, int dir, struct name **names, size_t *n)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t cap = 0;
	struct dirent *e;
	struct name name;
	int rc = 0;

	*names = NULL;
	*n = 0;
	if (!d)
		return cannot(w, "cannot read directory");
	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(dir, e->d_name, &name.st,
		    AT_SYMLINK_NOFOLLOW) < 0) {
			/* gone since it was listed */
			if (errno != ENOENT)
				rc = cannot(w, "cannot read directory");
			continue;
		}
		name.text = xasprintf("%s%s", e->d_name,
			S_ISDIR(name.st.st_mode) ? "/" : "");
		*names = vec_grow(*names, *n, &cap, sizeof(**names));
		(*names)[(*n)++] = name;
		if (*n > TREE_NAMES) {
			errno = E2BIG;
			rc = cannot(w, "too many names in a directory");
		}
	}
	closedir(d);
	if (*n)
		qsort(*names, *n, sizeof(**names), by_name);
	return rc;
}

void
tree_add_output(struct tree_outputs *o, const char *path, int fd)
{
	struct stat st;

	if ((path ? stat(path, &st) : fstat(fd, &st)) < 0 ||
	    !S_ISREG(st.st_mode) || o->n == TREE_OUTPUTS)
		return;
	o->files[o->n].dev = st.st_dev;
	o->files[o->n++].ino = st.st_ino;
}

static bool
is_output(const struct tree_outputs *o, const struct stat *st)
{
	size_t i;

	for (i = 0; o && i < o->n; i++)
		if (o->files[i].dev == st->st_dev &&
		    o->files[i].ino == st->st_ino)
			return true;
	return false;
}

enum verdict { TAKEN, TRACKED, IGNORED };

/* TRACKED: ignored but for the repository; what lies in an ignored directory
 * is ignored too. */
static enum verdict
judge(const struct walk *w, bool is_dir, bool in_ignored)
{
	const char *path = str_s(&w->path);

	if (ignore_match(w->t->exclude, path, is_dir))
		return IGNORED;
	if (!in_ignored && !ignore_match(w->t->ignore, path, is_dir))
		return TAKEN;
	return w->v->tracked && w->v->tracked(w->v->arg, path, is_dir) ?
		TRACKED : IGNORED;
}

static void
omit(struct walk *w, const char *reason, const struct stat *st)
{
	/* what is ignored may change: its size is not the source's */
	w->v->omit(w->v->arg, str_s(&w->path), reason,
		S_ISREG(st->st_mode) && strcmp(reason, "ignored") != 0 ?
		(int64_t)st->st_size : -1);
}

static int walk_dir(struct walk *w, int dir, bool in_ignored, int depth);

static int
enter(struct walk *w, int dir, const char *name, const struct stat *st,
	bool in_ignored, int depth)
{
	int fd, rc;

	if (depth == 0) {
		omit(w, "limit", st);
		return 0;
	}
	fd = beneath_open(dir, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return cannot(w, "cannot open directory");
	rc = walk_dir(w, fd, in_ignored, depth - 1);
	close(fd);
	return rc;
}

/* w->path is that of the entry, without a final slash */
static int
entry(struct walk *w, int dir, const char *name, const struct stat *st,
	bool in_ignored, int depth)
{
	const char *path = str_s(&w->path);
	bool is_dir = S_ISDIR(st->st_mode);
	enum verdict verdict;

	if (strcmp(name, ".git") == 0 || is_output(w->t->outputs, st))
		return 0;
	verdict = judge(w, is_dir, in_ignored);
	if (verdict == IGNORED)
		omit(w, "ignored", st);
	else if (!path_is_inside(path, w->path.len))
		omit(w, utf8_valid(path, w->path.len) ? "limit" :
			"not-utf8-path", st);
	else if (is_dir)
		return enter(w, dir, name, st, verdict == TRACKED, depth);
	else if (S_ISLNK(st->st_mode))
		omit(w, "symlink", st);
	else if (!S_ISREG(st->st_mode))
		omit(w, "special", st);
	else
		return w->v->file(w->v->arg, dir, name, path, st, w->err);
	return 0;
}

static size_t
push_rules(struct walk *w, int dir)
{
	struct ignore *g = w->t->ignore;
	struct err ignored;
	struct str text;
	size_t before = g->n;

	if (w->t->no_ignore)
		return before;
	str_init(&text, RULES_MAX);
	if (beneath_read(dir, ".gitignore", ".gitignore", &text,
	    &ignored) == 0)
		before = ignore_push(g, str_s(&w->path), str_s(&text),
			text.len);
	str_release(&text);
	return before;
}

static int
walk_dir(struct walk *w, int dir, bool in_ignored, int depth)
{
	size_t n, i, len, before = w->path.len, rules;
	struct name *names;
	int rc;

	rc = list(w, dir, &names, &n);
	rules = push_rules(w, dir);
	for (i = 0; i < n; i++) {
		len = strlen(names[i].text);
		if (names[i].text[len - 1] == '/')
			names[i].text[--len] = '\0';
		if (before)
			str_putc(&w->path, '/');
		str_add(&w->path, names[i].text, len);
		if (rc == 0)
			rc = entry(w, dir, names[i].text, &names[i].st,
				in_ignored, depth);
		w->path.len = before;
		str_seal(&w->path);
		free(names[i].text);
	}
	free(names);
	ignore_pop(w->t->ignore, rules);
	return rc;
}

int
tree_walk(const struct tree *t, int root, const char *name,
	const struct tree_visitor *v, struct err *err)
{
	struct walk w = { .t = t, .v = v, .root = name, .err = err };
	int rc;

	str_init(&w.path, STR_LINE * 16);
	rc = walk_dir(&w, root, false, TREE_DEPTH);
	str_release(&w.path);
	return rc;
}
