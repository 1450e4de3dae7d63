#include "sys/packwalk.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/delta.h"
#include "sys/pack.h"
#include "sys/repo.h"

#define NONE UINT32_MAX

enum { WINDOW = 1024 * 1024 };
enum { PASSED = -1 };	/* a state: of a type that is not asked for */

struct entry {
	uint64_t offset, data, size;
	uint32_t name;		/* in the index */
	uint32_t base, child, sibling;
	unsigned char type;	/* of the entry itself */
	bool root, seen;
};

/* One open object: deltas on it are to come. */
struct frame {
	struct str data;
	uint32_t entry, next;
};

struct walk {
	const struct pack *p;
	size_t max;
	packwalk_visit *visit;
	void *arg;
	struct err *err;
	struct entry *v;
	size_t n;
	struct frame *stack;
	size_t depth, cap;
	size_t kept;		/* bytes of the stack's objects */
	struct str in, delta;
	z_stream z;
};

static int
by_offset(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

static uint32_t
find(const struct walk *w, uint64_t offset)
{
	struct entry key = { .offset = offset }, *at;

	at = bsearch(&key, w->v, w->n, sizeof(key), by_offset);
	return at ? (uint32_t)(at - w->v) : NONE;
}

static int
read_entries(struct walk *w)
{
	w->v = xcalloc(w->p->count + 1, sizeof(*w->v));
	for (uint32_t i = 0; i < w->p->count; i++) {
		struct entry *e = &w->v[w->n++];

		e->name = i;
		e->base = e->child = e->sibling = NONE;
		if (!pack_offset(w->p, i, &e->offset))
			return err_at(w->err, w->p->name, 0, 0,
				"its index is damaged");
	}
	if (w->n)
		qsort(w->v, w->n, sizeof(*w->v), by_offset);
	return 0;
}

static void
take_header(struct walk *w, struct entry *e, const unsigned char *buf,
	size_t n)
{
	struct pack_header h;
	struct err ignored;

	if (pack_header_in(w->p, e->offset, buf, n, &h, &ignored) < 0)
		return;
	e->data = h.data;
	e->size = h.size;
	e->type = (unsigned char)h.type;
	e->root = h.type < PACK_OFS_DELTA;
	if (!e->root)
		e->base = find(w, h.base);
}

/* In the order of the file, a window of it at a time. */
static void
read_headers(struct walk *w)
{
	unsigned char *buf = xmalloc(WINDOW);
	uint64_t start = 0;
	size_t have = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct entry *e = &w->v[i];

		if (e->offset < start || e->offset - start > have ||
		    have - (size_t)(e->offset - start) < PACK_HEADER) {
			ssize_t got = e->offset < w->p->size ? pread(w->p->fd,
				buf, WINDOW, (off_t)e->offset) : 0;

			start = e->offset;
			have = got > 0 ? (size_t)got : 0;
		}
		take_header(w, e, buf + (e->offset - start),
			have - (size_t)(e->offset - start));
	}
	free(buf);
}

/* From behind, so that children come in the order of the file. */
static void
link_entries(struct walk *w)
{
	for (size_t i = w->n; i-- > 0; ) {
		struct entry *e = &w->v[i];

		if (e->base == NONE || e->base == i)
			continue;
		e->sibling = w->v[e->base].child;
		w->v[e->base].child = (uint32_t)i;
	}
}

/* The whole stream of an entry: exactly size bytes. */
static bool
inflate_entry(struct walk *w, uint32_t i, struct str *out)
{
	const struct entry *e = &w->v[i];
	uint64_t end = i + 1 < w->n ? w->v[i + 1].offset : w->p->size;
	size_t in = end > e->data ? (size_t)(end - e->data) : 0;
	size_t want = (size_t)e->size;
	char *from, *to;
	ssize_t got;
	int rc;

	str_clear(&w->in);
	from = str_room(&w->in, in);
	to = str_room(out, want + 1);
	if (!in || !from || !to)
		return false;
	got = pread(w->p->fd, from, in, (off_t)e->data);
	if (got <= 0 || inflateReset(&w->z) != Z_OK)
		return false;
	w->z.next_in = (unsigned char *)from;
	w->z.avail_in = (uInt)got;
	w->z.next_out = (unsigned char *)to;
	w->z.avail_out = (uInt)(want + 1);
	rc = inflate(&w->z, Z_FINISH);
	if (rc != Z_STREAM_END || w->z.total_out != want)
		return false;
	out->len += want;
	str_seal(out);
	return true;
}

static int
tell(struct walk *w, uint32_t i, int type, int state, const struct str *data)
{
	const struct pack *p = w->p;
	struct oid oid;

	w->v[i].seen = true;
	if (state == PASSED)
		return 0;
	memset(&oid, 0, sizeof(oid));
	memcpy(oid.b, p->names + (size_t)w->v[i].name * p->oid_size,
		p->oid_size);
	return w->visit(w->arg, &oid, type, state, data ? str_s(data) : NULL,
		data ? data->len : 0);
}

/* An object that can not be had, and all that stands on it. */
static int
tell_all(struct walk *w, uint32_t i, int type, int state)
{
	uint32_t *todo = NULL;
	size_t n = 0, cap = 0;
	int rc = 0;

	todo = vec_grow(todo, n, &cap, sizeof(*todo));
	todo[n++] = i;
	while (rc == 0 && n) {
		i = todo[--n];
		rc = tell(w, i, type, state, NULL);
		for (i = w->v[i].child; i != NONE; i = w->v[i].sibling) {
			if (w->v[i].seen)
				continue;
			todo = vec_grow(todo, n, &cap, sizeof(*todo));
			todo[n++] = i;
		}
	}
	free(todo);
	return rc;
}

static void
pop(struct walk *w)
{
	struct frame *f = &w->stack[--w->depth];

	w->kept -= f->data.len;
	str_release(&f->data);
}

static void
push(struct walk *w, uint32_t i, struct str *data)
{
	if (w->v[i].child == NONE) {
		str_release(data);
		return;
	}
	w->stack = vec_grow(w->stack, w->depth, &w->cap, sizeof(*w->stack));
	w->stack[w->depth++] = (struct frame){ *data, i, w->v[i].child };
	w->kept += data->len;
}

/* What a delta makes of its base; the base goes when no other needs it. */
static int
build(struct walk *w, uint32_t i, struct str *out)
{
	struct frame *f = &w->stack[w->depth - 1];
	const struct entry *e = &w->v[i];
	uint64_t base, size;
	bool good;

	str_init(out, w->max + 1);
	str_clear(&w->delta);
	if (e->size > w->max || w->kept > PACKWALK_KEEP)
		return PACKWALK_LARGE;
	if (!inflate_entry(w, i, &w->delta) ||
	    !delta_sizes(str_s(&w->delta), w->delta.len, &base, &size))
		return PACKWALK_DAMAGED;
	if (size > w->max)
		return PACKWALK_LARGE;
	str_room(out, (size_t)size);
	good = delta_apply(&f->data, str_s(&w->delta), w->delta.len, out);
	return good ? PACKWALK_GOOD : PACKWALK_DAMAGED;
}

static int
step(struct walk *w, int type)
{
	struct frame *f = &w->stack[w->depth - 1];
	uint32_t i = f->next;
	struct str data;
	int rc, state;

	if (i == NONE) {
		pop(w);
		return 0;
	}
	f->next = w->v[i].sibling;
	state = build(w, i, &data);
	if (state != PACKWALK_GOOD) {
		str_release(&data);
		return tell_all(w, i, type, state);
	}
	if (f->next == NONE)
		pop(w);
	rc = tell(w, i, type, state, &data);
	push(w, i, &data);
	return rc;
}

static int
walk_root(struct walk *w, uint32_t i)
{
	int type = w->v[i].type, rc;
	struct str data;

	if (w->v[i].size > w->max)
		return tell_all(w, i, type, PACKWALK_LARGE);
	str_init(&data, w->max + 1);
	if (!inflate_entry(w, i, &data)) {
		str_release(&data);
		return tell_all(w, i, type, PACKWALK_DAMAGED);
	}
	rc = tell(w, i, type, PACKWALK_GOOD, &data);
	push(w, i, &data);
	while (rc == 0 && w->depth)
		rc = step(w, type);
	while (w->depth)
		pop(w);
	return rc;
}

static int
walk_all(struct walk *w, unsigned types)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < w->n; i++) {
		if (!w->v[i].root)
			continue;
		if (types & 1U << w->v[i].type)
			rc = walk_root(w, i);
		else
			rc = tell_all(w, i, 0, PASSED);
	}
	/* what no object stands under: a base is missing, or in a circle */
	for (uint32_t i = 0; rc == 0 && i < w->n; i++)
		if (!w->v[i].seen)
			rc = tell_all(w, i, 0, PACKWALK_DAMAGED);
	return rc;
}

int
packwalk(const struct pack *p, unsigned types, size_t max,
	packwalk_visit *visit, void *arg, struct err *err)
{
	struct walk w = { .p = p, .max = max, .visit = visit, .arg = arg,
		.err = err };
	int rc;

	str_init(&w.in, STR_RECORD);
	str_init(&w.delta, max + 1);
	if (inflateInit(&w.z) != Z_OK)
		return err_at(err, p->name, 0, 0, "cannot start zlib");
	rc = read_entries(&w);
	if (rc == 0) {
		read_headers(&w);
		link_entries(&w);
		rc = walk_all(&w, types);
	}
	inflateEnd(&w.z);
	str_release(&w.in);
	str_release(&w.delta);
	free(w.stack);
	free(w.v);
	return rc;
}
