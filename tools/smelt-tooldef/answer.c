#include "smelt-tooldef/answer.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-tooldef/body.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/shape.h"

enum { DEPTH = 16, STEPS = 2000 };

/* does every value that s allows have to be an object? */
static bool
is_object(const struct catalog *c, const struct json *s, int depth,
	int *steps)
{
	static const char *const choices[] = { "oneOf", "anyOf", NULL };
	const struct type *t;
	struct json_iter it;
	size_t i;

	if (depth >= DEPTH || --*steps < 0 || !json_is(s, JSON_OBJECT))
		return false;
	if (json_get(s, "type"))
		return json_str_is(json_get(s, "type"), "object");
	t = catalog_type(c, json_get(s, "$ref"));
	if (t && is_object(c, catalog_schema(c, t, true), depth + 1,
	    steps))
		return true;
	for (json_each(&it, json_get(s, "allOf")); json_next(&it); )
		if (is_object(c, it.value, depth + 1, steps))
			return true;
	for (i = 0; choices[i]; i++) {
		bool all = json_size(json_get(s, choices[i])) > 0;

		for (json_each(&it, json_get(s, choices[i]));
		    json_next(&it); )
			all = all && is_object(c, it.value, depth + 1, steps);
		if (all)
			return true;
	}
	/* properties without a type: nobody means anything else */
	return json_size(json_get(s, "properties")) > 0;
}

static bool
says_something(const struct json *schema)
{
	return json_is(schema, JSON_OBJECT) && json_size(schema);
}

static bool
add_schema(struct answer *a, const struct json *schema)
{
	size_t i;

	if (!says_something(schema))
		return false;
	for (i = 0; i < a->n; i++)
		if (json_equal(a->schemas[i], schema))
			return true;
	if (a->n == ANSWERS)
		return false;
	a->schemas[a->n++] = schema;
	return true;
}

/* the media type of one answer: JSON before others */
static const struct json *
pick(const struct json *content)
{
	const struct json *first = NULL;
	struct json_iter it;

	for (json_each(&it, content); json_next(&it); ) {
		const char *type = json_get_str(it.value, "mediaType");

		if (!type)
			continue;
		if (media_is_json(type))
			return it.value;
		if (!first)
			first = it.value;
	}
	return first;
}

static bool
is_success(const char *status)
{
	return status && *status == '2';
}

static void
by_responses(struct answer *a, const struct json *responses)
{
	bool promise = true;
	struct json_iter it;

	for (json_each(&it, responses); json_next(&it); ) {
		const struct json *media;
		const char *type;

		if (!is_success(json_get_str(it.value, "status")))
			continue;
		media = pick(json_get(it.value, "content"));
		type = json_get_str(media, "mediaType");
		if (type && (!a->media_type || (media_is_json(type) &&
		    !media_is_json(a->media_type))))
			a->media_type = type;
		promise = promise && type && media_is_json(type) &&
			add_schema(a, json_get(media, "schema"));
	}
	if (!promise)
		a->n = 0;
}

void
answer_init(struct answer *a, struct catalog *c,
	const struct json *callable)
{
	const struct json *returns = json_get(callable, "returns");
	int steps = STEPS;
	size_t i;

	memset(a, 0, sizeof(*a));
	if (json_get(callable, "responses"))
		by_responses(a, json_get(callable, "responses"));
	else if (returns)
		add_schema(a, returns);
	if (a->media_type && strncmp(a->media_type, "*/*", 3) == 0)
		a->media_type = "application/json";
	for (i = 0; i < a->n; i++)
		if (!is_object(c, a->schemas[i], 0, &steps))
			a->wrap = true;
}

static void
put_schemas(const struct answer *a, struct catalog *c, struct emit *e,
	struct map *refs)
{
	struct str text;
	size_t i;

	str_init(&text, STR_RECORD);
	for (i = 0; i < a->n; i++) {
		str_clear(&text);
		shape_schema(c, true, a->schemas[i], &text, refs);
		emit_raw(e, text.buf, text.len);
	}
	str_release(&text);
}

static void
put_any_of(const struct answer *a, struct catalog *c, struct emit *e,
	struct map *refs)
{
	emit_key(e, "anyOf");
	emit_array(e);
	put_schemas(a, c, e, refs);
	emit_end(e);
}

static void
put_result(const struct answer *a, struct catalog *c, struct emit *e,
	struct map *refs)
{
	emit_key(e, "result");
	if (a->n == 1) {
		put_schemas(a, c, e, refs);
		return;
	}
	emit_object(e);
	put_any_of(a, c, e, refs);
	emit_end(e);
}

static bool
put_schema(const struct answer *a, struct catalog *c, struct emit *e)
{
	struct map refs = { 0 };
	bool whole;

	emit_object(e);
	emit_pair(e, "type", "object");
	if (a->wrap) {
		emit_key(e, "properties");
		emit_object(e);
		put_result(a, c, e, &refs);
		emit_end(e);
		emit_key(e, "required");
		emit_raw(e, "[\"result\"]", 10);
		emit_pair_bool(e, "additionalProperties", false);
	} else if (a->n > 1) {
		put_any_of(a, c, e, &refs);
	} else {
		shape_keywords(c, true, catalog_answer(c, a->schemas[0]),
			true, e, &refs);
	}
	whole = shape_defs(c, true, &refs, ANSWER_MAX, e);
	emit_end(e);
	map_release(&refs);
	return whole;
}

void
answer_put(struct answer *a, struct catalog *c, struct emit *e)
{
	struct emit inner;
	struct str text;

	if (!a->n)
		return;
	str_init(&text, STR_RECORD);
	emit_init(&inner, &text);
	a->too_large = !put_schema(a, c, &inner) || text.len > ANSWER_MAX;
	if (a->too_large) {
		a->n = 0;
	} else {
		emit_key(e, "outputSchema");
		emit_raw(e, text.buf, text.len);
	}
	str_release(&text);
}
