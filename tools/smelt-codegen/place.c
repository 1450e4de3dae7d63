#include "smelt-codegen/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-codegen/tree.h"

static const char manifest[] = "smelt.json";

enum state { FILE_ABSENT, FILE_READ, FILE_ODD };

/* The directory of path below fd, made when make is set; *name is the rest.
 * Components are opened one by one: a link among them is an error. */
static int
open_parent(int fd, const char *path, bool make, const char **name)
{
	const char *slash;
	int at = dup(fd), next;

	while (at >= 0 && (slash = strchr(path, '/'))) {
		char *part = xstrndup(path, (size_t)(slash - path));

		if (make && mkdirat(at, part, 0777) < 0 && errno != EEXIST)
			next = -1;
		else
			next = openat(at, part, O_RDONLY | O_DIRECTORY |
				O_NOFOLLOW | O_CLOEXEC);
		free(part);
		close(at);
		at = next;
		path = slash + 1;
	}
	*name = path;
	return at;
}

static enum state
read_file(int fd, const char *path, struct str *text)
{
	enum state state = FILE_ODD;
	const char *name;
	struct stat st;
	struct err ignored;
	int at = open_parent(fd, path, false, &name), in;

	str_clear(text);
	if (at < 0)
		return errno == ENOENT ? FILE_ABSENT : FILE_ODD;
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		state = errno == ENOENT ? FILE_ABSENT : FILE_ODD;
	} else if (S_ISREG(st.st_mode)) {
		in = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (in >= 0 && io_read_fd(in, path, text, &ignored) == 0)
			state = FILE_READ;
		if (in >= 0)
			close(in);
	}
	close(at);
	return state;
}

static int
write_all(int fd, const char *p, size_t n)
{
	ssize_t did;

	for (; n; p += did, n -= (size_t)did) {
		did = write(fd, p, n);
		if (did < 0 && errno == EINTR)
			did = 0;
		else if (did < 0)
			return -1;
	}
	return 0;
}

static int
write_file(int fd, const struct tree_file *f, struct err *err)
{
	const char *name;
	char *temp;
	int at = open_parent(fd, f->path, true, &name), out = -1, rc = -1;

	temp = xasprintf(".%s.new", name);
	if (at >= 0) {
		unlinkat(at, temp, 0);
		out = openat(at, temp, O_WRONLY | O_CREAT | O_EXCL |
			O_NOFOLLOW | O_CLOEXEC, f->executable ? 0777 : 0666);
	}
	if (out >= 0) {
		rc = write_all(out, str_s(f->text), f->text->len);
		if (close(out) < 0)
			rc = -1;
		if (rc == 0)
			rc = renameat(at, temp, at, name);
	}
	if (rc < 0)
		err_errno(err, "cannot write '%s'", f->path);
	if (rc < 0 && out >= 0)
		unlinkat(at, temp, 0);
	if (at >= 0)
		close(at);
	free(temp);
	return rc;
}

static int
set_aside(int fd, const char *path, struct err *err)
{
	const char *name;
	int at = open_parent(fd, path, false, &name), rc = -1;
	char *orig = xasprintf("%s.orig", name);

	if (at >= 0)
		rc = renameat(at, name, at, orig);
	if (rc < 0)
		err_errno(err, "cannot move '%s' aside", path);
	else
		diag_warn("'%s' was edited: moved to '%s.orig'", path, path);
	if (at >= 0)
		close(at);
	free(orig);
	return rc;
}

/* the digest that smelt.json of the earlier run has for path, or NULL */
static bool
is_as_made(const struct map *old, const char *path, const struct str *text)
{
	const char *was = map_get(old, path);
	char now[SHA256_HEX + 1];

	sha256_hex(str_s(text), text->len, now);
	return was && str_starts(was, "sha256:") &&
		strcmp(was + strlen("sha256:"), now) == 0;
}

static int
update_file(int fd, const struct map *old, const struct tree_file *f,
	struct err *err)
{
	struct str text;
	enum state state;
	int rc = 0;

	str_init(&text, IO_MAX);
	state = read_file(fd, f->path, &text);
	if (state == FILE_READ && text.len == f->text->len &&
	    memcmp(str_s(&text), str_s(f->text), text.len) == 0)
		goto out;
	if (state == FILE_READ && !is_as_made(old, f->path, &text) &&
	    f->role == ROLE_HANDLER) {
		diag_say("kept the edited %s", f->path);
		goto out;
	}
	if (state == FILE_ODD)
		rc = err_set(err, "'%s' is in the way and no regular file",
			f->path);
	else if (state == FILE_READ && !is_as_made(old, f->path, &text))
		rc = set_aside(fd, f->path, err);
	if (rc == 0)
		rc = write_file(fd, f, err);
out:
	str_release(&text);
	return rc;
}

static void
remove_dirs(int fd, const char *path)
{
	char *dir = xstrdup(path), *slash;
	const char *name;
	bool more = true;
	int at;

	while (more && (slash = strrchr(dir, '/'))) {
		*slash = '\0';
		at = open_parent(fd, dir, false, &name);
		more = at >= 0 && unlinkat(at, name, AT_REMOVEDIR) == 0;
		if (at >= 0)
			close(at);
	}
	free(dir);
}

static void
remove_stale(int fd, const struct map *old, const struct tree *t)
{
	const char *path, *name;
	struct str text;
	size_t i;
	int at;

	str_init(&text, IO_MAX);
	for (i = 0; i < old->n; i++) {
		path = old->entries[i].key;
		if (tree_find(t, path) ||
		    read_file(fd, path, &text) != FILE_READ)
			continue;
		if (!is_as_made(old, path, &text)) {
			diag_say("kept the edited %s, which is no longer made",
				path);
			continue;
		}
		at = open_parent(fd, path, false, &name);
		if (at >= 0 && unlinkat(at, name, 0) == 0)
			remove_dirs(fd, path);
		if (at >= 0)
			close(at);
	}
	str_release(&text);
}

static int
read_manifest(int fd, struct map *old, struct json_doc *doc, struct err *err)
{
	const struct json *root;
	struct json_iter it;
	struct str text;
	enum state state;
	int rc = -1;

	str_init(&text, IO_MAX);
	state = read_file(fd, manifest, &text);
	if (state == FILE_READ)
		rc = json_parse(doc, str_s(&text), text.len, manifest, err);
	else
		err_set(err, "it has no %s", manifest);
	str_release(&text);
	if (rc < 0)
		return -1;
	root = json_root(doc);
	if (!json_str_is(json_get(root, "tool"), "smelt-codegen"))
		return err_set(err, "its %s is not ours", manifest);
	for (json_each(&it, json_get(root, "files")); json_next(&it); ) {
		const char *path = json_get_str(it.value, "path");
		const char *sha = json_get_str(it.value, "sha256");

		if (path && sha && path[0] != '/' && !strstr(path, ".."))
			map_put(old, path, (void *)(uintptr_t)sha);
	}
	return 0;
}

static int
update(const char *dir, int fd, const struct tree *t, struct err *err)
{
	struct json_doc doc = { 0 };
	struct map old = { 0 };
	struct err why;
	size_t i;
	int rc = read_manifest(fd, &old, &doc, &why);

	if (rc < 0)
		err_set(err, "'%s' is not empty and not made by smelt: %s",
			dir, why.text);
	for (i = 0; i < t->n && rc == 0; i++)
		if (strcmp(t->files[i].path, manifest) != 0)
			rc = update_file(fd, &old, &t->files[i], err);
	if (rc == 0) {
		remove_stale(fd, &old, t);
		rc = write_file(fd, tree_find(t, manifest), err);
	}
	map_release(&old);
	json_release(&doc);
	return rc;
}

/* -1: cannot be read */
static int
count_entries(int fd)
{
	DIR *d = fdopendir(dup(fd));
	int n = 0;

	if (!d)
		return -1;
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
remove_made(int fd, const struct tree *t)
{
	const char *name;
	size_t i;
	int at;

	for (i = 0; i < t->n; i++) {
		at = open_parent(fd, t->files[i].path, false, &name);
		if (at < 0)
			continue;
		unlinkat(at, name, 0);
		close(at);
		remove_dirs(fd, t->files[i].path);
	}
}

static int
make_fresh(struct place *p, struct err *err)
{
	mode_t mask = umask(0);

	umask(mask);
	p->fresh = xasprintf("%s.XXXXXX", p->dir);
	if (!mkdtemp(p->fresh)) {
		err_errno(err, "cannot make '%s'", p->fresh);
		free(p->fresh);
		p->fresh = NULL;
		return -1;
	}
	p->fd = open(p->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->fd < 0 || fchmod(p->fd, 0777 & ~mask) < 0)
		return err_errno(err, "cannot open '%s'", p->fresh);
	return 0;
}

int
place_open(struct place *p, const char *dir, struct err *err)
{
	size_t n = strlen(dir);

	memset(p, 0, sizeof(*p));
	while (n > 1 && dir[n - 1] == '/')
		n--;
	p->dir = xstrndup(dir, n);
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->fd < 0 && errno != ENOENT)
		return err_errno(err, "cannot open '%s'", p->dir);
	if (p->fd >= 0 && count_entries(p->fd) != 0)
		return 0;
	if (p->fd >= 0)
		close(p->fd);
	return make_fresh(p, err);
}

int
place_fill(struct place *p, const struct tree *t, struct err *err)
{
	size_t i;
	int rc = 0;

	if (!p->fresh)
		return update(p->dir, p->fd, t, err);
	for (i = 0; i < t->n && rc == 0; i++)
		rc = write_file(p->fd, &t->files[i], err);
	if (rc == 0 && rename(p->fresh, p->dir) < 0)
		rc = err_errno(err, "cannot rename '%s' to '%s'", p->fresh,
			p->dir);
	if (rc < 0) {
		remove_made(p->fd, t);
		return -1;
	}
	free(p->fresh);
	p->fresh = NULL;
	return 0;
}

void
place_close(struct place *p)
{
	if (p->fresh)
		rmdir(p->fresh);
	if (p->fd >= 0 && p->dir)
		close(p->fd);
	free(p->fresh);
	free(p->dir);
	memset(p, 0, sizeof(*p));
}
