#include "smelt-intake/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "smelt-intake/directory.h"
#include "smelt-intake/openapi.h"
#include "smelt-intake/origin.h"
#include "smelt-intake/pages.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/statcache.h"
#include "smelt-intake/text.h"
#include "sys/beneath.h"

enum { CHUNK = 64 * 1024 };

struct keyer {
	struct sha256 *h;
	struct source *source;
	struct statcache *cache;
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

/* The digest of an open file, from the cache or by reading. */
static int
file_digest(struct keyer *k, int fd, const char *path,
	char hex[SHA256_HEX + 1], struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_at(err, path, 0, 0, "cannot read: %s",
			strerror(errno));
	if (!statcache_get(k->cache, path, &st, hex) &&
	    hash_fd(fd, hex) < 0)
		return err_at(err, path, 0, 0, "cannot read: %s",
			strerror(errno));
	statcache_put(k->cache, path, &st, hex);
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
	} else {
		/* a file that is not read again is not opened again */
		if (!statcache_get(k->cache, path, st, hex)) {
			fd = beneath_open(dir, name, O_RDONLY);
			if (fd < 0)
				return err_at(err, path, 0, 0,
					"cannot open: %s", strerror(errno));
			rc = file_digest(k, fd, path, hex, err);
			close(fd);
		} else {
			statcache_put(k->cache, path, st, hex);
		}
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

static int
add_archive(struct keyer *k, const struct origin *o, struct err *err)
{
	char hex[SHA256_HEX + 1];

	if (file_digest(k, o->fd, o->label, hex, err) < 0)
		return -1;
	sha256_field(k->h, hex);
	return 0;
}

/*
 * A document that refers to others is read whole; one that can not be read
 * has a key all the same, and the stage itself tells what is wrong.
 */
static void
add_document(struct keyer *k, struct origin *o)
{
	struct source *s = k->source;
	struct err ignored;
	char digest[72];
	int dir;

	sha256_add(k->h, str_s(o->bytes), o->bytes->len);
	if (!o->dir)
		return;
	dir = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (openapi_read(s, o->bytes, o->label, o->base, dir,
	    &ignored) == 0) {
		source_sort(s);
		source_digest(s, digest);
		sha256_field(k->h, digest);
	}
	if (dir >= 0)
		close(dir);
}

int
key_add(struct sha256 *h, struct source *s, struct origin *o,
	const struct pages *pages, const struct request *q,
	struct statcache *cache, struct err *err)
{
	struct keyer k = { h, s, cache };
	struct directory_visitor v = { &k, add_file, omit };
	char type[2] = { (char)('0' + o->type), '\0' };
	size_t i;
	int rc = 0;

	sha256_field(h, type);
	switch (o->type) {
	case ORIGIN_DOCUMENT:
		add_document(&k, o);
		break;
	case ORIGIN_TEXT:
		sha256_field(h, str_s(o->bytes));
		break;
	case ORIGIN_ARCHIVE:
		rc = add_archive(&k, o, err);
		break;
	case ORIGIN_DIRECTORY:
		rc = directory_visit(s, o->path, q, &v, err);
		sha256_field(h, s->revision ? s->revision : "");
		break;
	}
	for (i = 0; i < pages->n; i++)
		sha256_field(h, str_s(pages->list[i].bytes));
	return rc;
}
