#include "smelt-ast/openapi/ref.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/swagger.h"

/* Objects with more members than this get an index. */
enum { INDEX_MIN = 32 };

static bool
is_url(const char *ref)
{
	size_t i = 0;

	if (ref[0] == '/' && ref[1] == '/')
		return true;
	while ((ref[i] >= 'a' && ref[i] <= 'z') ||
	    (ref[i] >= 'A' && ref[i] <= 'Z') ||
	    (i && ((ref[i] >= '0' && ref[i] <= '9') || ref[i] == '+' ||
	    ref[i] == '-' || ref[i] == '.')))
		i++;
	return i > 1 && ref[i] == ':';
}

/* "a/b/c.yaml" and "../d.yaml" give "a/d.yaml"; -1 when it leaves the tree */
static int
relative_path(struct str *out, const char *from, const char *to)
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

static struct openapi_doc *
target_doc(struct openapi *o, struct openapi_doc *d, const struct json *ref,
	const char *path, struct err *err)
{
	struct openapi_doc *to = NULL;
	struct str clean;

	if (!*path)
		return d;
	str_init(&clean, STR_LINE);
	if (relative_path(&clean, d->path, path) == 0)
		to = map_get(o->paths, str_s(&clean));
	str_release(&clean);
	if (!to) {
		openapi_at(err, d, ref, "'%s' is no file of this source",
			path);
		return NULL;
	}
	if (!to->tree && !to->description)
		to->siblings = d->siblings;
	return openapi_doc_read(to, err) < 0 ? NULL : to;
}

static const struct json *
find_anchor(const struct json *v, const char *name, int depth)
{
	const struct json *found;
	struct json_iter it;

	if (json_type(v) < JSON_ARRAY || depth > JSON_DEPTH)
		return NULL;
	if (json_str_is(json_get(v, "$anchor"), name))
		return v;
	for (json_each(&it, v); json_next(&it); ) {
		found = find_anchor(it.value, name, depth + 1);
		if (found)
			return found;
	}
	return NULL;
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

/* RFC 6901 */
static void
walk(struct openapi *o, const char *pointer, struct openapi_target *t)
{
	struct str name;

	str_init(&name, STR_LINE);
	while (t->value && *pointer == '/') {
		str_clear(&name);
		for (pointer++; *pointer && *pointer != '/'; pointer++) {
			if (pointer[0] == '~' && (pointer[1] == '0' ||
			    pointer[1] == '1'))
				str_putc(&name, *++pointer == '0' ? '~' : '/');
			else
				str_putc(&name, *pointer);
		}
		t->key = NULL;
		t->value = json_is(t->value, JSON_ARRAY) ?
			element(t->value, &name) :
			member(o, t->value, &name, &t->key);
	}
	str_release(&name);
}

static int
resolve(struct openapi *o, struct openapi_doc *d, const struct json *ref,
	struct openapi_target *t, struct err *err)
{
	const char *text = json_str(ref), *hash = strchr(text, '#');
	struct str path, pointer;
	size_t n = hash ? (size_t)(hash - text) : strlen(text);

	memset(t, 0, sizeof(*t));
	str_init(&path, STR_LINE);
	str_init(&pointer, STR_LINE);
	percent_decode(&path, text, n);
	if (hash)
		percent_decode(&pointer, hash + 1, strlen(hash + 1));
	t->doc = target_doc(o, d, ref, str_s(&path), err);
	if (t->doc) {
		t->value = openapi_doc_root(t->doc);
		if (t->doc->swagger) {
			str_clear(&path);
			swagger_pointer(str_s(&pointer), &path);
			str_clear(&pointer);
			str_add(&pointer, str_s(&path), path.len);
		}
		if (!pointer.len || pointer.buf[0] == '/')
			walk(o, str_s(&pointer), t);
		else
			t->value = find_anchor(t->value, str_s(&pointer), 1);
		if (t->value)
			t->pointer = xstrdup(str_s(&pointer));
		else
			openapi_at(err, d, ref, "$ref '%s' leads nowhere",
				text);
	}
	str_release(&path);
	str_release(&pointer);
	return t->value ? 0 : -1;
}

int
openapi_ref(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, struct openapi_target *target,
	struct err *err)
{
	struct openapi_target *known;
	struct map_entry *e;
	struct str key;

	if (!json_is(ref, JSON_STRING))
		return openapi_at(err, d, ref, "$ref is not a string");
	if (is_url(json_str(ref))) {
		o->refused = true;
		openapi_at(err, d, ref, "$ref '%s' is a URL: nothing is "
			"fetched; put the file beside the document and refer "
			"to it by a relative path", json_str(ref));
		snprintf(err->rule, sizeof(err->rule), "remote-ref");
		return -1;
	}
	str_init(&key, STR_LINE);
	str_add(&key, &d, sizeof(d));
	str_add(&key, json_str(ref), json_len(ref));
	if (str_over(&key)) {
		str_release(&key);
		return openapi_at(err, d, ref, "$ref is too long");
	}
	e = map_find(o->refs, key.buf, key.len);
	if (!e) {
		known = xcalloc(1, sizeof(*known));
		if (resolve(o, d, ref, known, err) < 0) {
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
	struct openapi_target t;
	const struct json *ref, *first = NULL;
	struct openapi_doc *from = *d;
	int i;

	for (i = 0; i < OPENAPI_REF_CHAIN; i++) {
		ref = json_is(*v, JSON_OBJECT) ? json_get(*v, "$ref") : NULL;
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
