#include "smelt-intake/lint/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"

/* The next {name} of a template; false: none. */
static bool
next_name(const char **at, const char **name, size_t *len)
{
	const char *open = strchr(*at, '{'), *close;

	close = open ? strchr(open, '}') : NULL;
	if (!close)
		return false;
	*name = open + 1;
	*len = (size_t)(close - open - 1);
	*at = close + 1;
	return true;
}

static bool
in_template(const char *path, const char *name)
{
	const char *at = path, *found_name;
	size_t len;

	while (next_name(&at, &found_name, &len))
		if (mem_is(found_name, len, name))
			return true;
	return false;
}

static bool
same_letters(const char *a, size_t n, const char *b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < n && strchr("-_. ", a[i]))
			i++;
		while (b[j] && strchr("-_. ", b[j]))
			j++;
		if (i == n || !b[j])
			return i == n && !b[j];
		if (char_lower(a[i++]) != char_lower(b[j++]))
			return false;
	}
}

static bool
is_declared(const struct operation *op, const char *in, const char *name,
	size_t len)
{
	struct str key;
	bool is;

	str_init(&key, STR_LINE);
	str_addf(&key, "%s %.*s", in, (int)len, name);
	is = map_find(op->parameters, str_s(&key), key.len) != NULL;
	str_release(&key);
	return is;
}

/* A declared path parameter that the template does not have, but whose name is
 * that of the template's but for case and hyphens; or NULL. */
static const struct json *
misspelt(struct checker *c, const struct operation *op, const char *name,
	size_t len)
{
	size_t i;

	for (i = 0; i < op->parameters->n; i++) {
		const struct map_entry *e = &op->parameters->entries[i];

		if (str_starts(e->key, "path ") &&
		    same_letters(name, len, e->key + 5) &&
		    !in_template(op->path, e->key + 5))
			return check_deref(c, e->value);
	}
	return NULL;
}

static void
put_path_parameter(const struct checker *c, struct emit *e, const char *name,
	size_t len)
{
	emit_key(e, "parameters");
	emit_array(e);
	emit_object(e);
	emit_key(e, "name");
	emit_strn(e, name, len);
	emit_pair(e, "in", "path");
	emit_pair_bool(e, "required", true);
	if (c->version == SWAGGER_2_0) {
		emit_pair(e, "type", "string");
	} else {
		emit_key(e, "schema");
		emit_object(e);
		emit_pair(e, "type", "string");
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
}

/* "@.name == 'x' && @.in == 'y'" */
static void
put_filter(struct str *out, const char *name, size_t len, const char *in)
{
	str_puts(out, "@.name == ");
	place_quote(out, name, len);
	str_puts(out, " && @.in == ");
	place_quote(out, in, strlen(in));
}

static void
undeclared(struct checker *c, const struct operation *op, const char *name,
	size_t len)
{
	const struct place list = place_member(op->place, "parameters");
	char *text = xstrndup(name, len);
	struct str filter;

	found(c, "openapi-path-parameter-undeclared", op->place->key, text,
		op->method, op->path, NULL);
	str_init(&filter, STR_LINE);
	put_filter(&filter, name, len, "path");
	fix_remove_where(c->fixes, &list, str_s(&filter), true);
	put_path_parameter(c, fix_update(c->fixes, op->place), name, len);
	fix_close(c->fixes);
	str_release(&filter);
	free(text);
}

static void
check_template(struct checker *c, const struct operation *op)
{
	struct map seen = { 0 };
	const char *at = op->path, *name, *query = strchr(op->path, '?');
	bool added;
	size_t len;

	/* what stands in a query is no path parameter */
	while (next_name(&at, &name, &len) && (!query || name < query)) {
		map_add(&seen, name, len, &added);
		if (added && len && !memchr(name, '{', len) &&
		    !is_declared(op, "path", name, len) &&
		    !misspelt(c, op, name, len))
			undeclared(c, op, name, len);
	}
	map_release(&seen);
}

/* the template's name that name is meant to be; false: none */
static bool
meant(const struct operation *op, const char *name, const char **real,
	size_t *len)
{
	const char *at = op->path;

	while (next_name(&at, real, len))
		if (same_letters(*real, *len, name) &&
		    !is_declared(op, "path", *real, *len))
			return true;
	return false;
}

static void
unused(struct checker *c, const struct operation *op,
	const struct place *list, const struct place *entry)
{
	const struct json *ref = json_get(entry->value, "$ref");
	const struct json *v = check_deref(c, entry->value);
	const char *name = json_get_str(v, "name"), *real;
	struct str filter;
	size_t len;

	found(c, "openapi-path-parameter-unused", ref ? ref :
		json_get(v, "name"), name, op->path, NULL);
	str_init(&filter, STR_LINE);
	if (ref) {
		str_puts(&filter, "@['$ref'] == ");
		place_quote(&filter, json_str(ref), json_len(ref));
	} else {
		put_filter(&filter, name, strlen(name), "path");
	}
	if (!meant(op, name, &real, &len)) {
		fix_remove_where(c->fixes, list, str_s(&filter), false);
	} else if (!ref) {
		struct emit *e = fix_update(c->fixes, entry);

		emit_key(e, "name");
		emit_strn(e, real, len);
		fix_close(c->fixes);
		fix_last(c->fixes);
	} else {
		struct str right;

		fix_remove_where(c->fixes, list, str_s(&filter), true);
		str_init(&right, STR_LINE);
		put_filter(&right, real, len, "path");
		fix_remove_where(c->fixes, list, str_s(&right), true);
		put_path_parameter(c, fix_update(c->fixes, list->up), real,
			len);
		fix_close(c->fixes);
		str_release(&right);
	}
	str_release(&filter);
}

static void
remove_entry(struct checker *c, const struct place *list,
	const struct json *entry)
{
	const struct json *ref = json_get(entry, "$ref");
	struct str filter;

	str_init(&filter, STR_LINE);
	if (ref) {
		str_puts(&filter, "@['$ref'] == ");
		place_quote(&filter, json_str(ref), json_len(ref));
	} else {
		put_filter(&filter, json_get_str(entry, "name"),
			json_len(json_get(entry, "name")),
			json_get_str(entry, "in"));
	}
	fix_remove_where(c->fixes, list, str_s(&filter), true);
	str_release(&filter);
}

/* Take both out, and put the first back. */
static void
duplicate(struct checker *c, const struct place *list,
	const struct json *entry, const struct json *first)
{
	const struct json *ref = json_get(entry, "$ref");
	const struct json *other = json_get(first, "$ref");
	const struct json *v = check_deref(c, entry);
	struct emit *e;

	found(c, "openapi-parameter-duplicate", ref ? ref :
		json_get(v, "name"), json_get_str(v, "name"),
		json_get_str(v, "in"), NULL);
	remove_entry(c, list, first);
	if (ref ? !other || !json_equal(other, ref) : other != NULL)
		remove_entry(c, list, entry);
	e = fix_update(c->fixes, list->up);
	emit_key(e, "parameters");
	emit_array(e);
	emit_json(e, first);
	emit_end(e);
	fix_close(c->fixes);
	fix_first(c->fixes);
	map_add(c->twice, (const char *)&entry, sizeof(entry), NULL);
}

/* The parameters of one list: of an operation, or of a path item for the first
 * operation that has it. */
static void
check_parameters(struct checker *c, const struct operation *op,
	const struct place *holder)
{
	const struct place list = place_member(holder, "parameters");
	struct map seen = { 0 };
	struct json_iter it;
	struct map_entry *e;
	struct place entry;
	struct str key;
	size_t n = 0;

	str_init(&key, STR_LINE);
	json_each(&it, json_is(list.value, JSON_ARRAY) ? list.value : NULL);
	for (; json_next(&it); n++) {
		const struct json *v = check_deref(c, it.value);
		const char *name = json_get_str(v, "name");
		const char *in = json_get_str(v, "in");

		if (!name || !in)
			continue;
		entry = place_next(&list, &it, n);
		str_clear(&key);
		str_addf(&key, "%s %s", in, name);
		e = map_add(&seen, str_s(&key), key.len, NULL);
		if (e->value) {
			duplicate(c, &list, it.value, e->value);
		} else if (strcmp(in, "path") == 0 &&
		    !in_template(op->path, name)) {
			unused(c, op, &list, &entry);
		}
		if (!e->value)
			e->value = (void *)(uintptr_t)it.value;
	}
	map_release(&seen);
	str_release(&key);
}

static void
check_id(struct checker *c, const struct operation *op)
{
	const struct json *id = json_get(op->place->value, "operationId");
	struct map_entry *e;
	struct str other;
	size_t n;

	e = json_len(id) ? map_find(c->ids, json_str(id), json_len(id)) :
		NULL;
	if (!e)
		return;
	e->value = (void *)((size_t)e->value + 1);
	if ((size_t)e->value == 1)
		return;
	found(c, "openapi-operation-id-duplicate", id, json_str(id),
		op->method, op->path, NULL);
	str_init(&other, STR_LINE);
	n = (size_t)e->value;
	do {
		str_clear(&other);
		str_add(&other, json_str(id), json_len(id));
		str_addf(&other, "_%zu", n++);
	} while (map_find(c->ids, str_s(&other), other.len));
	map_put(c->ids, str_s(&other), NULL);
	fix_set(c->fixes, op->place, "operationId", str_s(&other));
	str_release(&other);
}

void
check_operation(struct checker *c, const struct operation *op)
{
	const struct json *first = NULL;
	struct json_iter it;

	check_id(c, op);
	check_template(c, op);
	check_parameters(c, op, op->place);
	for (json_each(&it, op->item->value); json_next(&it) && !first; )
		if (json_get(it.value, "responses"))
			first = it.value;
	if (first == op->place->value)
		check_parameters(c, op, op->item);
}

static bool
same_method(const struct json *a, const struct json *b)
{
	static const char *const methods[] = { "get", "put", "post", "delete",
		"options", "head", "patch", "trace", NULL };
	size_t i;

	for (i = 0; methods[i]; i++)
		if (json_get(a, methods[i]) && json_get(b, methods[i]))
			return true;
	return false;
}

/* "/a/{x}/b" and "/a/{y}/b" are one path */
void
check_path(struct checker *c, const struct place *item)
{
	const char *at = json_str(item->key), *open;
	struct map_entry *e;
	struct str plain;

	str_init(&plain, STR_LINE);
	for (; (open = strchr(at, '{')) && strchr(open, '}');
	    at = strchr(open, '}') + 1) {
		str_add(&plain, at, (size_t)(open - at));
		str_puts(&plain, "{}");
	}
	str_puts(&plain, at);
	e = map_add(c->paths, str_s(&plain), plain.len, NULL);
	if (e->value && same_method(json_get(json_get(c->root, "paths"),
	    json_str(e->value)), item->value))
		found(c, "openapi-path-duplicate", item->key,
			json_str(item->key), json_str(e->value), NULL);
	else if (!e->value)
		e->value = (void *)(uintptr_t)item->key;
	str_release(&plain);
}
