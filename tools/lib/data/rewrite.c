#include "data/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"

void
rewrite_init(struct rewrite *r, const struct document *d)
{
	memset(r, 0, sizeof(*r));
	r->text = xmalloc(sizeof(*r->text));
	str_init(r->text, REWRITE_MAX);
	r->e = xmalloc(sizeof(*r->e));
	emit_init(r->e, r->text);
	r->from = d;
}

void
rewrite_from(struct rewrite *r, const struct document *d, unsigned file)
{
	r->from = d;
	r->file = file;
}

bool
rewrite_full(const struct rewrite *r)
{
	return r->full || str_over(r->text);
}

/* What is written next comes from at. */
static void
mark(struct rewrite *r, const struct json *at)
{
	struct document_mark m;

	if (!at || rewrite_full(r) || !document_origin(r->from, at, &m))
		return;
	m.offset = r->text->len;
	if (r->file)
		m.file = r->file;
	r->marks = vec_grow(r->marks, r->nmarks, &r->cap, sizeof(*r->marks));
	r->marks[r->nmarks++] = m;
}

/* Containers are always closed, so that the levels stay right. */
static void
note_depth(struct rewrite *r)
{
	if (r->e->depth >= JSON_DEPTH)
		r->full = true;
}

void
rewrite_object(struct rewrite *r)
{
	emit_object(r->e);
	note_depth(r);
}

void
rewrite_array(struct rewrite *r)
{
	emit_array(r->e);
	note_depth(r);
}

void
rewrite_end(struct rewrite *r)
{
	emit_end(r->e);
}

void
rewrite_key(struct rewrite *r, const char *key, const struct json *at)
{
	mark(r, at);
	emit_key(r->e, key);
}

void
rewrite_same(struct rewrite *r, const struct json *key)
{
	mark(r, key);
	emit_keyn(r->e, json_str(key), json_len(key));
}

void
rewrite_str(struct rewrite *r, const char *text, const struct json *at)
{
	mark(r, at);
	emit_str(r->e, text);
}

void
rewrite_bool(struct rewrite *r, bool b)
{
	emit_bool(r->e, b);
}

void
rewrite_value(struct rewrite *r, const struct json *v)
{
	bool object = json_is(v, JSON_OBJECT);
	struct json_iter it;

	if (rewrite_full(r)) {
		emit_null(r->e);
		return;
	}
	if (!object && !json_is(v, JSON_ARRAY)) {
		mark(r, v);
		emit_json(r->e, v);
		return;
	}
	if (object)
		rewrite_object(r);
	else
		rewrite_array(r);
	for (json_each(&it, v); !rewrite_full(r) && json_next(&it); ) {
		if (object)
			rewrite_same(r, it.key);
		rewrite_value(r, it.value);
	}
	rewrite_end(r);
}

void
rewrite_pair(struct rewrite *r, const char *key, const struct json *v)
{
	if (!v)
		return;
	rewrite_key(r, key, json_key_of(v));
	rewrite_value(r, v);
}

static int
replace(struct rewrite *r, struct document *d, const char *name,
	struct err *err)
{
	struct json_doc json;

	if (rewrite_full(r))
		return err_at(err, name, 0, 0, "grows over %zu MiB or %d "
			"levels when it is written out", REWRITE_MAX >> 20,
			JSON_DEPTH);
	if (json_parse(&json, str_s(r->text), r->text->len, name, err) < 0) {
		/* its line and column would be those of no file */
		err->line = err->col = 0;
		return -1;
	}
	json_release(d->json);
	*d->json = json;
	if (d->lines)
		lines_release(d->lines);
	free(d->lines);
	d->lines = NULL;
	free(d->marks);
	d->marks = r->marks;
	d->nmarks = r->nmarks;
	r->marks = NULL;
	return 0;
}

int
rewrite_finish(struct rewrite *r, struct document *d, const char *name,
	struct err *err)
{
	int rc = replace(r, d, name, err);

	rewrite_release(r);
	return rc;
}

void
rewrite_release(struct rewrite *r)
{
	str_release(r->text);
	free(r->text);
	free(r->e);
	free(r->marks);
	memset(r, 0, sizeof(*r));
}
