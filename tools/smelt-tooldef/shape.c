#include "smelt-tooldef/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/pattern.h"

enum { FOLLOW = 16, STEPS = 2000 };

struct work {
	struct catalog *c;
	bool output;
	struct emit *e;
	struct map *refs;
	const struct json *whole;	/* the schema whose allOf this is in */
};

/* What a keyword holds. */
enum holds { VALUE, SCHEMA, SCHEMAS, NAMED, BOUND, SPECIAL };

/* sorted by name; a keyword that is not here goes through as it is */
static const struct keyword {
	const char *name;
	enum holds holds;
} keywords[] = {
	{ "$comment", SPECIAL },
	{ "$ref", SPECIAL },
	{ "$schema", SPECIAL },
	{ "additionalProperties", SCHEMA },
	{ "allOf", SCHEMAS },
	{ "anyOf", SCHEMAS },
	{ "contains", SCHEMA },
	{ "contentSchema", SCHEMA },
	{ "default", BOUND },
	{ "dependentRequired", BOUND },
	{ "dependentSchemas", NAMED },
	{ "else", SCHEMA },
	{ "examples", BOUND },
	{ "exclusiveMaximum", BOUND },
	{ "exclusiveMinimum", BOUND },
	{ "format", SPECIAL },
	{ "if", SCHEMA },
	{ "items", SCHEMA },
	{ "maxContains", BOUND },
	{ "maxItems", BOUND },
	{ "maxLength", BOUND },
	{ "maxProperties", BOUND },
	{ "maximum", BOUND },
	{ "minContains", BOUND },
	{ "minItems", BOUND },
	{ "minLength", BOUND },
	{ "minProperties", BOUND },
	{ "minimum", BOUND },
	{ "multipleOf", BOUND },
	{ "not", SCHEMA },
	{ "oneOf", SCHEMAS },
	{ "pattern", SPECIAL },
	{ "patternProperties", NAMED },
	{ "prefixItems", SCHEMAS },
	{ "properties", SPECIAL },
	{ "propertyNames", SCHEMA },
	{ "readOnly", SPECIAL },
	{ "required", SPECIAL },
	{ "then", SCHEMA },
	{ "unevaluatedItems", SCHEMA },
	{ "unevaluatedProperties", SCHEMA },
	{ "uniqueItems", BOUND },
	{ "writeOnly", SPECIAL },
	{ "x-mcp-header", SPECIAL },
};

static void put_ref(struct work *, const struct json *ref);
static void put_schema(struct work *, const struct json *);

static int
by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct keyword *)entry)->name);
}

static enum holds
holds(const char *name)
{
	const struct keyword *k = bsearch(name, keywords,
		sizeof(keywords) / sizeof(*keywords), sizeof(*keywords),
		by_name);

	return k ? k->holds : VALUE;
}

/* what Ajv and Python's validators know */
static bool
known_format(const char *name)
{
	static const char *const known[] = { "binary", "byte", "date",
		"date-time", "double", "duration", "email", "float",
		"hostname", "int32", "int64", "ipv4", "ipv6",
		"json-pointer", "password", "regex",
		"relative-json-pointer", "time", "uri", "uri-reference",
		"uri-template", "uuid", NULL };
	size_t i;

	for (i = 0; known[i]; i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	return false;
}

bool
shape_marked(const struct catalog *c, const struct json *schema,
	const char *mark)
{
	const struct type *t;
	int i;

	for (i = 0; i < FOLLOW && schema; i++) {
		if (json_get_bool(schema, mark, false))
			return true;
		t = catalog_type(c, json_get(schema, "$ref"));
		schema = t ? t->schema : NULL;
	}
	return false;
}

static const char *
unwanted(const struct work *w)
{
	return w->output ? "writeOnly" : "readOnly";
}

static bool
left_out(const struct work *w, const struct json *schema)
{
	return shape_marked(w->c, schema, unwanted(w));
}

static void
put_properties(struct work *w, const struct json *properties)
{
	const struct json *whole = w->whole;
	struct json_iter it;

	w->whole = NULL;
	emit_key(w->e, "properties");
	emit_object(w->e);
	for (json_each(&it, properties); json_next(&it); ) {
		if (left_out(w, it.value))
			continue;
		emit_keyn(w->e, json_str(it.key), json_len(it.key));
		put_schema(w, it.value);
	}
	emit_end(w->e);
	w->whole = whole;
}

/* names of the properties that s, what it refers to and its allOf declare and
 * that are left out */
static void
collect(const struct work *w, const struct json *s, struct map *names,
	int depth, int *steps)
{
	const struct type *t = catalog_type(w->c, json_get(s, "$ref"));
	struct json_iter it;

	if (depth >= FOLLOW || --*steps < 0)
		return;
	for (json_each(&it, json_get(s, "properties")); json_next(&it); )
		if (it.key && left_out(w, it.value))
			map_add(names, json_str(it.key), json_len(it.key),
				NULL);
	if (t)
		collect(w, catalog_schema(w->c, t, w->output), names,
			depth + 1, steps);
	for (json_each(&it, json_get(s, "allOf")); json_next(&it); )
		collect(w, it.value, names, depth + 1, steps);
}

static void
put_required(struct work *w, const struct json *s, const struct json *names)
{
	struct map gone = { 0 };
	struct json_iter it;
	int steps = STEPS;

	collect(w, w->whole ? w->whole : s, &gone, 0, &steps);
	emit_key(w->e, "required");
	emit_array(w->e);
	for (json_each(&it, names); json_next(&it); )
		if (json_str(it.value) && !map_find(&gone,
		    json_str(it.value), json_len(it.value)))
			emit_json(w->e, it.value);
	emit_end(w->e);
	map_release(&gone);
}

/* what tells it from other alternatives is for arguments */
static void
put_alternative(struct work *w, const struct json *schema)
{
	const struct json *ref = json_get(schema, "$ref");

	if (!catalog_type(w->c, ref)) {
		put_schema(w, schema);
		return;
	}
	emit_object(w->e);
	put_ref(w, ref);
	emit_end(w->e);
}

static void
put_list(struct work *w, const char *key, const struct json *list)
{
	bool choice = strcmp(key, "oneOf") == 0 || strcmp(key, "anyOf") == 0;
	struct json_iter it;

	if (w->output && choice)
		key = "anyOf";
	emit_key(w->e, key);
	emit_array(w->e);
	for (json_each(&it, list); json_next(&it); ) {
		if (w->output && choice)
			put_alternative(w, it.value);
		else
			put_schema(w, it.value);
	}
	emit_end(w->e);
}

static void
put_schemas(struct work *w, const struct json *s, const char *name,
	const struct json *list)
{
	const struct json *whole = w->whole;

	/* both would be one anyOf: the first says enough */
	if (json_get(s, "anyOf") && w->output && strcmp(name, "oneOf") == 0)
		return;
	if (strcmp(name, "allOf") != 0)
		w->whole = NULL;
	else if (!whole)
		w->whole = s;
	put_list(w, name, list);
	w->whole = whole;
}

/* the pattern as all engines read it; false, with a note: there is none */
static bool
portable(const struct json *pattern, struct str *plain)
{
	const char *text = json_str(pattern);

	if (text && pattern_plain(plain, text, json_len(pattern)))
		return true;
	diag_note("pattern left out, not every engine reads it alike and in "
		"time: %s", text ? text : json_type_name(pattern));
	return false;
}

static void
put_named(struct work *w, const char *key, const struct json *map)
{
	bool patterns = strcmp(key, "patternProperties") == 0;
	struct json_iter it;
	struct str name;

	if (patterns && w->output)
		return;
	emit_key(w->e, key);
	emit_object(w->e);
	str_init(&name, STR_RECORD);
	for (json_each(&it, map); json_next(&it); ) {
		str_clear(&name);
		if (!patterns)
			str_add(&name, json_str(it.key), json_len(it.key));
		else if (!portable(it.key, &name) ||
		    (json_getn(map, str_s(&name), name.len) &&
		    !json_str_is(it.key, str_s(&name))))
			continue;
		emit_keyn(w->e, str_s(&name), name.len);
		put_schema(w, it.value);
	}
	emit_end(w->e);
	str_release(&name);
}

/* is one of the patterns left out? What it allowed must not be refused then */
static bool
loses_patterns(const struct json *s)
{
	struct json_iter it;
	struct str plain;
	bool lost = false;

	str_init(&plain, STR_RECORD);
	for (json_each(&it, json_get(s, "patternProperties"));
	    json_next(&it) && !lost; ) {
		str_clear(&plain);
		lost = !it.key || !pattern_plain(&plain, json_str(it.key),
			json_len(it.key));
	}
	str_release(&plain);
	return lost;
}

static void
put_ref(struct work *w, const struct json *ref)
{
	const struct type *t = catalog_type(w->c, ref);

	if (!t)
		return;
	map_put(w->refs, t->id, w->refs);
	emit_pair_json(w->e, "$ref", ref);
}

/* a description that says the format in words, where it has to */
static void
put_format(struct work *w, const struct json *doc,
	const struct json *format)
{
	struct str text;

	if (w->output)
		return;
	if (known_format(json_str(format))) {
		emit_pair_json(w->e, "format", format);
		return;
	}
	if (!json_len(format) || json_len(format) > 64)
		return;
	str_init(&text, STR_RECORD);
	if (json_len(doc)) {
		str_add(&text, json_str(doc), json_len(doc));
		str_puts(&text, "\n");
	}
	str_puts(&text, "Format: ");
	str_add(&text, json_str(format), json_len(format));
	emit_key(w->e, "description");
	emit_strn(w->e, text.buf, text.len);
	str_release(&text);
}

/* is the description said by put_format()? */
static bool
formatted(const struct work *w, const struct json *s)
{
	const struct json *format = json_get(s, "format");

	return !w->output && json_len(format) && json_len(format) <= 64 &&
	    !known_format(json_str(format));
}

static void
put_pattern(struct work *w, const struct json *pattern)
{
	struct str plain;

	str_init(&plain, STR_RECORD);
	if (portable(pattern, &plain)) {
		emit_key(w->e, "pattern");
		emit_strn(w->e, str_s(&plain), plain.len);
	}
	str_release(&plain);
}

static void
put_special(struct work *w, const struct json *s, const char *key,
	const struct json *v)
{
	if (strcmp(key, "$ref") == 0)
		put_ref(w, v);
	else if (strcmp(key, "format") == 0)
		put_format(w, json_get(s, "description"), v);
	else if (strcmp(key, "properties") == 0)
		put_properties(w, v);
	else if (strcmp(key, "required") == 0)
		put_required(w, s, v);
	else if (strcmp(key, "pattern") == 0 && !w->output)
		put_pattern(w, v);
}

static void
put_keyword(struct work *w, const struct json *s, const struct json *key,
	const struct json *v)
{
	const char *name = json_str(key);

	switch (holds(name)) {
	case SCHEMA:
		/* an answer that has more is still the answer */
		if (w->output && !json_bool(v, true))
			break;
		if (str_ends(name, "Properties") && loses_patterns(s))
			break;
		emit_key(w->e, name);
		put_schema(w, v);
		break;
	case SCHEMAS:
		put_schemas(w, s, name, v);
		break;
	case NAMED:
		put_named(w, name, v);
		break;
	case SPECIAL:
		put_special(w, s, name, v);
		break;
	case BOUND:
		if (!w->output)
			emit_pair_json(w->e, name, v);
		break;
	case VALUE:
		if (strcmp(name, "description") == 0 && formatted(w, s))
			break;
		emit_keyn(w->e, name, json_len(key));
		emit_json(w->e, v);
		break;
	}
}

static void
put_schema(struct work *w, const struct json *s)
{
	struct json_iter it;

	if (!json_is(s, JSON_OBJECT)) {
		emit_bool(w->e, json_bool(s, true));
		return;
	}
	emit_object(w->e);
	for (json_each(&it, s); json_next(&it); )
		put_keyword(w, s, it.key, it.value);
	emit_end(w->e);
}

void
shape_schema(struct catalog *c, bool output, const struct json *schema,
	struct str *out, struct map *refs)
{
	struct emit e;
	struct work w = { c, output, &e, refs, NULL };

	emit_init(&e, out);
	put_schema(&w, schema);
}

void
shape_described(struct catalog *c, const struct json *schema,
	const struct json *doc, bool deprecated, struct str *out,
	struct map *refs)
{
	struct emit e;
	struct work w = { c, false, &e, refs, NULL };
	struct json_iter it;

	emit_init(&e, out);
	if (!doc && !deprecated) {
		put_schema(&w, schema);
		return;
	}
	emit_object(&e);
	if (doc && !formatted(&w, schema))
		emit_pair_json(&e, "description", doc);
	for (json_each(&it, json_is(schema, JSON_OBJECT) ? schema : NULL);
	    json_next(&it); ) {
		if (doc && json_str_is(it.key, "description"))
			continue;
		if (doc && json_str_is(it.key, "format"))
			put_format(&w, doc, it.value);
		else if (!deprecated || !json_str_is(it.key, "deprecated"))
			put_keyword(&w, schema, it.key, it.value);
	}
	if (deprecated)
		emit_pair_bool(&e, "deprecated", true);
	emit_end(&e);
}

void
shape_keywords(struct catalog *c, bool output, const struct json *schema,
	bool properties, struct emit *e, struct map *refs)
{
	struct work w = { c, output, e, refs, NULL };
	struct json_iter it;

	for (json_each(&it, schema); json_next(&it); ) {
		const char *name = json_str(it.key);

		if (strcmp(name, "type") == 0 || strcmp(name, "title") == 0 ||
		    strcmp(name, "description") == 0 ||
		    strcmp(name, "$schema") == 0 ||
		    strcmp(name, "$anchor") == 0)
			continue;
		if (!properties && (strcmp(name, "properties") == 0 ||
		    strcmp(name, "required") == 0 ||
		    strcmp(name, "additionalProperties") == 0))
			continue;
		put_keyword(&w, schema, it.key, it.value);
	}
}

static struct shape *
type_shape(struct catalog *c, bool output, struct type *t)
{
	struct shape *s = t->shapes[output];
	struct str text;

	if (s)
		return s;
	s = xcalloc(1, sizeof(*s));
	s->refs = xcalloc(1, sizeof(*s->refs));
	str_init(&text, STR_RECORD);
	shape_schema(c, output, catalog_schema(c, t, output), &text, s->refs);
	s->len = text.len;
	s->text = str_detach(&text);
	t->shapes[output] = s;
	return s;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct map_entry *)a)->key,
		((const struct map_entry *)b)->key);
}

/* all types that refs lead to, nearest first; a shape as value, or NULL for
 * what is over max */
static bool
reach(struct catalog *c, bool output, const struct map *refs, size_t max,
	struct map *all)
{
	size_t i, k, used = 0;
	bool whole = true;

	for (i = 0; i < refs->n; i++)
		map_put(all, refs->entries[i].key, NULL);
	for (i = 0; i < all->n; i++) {
		struct type *t = map_get(c->types, all->entries[i].key);
		struct shape *s = type_shape(c, output, t);

		if (used + s->len > max) {
			whole = false;
			continue;
		}
		used += s->len;
		all->entries[i].value = s;
		for (k = 0; k < s->refs->n; k++)
			map_add(all, s->refs->entries[k].key,
				s->refs->entries[k].len, NULL);
	}
	return whole;
}

bool
shape_defs(struct catalog *c, bool output, const struct map *refs,
	size_t max, struct emit *e)
{
	struct map all = { 0 };
	struct map_entry *sorted;
	bool whole = reach(c, output, refs, max, &all);
	size_t i;

	if (all.n) {
		sorted = xreallocarray(NULL, all.n, sizeof(*sorted));
		memcpy(sorted, all.entries, all.n * sizeof(*sorted));
		qsort(sorted, all.n, sizeof(*sorted), by_key);
		emit_key(e, "$defs");
		emit_object(e);
		for (i = 0; i < all.n; i++) {
			const struct shape *s = sorted[i].value;

			emit_key(e, sorted[i].key);
			emit_raw(e, s ? s->text : "true", s ? s->len : 4);
		}
		emit_end(e);
		free(sorted);
	}
	map_release(&all);
	return whole;
}

void
shape_free(struct shape *s)
{
	if (!s)
		return;
	map_release(s->refs);
	free(s->refs);
	free(s->text);
	free(s);
}
