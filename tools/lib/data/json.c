#include "data/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"

enum { FEW_KEYS = 12 };

static yyjson_val *
val(const struct json *v)
{
	return (yyjson_val *)(uintptr_t)v;
}

static const struct json *
wrap(const yyjson_val *v)
{
	return (const struct json *)(const void *)v;
}

static int
depth_check(const struct json *v, int depth)
{
	struct json_iter it;

	if (depth > JSON_DEPTH)
		return -1;
	for (json_each(&it, v); json_next(&it); )
		if (json_type(it.value) >= JSON_ARRAY &&
		    depth_check(it.value, depth + 1) < 0)
			return -1;
	return 0;
}

int
json_parse(struct json_doc *doc, const char *text, size_t len,
	const char *name, struct err *err)
{
	unsigned line = 0, col = 0;
	yyjson_read_err e;
	yyjson_doc *d;
	size_t bad;

	memset(doc, 0, sizeof(*doc));
	bad = utf8_check(text, len);
	if (bad != len) {
		text_position(text, len, bad, &line, &col);
		return err_at(err, name, line, col, "not valid UTF-8");
	}
	doc->text = xmalloc(len + YYJSON_PADDING_SIZE);
	memcpy(doc->text, text, len);
	memset(doc->text + len, 0, YYJSON_PADDING_SIZE);
	doc->len = len;
	d = yyjson_read_opts(doc->text, len,
		YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW, NULL, &e);
	if (!d) {
		text_position(text, len, e.pos, &line, &col);
		json_release(doc);
		if (e.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
			return err_at(err, name, 0, 0, "too large to parse");
		return err_at(err, name, line, col, "not JSON: %s", e.msg);
	}
	doc->impl = d;
	if (depth_check(json_root(doc), 1) < 0) {
		json_release(doc);
		return err_at(err, name, 1, 1,
			"nested deeper than %d levels", JSON_DEPTH);
	}
	return 0;
}

void
json_release(struct json_doc *doc)
{
	yyjson_doc_free(doc->impl);
	free(doc->text);
	memset(doc, 0, sizeof(*doc));
}

const struct json *
json_root(const struct json_doc *doc)
{
	return wrap(yyjson_doc_get_root(doc->impl));
}

enum json_type
json_type(const struct json *v)
{
	switch (yyjson_get_type(val(v))) {
	case YYJSON_TYPE_NULL:
		return JSON_NULL;
	case YYJSON_TYPE_BOOL:
		return JSON_BOOL;
	case YYJSON_TYPE_RAW:
	case YYJSON_TYPE_NUM:
		return JSON_NUMBER;
	case YYJSON_TYPE_STR:
		return JSON_STRING;
	case YYJSON_TYPE_ARR:
		return JSON_ARRAY;
	case YYJSON_TYPE_OBJ:
		return JSON_OBJECT;
	default:
		return JSON_ABSENT;
	}
}

const char *
json_type_name(const struct json *v)
{
	static const char *const names[] = {
		"nothing", "null", "boolean", "number", "string", "array",
		"object"
	};

	return names[json_type(v)];
}

bool
json_is(const struct json *v, enum json_type type)
{
	return json_type(v) == type;
}

const char *
json_str(const struct json *v)
{
	return yyjson_get_str(val(v));
}

size_t
json_len(const struct json *v)
{
	return yyjson_is_str(val(v)) ? yyjson_get_len(val(v)) : 0;
}

bool
json_str_is(const struct json *v, const char *text)
{
	return yyjson_equals_str(val(v), text);
}

bool
json_bool(const struct json *v, bool otherwise)
{
	return yyjson_is_bool(val(v)) ? yyjson_get_bool(val(v)) : otherwise;
}

const char *
json_num_text(const struct json *v, size_t *len)
{
	if (!yyjson_is_raw(val(v)))
		return NULL;
	*len = unsafe_yyjson_get_len(val(v));
	return yyjson_get_raw(val(v));
}

static bool
number(const struct json *v, char buf[64])
{
	size_t n;
	const char *t = json_num_text(v, &n);

	if (!t || n > 63)
		return false;
	memcpy(buf, t, n);
	buf[n] = '\0';
	return true;
}

bool
json_int(const struct json *v, int64_t *out)
{
	char buf[64], *end;
	double d;

	if (!number(v, buf))
		return false;
	errno = 0;
	*out = strtoll(buf, &end, 10);
	if (!*end)
		return errno == 0;
	d = strtod(buf, &end);
	if (*end || d < -9007199254740992.0 || d > 9007199254740992.0)
		return false;
	*out = (int64_t)d;
	return (double)*out >= d && (double)*out <= d;
}

bool
json_num(const struct json *v, double *out)
{
	char buf[64], *end;

	if (!number(v, buf))
		return false;
	*out = strtod(buf, &end);
	return *end == '\0';
}

size_t
json_size(const struct json *v)
{
	return yyjson_is_ctn(val(v)) ? yyjson_get_len(val(v)) : 0;
}

const struct json *
json_get(const struct json *obj, const char *key)
{
	return wrap(yyjson_obj_get(val(obj), key));
}

const struct json *
json_getn(const struct json *obj, const char *key, size_t len)
{
	return wrap(yyjson_obj_getn(val(obj), key, len));
}

const struct json *
json_at(const struct json *arr, size_t i)
{
	return wrap(yyjson_arr_get(val(arr), i));
}

const char *
json_get_str(const struct json *obj, const char *key)
{
	return json_str(json_get(obj, key));
}

bool
json_get_bool(const struct json *obj, const char *key, bool otherwise)
{
	return json_bool(json_get(obj, key), otherwise);
}

bool
json_lists(const struct json *list, const char *text)
{
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (json_str_is(it.value, text))
			return true;
	return false;
}

void
json_each(struct json_iter *it, const struct json *v)
{
	memset(it, 0, sizeof(*it));
	it->object = yyjson_is_obj(val(v));
	it->left = json_size(v);
	if (it->left)
		it->next = unsafe_yyjson_get_first(val(v));
}

bool
json_next(struct json_iter *it)
{
	yyjson_val *v;

	if (!it->left)
		return false;
	it->left--;
	v = (yyjson_val *)(uintptr_t)it->next;
	if (it->object) {
		it->key = wrap(v);
		v++;
	}
	it->value = wrap(v);
	it->next = unsafe_yyjson_get_next(v);
	return true;
}

const struct json *
json_key_of(const struct json *member)
{
	return member ? wrap(val(member) - 1) : NULL;
}

const struct json *
json_pointer(const struct json *v, const char *pointer)
{
	return wrap(yyjson_ptr_get(val(v), pointer));
}

static bool
number_equal(const struct json *a, const struct json *b)
{
	size_t na, nb;
	const char *ta = json_num_text(a, &na), *tb = json_num_text(b, &nb);
	double da, db;

	if (na == nb && memcmp(ta, tb, na) == 0)
		return true;
	return json_num(a, &da) && json_num(b, &db) && !(da < db) &&
	    !(da > db) && (memchr(ta, '.', na) || memchr(tb, '.', nb) ||
	    memchr(ta, 'e', na) || memchr(tb, 'e', nb) ||
	    memchr(ta, 'E', na) || memchr(tb, 'E', nb));
}

static bool
container_equal(const struct json *a, const struct json *b)
{
	struct json_iter x, y;

	if (json_size(a) != json_size(b))
		return false;
	json_each(&y, b);
	for (json_each(&x, a); json_next(&x); ) {
		const struct json *other;

		if (x.object) {
			other = json_getn(b, json_str(x.key),
				json_len(x.key));
		} else {
			json_next(&y);
			other = y.value;
		}
		if (!other || !json_equal(x.value, other))
			return false;
	}
	return true;
}

bool
json_equal(const struct json *a, const struct json *b)
{
	if (json_type(a) != json_type(b))
		return false;
	switch (json_type(a)) {
	case JSON_BOOL:
		return json_bool(a, false) == json_bool(b, false);
	case JSON_NUMBER:
		return number_equal(a, b);
	case JSON_STRING:
		return json_len(a) == json_len(b) &&
		    memcmp(json_str(a), json_str(b), json_len(a)) == 0;
	case JSON_ARRAY:
	case JSON_OBJECT:
		return container_equal(a, b);
	default:
		return true;
	}
}

size_t
json_offset(const struct json_doc *doc, const struct json *v)
{
	const char *p;

	if (!v || !(yyjson_is_str(val(v)) || yyjson_is_raw(val(v))))
		return SIZE_MAX;
	p = val(v)->uni.str;
	if (p < doc->text || p > doc->text + doc->len)
		return SIZE_MAX;
	return (size_t)(p - doc->text);
}

/* The key of v, which has few, that an earlier one is equal to; or NULL. */
static const struct json *
repeated_few(const struct json *v)
{
	yyjson_val *keys[FEW_KEYS], *key;
	yyjson_obj_iter it;
	size_t n = 0, i, len;

	yyjson_obj_iter_init(val(v), &it);
	while ((key = yyjson_obj_iter_next(&it))) {
		len = unsafe_yyjson_get_len(key);
		for (i = 0; i < n; i++)
			if (unsafe_yyjson_get_len(keys[i]) == len &&
			    memcmp(unsafe_yyjson_get_str(keys[i]),
			    unsafe_yyjson_get_str(key), len) == 0)
				return wrap(key);
		keys[n++] = key;
	}
	return NULL;
}

static const struct json *
repeated_many(const struct json *v)
{
	const struct json *found = NULL;
	struct map keys = { 0 };
	struct json_iter it;
	bool added;

	for (json_each(&it, v); !found && json_next(&it); ) {
		map_add(&keys, json_str(it.key), json_len(it.key), &added);
		if (!added)
			found = it.key;
	}
	map_release(&keys);
	return found;
}

/* depth is bounded by json_parse() */
const struct json *
json_duplicate(const struct json *v)
{
	const struct json *found = NULL;
	struct json_iter it;

	if (json_is(v, JSON_OBJECT))
		found = json_size(v) > FEW_KEYS ? repeated_many(v) :
			repeated_few(v);
	for (json_each(&it, v); !found && json_next(&it); )
		if (json_type(it.value) >= JSON_ARRAY)
			found = json_duplicate(it.value);
	return found;
}
