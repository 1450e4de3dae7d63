#include "smelt-codegen/place/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { ASIDE_MAX = 100 };

void
folder_init(struct folder *f, int fd, const char *name)
{
	f->fd = fd;
	f->name = name;
	f->parent = NULL;
	f->parent_fd = -1;
}

static void
forget_parent(struct folder *f)
{
	if (f->parent && f->parent_fd != f->fd)
		close(f->parent_fd);
	free(f->parent);
	f->parent = NULL;
}

void
folder_release(struct folder *f)
{
	forget_parent(f);
}

/* open the directory dir ("a/b/") below the folder; made where make is set */
static int
open_dirs(const struct folder *f, char *dir, bool make)
{
	int at = f->fd, next;
	char *slash;

	for (; (slash = strchr(dir, '/')); dir = slash + 1, at = next) {
		*slash = '\0';
		next = openat(at, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			O_CLOEXEC);
		if (next < 0 && errno == ENOENT && make &&
		    (mkdirat(at, dir, 0777) == 0 || errno == EEXIST))
			next = openat(at, dir, O_RDONLY | O_DIRECTORY |
				O_NOFOLLOW | O_CLOEXEC);
		*slash = '/';
		if (at != f->fd)
			close(at);
		if (next < 0)
			return -1;
	}
	return at;
}

/* The directory of path; *name is the rest.  -1 and errno. */
static int
parent_of(struct folder *f, const char *path, bool make, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash + 1 - path) : 0;

	*name = path + n;
	if (f->parent && strlen(f->parent) == n &&
	    memcmp(f->parent, path, n) == 0)
		return f->parent_fd;
	forget_parent(f);
	f->parent = xstrndup(path, n);
	f->parent_fd = open_dirs(f, f->parent, make);
	if (f->parent_fd < 0) {
		free(f->parent);
		f->parent = NULL;
		return -1;
	}
	return f->parent_fd;
}

static bool
read_all(int fd, struct str *text)
{
	struct stat st;
	size_t want;
	ssize_t did;
	char *to;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uintmax_t)st.st_size >= text->max)
		return false;
	for (want = (size_t)st.st_size + 1; want; want -= (size_t)did) {
		to = str_room(text, want);
		if (!to)
			return false;
		did = read(fd, to, want);
		if (did < 0 && errno == EINTR)
			did = 0;
		else if (did <= 0)
			break;
		text->len += (size_t)did;
		if (text->len == (size_t)st.st_size)
			break;
	}
	str_seal(text);
	return text->len == (size_t)st.st_size;
}

enum folder_state
folder_read(struct folder *f, const char *path, struct str *text)
{
	const char *name;
	int at = parent_of(f, path, false, &name), in;
	bool good;

	str_clear(text);
	if (at < 0)
		return errno == ENOENT ? FILE_ABSENT : FILE_ODD;
	in = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
		O_CLOEXEC);
	if (in < 0)
		return errno == ENOENT ? FILE_ABSENT : FILE_ODD;
	good = read_all(in, text);
	close(in);
	return good ? FILE_READ : FILE_ODD;
}

static int
create(int at, const char *name, bool executable, const struct str *text)
{
	int out = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		O_CLOEXEC, executable ? 0777 : 0666);
	const char *p = str_s(text);
	size_t n = text->len;
	ssize_t did = 0;

	if (out < 0)
		return -1;
	for (; n; p += did, n -= (size_t)did) {
		did = write(out, p, n);
		if (did < 0 && errno == EINTR)
			did = 0;
		else if (did < 0)
			break;
	}
	if (close(out) < 0)
		did = -1;
	if (did < 0)
		unlinkat(at, name, 0);
	return did < 0 ? -1 : 0;
}

static int
cannot(struct err *err, const char *what, const struct folder *f,
	const char *path)
{
	return err_errno(err, "cannot %s '%s/%s'", what, f->name, path);
}

int
folder_make(struct folder *f, const char *path, bool executable,
	const struct str *text, struct err *err)
{
	const char *name;
	int at = parent_of(f, path, true, &name);

	if (at < 0 || create(at, name, executable, text) < 0)
		return cannot(err, "write", f, path);
	return 0;
}

int
folder_write(struct folder *f, const char *path, bool executable,
	const struct str *text, struct err *err)
{
	const char *name;
	int at = parent_of(f, path, true, &name), rc = -1;
	char *temp = xasprintf(".%s.new", name);

	if (at >= 0) {
		unlinkat(at, temp, 0);
		rc = create(at, temp, executable, text);
		if (rc == 0) {
			rc = renameat(at, temp, at, name);
			if (rc < 0)
				unlinkat(at, temp, 0);
		}
	}
	if (rc < 0)
		cannot(err, "write", f, path);
	free(temp);
	return rc;
}

static bool
is_free(int at, const char *name)
{
	struct stat st;

	return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT;
}

int
folder_set_aside(struct folder *f, const char *path, char **to,
	struct err *err)
{
	const char *name, *new;
	int at = parent_of(f, path, false, &name), i;

	for (i = 0; at >= 0 && i < ASIDE_MAX; i++) {
		*to = i ? xasprintf("%s.orig.%d", path, i) :
			xasprintf("%s.orig", path);
		new = *to + (name - path);
		if (is_free(at, new) && renameat(at, name, at, new) == 0)
			return 0;
		free(*to);
		errno = EEXIST;
	}
	*to = NULL;
	return cannot(err, "move aside", f, path);
}

void
folder_remove(struct folder *f, const char *path)
{
	const char *name;
	int at = parent_of(f, path, false, &name);
	char *dir, *slash;

	if (at < 0 || unlinkat(at, name, 0) < 0)
		return;
	dir = xstrdup(path);
	while ((slash = strrchr(dir, '/'))) {
		*slash = '\0';
		at = parent_of(f, dir, false, &name);
		if (at < 0 || unlinkat(at, name, AT_REMOVEDIR) < 0)
			break;
	}
	free(dir);
}

void
folder_list(struct folder *f, const char *dir, char ***names, size_t *n)
{
	char *any = xasprintf("%s/x", dir);
	const char *name;
	int at = parent_of(f, any, false, &name);
	DIR *d = at < 0 ? NULL : fdopendir(openat(at, ".", O_RDONLY |
		O_DIRECTORY | O_CLOEXEC));
	struct dirent *e;
	size_t cap = 0;

	*names = NULL;
	*n = 0;
	while (d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		*names = vec_grow(*names, *n, &cap, sizeof(**names));
		(*names)[(*n)++] = xstrdup(e->d_name);
	}
	if (d)
		closedir(d);
	if (*n)
		qsort(*names, *n, sizeof(**names), str_order);
	free(any);
}
