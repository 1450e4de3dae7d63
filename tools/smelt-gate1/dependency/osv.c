#include "smelt-gate1/dependency/osv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "form/package.h"
#include "sys/box.h"
#include "sys/tar.h"

enum { DEPTH = 16, CHUNK = 256 * 1024, ZIPS = 4 };

static const char *const ecosystems[ZIPS] = { "PyPI", "npm", "Go", "Maven" };

struct zip {
	const char *ecosystem;	/* NULL: any */
	char *name;
	int fd;
};

struct osv {
	struct zip zips[ZIPS];
	size_t nzips;
	char *dir;		/* of a tree; else NULL */
	char **files;		/* of the tree, sorted */
	size_t nfiles, cap;
	char digest[SHA256_HEX + 1];
};

/* --- opening ---------------------------------------------------------------- */
static bool
add_zip(struct osv *o, const char *ecosystem, const char *name)
{
	struct stat st;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		return false;
	o->zips[o->nzips].ecosystem = ecosystem;
	o->zips[o->nzips].name = xstrdup(name);
	o->zips[o->nzips++].fd = fd;
	return true;
}

static void
add_layout(struct osv *o, const char *dir)
{
	static const char *const layouts[] = { "osv-scanner/", "" };

	for (size_t i = 0; i < ZIPS; i++)
		for (size_t k = 0; k < 2; k++) {
			char *name = xasprintf("%s/%s%s/all.zip", dir,
				layouts[k], ecosystems[i]);
			bool found = add_zip(o, ecosystems[i], name);

			free(name);
			if (found)
				break;
		}
}

static int
add_tree(struct osv *o, const char *dir, int depth, struct err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;
	int rc = 0;

	if (!d)
		return err_errno(err, "cannot open '%s'", dir);
	while (rc == 0 && (e = readdir(d)) != NULL) {
		char *path;

		if (e->d_name[0] == '.')
			continue;
		path = xasprintf("%s/%s", dir, e->d_name);
		if (lstat(path, &st) < 0) {
			rc = err_errno(err, "cannot open '%s'", path);
		} else if (S_ISDIR(st.st_mode)) {
			rc = depth ? add_tree(o, path, depth - 1, err) :
				err_at(err, path, 0, 0, "directories are "
					"nested deeper than %d levels", DEPTH);
		} else if (S_ISREG(st.st_mode) && str_ends(path, ".json")) {
			o->files = vec_grow(o->files, o->nfiles, &o->cap,
				sizeof(*o->files));
			o->files[o->nfiles++] = path;
			path = NULL;
		}
		free(path);
	}
	closedir(d);
	return rc;
}

static int
digest_fd(int fd, const char *name, struct sha256 *all, struct err *err)
{
	char *buf = xmalloc(CHUNK), hex[SHA256_HEX + 1];
	struct sha256 h;
	off_t at = 0;
	ssize_t n;

	sha256_init(&h);
	while ((n = pread(fd, buf, CHUNK, at)) > 0) {
		sha256_add(&h, buf, (size_t)n);
		at += n;
	}
	sha256_final_hex(&h, hex);
	sha256_field(all, hex);
	free(buf);
	return n < 0 ? err_errno(err, "cannot read '%s'", name) : 0;
}

static int
digest_file(const struct osv *o, const char *path, struct sha256 *all,
	struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	sha256_field(all, path + strlen(o->dir));
	rc = digest_fd(fd, path, all, err);
	close(fd);
	return rc;
}

static int
digest(struct osv *o, struct err *err)
{
	struct sha256 h;
	int rc = 0;

	sha256_init(&h);
	for (size_t i = 0; rc == 0 && i < o->nzips; i++) {
		sha256_field(&h, o->zips[i].ecosystem ?
			o->zips[i].ecosystem : "");
		rc = digest_fd(o->zips[i].fd, o->zips[i].name, &h, err);
	}
	for (size_t i = 0; rc == 0 && i < o->nfiles; i++)
		rc = digest_file(o, o->files[i], &h, err);
	sha256_final_hex(&h, o->digest);
	return rc;
}

static int
open_any(struct osv *o, const char *path, struct err *err)
{
	char magic[4] = "";
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!S_ISDIR(st.st_mode)) {
		if (!add_zip(o, NULL, path))
			return err_errno(err, "cannot open '%s'", path);
		if (pread(o->zips[0].fd, magic, 4, 0) != 4 ||
		    memcmp(magic, "PK", 2) != 0)
			return err_at(err, path, 0, 0, "not a zip of "
				"advisories");
		return 0;
	}
	add_layout(o, path);
	if (o->nzips)
		return 0;
	o->dir = xstrdup(path);
	if (add_tree(o, path, DEPTH, err) < 0)
		return -1;
	if (!o->nfiles)
		return err_at(err, path, 0, 0, "holds no advisories: no "
			"ECOSYSTEM/all.zip and no *.json");
	qsort(o->files, o->nfiles, sizeof(*o->files), str_order);
	return 0;
}

struct osv *
osv_open(const char *path, struct err *err)
{
	struct osv *o = xcalloc(1, sizeof(*o));

	if (open_any(o, path, err) < 0 || digest(o, err) < 0) {
		osv_close(o);
		return NULL;
	}
	return o;
}

void
osv_close(struct osv *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->nzips; i++) {
		free(o->zips[i].name);
		close(o->zips[i].fd);
	}
	for (size_t i = 0; i < o->nfiles; i++)
		free(o->files[i]);
	free(o->files);
	free(o->dir);
	free(o);
}

void
osv_box(const struct osv *o, struct box *box)
{
	if (o->dir)
		box_read(box, o->dir);
}

const char *
osv_digest(const struct osv *o)
{
	return o->digest;
}

bool
osv_covers(const struct osv *o, const char *ecosystem)
{
	bool any = o->nzips == 0;

	for (size_t i = 0; i < o->nzips; i++)
		any = any || !o->zips[i].ecosystem ||
			!strcmp(o->zips[i].ecosystem, ecosystem);
	return any;
}

/* --- reading ---------------------------------------------------------------- */
struct reading {
	const struct map *names;
	osv_visit *visit;
	void *arg;
	size_t count;
	const char *zip;
	struct str text;
};

static bool
wanted_name(const struct reading *r, const char *p, size_t n)
{
	char *name = xstrndup(p, n);
	struct str normal;
	bool found = map_has(r->names, name);

	str_init(&normal, STR_LINE);
	package_name(&normal, "PyPI", name, n);
	found = found || map_has(r->names, str_s(&normal));
	str_release(&normal);
	free(name);
	return found;
}

/* Is a wanted package named?  A look at the text, cheaper than parsing. */
static bool
wanted(const struct reading *r)
{
	const char *p = str_s(&r->text), *end = p + r->text.len, *from;

	while ((p = strstr(p, "\"name\"")) != NULL) {
		p += strlen("\"name\"");
		p += strspn(p, " \t\r\n:");
		if (*p != '"')
			continue;
		from = ++p;
		while (p < end && *p != '"' && *p != '\\')
			p++;
		if (*p == '\\' || wanted_name(r, from, (size_t)(p - from)))
			return true;
	}
	/* a NUL hides what is behind it */
	return strlen(str_s(&r->text)) != r->text.len;
}

static int
take(struct reading *r, const char *name, struct err *err)
{
	struct json_doc doc;
	const struct json *v;
	int rc = 0;

	r->count++;
	if (!wanted(r))
		return 0;
	if (json_parse(&doc, str_s(&r->text), r->text.len, name, err) < 0)
		return -1;
	v = json_root(&doc);
	if (json_get_str(v, "id") && json_is(json_get(v, "affected"),
	    JSON_ARRAY))
		rc = r->visit(r->arg, v);
	json_release(&doc);
	return rc;
}

static int
on_entry(void *arg, const struct tar_entry *e, struct tar *t,
	struct err *err)
{
	struct reading *r = arg;
	char *name;
	int rc;

	if (e->type != TAR_FILE || !str_ends(e->path, ".json"))
		return 0;
	str_clear(&r->text);
	rc = tar_content(t, OSV_RECORD_MAX, &r->text, err);
	if (rc > 0)
		return err_at(err, r->zip, 0, 0, "entry '%s' is larger than "
			"%d bytes", e->path, OSV_RECORD_MAX);
	name = xasprintf("%s/%s", r->zip, e->path);
	if (rc == 0)
		rc = take(r, name, err);
	free(name);
	return rc;
}

static int
read_zip(struct reading *r, const struct zip *z, struct err *err)
{
	r->zip = z->name;
	if (lseek(z->fd, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read '%s'", z->name);
	return tar_read_many(z->fd, z->name, OSV_TOTAL, OSV_RECORDS, on_entry,
		r, err);
}

static int
read_file(struct reading *r, const char *path, struct err *err)
{
	str_clear(&r->text);
	if (io_read(path, &r->text, err) < 0)
		return -1;
	return take(r, path, err);
}

int
osv_each(struct osv *o, const struct map *names, osv_visit *visit, void *arg,
	size_t *count, struct err *err)
{
	struct reading r = { .names = names, .visit = visit, .arg = arg };
	int rc = 0;

	str_init(&r.text, OSV_RECORD_MAX);
	for (size_t i = 0; rc == 0 && i < o->nzips; i++)
		rc = read_zip(&r, &o->zips[i], err);
	for (size_t i = 0; rc == 0 && i < o->nfiles; i++)
		rc = read_file(&r, o->files[i], err);
	str_release(&r.text);
	*count = r.count;
	return rc;
}
