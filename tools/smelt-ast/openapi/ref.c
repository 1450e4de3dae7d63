#include "smelt-ast/openapi/ref.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/uri.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/resource.h"
#include "smelt-ast/openapi/swagger.h"

/* Objects with more members than this get an index. */
enum { INDEX_MIN = 32 };

int
openapi_ref_path(struct str *out, const char *from, const char *to)
{
	const char *slash = strrchr(from, '/'), *end;
	size_t n;

	str_clear(out);
	if (slash && *to != '/')
		str_add(out, from, (size_t)(slash - from));
	for (; *to; to = *end ? end + 1 : end) {
		end = to + strcspn(to, "/");
		n = (size_t)(end - to);
		if (n == 0 || (n == 1 && *to == '.'))
			continue;
		if (n == 2 && to[0] == '.' && to[1] == '.') {
			if (!out->len)
				return -1;
			while (out->len && out->buf[--out->len] != '/')
				;
			str_seal(out);
			continue;
		}
		if (out->len)
			str_putc(out, '/');
		str_add(out, to, n);
	}
	return path_is_clean(str_s(out), out->len) ? 0 : -1;
}

static int
read_target(struct openapi *o, const struct openapi_doc *from,
	struct openapi_doc *to, struct err *err)
{
	if (!to->ready && !to->description)
		to->siblings = from->siblings;
	if (openapi_doc_read(to, err) < 0)
		return -1;
	openapi_resources_add(o, to);
	return 0;
}

static struct openapi_doc *
target_doc(struct openapi *o, struct openapi_doc *d, const struct json *ref,
	const char *path, struct err *err)
{
	struct openapi_doc *to = NULL;
	struct str clean;

	if (!*path)
		return d;
	str_init(&clean, STR_LINE);
	if (openapi_ref_path(&clean, d->path, path) == 0)
		to = map_get(o->paths, str_s(&clean));
	str_release(&clean);
	if (!to) {
		openapi_at(err, d, ref, "'%s' is no file of this source",
			path);
		return NULL;
	}
	return read_target(o, d, to, err) < 0 ? NULL : to;
}

/* Members of a large object by key. */
struct index {
	struct map keys;
	struct json_iter *v;
};

static struct index *
index_of(struct openapi *o, const struct json *object)
{
	struct map_entry *e;
	struct index *index;
	struct json_iter it;
	size_t n = 0;
	bool added;

	e = map_add(o->indexes, (const char *)&object, sizeof(object),
		&added);
	if (!added)
		return e->value;
	e->value = index = xcalloc(1, sizeof(*index));
	index->v = xcalloc(json_size(object), sizeof(*index->v));
	for (json_each(&it, object); json_next(&it); n++) {
		index->v[n] = it;
		map_add(&index->keys, json_str(it.key), json_len(it.key),
			NULL)->value = &index->v[n];
	}
	return index;
}

static const struct json *
member(struct openapi *o, const struct json *object, const struct str *name,
	const struct json **key)
{
	const struct json_iter *found;
	struct map_entry *e;
	struct json_iter it;

	if (json_size(object) > INDEX_MIN) {
		e = map_find(&index_of(o, object)->keys, str_s(name),
			name->len);
		found = e ? e->value : NULL;
		*key = found ? found->key : NULL;
		return found ? found->value : NULL;
	}
	for (json_each(&it, object); json_next(&it); ) {
		if (json_len(it.key) != name->len || memcmp(json_str(it.key),
		    str_s(name), name->len) != 0)
			continue;
		*key = it.key;
		return it.value;
	}
	return NULL;
}

const struct json *
openapi_member(struct openapi *o, const struct json *object,
	const struct json *name)
{
	struct str text = { .buf = (char *)(uintptr_t)json_str(name),
		.len = json_len(name) };
	const struct json *key;

	return json_is(object, JSON_OBJECT) && json_str(name) ?
		member(o, object, &text, &key) : NULL;
}

static const struct json *
element(const struct json *array, const struct str *name)
{
	const char *p = str_s(name);
	size_t i = 0;

	if (!*p || (*p == '0' && p[1]))
		return NULL;
	for (; *p >= '0' && *p <= '9' && i < json_size(array); p++)
		i = i * 10 + (size_t)(*p - '0');
	return *p ? NULL : json_at(array, i);
}

/* one token of a pointer, decoded; the rest of it */
static const char *
read_token(const char *pointer, struct str *name)
{
	str_clear(name);
	for (pointer++; *pointer && *pointer != '/'; pointer++) {
		if (pointer[0] == '~' && (pointer[1] == '0' ||
		    pointer[1] == '1'))
			str_putc(name, *++pointer == '0' ? '~' : '/');
		else
			str_putc(name, *pointer);
	}
	return pointer;
}

/* what name leads to from t, also where a $ref stands on the way */
static int
step(struct openapi *o, struct openapi_target *t, struct str *at,
	const struct str *name, struct err *err)
{
	const struct json *key = NULL, *v, *ref;
	struct openapi_target to;

	for (;;) {
		v = json_is(t->value, JSON_ARRAY) ? element(t->value, name) :
			member(o, t->value, name, &key);
		ref = v || !json_is(t->value, JSON_OBJECT) ? NULL :
			json_get(t->value, "$ref");
		if (!ref || o->steps >= OPENAPI_REF_CHAIN)
			break;
		o->steps++;
		if (openapi_ref(o, t->doc, ref, &to, err) < 0)
			break;
		t->doc = to.doc;
		t->value = to.value;
		str_clear(at);
		str_puts(at, to.pointer);
	}
	t->value = v;
	t->key = key;
	return v ? 0 : -1;
}

/* RFC 6901; at is the pointer of t, and of what it leads to then */
static int
walk(struct openapi *o, const char *pointer, struct openapi_target *t,
	struct str *at, struct err *err)
{
	const char *from;
	struct str name;
	int rc = 0;

	str_init(&name, STR_LINE);
	while (rc == 0 && *pointer == '/') {
		from = pointer;
		pointer = read_token(pointer, &name);
		rc = step(o, t, at, &name, err);
		str_add(at, from, (size_t)(pointer - from));
	}
	str_release(&name);
	return rc;
}

/* the fragment of a $ref in r, or in all of t->doc where r is NULL */
static int
find_fragment(struct openapi *o, const struct openapi_resource *r,
	const char *fragment, struct openapi_target *t, struct err *err)
{
	struct str at, pointer;
	int rc = -1;

	if (*fragment && *fragment != '/')
		return openapi_anchor(o, t->doc, r, fragment, t) ? 0 : -1;
	str_init(&at, STR_LINE);
	str_init(&pointer, STR_LINE);
	t->value = r ? r->value : openapi_doc_root(t->doc);
	t->key = r ? r->key : NULL;
	str_puts(&at, r ? r->pointer : "");
	if (t->doc->swagger)
		swagger_pointer(fragment, &pointer);
	else
		str_puts(&pointer, fragment);
	if (t->value)
		rc = walk(o, str_s(&pointer), t, &at, err);
	if (rc == 0)
		t->pointer = xstrdup(str_s(&at));
	str_release(&at);
	str_release(&pointer);
	return rc;
}

/* a URL that nothing in the artifact has */
static int
refuse(struct openapi *o, const struct openapi_doc *d, const struct json *ref,
	struct err *err)
{
	/* of documents that were found, it costs the operation */
	o->refused = !o->found;
	openapi_at(err, d, ref, "$ref '%s' is a URL: nothing is fetched; put "
		"the file beside the document and refer to it by a relative "
		"path", json_str(ref));
	snprintf(err->rule, sizeof(err->rule), "remote-ref");
	return -1;
}

/* the document or schema that the first n bytes of ref name; *r is set where
 * they name it by a URI, t->doc always */
static int
find_resource(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, size_t n, struct openapi_resource **r,
	struct openapi_target *t, struct err *err)
{
	const char *text = json_str(ref);
	bool url = uri_is_absolute(text, n) || mem_starts(text, n, "//");
	struct str path;

	*r = n ? openapi_resource_named(o, d, ref, n) :
		openapi_resource_of(o, ref);
	if (n && !*r && (url || d->resource)) {
		openapi_resources_all(o);
		*r = openapi_resource_named(o, d, ref, n);
	}
	if (*r && !(*r)->value && read_target(o, d, (*r)->doc, err) < 0)
		return -1;
	t->doc = *r ? (*r)->doc : d;
	if (*r || !n)
		return 0;
	if (url)
		return refuse(o, d, ref, err);
	str_init(&path, STR_LINE);
	percent_decode(&path, text, n);
	t->doc = target_doc(o, d, ref, str_s(&path), err);
	str_release(&path);
	return t->doc ? 0 : -1;
}

static int
resolve(struct openapi *o, struct openapi_doc *d, const struct json *ref,
	struct openapi_target *t, struct err *err)
{
	const char *text = json_str(ref), *hash = strchr(text, '#');
	size_t n = hash ? (size_t)(hash - text) : strlen(text);
	struct openapi_resource *r;
	struct str fragment;
	int rc;

	memset(t, 0, sizeof(*t));
	if (find_resource(o, d, ref, n, &r, t, err) < 0)
		return -1;
	str_init(&fragment, STR_LINE);
	if (hash)
		percent_decode(&fragment, hash + 1, strlen(hash + 1));
	rc = find_fragment(o, r, str_s(&fragment), t, err);
	/* people write pointers from the document's root inside of an $id */
	if (rc < 0 && r && r->schema && n == 0) {
		t->doc = d;
		rc = find_fragment(o, NULL, str_s(&fragment), t, err);
	}
	str_release(&fragment);
	if (rc < 0 && !o->refused)
		openapi_at(err, d, ref, "$ref '%s' leads nowhere", text);
	return rc;
}

int
openapi_ref(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, struct openapi_target *target,
	struct err *err)
{
	const struct openapi_resource *scope;
	struct openapi_target *known;
	struct map_entry *e;
	struct str key;
	int rc;

	if (!json_is(ref, JSON_STRING))
		return openapi_at(err, d, ref, "$ref is not a string");
	str_init(&key, STR_LINE);
	str_add(&key, &d, sizeof(d));
	scope = openapi_resource_of(o, ref);
	if (scope)
		str_add(&key, &scope, sizeof(scope));
	str_add(&key, json_str(ref), json_len(ref));
	if (str_over(&key)) {
		str_release(&key);
		return openapi_at(err, d, ref, "$ref is too long");
	}
	e = map_find(o->refs, key.buf, key.len);
	if (!e) {
		known = xcalloc(1, sizeof(*known));
		o->depth++;
		rc = resolve(o, d, ref, known, err);
		if (--o->depth == 0)
			o->steps = 0;
		if (rc < 0) {
			/* not kept: asked again, it is an error again */
			free(known);
			str_release(&key);
			return -1;
		}
		e = map_add(o->refs, key.buf, key.len, NULL);
		e->value = known;
	}
	str_release(&key);
	known = e->value;
	*target = *known;
	return 0;
}

void
openapi_pointer_add(struct str *pointer, const struct json *key)
{
	const char *p = json_str(key), *end = p + json_len(key);

	for (str_putc(pointer, '/'); p < end; p++) {
		if (*p == '~' || *p == '/')
			str_puts(pointer, *p == '~' ? "~0" : "~1");
		else
			str_putc(pointer, *p);
	}
}

void
openapi_refs_release(struct openapi *o)
{
	size_t i;

	for (i = 0; i < o->refs->n; i++) {
		struct openapi_target *t = o->refs->entries[i].value;

		free(t->pointer);
		free(t);
	}
	map_release(o->refs);
	free(o->refs);
	for (i = 0; i < o->indexes->n; i++) {
		struct index *index = o->indexes->entries[i].value;

		map_release(&index->keys);
		free(index->v);
		free(index);
	}
	map_release(o->indexes);
	free(o->indexes);
}

int
openapi_deref(struct openapi *o, struct openapi_doc **d,
	const struct json **v, struct err *err)
{
	const struct json *said = NULL;

	return openapi_deref_said(o, d, v, &said, err);
}

int
openapi_deref_said(struct openapi *o, struct openapi_doc **d,
	const struct json **v, const struct json **said, struct err *err)
{
	struct openapi_target t;
	const struct json *ref, *first = NULL;
	struct openapi_doc *from = *d;
	int i;

	for (*said = NULL, i = 0; i < OPENAPI_REF_CHAIN; i++) {
		ref = json_is(*v, JSON_OBJECT) ? json_get(*v, "$ref") : NULL;
		if (!*said && (!ref || (*d)->siblings))
			*said = json_get(*v, "description");
		if (!ref)
			return 0;
		if (!first)
			first = ref;
		if (openapi_ref(o, *d, ref, &t, err) < 0)
			return -1;
		*d = t.doc;
		*v = t.value;
	}
	return openapi_at(err, from, first, "$ref '%s' leads to itself",
		json_str(first));
}
