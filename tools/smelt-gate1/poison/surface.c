#include "smelt-gate1/poison/surface.h"

#include <string.h>

#include "base/str.h"
#include "data/json.h"

enum { DEPTH = 64 };

struct walk {
	surface_found *found;
	void *ctx;
};

static void
give(const struct walk *w, enum surface_kind kind, const char *fmt_where,
	const char *property, const struct json *text)
{
	struct surface s = { kind, NULL, property, json_str(text),
		json_len(text) };
	struct str where;

	if (!s.text || !s.len)
		return;
	str_init(&where, STR_LINE);
	if (property)
		str_addf(&where, "the %s of '%s'", fmt_where, property);
	else
		str_addf(&where, "the %s", fmt_where);
	s.where = str_s(&where);
	w->found(&s, w->ctx);
	str_release(&where);
}

static void values(const struct walk *w, const char *key,
	const char *property, const struct json *v, int depth);
static void schema(const struct walk *w, const char *property,
	const struct json *v, int depth);

static void
values(const struct walk *w, const char *key, const char *property,
	const struct json *v, int depth)
{
	struct json_iter it;

	if (depth > DEPTH)
		return;
	if (json_is(v, JSON_STRING)) {
		give(w, SURFACE_VALUE, key, property, v);
		return;
	}
	if (!json_is(v, JSON_ARRAY) && !json_is(v, JSON_OBJECT))
		return;
	for (json_each(&it, v); json_next(&it); ) {
		if (it.key)
			give(w, SURFACE_VALUE, key, property, it.key);
		values(w, key, property, it.value, depth + 1);
	}
}

static void
properties(const struct walk *w, const struct json *v, int depth)
{
	struct json_iter it;

	for (json_each(&it, v); json_is(v, JSON_OBJECT) && json_next(&it); ) {
		give(w, SURFACE_PARAMETER, "parameter name", NULL, it.key);
		schema(w, json_str(it.key), it.value, depth + 1);
	}
}

static void
member(const struct walk *w, const char *property, const char *key,
	const struct json *v, int depth)
{
	static const char *const maps[] = { "properties", "patternProperties",
		"$defs", "definitions", "dependentSchemas", NULL };
	static const char *const plain[] = { "type", "$ref", "$id", "$schema",
		"format", "pattern", "required", "$anchor", NULL };
	static const char *const data[] = { "default", "enum", "const",
		"examples", "example", NULL };

	if (str_in(key, plain))
		return;
	if (str_in(key, maps))
		properties(w, v, depth);
	else if (str_in(key, data))
		values(w, key, property, v, depth + 1);
	else if (json_is(v, JSON_STRING))
		give(w, SURFACE_TEXT, key, property, v);
	else
		schema(w, property, v, depth + 1);
}

static void
schema(const struct walk *w, const char *property, const struct json *v,
	int depth)
{
	struct json_iter it;

	if (depth > DEPTH ||
	    (!json_is(v, JSON_OBJECT) && !json_is(v, JSON_ARRAY)))
		return;
	for (json_each(&it, v); json_next(&it); ) {
		if (it.key)
			member(w, property, json_str(it.key), it.value,
				depth);
		else if (json_is(it.value, JSON_STRING))
			give(w, SURFACE_TEXT, "schema", property, it.value);
		else
			schema(w, property, it.value, depth + 1);
	}
}

void
surface_each(const struct json *tool, surface_found *found, void *ctx)
{
	const struct walk w = { found, ctx };

	give(&w, SURFACE_NAME, "name", NULL, json_get(tool, "name"));
	give(&w, SURFACE_TEXT, "title", NULL, json_get(tool, "title"));
	give(&w, SURFACE_TEXT, "description", NULL,
		json_get(tool, "description"));
	schema(&w, NULL, json_get(tool, "inputSchema"), 0);
	schema(&w, NULL, json_get(tool, "outputSchema"), 0);
	schema(&w, NULL, json_get(tool, "annotations"), 0);
}
