#include "smelt-ast/openapi/documents.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/refs.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"

enum { TOLD = 10, PARTS = 64 };

int
documents_load(struct openapi *o, struct sha256 *config, struct err *err)
{
	char *path = share_path("documents.yaml");
	struct document d;
	struct json_iter it;
	struct str text;
	int rc;

	str_init(&text, STR_LINE * 16);
	rc = document_read(&d, &text, path, err);
	if (rc == 0) {
		for (json_each(&it, json_get(document_root(&d), "plain"));
		    json_next(&it); )
			if (json_str(it.value))
				map_put(o->plain, json_str(it.value), o);
		document_release(&d);
		sha256_add(config, str_s(&text), text.len);
	}
	str_release(&text);
	free(path);
	return rc;
}

/* --- which are read ------------------------------------------------------ */

/* Files that are still to be looked at, on the way from one document. */
struct walk {
	struct openapi *o;
	struct openapi_doc *start, *from;
	struct openapi_doc **stack;
	size_t n, cap;
};

/* Does whoever refers to this place of the document speak of its operations?
 * One that borrows a schema does not; a document without operations is there
 * for nothing but lending. */
static bool
takes_operations(struct openapi_doc *to, const char *fragment)
{
	struct err ignored;

	if (fragment[strspn(fragment, "#/")] == '\0' ||
	    str_starts(fragment, "#/paths"))
		return true;
	return openapi_doc_parse(to, &ignored) == 0 &&
		!json_size(json_get(openapi_doc_root(to), "paths"));
}

static void
meet(struct walk *w, struct openapi_doc *to, const char *fragment)
{
	/* seen and no part yet: an earlier document, now a part of this */
	if (to != w->start && to->description && !to->part_of &&
	    takes_operations(to, fragment))
		to->part_of = w->start;
	if (to->seen)
		return;
	to->seen = true;
	w->stack = vec_grow(w->stack, w->n, &w->cap, sizeof(*w->stack));
	w->stack[w->n++] = to;
}

static int
refer(void *arg, enum refs_kind kind, const struct json *ref,
	const char *base)
{
	struct walk *w = arg;
	size_t n = strcspn(json_str(ref), "#");
	struct openapi_doc *to = NULL;
	struct str path, clean;

	(void)kind;
	(void)base;
	str_init(&path, STR_LINE);
	str_init(&clean, STR_LINE);
	percent_decode(&path, json_str(ref), n);
	if (n && openapi_ref_path(&clean, w->from->path, str_s(&path)) == 0)
		to = map_get(w->o->paths, str_s(&clean));
	if (to)
		meet(w, to, json_str(ref) + n);
	str_release(&path);
	str_release(&clean);
	return 0;
}

/* all that d refers to, and what that refers to */
static void
follow(struct walk *w, struct openapi_doc *d)
{
	struct refs refs = { .arg = w, .reference = refer };
	struct err ignored;

	w->start = d;
	d->seen = true;
	w->stack = vec_grow(w->stack, w->n, &w->cap, sizeof(*w->stack));
	w->stack[w->n++] = d;
	while (w->n) {
		w->from = w->stack[--w->n];
		/* what can not be read is told when it is wanted */
		if (openapi_doc_parse(w->from, &ignored) == 0)
			refs_walk(&refs, openapi_doc_root(w->from), "");
	}
}

static size_t
depth_of(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

static int
by_place(const void *a, const void *b)
{
	const struct openapi_doc *const *x = a, *const *y = b;
	size_t i = depth_of((*x)->path), k = depth_of((*y)->path);

	if (i != k)
		return i < k ? -1 : 1;
	return strcmp((*x)->path, (*y)->path);
}

/* those that are described, in a new list */
static struct openapi_doc **
described(const struct openapi *o, size_t *n)
{
	struct openapi_doc **list = xcalloc(o->ndocs + 1, sizeof(*list));
	size_t i;

	*n = 0;
	for (i = 0; i < o->ndocs; i++)
		if (o->docs[i]->description)
			list[(*n)++] = o->docs[i];
	return list;
}

/* the same API in JSON and in YAML, or built and checked in */
static void
find_copies(struct openapi_doc *const *list, size_t n)
{
	char hex[SHA256_HEX + 1];
	struct map seen = { 0 };
	struct map_entry *e;
	struct str text;
	bool added;
	size_t i;

	str_init(&text, STR_RECORD);
	for (i = 0; i < n; i++) {
		if (list[i]->part_of || list[i]->bad)
			continue;
		str_clear(&text);
		json_write(&text, openapi_doc_root(list[i]));
		sha256_hex(text.buf, text.len, hex);
		e = map_add(&seen, hex, SHA256_HEX, &added);
		if (added) {
			e->value = list[i];
			continue;
		}
		list[i]->part_of = e->value;
		list[i]->copy = true;
	}
	str_release(&text);
	map_release(&seen);
}

static void
say_parts(struct openapi_doc *const *list, size_t n)
{
	size_t i, parts = 0;

	for (i = 0; i < n; i++) {
		const char *why = list[i]->copy ? ": it says the same as" :
			" for itself: it is part of";

		if (!list[i]->part_of)
			continue;
		if (parts++ < TOLD)
			diag_say("%s is not read%s %s", list[i]->path, why,
				list[i]->part_of->path);
		else
			diag_note("%s is not read%s %s", list[i]->path, why,
				list[i]->part_of->path);
	}
	if (parts > TOLD)
		diag_say("%zu more documents are parts or copies of others",
			parts - TOLD);
}

void
documents_choose(struct openapi *o)
{
	struct walk w = { .o = o };
	size_t n, i;
	struct openapi_doc **list = described(o, &n);

	if (n > 1) {
		qsort(list, n, sizeof(*list), by_place);
		/* a document met later from elsewhere is demoted there: each
		 * file is looked at once */
		for (i = 0; i < n; i++)
			if (!list[i]->seen)
				follow(&w, list[i]);
		find_copies(list, n);
		say_parts(list, n);
		for (i = 0; i < n; i++)
			list[i]->description = !list[i]->part_of;
	}
	free(w.stack);
	free(list);
}

/* --- what they are called ------------------------------------------------ */

/* A path in parts, the last one without its extension. */
struct parts {
	char *text;
	const char *v[PARTS];
	size_t n;
	size_t used;		/* from the end */
};

static void
add_slug(struct str *out, const char *text)
{
	size_t start = out->len;

	for (; *text; text++) {
		char c = char_lower(*text);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			str_putc(out, c);
		else if (out->len > start && out->buf[out->len - 1] != '-')
			str_putc(out, '-');
	}
	while (out->len > start && out->buf[out->len - 1] == '-')
		out->len--;
	str_seal(out);
}

static bool
is_plain(const struct openapi *o, const char *part)
{
	struct str slug;
	bool plain;

	str_init(&slug, STR_LINE);
	add_slug(&slug, part);
	plain = map_has(o->plain, str_s(&slug));
	str_release(&slug);
	return plain;
}

static void
parts_init(struct parts *p, const struct openapi *o, const char *path)
{
	char *at, *dot;

	memset(p, 0, sizeof(*p));
	p->text = at = xstrdup(path);
	for (;;) {
		/* of a very deep one the folders nearest to it */
		if (p->n == PARTS) {
			memmove(p->v, p->v + 1, (PARTS - 1) * sizeof(*p->v));
			p->n--;
		}
		p->v[p->n++] = at;
		at = strchr(at, '/');
		if (!at)
			break;
		*at++ = '\0';
	}
	dot = strrchr(p->v[p->n - 1], '.');
	if (dot && dot > p->v[p->n - 1])
		*dot = '\0';
	while (p->n > 1 && is_plain(o, p->v[p->n - 1]))
		p->n--;
	p->used = 1;
}

/* out = the last used parts as one slug */
static void
parts_slug(const struct parts *p, struct str *out)
{
	size_t i;

	str_clear(out);
	for (i = p->n - p->used; i < p->n; i++) {
		if (out->len)
			str_putc(out, '-');
		add_slug(out, p->v[i]);
		while (out->len && out->buf[out->len - 1] == '-')
			out->len--;
		str_seal(out);
	}
	if (!out->len)
		str_puts(out, "document");
}

/* count the slugs that they want, and the one that code has */
static void
count(struct parts *p, size_t n, struct map *wanted)
{
	struct str slug;
	size_t i;

	map_put(wanted, DOCUMENTS_CODE, (void *)1);
	str_init(&slug, STR_LINE);
	for (i = 0; i < n; i++) {
		struct map_entry *e;

		parts_slug(&p[i], &slug);
		e = map_add(wanted, slug.buf, slug.len, NULL);
		e->value = (void *)((size_t)e->value + 1);
	}
	str_release(&slug);
}

/* take one more folder where a slug is not alone; false: nothing to take */
static bool
lengthen(struct parts *p, size_t n, const struct map *wanted)
{
	bool changed = false;
	struct str slug;
	size_t i;

	str_init(&slug, STR_LINE);
	for (i = 0; i < n; i++) {
		parts_slug(&p[i], &slug);
		if ((size_t)map_get(wanted, str_s(&slug)) < 2 ||
		    p[i].used == p[i].n)
			continue;
		p[i].used++;
		changed = true;
	}
	str_release(&slug);
	return changed;
}

/* the slug of d, which nobody has: with digits where it must be */
static void
settle(struct openapi_doc *d, const struct parts *p,
	const struct map *wanted, struct map *taken)
{
	char hex[SHA256_HEX + 1];
	bool added = false;
	size_t digits;
	struct str slug;

	str_init(&slug, STR_LINE);
	parts_slug(p, &slug);
	if (slug.len <= DOCUMENTS_SLUG &&
	    (size_t)map_get(wanted, str_s(&slug)) < 2)
		map_add(taken, slug.buf, slug.len, &added);
	sha256_hex(d->path, strlen(d->path), hex);
	for (digits = 8; !added && digits <= SHA256_HEX; digits += 8) {
		parts_slug(p, &slug);
		if (slug.len > DOCUMENTS_SLUG - 9)
			slug.len = DOCUMENTS_SLUG - 9;
		while (slug.len && slug.buf[slug.len - 1] == '-')
			slug.len--;
		str_addf(&slug, "-%.*s", (int)digits, hex);
		map_add(taken, slug.buf, slug.len, &added);
	}
	d->slug = str_detach(&slug);
}

static int
by_slug(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, what begins with "a-" comes right behind "a": no letter of a slug
 * is less than "-". */
static void
find_prefixes(struct openapi *o, struct openapi_doc *const *list, size_t n)
{
	const char **slugs = xcalloc(n + 2, sizeof(*slugs));
	struct map longer = { 0 };
	size_t i, k;

	for (i = 0; i < n; i++)
		slugs[i] = list[i]->slug;
	slugs[n] = DOCUMENTS_CODE;
	qsort(slugs, n + 1, sizeof(*slugs), by_slug);
	for (i = 0; i < n; i++) {
		k = strlen(slugs[i]);
		if (str_starts(slugs[i + 1], slugs[i]) &&
		    slugs[i + 1][k] == '-')
			map_put(&longer, slugs[i], o);
	}
	for (i = 0; i < n; i++)
		list[i]->prefix = xasprintf("%s%s", list[i]->slug,
			map_has(&longer, list[i]->slug) ? "__" : "_");
	o->code_prefix = map_has(&longer, DOCUMENTS_CODE) ?
		DOCUMENTS_CODE "__" : DOCUMENTS_CODE "_";
	map_release(&longer);
	free(slugs);
}

static void
name_all(struct openapi *o, struct openapi_doc **list, size_t n)
{
	struct parts *p = xcalloc(n, sizeof(*p));
	struct map wanted = { 0 }, taken = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		parts_init(&p[i], o, list[i]->path);
	count(p, n, &wanted);
	while (lengthen(p, n, &wanted)) {
		map_release(&wanted);
		memset(&wanted, 0, sizeof(wanted));
		count(p, n, &wanted);
	}
	map_put(&taken, DOCUMENTS_CODE, o);
	for (i = 0; i < n; i++) {
		settle(list[i], &p[i], &wanted, &taken);
		free(p[i].text);
	}
	find_prefixes(o, list, n);
	map_release(&wanted);
	map_release(&taken);
	free(p);
}

void
documents_name(struct openapi *o, bool code)
{
	size_t n, i, parties = code;
	struct openapi_doc **list = described(o, &n);

	for (i = 0; i < n; i++)
		parties += list[i]->bad || list[i]->operations;
	o->several = parties > 1;
	if (o->several && n)
		name_all(o, list, n);
	free(list);
}
