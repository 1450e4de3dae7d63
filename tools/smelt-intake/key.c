#include "smelt-intake/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt-intake/docs/pages.h"
#include "smelt-intake/docs/text.h"
#include "smelt-intake/openapi/openapi.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/openapi/remote.h"
#include "smelt-intake/origin.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/statcache.h"
#include "smelt-intake/tree/directory.h"
#include "smelt-intake/tree/tree.h"
#include "sys/beneath.h"
#include "sys/box.h"

enum { CHUNK = 64 * 1024 };

struct job {
	const char *name;	/* the operand, "" for stdin */
	struct origin origin;
	struct remotes remotes;
	char hex[SHA256_HEX + 1];
	bool done;
};

struct keyer {
	struct request q;	/* of the job */
	const struct languages *languages;
	const struct pages *pages;
	struct overlays *overlays;
	struct statcache cache;
	struct job *jobs;
	size_t n;

	struct sha256 *h;
	struct source *source;
	const char *tree;
};

static int
hash_fd(int fd, char hex[SHA256_HEX + 1])
{
	char buf[CHUNK];
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	while ((n = read(fd, buf, sizeof(buf))) > 0 ||
	    (n < 0 && errno == EINTR))
		if (n > 0)
			sha256_add(&h, buf, (size_t)n);
	sha256_final_hex(&h, hex);
	return n < 0 ? -1 : 0;
}

/* The digest of an open file, which becomes known. */
static int
file_digest(struct keyer *k, int fd, const char *path,
	char hex[SHA256_HEX + 1], struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || hash_fd(fd, hex) < 0)
		return err_at(err, path, 0, 0, "cannot read: %s",
			strerror(errno));
	statcache_put(&k->cache, k->tree, path, &st, hex);
	return 0;
}

static int
add_file(void *arg, int dir, const char *name, const char *path,
	const struct stat *st, struct err *err)
{
	char hex[SHA256_HEX + 1];
	struct keyer *k = arg;
	int fd, rc = 0;

	sha256_field(k->h, path);
	if ((uint64_t)st->st_size > source_max(k->source, path)) {
		snprintf(hex, sizeof(hex), "%lld", (long long)st->st_size);
	} else if (statcache_get(&k->cache, k->tree, path, st, hex)) {
		statcache_put(&k->cache, k->tree, path, st, hex);
	} else {
		fd = beneath_open(dir, name, O_RDONLY);
		if (fd < 0)
			return err_at(err, path, 0, 0, "cannot open: %s",
				strerror(errno));
		rc = file_digest(k, fd, path, hex, err);
		close(fd);
	}
	sha256_field(k->h, hex);
	return rc;
}

static void
omit(void *arg, const char *path, const char *reason, int64_t bytes)
{
	struct keyer *k = arg;

	/* that it is there is told, what is in it is not */
	(void)bytes;
	sha256_field(k->h, path);
	sha256_field(k->h, reason);
}

/*
 * A document that refers to others is read whole; one that can not be read
 * has a key all the same, and the stage itself tells what is wrong.
 */
static void
add_document(struct keyer *k, struct origin *o)
{
	struct source *s = k->source;
	char digest[72], hex[SHA256_HEX + 1];
	struct err ignored;
	int dir;

	sha256_hex(str_s(o->bytes), o->bytes->len, hex);
	sha256_field(k->h, hex);
	dir = o->dir ? open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (openapi_read(s, o->bytes, o->label, *o->base ? o->base :
	    "openapi", dir, &ignored) == 0) {
		source_sort(s);
		source_digest(s, digest);
		sha256_field(k->h, digest);
	}
	if (dir >= 0)
		close(dir);
}

static void
finish(struct keyer *k, struct job *j, struct sha256 *h)
{
	char hex[SHA256_HEX + 1];
	size_t i;

	for (i = 0; i < k->pages->n; i++) {
		const struct str *page = k->pages->list[i].bytes;

		sha256_hex(str_s(page), page->len, hex);
		sha256_field(h, hex);
	}
	overlays_digest(k->overlays, h);
	sha256_final_hex(h, j->hex);
	j->done = true;
}

static void
begin(struct sha256 *h, const char *what)
{
	sha256_init(h);
	sha256_field(h, "smelt-key 1");
	sha256_field(h, what);
}

/* Does it take more than its bytes to know what it is? */
static bool
is_parsed(const struct keyer *k, const struct origin *o)
{
	return o->type == ORIGIN_DIRECTORY || o->dir ||
	    (o->type == ORIGIN_DOCUMENT && k->q.refs->n);
}

static int
fetch_refs(struct keyer *k, struct job *j, struct err *err)
{
	struct source source;
	int rc;

	source_init(&source, &k->q, k->languages);
	source.overlays = k->overlays;
	rc = remotes_init(&j->remotes, &k->q, err);
	j->remotes.lenient = true;
	if (rc == 0)
		rc = remotes_fetch(&j->remotes, &j->origin, &source, err);
	source_release(&source);
	return rc;
}

/* What needs no parser: a file that is known, bytes that refer to nothing. */
static int
open_job(struct keyer *k, struct job *j, struct err *err)
{
	char hex[SHA256_HEX + 1];
	struct origin *o = &j->origin;
	struct sha256 h;
	struct stat st;
	bool file, known;

	k->q.operand = *j->name ? j->name : NULL;
	file = k->q.operand && stat(j->name, &st) == 0 &&
		S_ISREG(st.st_mode);
	/* an overlay may refer to files beside it */
	known = file && !k->overlays->n && statcache_get(&k->cache, j->name, "", &st, hex);
	if (!known) {
		if (origin_open(o, &k->q, err) < 0 ||
		    fetch_refs(k, j, err) < 0)
			return -1;
		if (is_parsed(k, o))
			return 0;
		if (o->bytes)
			sha256_hex(str_s(o->bytes), o->bytes->len, hex);
		else if (hash_fd(o->fd, hex) < 0)
			return err_at(err, o->label, 0, 0,
				"cannot read: %s", strerror(errno));
		origin_close(o);
	}
	if (file)
		statcache_put(&k->cache, j->name, "", &st, hex);
	begin(&h, "file");
	sha256_field(&h, hex);
	finish(k, j, &h);
	return 0;
}

static int
parse_job(struct keyer *k, struct job *j, struct err *err)
{
	struct directory_visitor v = { k, add_file, omit };
	bool document = j->origin.type == ORIGIN_DOCUMENT;
	struct source source;
	struct sha256 h;
	int rc = 0;

	source_init(&source, &k->q, k->languages);
	source.overlays = k->overlays;
	source.remotes = &j->remotes;
	k->q.operand = j->name;
	k->source = &source;
	k->tree = j->name;
	k->h = &h;
	begin(&h, document ? "document" : "directory");
	if (document) {
		add_document(k, &j->origin);
	} else {
		rc = directory_visit(&source, j->origin.path, &k->q, &v, err);
		sha256_field(&h, source.revision ? source.revision : "");
	}
	finish(k, j, &h);
	source_release(&source);
	return rc;
}

static int
run(struct keyer *k, const char *output, struct outfile *out,
	struct outfile *fresh, struct err *err)
{
	struct box box = { .profile = BOX_FILTER };
	const char *cache = k->q.key_cache;
	size_t i;
	int rc = 0;

	for (i = 0; i < k->n && rc == 0; i++)
		rc = open_job(k, &k->jobs[i], err);
	tree_add_output(k->q.outputs, output, STDOUT_FILENO);
	if (rc == 0)
		rc = outfile_open(out, output, err);
	if (rc == 0)
		tree_add_output(k->q.outputs, NULL, out->fd);
	if (rc == 0 && cache) {
		tree_add_output(k->q.outputs, cache, -1);
		rc = outfile_open(fresh, cache, err);
		if (rc == 0)
			tree_add_output(k->q.outputs, NULL, fresh->fd);
	}
	for (i = 0; i < k->n && rc == 0; i++)
		if (!k->jobs[i].done)
			origin_box(&k->jobs[i].origin, &box);
	box_output(&box, output);
	box_output(&box, cache);
	if (rc == 0)
		rc = box_enter(&box, err);
	for (i = 0; i < k->n && rc == 0; i++)
		if (!k->jobs[i].done)
			rc = parse_job(k, &k->jobs[i], err);
	return rc;
}

static int
write_keys(struct keyer *k, struct outfile *out, struct outfile *fresh,
	struct err *err)
{
	const struct str *lines = k->cache.fresh;
	size_t i;

	for (i = 0; i < k->n; i++) {
		outfile_write(out, "sha256:", 7);
		outfile_write(out, k->jobs[i].hex, SHA256_HEX);
		outfile_write(out, "\n", 1);
	}
	if (k->q.key_cache) {
		outfile_write(fresh, str_s(lines), lines->len);
		if (outfile_commit(fresh, err) < 0)
			return -1;
	}
	return outfile_commit(out, err);
}

static void
read_cache(struct statcache *cache, const char *path)
{
	struct err ignored;
	struct str text;

	str_init(&text, IO_MAX);
	if (path && io_read(path, &text, &ignored) < 0)
		str_clear(&text);
	statcache_init(cache, str_s(&text), text.len);
	str_release(&text);
}

int
key_print(const struct request *q, char *const *sources, size_t n,
	const struct languages *languages, const struct pages *pages,
	struct overlays *overlays, const char *output, struct err *err)
{
	struct keyer k = { .q = *q, .languages = languages, .pages = pages,
		.overlays = overlays };
	struct outfile out = { .fd = -1 }, fresh = { .fd = -1 };
	size_t i;
	int rc;

	k.n = n ? n : 1;
	k.jobs = xcalloc(k.n, sizeof(*k.jobs));
	for (i = 0; i < k.n; i++) {
		k.jobs[i].origin.fd = -1;
		k.jobs[i].name = n && strcmp(sources[i], "-") != 0 ?
			sources[i] : "";
	}
	read_cache(&k.cache, q->key_cache);
	rc = run(&k, output, &out, &fresh, err);
	if (rc == 0)
		rc = write_keys(&k, &out, &fresh, err);
	if (out.buf)
		outfile_abort(&out);
	if (fresh.buf)
		outfile_abort(&fresh);
	for (i = 0; i < k.n; i++) {
		origin_close(&k.jobs[i].origin);
		remotes_release(&k.jobs[i].remotes);
	}
	statcache_release(&k.cache);
	free(k.jobs);
	return rc;
}
