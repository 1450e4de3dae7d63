#include "smelt-attest/outdir.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

static const char first_line[] =
	"# files that smelt-attest made here; it replaces only these\n";

enum { LIST_MAX = 4 * 1024 * 1024 };

static char *
below(const struct outdir *d, const char *name)
{
	return xasprintf("%s/%s", d->path, name);
}

static void
list_add(struct outdir *d, const char *name, const char *digest)
{
	struct map_entry *entry;
	struct str *digests;
	bool added;

	entry = map_add(d->listed, name, strlen(name), &added);
	if (added) {
		digests = xmalloc(sizeof(*digests));
		str_init(digests, STR_LINE);
		entry->value = digests;
	}
	digests = entry->value;
	if (!strstr(str_s(digests), digest))
		str_addf(digests, "%s ", digest);
}

/* "<64 hex digits>  <name>" */
static int
list_line(struct outdir *d, const char *p, size_t n)
{
	char digest[65], *name;

	if (n < 67 || strspn(p, "0123456789abcdef") != 64 ||
	    memcmp(p + 64, "  ", 2) != 0 || !path_is_clean(p + 66, n - 66))
		return -1;
	memcpy(digest, p, 64);
	digest[64] = '\0';
	name = xstrndup(p + 66, n - 66);
	list_add(d, name, digest);
	free(name);
	return 0;
}

static int
list_read(struct outdir *d, const char *path, struct err *err)
{
	unsigned line = 2;
	struct str text;
	const char *p;
	int rc;

	str_init(&text, LIST_MAX);
	rc = io_read(path, &text, err);
	if (rc == 0 && !str_starts(str_s(&text), first_line))
		rc = err_at(err, path, 1, 1, "not a list that smelt-attest "
			"wrote");
	p = str_s(&text) + strlen(first_line);
	while (rc == 0 && p < str_s(&text) + text.len) {
		size_t n = strcspn(p, "\n");

		if (p[n] != '\n' || list_line(d, p, n) < 0)
			rc = err_at(err, path, line, 1, "not a digest and a "
				"file name");
		p += n + 1;
		line++;
	}
	str_release(&text);
	return rc;
}

static int
is_empty(const char *path, struct err *err)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	int n = 0;

	if (!dir)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	while (n == 0 && (entry = readdir(dir)) != NULL)
		n = strcmp(entry->d_name, ".") != 0 &&
			strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return n == 0;
}

int
outdir_open(struct outdir *d, const char *path, struct err *err)
{
	struct stat st;
	char *list;
	int rc;

	memset(d, 0, sizeof(*d));
	d->path = path;
	d->listed = xcalloc(1, sizeof(*d->listed));
	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_at(err, path, 0, 0,
			"cannot open: %s", strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_at(err, path, 0, 0, "is not a directory");
	list = below(d, OUTDIR_LIST);
	if (lstat(list, &st) == 0) {
		rc = S_ISREG(st.st_mode) ? list_read(d, list, err) :
			err_at(err, list, 0, 0, "is not a regular file");
	} else {
		rc = is_empty(path, err);
		if (rc == 0)
			err_at(err, path, 0, 0, "holds files and no %s: not a "
				"directory that smelt-attest made; name a new "
				"one", OUTDIR_LIST);
		rc = rc == 1 ? 0 : -1;
	}
	free(list);
	return rc;
}

void
outdir_add(struct outdir *d, const char *name, const struct str *data)
{
	struct outdir_file *f;

	d->files = vec_grow(d->files, d->n, &d->cap, sizeof(*d->files));
	f = &d->files[d->n++];
	f->name = xstrdup(name);
	f->data = xstrndup(str_s(data), data->len);
	f->len = data->len;
	sha256_hex(f->data, f->len, f->sha256);
}

const struct outdir_file *
outdir_find(const struct outdir *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (strcmp(d->files[i].name, name) == 0)
			return &d->files[i];
	return NULL;
}

int
outdir_current(const struct outdir *d, const char *name, struct str *data)
{
	struct err ignored;
	struct stat st;
	char *path;
	int rc = -1;

	if (!map_has(d->listed, name))
		return -1;
	path = below(d, name);
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		rc = io_read(path, data, &ignored);
	free(path);
	return rc;
}

/* What stands at name is nothing, or a file of ours as we wrote it. */
static int
check_ours(const struct outdir *d, const char *name, const char *wanted,
	struct err *err)
{
	const struct str *digests = map_get(d->listed, name);
	char *path = below(d, name), hex[65];
	struct str data;
	struct stat st;
	int rc = 0;

	str_init(&data, IO_MAX);
	if (lstat(path, &st) < 0) {
		rc = errno == ENOENT ? 0 : err_at(err, path, 0, 0,
			"cannot open: %s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		rc = err_at(err, path, 0, 0, "is not a regular file, and not "
			"ours to replace");
	} else if ((rc = io_read(path, &data, err)) == 0) {
		sha256_hex(str_s(&data), data.len, hex);
		if ((!wanted || strcmp(hex, wanted) != 0) &&
		    (!digests || !strstr(str_s(digests), hex)))
			rc = err_at(err, path, 0, 0, digests ?
				"was changed since smelt-attest made it; move "
				"it away" : "is not a file that smelt-attest "
				"made; move it away");
	}
	str_release(&data);
	free(path);
	return rc;
}

static int
make_dir(const char *path, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno == EEXIST && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return err_at(err, path, 0, 0, "cannot make a directory: %s",
		strerror(errno == EEXIST ? ENOTDIR : errno));
}

int
outdir_prepare(struct outdir *d, const char **made, struct err *err)
{
	char *path = xstrdup(d->path), *at;
	struct stat st;
	int rc = 0;

	*made = NULL;
	for (at = path + 1; rc == 0 && *path && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (stat(path, &st) < 0)
			rc = make_dir(path, err);
		*at = '/';
	}
	if (rc == 0 && stat(d->path, &st) < 0) {
		rc = make_dir(d->path, err);
		if (rc == 0)
			*made = d->path;
	}
	free(path);
	return rc;
}

static int
make_parents(const struct outdir *d, const char *name, struct err *err)
{
	const char *slash;
	char *path;
	int rc = 0;

	for (slash = strchr(name, '/'); slash && rc == 0;
	    slash = strchr(slash + 1, '/')) {
		path = xasprintf("%s/%.*s", d->path, (int)(slash - name), name);
		rc = make_dir(path, err);
		free(path);
	}
	return rc;
}

static int
list_write(const struct outdir *d, bool old, struct err *err)
{
	char *path = below(d, OUTDIR_LIST);
	const char *p;
	struct str text;
	size_t i;
	int rc;

	str_init(&text, LIST_MAX);
	str_puts(&text, first_line);
	for (i = 0; i < d->n; i++)
		str_addf(&text, "%s  %s\n", d->files[i].sha256,
			d->files[i].name);
	for (i = 0; old && i < d->listed->n; i++) {
		const struct map_entry *entry = &d->listed->entries[i];

		p = str_s(entry->value);
		for (; *p; p += 65)
			str_addf(&text, "%.64s  %s\n", p, entry->key);
	}
	rc = str_over(&text) ? err_at(err, path, 0, 0, "too many files") :
		io_write(path, text.buf, text.len, err);
	str_release(&text);
	free(path);
	return rc;
}

/* Write f, unless the bytes are there already. */
static int
put(const struct outdir *d, const struct outdir_file *f, struct err *err)
{
	char *path = below(d, f->name);
	struct str now;
	int rc;

	str_init(&now, IO_MAX);
	rc = make_parents(d, f->name, err);
	if (rc == 0 && (outdir_current(d, f->name, &now) < 0 ||
	    now.len != f->len || memcmp(str_s(&now), f->data, f->len) != 0))
		rc = io_write(path, f->data, f->len, err);
	str_release(&now);
	free(path);
	return rc;
}

static int
remove_stale(const struct outdir *d, struct err *err)
{
	const char *name;
	char *path;
	size_t i;
	int rc = 0;

	for (i = 0; i < d->listed->n && rc == 0; i++) {
		name = d->listed->entries[i].key;
		if (outdir_find(d, name))
			continue;
		path = below(d, name);
		if (unlink(path) < 0 && errno != ENOENT)
			rc = err_at(err, path, 0, 0, "cannot remove: %s",
				strerror(errno));
		free(path);
	}
	return rc;
}

int
outdir_commit(struct outdir *d, struct err *err)
{
	const char *name;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (check_ours(d, d->files[i].name, d->files[i].sha256,
		    err) < 0)
			return -1;
	for (i = 0; i < d->listed->n; i++) {
		name = d->listed->entries[i].key;
		if (!outdir_find(d, name) &&
		    check_ours(d, name, NULL, err) < 0)
			return -1;
	}
	if (list_write(d, true, err) < 0)
		return -1;
	for (i = 0; i < d->n; i++)
		if (put(d, &d->files[i], err) < 0)
			return -1;
	if (remove_stale(d, err) < 0)
		return -1;
	return list_write(d, false, err);
}

void
outdir_release(struct outdir *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->files[i].name);
		free(d->files[i].data);
	}
	free(d->files);
	for (i = 0; d->listed && i < d->listed->n; i++) {
		str_release(d->listed->entries[i].value);
		free(d->listed->entries[i].value);
	}
	if (d->listed)
		map_release(d->listed);
	free(d->listed);
	memset(d, 0, sizeof(*d));
}
