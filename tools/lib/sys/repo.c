#include "sys/repo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/beneath.h"
#include "sys/pack.h"

enum { HEADER = 64, CHUNK = 16 * 1024, OPEN_PACKS = 32 };

void
repo_hex(const struct repo *r, const struct oid *oid, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < r->oid_size; i++) {
		out[2 * i] = digits[oid->b[i] >> 4];
		out[2 * i + 1] = digits[oid->b[i] & 15];
	}
	out[2 * i] = '\0';
}

static bool
exists(const struct repo *r, const char *path)
{
	int fd = beneath_open(r->dir, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/*
 * The value of extensions.NAME in the configuration: only its own section is
 * looked at, nothing is included.
 */
static char *
extension(const char *config, const char *name)
{
	size_t n = strlen(name), len;
	bool inside = false;
	const char *at;

	for (; *config; config += len + (config[len] == '\n')) {
		len = strcspn(config, "\n");
		at = config + strspn(config, " \t");
		if (*at == '[') {
			inside = strncasecmp(at, "[extensions]", 12) == 0;
			continue;
		}
		if (!inside || strncasecmp(at, name, n) != 0)
			continue;
		at += n + strspn(at + n, " \t");
		if (*at++ != '=')
			continue;
		at += strspn(at, " \t\"");
		return xstrndup(at, strcspn(at, " \t\r\n\""));
	}
	return NULL;
}

static int
check_format(struct repo *r, struct err *err)
{
	char *format, *refs;
	struct str s;
	int rc = 0;

	str_init(&s, STR_LINE * 16);
	r->oid_size = 20;
	if (exists(r, "config") &&
	    beneath_read(r->dir, "config", "config", &s, err) < 0) {
		str_release(&s);
		return -1;
	}
	format = extension(str_s(&s), "objectformat");
	refs = extension(str_s(&s), "refstorage");
	if (format && strcmp(format, "sha256") == 0)
		r->oid_size = 32;
	else if (format && strcmp(format, "sha1") != 0)
		rc = err_at(err, r->name, 0, 0,
			"unknown object format '%s'", format);
	if (rc == 0 && refs && strcmp(refs, "files") != 0)
		rc = err_at(err, r->name, 0, 0,
			"refs are stored as '%s': not read", refs);
	free(format);
	free(refs);
	str_release(&s);
	return rc;
}

static size_t
list_packs(struct repo *r, char ***names)
{
	int fd = beneath_open(r->dir, "objects/pack", O_RDONLY | O_DIRECTORY);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t n = 0, cap = 0;
	struct dirent *e;

	*names = NULL;
	while (d && n <= REPO_PACKS && (e = readdir(d)) != NULL) {
		if (!str_starts(e->d_name, "pack-") ||
		    !str_ends(e->d_name, ".pack"))
			continue;
		*names = vec_grow(*names, n, &cap, sizeof(**names));
		(*names)[n++] = xasprintf("objects/pack/%s", e->d_name);
	}
	if (d)
		closedir(d);
	if (n)
		qsort(*names, n, sizeof(**names), str_order);
	return n;
}

static int
open_packs(struct repo *r, struct err *err)
{
	char **names;
	size_t n = list_packs(r, &names), i;
	int rc = n <= REPO_PACKS ? 0 : err_at(err, r->name, 0, 0,
		"more than %d packs", REPO_PACKS);

	r->packs = xcalloc(n, sizeof(*r->packs));
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = pack_open(&r->packs[r->npacks], r->dir,
				names[i], r->oid_size, i < OPEN_PACKS, err);
		if (rc == 0)
			r->npacks++;
		free(names[i]);
	}
	free(names);
	return rc;
}

int
repo_open(struct repo *r, const char *gitdir, struct err *err)
{
	struct stat st;

	memset(r, 0, sizeof(*r));
	r->dir = -1;
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	if (lstat(gitdir, &st) == 0 && !S_ISDIR(st.st_mode))
		return err_at(err, gitdir, 0, 0, "is %s: not followed",
			S_ISLNK(st.st_mode) ? "a symbolic link" : "a file");
	r->dir = open(gitdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		O_NOFOLLOW);
	if (r->dir < 0)
		return err_at(err, gitdir, 0, 0, "cannot open: %s",
			strerror(errno));
	r->name = xstrdup(gitdir);
	if (!exists(r, "HEAD") || !exists(r, "objects") ||
	    !exists(r, "refs")) {
		err_at(err, gitdir, 0, 0, exists(r, "commondir") ?
			"is a linked worktree: not followed" :
			"not a git repository");
		repo_close(r);
		return -1;
	}
	r->cache = packcache_new();
	if (check_format(r, err) < 0 || open_packs(r, err) < 0) {
		repo_close(r);
		return -1;
	}
	return 0;
}

void
repo_close(struct repo *r)
{
	size_t i;

	for (i = 0; i < r->npacks; i++)
		pack_close(&r->packs[i]);
	packcache_free(r->cache);
	free(r->packs);
	free(r->name);
	if (r->dir >= 0)
		close(r->dir);
	memset(r, 0, sizeof(*r));
	r->dir = -1;
}

/* --- loose objects ---------------------------------------------------------- */
struct loose {
	int fd;
	z_stream z;
	unsigned char in[CHUNK];
	char head[HEADER];	/* "blob 12\0" and the first bytes behind it */
	size_t head_len;	/* bytes in head */
	size_t header;		/* bytes up to and with the NUL */
	int status;
};

static int
inflate_more(struct loose *l, char *to, size_t room)
{
	ssize_t n;

	l->z.next_out = (unsigned char *)to;
	l->z.avail_out = (uInt)room;
	while (l->z.avail_out && l->status == Z_OK) {
		if (!l->z.avail_in) {
			n = read(l->fd, l->in, sizeof(l->in));
			if (n <= 0)
				return -1;
			l->z.next_in = l->in;
			l->z.avail_in = (uInt)n;
		}
		l->status = inflate(&l->z, Z_NO_FLUSH);
	}
	return l->status == Z_OK || l->status == Z_STREAM_END ? 0 : -1;
}

static int
type_of(const char *head, enum repo_type *type, uint64_t *size)
{
	static const char *const names[] = {
		NULL, "commit ", "tree ", "blob ", "tag "
	};
	char *end;
	int i;

	for (i = REPO_COMMIT; i <= REPO_TAG; i++) {
		if (!str_starts(head, names[i]))
			continue;
		head += strlen(names[i]);
		if (*head < '0' || *head > '9')
			return -1;
		*type = (enum repo_type)i;
		errno = 0;
		*size = strtoull(head, &end, 10);
		return *end == '\0' && errno == 0 ? 0 : -1;
	}
	return -1;
}

static int
loose_header(struct loose *l, enum repo_type *type, uint64_t *size)
{
	const char *nul;

	if (inflate_more(l, l->head, sizeof(l->head)) < 0)
		return -1;
	l->head_len = sizeof(l->head) - l->z.avail_out;
	nul = memchr(l->head, '\0', l->head_len);
	if (!nul)
		return -1;
	l->header = (size_t)(nul - l->head) + 1;
	return type_of(l->head, type, size);
}

static int
loose_body(struct loose *l, uint64_t size, struct str *out)
{
	size_t have = l->head_len - l->header, rest;
	char *to, extra;

	if (have > size)
		return -1;
	rest = (size_t)size - have;
	str_add(out, l->head + l->header, have);
	to = str_room(out, rest);
	if (!to)
		return -1;
	if (rest) {
		if (inflate_more(l, to, rest) < 0 || l->z.avail_out)
			return -1;
		out->len += rest;
		str_seal(out);
	}
	/* the stream must end here */
	if (l->status == Z_OK && (inflate_more(l, &extra, 1) < 0 ||
	    l->z.avail_out == 0))
		return -1;
	return l->status == Z_STREAM_END ? 0 : -1;
}

/* 2: there is no such file */
static int
loose_read(struct repo *r, const char *hex, size_t max, enum repo_type *type,
	uint64_t *size, struct str *out, struct err *err)
{
	char path[REPO_HEX + 16];
	struct loose l;
	int rc;

	snprintf(path, sizeof(path), "objects/%.2s/%s", hex, hex + 2);
	memset(&l.z, 0, sizeof(l.z));
	l.status = Z_OK;
	l.fd = beneath_open(r->dir, path, O_RDONLY);
	if (l.fd < 0)
		return 2;
	if (inflateInit(&l.z) != Z_OK) {
		close(l.fd);
		return err_at(err, r->name, 0, 0, "cannot start zlib");
	}
	rc = loose_header(&l, type, size);
	if (rc == 0 && *size > max)
		rc = 1;
	else if (rc == 0)
		rc = loose_body(&l, *size, out);
	if (rc < 0)
		err_at(err, r->name, 0, 0, "object %s is damaged", hex);
	inflateEnd(&l.z);
	close(l.fd);
	return rc;
}

/* --- objects ---------------------------------------------------------------- */
static bool
name_of(const struct repo *r, enum repo_type type, const char *data, size_t n,
	struct oid *oid)
{
	static const char *const names[] = {
		"", "commit", "tree", "blob", "tag"
	};
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	char head[HEADER];
	int len = snprintf(head, sizeof(head), "%s %zu", names[type], n);
	bool good;

	memset(oid, 0, sizeof(*oid));
	good = c && EVP_DigestInit_ex(c, r->oid_size == 20 ? EVP_sha1() :
		EVP_sha256(), NULL) == 1 &&
		EVP_DigestUpdate(c, head, (size_t)len + 1) == 1 &&
		EVP_DigestUpdate(c, data, n) == 1 &&
		EVP_DigestFinal_ex(c, digest, NULL) == 1;
	EVP_MD_CTX_free(c);
	if (good)
		memcpy(oid->b, digest, r->oid_size);
	return good;
}

static bool
name_is_right(const struct repo *r, const struct oid *oid,
	enum repo_type type, const char *data, size_t n)
{
	struct oid real;

	return name_of(r, type, data, n, &real) &&
		memcmp(&real, oid, sizeof(real)) == 0;
}

void
repo_blob_name(const struct repo *r, const char *data, size_t n,
	struct oid *oid)
{
	name_of(r, REPO_BLOB, data, n, oid);
}

static int
missing(struct repo *r, const char *hex, struct err *err)
{
	const char *why = "";

	if (exists(r, "objects/info/alternates"))
		why = ": it borrows from another repository, which is "
			"not followed";
	return err_at(err, r->name, 0, 0, "object %s is not here%s", hex,
		why);
}

static int
find_and_read(struct repo *r, const struct oid *oid, const char *hex,
	size_t max, enum repo_type *type, uint64_t *size, struct str *out,
	struct err *err)
{
	uint64_t offset;
	int t = 0, rc;
	size_t i;

	for (i = 0; i < r->npacks; i++) {
		if (!pack_find(&r->packs[i], oid, &offset))
			continue;
		rc = pack_read(&r->packs[i], r->cache, offset, max, &t, size,
			out, err);
		*type = (enum repo_type)t;
		return rc;
	}
	rc = loose_read(r, hex, max, type, size, out, err);
	return rc == 2 ? missing(r, hex, err) : rc;
}

int
repo_read(struct repo *r, const struct oid *oid, size_t max,
	enum repo_type *type, uint64_t *size, struct str *out,
	struct err *err)
{
	char hex[REPO_HEX + 1];
	size_t before = out->len;
	enum repo_type t = REPO_BLOB;
	uint64_t n = 0;
	int rc;

	repo_hex(r, oid, hex);
	rc = find_and_read(r, oid, hex, max, &t, &n, out, err);
	if (rc == 0 && !name_is_right(r, oid, t, str_s(out) + before,
	    out->len - before))
		rc = err_at(err, r->name, 0, 0,
			"object %s does not hold what its name says", hex);
	if (rc != 0 && out->len > before) {
		out->len = before;
		str_seal(out);
	}
	if (type)
		*type = t;
	if (size)
		*size = n;
	return rc;
}
