#include "sys/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/beneath.h"
#include "sys/delta.h"
#include "sys/repo.h"

enum {
	CHUNK = 16 * 1024,
	SLOTS = 512,
	CACHE_MAX = 48 * 1024 * 1024,
	CACHE_ITEM = 4 * 1024 * 1024
};
#define INDEX_MAX ((size_t)1024 * 1024 * 1024)

/* --- cache ------------------------------------------------------------------ */
struct cached {
	const char *pack;	/* its name, by address */
	uint64_t offset;
	int type;
	size_t len;
	char *data;
};

struct packcache {
	struct cached slots[SLOTS];
	size_t bytes;
	size_t hand;
};

struct packcache *
packcache_new(void)
{
	return xcalloc(1, sizeof(struct packcache));
}

void
packcache_free(struct packcache *c)
{
	size_t i;

	for (i = 0; c && i < SLOTS; i++)
		free(c->slots[i].data);
	free(c);
}

static struct cached *
slot_of(struct packcache *c, const struct pack *p, uint64_t offset)
{
	uint64_t h = (offset ^ ((uint64_t)(uintptr_t)p->name << 7)) *
		UINT64_C(0x9e3779b97f4a7c15);

	return &c->slots[h >> 55];
}

static void
cache_put(struct packcache *c, const struct pack *p, uint64_t offset,
	int type, const struct str *data)
{
	struct cached *s = slot_of(c, p, offset);

	if (data->len > CACHE_ITEM)
		return;
	while (c->bytes + data->len > CACHE_MAX) {
		struct cached *old = &c->slots[c->hand++ % SLOTS];

		c->bytes -= old->len;
		free(old->data);
		memset(old, 0, sizeof(*old));
	}
	c->bytes -= s->len;
	free(s->data);
	s->pack = p->name;
	s->offset = offset;
	s->type = type;
	s->len = data->len;
	s->data = xstrndup(str_s(data), data->len);
	c->bytes += s->len;
}

static const struct cached *
cache_get(struct packcache *c, const struct pack *p, uint64_t offset)
{
	const struct cached *s = slot_of(c, p, offset);

	return s->data && s->pack == p->name && s->offset == offset ? s : NULL;
}

/* --- index ------------------------------------------------------------------ */
static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

static uint32_t
fanout(const struct pack *p, unsigned byte)
{
	return be32(p->index + 8 + (size_t)byte * 4);
}

static int
read_index(struct pack *p, int dir, struct err *err)
{
	char *name = xasprintf("%.*s.idx", (int)(strlen(p->name) - 5),
		p->name);
	struct str s;
	int rc;

	str_init(&s, INDEX_MAX);
	rc = beneath_read(dir, name, name, &s, err);
	free(name);
	p->index_size = s.len;
	p->index = (unsigned char *)str_detach(&s);
	return rc;
}

static int
check_index(struct pack *p, struct err *err)
{
	static const unsigned char magic[8] = {
		0xff, 't', 'O', 'c', 0, 0, 0, 2
	};
	size_t head = 8 + 1024, tail = 2 * p->oid_size, n, fixed;
	unsigned i;

	if (p->index_size < head + tail ||
	    memcmp(p->index, magic, sizeof(magic)) != 0)
		return err_at(err, p->name, 0, 0,
			"its index is damaged or not version 2");
	for (i = 1; i < 256; i++)
		if (fanout(p, i) < fanout(p, i - 1))
			return err_at(err, p->name, 0, 0,
				"its index is damaged");
	n = p->count = fanout(p, 255);
	fixed = head + n * (p->oid_size + 8) + tail;
	if (fixed > p->index_size || (p->index_size - fixed) % 8)
		return err_at(err, p->name, 0, 0, "its index is cut off");
	p->names = p->index + head;
	p->offsets = p->names + n * p->oid_size + n * 4;
	p->large = p->offsets + n * 4;
	p->nlarge = (p->index_size - fixed) / 8;
	return 0;
}

int
pack_open(struct pack *p, int dir, const char *name, size_t oid_size,
	bool keep, struct err *err)
{
	struct stat st;

	memset(p, 0, sizeof(*p));
	p->name = xstrdup(name);
	p->oid_size = oid_size;
	p->dir = dir;
	p->fd = beneath_open(dir, name, O_RDONLY);
	if (p->fd < 0 || fstat(p->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_at(err, name, 0, 0, "cannot open: %s", strerror(errno));
		pack_close(p);
		return -1;
	}
	p->size = (uint64_t)st.st_size;
	if (read_index(p, dir, err) < 0 || check_index(p, err) < 0) {
		pack_close(p);
		return -1;
	}
	if (!keep) {
		close(p->fd);
		p->fd = -1;
	}
	return 0;
}

void
pack_close(struct pack *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->name);
	free(p->index);
	memset(p, 0, sizeof(*p));
	p->fd = -1;
}

static const unsigned char *
name_at(const struct pack *p, size_t i)
{
	return p->names + i * p->oid_size;
}

/* First entry that is not below the n bytes of key. */
static size_t
lower_bound(const struct pack *p, const unsigned char *key, size_t n)
{
	size_t lo = key[0] ? fanout(p, key[0] - 1U) : 0;
	size_t hi = fanout(p, key[0]), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(name_at(p, mid), key, n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
pack_offset(const struct pack *p, size_t i, uint64_t *offset)
{
	uint32_t v = be32(p->offsets + i * 4), k;

	*offset = v;
	if (v & 0x80000000U) {
		k = v & 0x7fffffffU;
		if (k >= p->nlarge)
			return false;
		*offset = (uint64_t)be32(p->large + (size_t)k * 8) << 32 |
			be32(p->large + (size_t)k * 8 + 4);
	}
	return true;
}

bool
pack_find(const struct pack *p, const struct oid *oid, uint64_t *offset)
{
	size_t i = lower_bound(p, oid->b, p->oid_size);

	return i < p->count &&
		memcmp(name_at(p, i), oid->b, p->oid_size) == 0 &&
		pack_offset(p, i, offset);
}

static bool
has_prefix(const unsigned char *name, const char *hex, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++)
		if (digits[(name[i / 2] >> (i % 2 ? 0 : 4)) & 15] != hex[i])
			return false;
	return true;
}

unsigned
pack_prefix(const struct pack *p, const char *hex, size_t n, struct oid *oid)
{
	unsigned found = 0;
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (!has_prefix(name_at(p, i), hex, n))
			continue;
		memset(oid, 0, sizeof(*oid));
		memcpy(oid->b, name_at(p, i), p->oid_size);
		found++;
	}
	return found;
}

/* --- objects ---------------------------------------------------------------- */
static int
damaged(const struct pack *p, uint64_t offset, struct err *err)
{
	return err_at(err, p->name, 0, 0, "damaged at offset %llu",
		(unsigned long long)offset);
}

/* Distance back to the base of a PACK_OFS_DELTA: seven bits a byte, each but
 * the last one too small. */
static bool
read_distance(const unsigned char *buf, size_t n, size_t *at, uint64_t *out)
{
	uint64_t v;

	if (*at >= n)
		return false;
	v = buf[*at] & 127;
	while (buf[(*at)++] & 128) {
		if (*at >= n || v > UINT64_MAX >> 8)
			return false;
		v = (v + 1) << 7 | (buf[*at] & 127);
	}
	*out = v;
	return true;
}

int
pack_header_in(const struct pack *p, uint64_t offset,
	const unsigned char *buf, size_t n, struct pack_header *h,
	struct err *err)
{
	uint64_t distance;
	unsigned shift = 4;
	struct oid base;
	size_t i = 0;

	if (!n)
		return damaged(p, offset, err);
	h->type = (buf[0] >> 4) & 7;
	h->size = buf[0] & 15;
	while (buf[i++] & 128) {
		if (i >= n || shift > 56)
			return damaged(p, offset, err);
		h->size |= (uint64_t)(buf[i] & 127) << shift;
		shift += 7;
	}
	if (h->type == PACK_OFS_DELTA) {
		if (!read_distance(buf, n, &i, &distance) ||
		    distance == 0 || distance >= offset)
			return damaged(p, offset, err);
		h->base = offset - distance;
	} else if (h->type == PACK_REF_DELTA) {
		memset(&base, 0, sizeof(base));
		if (n - i < p->oid_size)
			return damaged(p, offset, err);
		memcpy(base.b, buf + i, p->oid_size);
		i += p->oid_size;
		if (!pack_find(p, &base, &h->base))
			return damaged(p, offset, err);
	} else if (h->type < REPO_COMMIT || h->type > REPO_TAG) {
		return damaged(p, offset, err);
	}
	h->data = offset + i;
	return 0;
}

int
pack_header(const struct pack *p, uint64_t offset, struct pack_header *h,
	struct err *err)
{
	unsigned char buf[PACK_HEADER];
	ssize_t got = offset < p->size ? pread(p->fd, buf, sizeof(buf),
		(off_t)offset) : 0;

	return pack_header_in(p, offset, buf, got > 0 ? (size_t)got : 0, h,
		err);
}

/* Inflate up to want bytes; whole: the stream must end there. */
static int
inflate_at(const struct pack *p, uint64_t at, size_t want, bool whole,
	struct str *out, struct err *err)
{
	unsigned char in[CHUNK];
	char *to = str_room(out, want + 1);
	uint64_t start = at;
	z_stream z;
	ssize_t got;
	int rc = Z_OK;

	if (!to)
		return err_at(err, p->name, 0, 0, "object too large");
	memset(&z, 0, sizeof(z));
	if (inflateInit(&z) != Z_OK)
		return err_at(err, p->name, 0, 0, "cannot start zlib");
	z.next_out = (unsigned char *)to;
	z.avail_out = (uInt)(want + (whole ? 1 : 0));
	while (rc == Z_OK && (z.avail_out || whole)) {
		got = pread(p->fd, in, sizeof(in), (off_t)at);
		if (got <= 0)
			break;
		z.next_in = in;
		z.avail_in = (uInt)got;
		at += (uint64_t)got;
		rc = inflate(&z, Z_NO_FLUSH);
	}
	want -= whole ? 0 : z.avail_out;
	out->len += whole ? (size_t)z.total_out <= want ?
		(size_t)z.total_out : want : want;
	str_seal(out);
	inflateEnd(&z);
	if (whole && (rc != Z_STREAM_END || z.total_out != want))
		return damaged(p, start, err);
	return 0;
}

/* A delta starts with the sizes of its base and its result. */
static int
result_size(const struct pack *p, const struct pack_header *h, uint64_t *size,
	struct err *err)
{
	uint64_t base;
	struct str head;
	int rc;

	str_init(&head, 64);
	rc = inflate_at(p, h->data, h->size < 32 ? (size_t)h->size : 32,
		false, &head, err);
	if (rc == 0 && delta_sizes(str_s(&head), head.len, &base, size) == 0)
		rc = damaged(p, h->data, err);
	str_release(&head);
	return rc;
}

struct chain {
	struct pack_header h;
	uint64_t offset;
};

/* Follow deltas down to an object that is none or is cached. */
static int
follow(const struct pack *p, struct packcache *cache, uint64_t offset,
	struct chain **chain, size_t *n, struct err *err)
{
	size_t cap = 0;
	struct chain c;

	*chain = NULL;
	*n = 0;
	do {
		c.offset = offset;
		if (pack_header(p, offset, &c.h, err) < 0)
			return -1;
		if (*n >= PACK_CHAIN)
			return err_at(err, p->name, 0, 0,
				"more than %d deltas in a row", PACK_CHAIN);
		*chain = vec_grow(*chain, *n, &cap, sizeof(**chain));
		(*chain)[(*n)++] = c;
		offset = c.h.base;
	} while (!cache_get(cache, p, c.offset) && c.h.type >= PACK_OFS_DELTA);
	return 0;
}

static int
load_base(const struct pack *p, struct packcache *cache,
	const struct chain *c, size_t max, int *type, struct str *out,
	struct err *err)
{
	const struct cached *hit = cache_get(cache, p, c->offset);

	if (hit) {
		*type = hit->type;
		str_add(out, hit->data, hit->len);
		return 0;
	}
	*type = c->h.type;
	if (c->h.size > max)
		return 1;
	return inflate_at(p, c->h.data, (size_t)c->h.size, true, out, err);
}

static int
apply_one(const struct pack *p, const struct chain *c, size_t max,
	struct str *base, struct err *err)
{
	struct str delta, result;
	uint64_t size;
	int rc = -1;

	if (result_size(p, &c->h, &size, err) < 0)
		return -1;
	if (c->h.size > max || size > max)
		return 1;
	str_init(&delta, max);
	str_init(&result, max);
	if (inflate_at(p, c->h.data, (size_t)c->h.size, true, &delta,
	    err) == 0)
		rc = delta_apply(base, str_s(&delta), delta.len, &result) ?
			0 : damaged(p, c->offset, err);
	str_release(&delta);
	if (rc == 0) {
		str_release(base);
		*base = result;
	} else {
		str_release(&result);
	}
	return rc;
}

static int
build(const struct pack *p, struct packcache *cache,
	const struct chain *chain, size_t n, int *type, struct str *out,
	struct err *err)
{
	const size_t max = REPO_META_MAX;
	struct str data;
	size_t i = n - 1;
	int rc;

	str_init(&data, max);
	rc = load_base(p, cache, &chain[i], max, type, &data, err);
	if (rc == 0 && n > 1)
		cache_put(cache, p, chain[i].offset, *type, &data);
	while (rc == 0 && i-- > 0) {
		rc = apply_one(p, &chain[i], max, &data, err);
		if (rc == 0)
			cache_put(cache, p, chain[i].offset, *type, &data);
	}
	if (rc == 0 && str_add(out, str_s(&data), data.len) < 0)
		rc = err_at(err, p->name, 0, 0, "object too large");
	str_release(&data);
	return rc;
}

static int
read_object(const struct pack *p, struct packcache *cache, uint64_t offset,
	size_t max, int *type, uint64_t *size, struct str *out,
	struct err *err)
{
	struct chain *chain;
	size_t n;
	int rc;

	rc = follow(p, cache, offset, &chain, &n, err);
	if (rc == 0) {
		const struct cached *hit = cache_get(cache, p,
			chain[n - 1].offset);

		*type = hit ? hit->type : chain[n - 1].h.type;
		*size = chain[0].h.size;
		if (chain[0].h.type >= PACK_OFS_DELTA)
			rc = result_size(p, &chain[0].h, size, err);
	}
	if (rc == 0)
		rc = *size > max ? 1 :
			build(p, cache, chain, n, type, out, err);
	free(chain);
	return rc;
}

int
pack_read(const struct pack *pack, struct packcache *cache, uint64_t offset,
	size_t max, int *type, uint64_t *size, struct str *out,
	struct err *err)
{
	struct pack p = *pack;
	int rc;

	if (p.fd < 0)
		p.fd = beneath_open(p.dir, p.name, O_RDONLY);
	if (p.fd < 0)
		return err_at(err, p.name, 0, 0, "cannot open: %s",
			strerror(errno));
	rc = read_object(&p, cache, offset, max, type, size, out, err);
	if (pack->fd < 0)
		close(p.fd);
	return rc;
}
