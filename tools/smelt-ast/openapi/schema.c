#include "smelt-ast/openapi/schema.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/discriminator.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/resource.h"
#include "smelt-ast/openapi/type.h"

enum rule {
	UNKNOWN,
	SCHEMA,		/* a schema at the same place: applies to the value */
	BELOW,		/* a schema for something inside the value */
	ALL_OF, CHOICE,	/* a non-empty array of schemas, same place */
	MAP,		/* name -> schema, inside */
	SAME_MAP,	/* name -> schema, same place */
	TEXT, NUMBER, COUNT, BOOLEAN, ANY,
	NAMES,		/* array of strings, each once */
	NAME_LISTS,	/* name -> array of strings */
	REF, DYNAMIC, ANCHOR, TYPE, ENUM, BOUND, EXCLUSIVE, EXAMPLE, EXAMPLES, ITEMS, TUPLE,
	CONDITION, BRANCH, CONTAINED, POSITIVE, DIALECT
};

/* sorted by name */
static const struct keyword {
	const char *name;
	enum rule rule;
	bool note;	/* says something, asserts nothing */
} keywords[] = {
	{ "$anchor", ANCHOR, false },
	{ "$dynamicRef", DYNAMIC, false },
	{ "$ref", REF, false },
	{ "$schema", DIALECT, false },
	{ "additionalProperties", BELOW, false },
	{ "allOf", ALL_OF, false },
	{ "anyOf", CHOICE, false },
	{ "const", ANY, false },
	{ "contains", BELOW, false },
	{ "contentEncoding", TEXT, false },
	{ "contentMediaType", TEXT, false },
	{ "contentSchema", BELOW, false },
	{ "default", ANY, true },
	{ "dependentRequired", NAME_LISTS, false },
	{ "dependentSchemas", SAME_MAP, false },
	{ "deprecated", BOOLEAN, true },
	{ "description", TEXT, true },
	{ "else", BRANCH, false },
	{ "enum", ENUM, false },
	{ "example", EXAMPLE, true },
	{ "examples", EXAMPLES, true },
	{ "exclusiveMaximum", EXCLUSIVE, false },
	{ "exclusiveMinimum", EXCLUSIVE, false },
	{ "format", TEXT, false },
	{ "if", CONDITION, false },
	{ "items", ITEMS, false },
	{ "maxContains", CONTAINED, false },
	{ "maxItems", COUNT, false },
	{ "maxLength", COUNT, false },
	{ "maxProperties", COUNT, false },
	{ "maximum", BOUND, false },
	{ "minContains", CONTAINED, false },
	{ "minItems", COUNT, false },
	{ "minLength", COUNT, false },
	{ "minProperties", COUNT, false },
	{ "minimum", BOUND, false },
	{ "multipleOf", POSITIVE, false },
	{ "not", SCHEMA, false },
	{ "oneOf", CHOICE, false },
	{ "pattern", TEXT, false },
	{ "patternProperties", MAP, false },
	{ "prefixItems", TUPLE, false },
	{ "properties", MAP, false },
	{ "propertyNames", BELOW, false },
	{ "readOnly", BOOLEAN, true },
	{ "required", NAMES, false },
	{ "then", BRANCH, false },
	{ "title", TEXT, true },
	{ "type", TYPE, false },
	{ "unevaluatedItems", BELOW, false },
	{ "unevaluatedProperties", BELOW, false },
	{ "uniqueItems", BOOLEAN, false },
	{ "writeOnly", BOOLEAN, true },
	{ "x-mcp-header", TEXT, true },
};

/* One conversion under way. */
struct work {
	struct openapi *o;
	struct openapi_doc *d;
	struct emit *e;
	struct openapi_deps *deps;
	struct openapi_deps *direct;	/* or NULL */
	struct err *err;
	size_t scope;			/* resource.h */
	const struct json *root;	/* the schema of a type, or NULL */
	const struct json *heir;	/* that whose allOf has this as one */
	const struct json *next;	/* the same for the next schema */
	bool base;			/* root without its choice */
	int below;			/* > 0: inside the value */
};

enum part { ALL, NOTES, REST };

static int put_part(struct work *, const struct json *, enum part,
	int depth);
static int put_schema(struct work *, const struct json *, int depth);

static int
by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct keyword *)entry)->name);
}

static const struct keyword *
find_keyword(const char *name)
{
	return bsearch(name, keywords, sizeof(keywords) / sizeof(*keywords),
		sizeof(*keywords), by_name);
}

static void
put_type_ref(struct work *w, size_t type)
{
	struct str target;

	openapi_deps_add(w->o, w->deps, type);
	if (w->direct && !w->below)
		openapi_deps_add(w->o, w->direct, type);
	str_init(&target, STR_LINE);
	str_addf(&target, "#/$defs/%s", w->o->types[type]->id);
	emit_pair(w->e, "$ref", str_s(&target));
	str_release(&target);
}

static int
put_ref(struct work *w, const struct json *ref, bool dynamic)
{
	struct openapi_use use = { .scope = w->scope, .dynamic = dynamic,
		.heir = w->heir };
	size_t type;

	if (openapi_type_ref(w->o, w->d, ref, &use, &type, w->err) < 0)
		return -1;
	put_type_ref(w, type);
	return 0;
}

/* beside a $ref it is one more schema that applies */
static int
put_dynamic(struct work *w, const struct json *s, const struct json *ref)
{
	if (!json_get(s, "$ref"))
		return put_ref(w, ref, true);
	if (json_get(s, "allOf"))
		return openapi_at(w->err, w->d, ref, "$dynamicRef beside both "
			"$ref and allOf is not read");
	emit_key(w->e, "allOf");
	emit_array(w->e);
	emit_object(w->e);
	if (put_ref(w, ref, true) < 0)
		return -1;
	emit_end(w->e);
	emit_end(w->e);
	return 0;
}

static int
put_list(struct work *w, const char *key, const struct json *v, int depth)
{
	struct json_iter it;

	if (!json_is(v, JSON_ARRAY) || !json_size(v))
		return 0;
	emit_key(w->e, key);
	emit_array(w->e);
	for (json_each(&it, v); json_next(&it); )
		if (put_schema(w, it.value, depth + 1) < 0)
			return -1;
	emit_end(w->e);
	return 0;
}

/* allOf: what the root of a type builds on is meant without its choice */
static int
put_all(struct work *w, const struct json *s, const struct json *v, int depth)
{
	struct json_iter it;

	if (!json_is(v, JSON_ARRAY) || !json_size(v))
		return 0;
	emit_key(w->e, "allOf");
	emit_array(w->e);
	for (json_each(&it, v); json_next(&it); ) {
		w->next = s == w->root ? s : NULL;
		if (put_schema(w, it.value, depth + 1) < 0)
			return -1;
	}
	emit_end(w->e);
	return 0;
}

/* one schema of a choice with what tells it from the others */
static int
put_branch(struct work *w, const struct openapi_choice *c, size_t i,
	const struct json *branch, int depth)
{
	bool bare = json_size(branch) == 1 || !w->d->siblings;

	if (!openapi_choice_tells(c, i))
		return put_schema(w, branch, depth + 1);
	emit_object(w->e);
	if (!bare) {
		emit_key(w->e, "allOf");
		emit_array(w->e);
	}
	if (bare ? put_ref(w, json_get(branch, "$ref"), false) :
	    put_schema(w, branch, depth + 1))
		return -1;
	if (!bare)
		emit_end(w->e);
	openapi_choice_put(c, i, w->e);
	emit_end(w->e);
	return 0;
}

/* oneOf and anyOf */
static int
put_choice(struct work *w, const char *key, const struct json *s,
	const struct json *v, int depth)
{
	struct openapi_choice c;
	struct json_iter it;
	size_t i = 0;
	int rc = 0;

	if (w->base && s == w->root)
		return 0;
	if (!json_get(s, "discriminator") || !json_size(v) ||
	    !openapi_choice_list(w->o, w->d, s, v, &c))
		return put_list(w, key, v, depth);
	emit_key(w->e, key);
	emit_array(w->e);
	for (json_each(&it, v); rc == 0 && json_next(&it); i++)
		rc = put_branch(w, &c, i, it.value, depth);
	if (rc == 0)
		emit_end(w->e);
	openapi_choice_release(&c);
	return rc;
}

/* t, a base, as the choice of its heirs; false: it is none */
static bool
put_heirs(struct work *w, struct openapi_type *t)
{
	struct openapi_target at = { t->doc, t->schema, t->key, t->pointer };
	struct openapi_use use = { .scope = w->scope, .base = true };
	struct openapi_choice c;
	size_t i;

	if (t->use.base || !json_get(t->schema, "discriminator") ||
	    !openapi_choice_heirs(w->o, &at, &c))
		return false;
	t->base = openapi_type_at(w->o, &at, &use) + 1;
	openapi_deps_add(w->o, w->deps, t->base - 1);
	emit_object(w->e);
	put_part(w, t->schema, NOTES, 1);
	emit_key(w->e, "oneOf");
	emit_array(w->e);
	for (i = 0; i < c.n; i++) {
		use.base = openapi_is_base(c.v[i].target->value);
		emit_object(w->e);
		put_type_ref(w, openapi_type_at(w->o, c.v[i].target, &use));
		openapi_choice_put(&c, i, w->e);
		emit_end(w->e);
	}
	if (json_get_bool(t->schema, "nullable", false)) {
		emit_object(w->e);
		emit_pair(w->e, "type", "null");
		emit_end(w->e);
	}
	emit_end(w->e);
	emit_end(w->e);
	openapi_choice_release(&c);
	return true;
}

static int
put_map(struct work *w, const char *key, const struct json *v, int depth)
{
	struct json_iter it;

	if (!json_is(v, JSON_OBJECT))
		return 0;
	emit_key(w->e, key);
	emit_object(w->e);
	for (json_each(&it, v); json_next(&it); ) {
		emit_keyn(w->e, json_str(it.key), json_len(it.key));
		if (put_schema(w, it.value, depth + 1) < 0)
			return -1;
	}
	emit_end(w->e);
	return 0;
}

static int
put_one(struct work *w, const char *key, const struct json *v, int depth)
{
	if (!json_is(v, JSON_OBJECT) && !json_is(v, JSON_BOOL))
		return 0;
	emit_key(w->e, key);
	return put_schema(w, v, depth + 1);
}

static int
put_below(struct work *w, enum rule rule, const char *key,
	const struct json *v, int depth)
{
	int rc;

	w->below++;
	if (rule == MAP)
		rc = put_map(w, key, v, depth);
	else if (rule == TUPLE)
		rc = put_list(w, key, v, depth);
	else
		rc = put_one(w, key, v, depth);
	w->below--;
	return rc;
}

static bool
is_type(const char *name)
{
	static const char *const types[] = { "array", "boolean", "integer",
		"null", "number", "object", "string", NULL };
	size_t i;

	for (i = 0; name && types[i]; i++)
		if (strcmp(name, types[i]) == 0)
			return true;
	return false;
}

static const char *
type_name(const struct json *v)
{
	const char *name = json_str(v);

	if (name && strcmp(name, "file") == 0)
		return "string";
	return is_type(name) ? name : NULL;
}

static void
put_types(struct emit *e, const struct json *list, bool nullable)
{
	struct map seen = { 0 };
	struct json_iter it;
	bool added;

	emit_key(e, "type");
	emit_array(e);
	for (json_each(&it, list); json_next(&it); ) {
		const char *name = type_name(it.value);

		if (!name)
			continue;
		map_add(&seen, name, strlen(name), &added);
		nullable &= strcmp(name, "null") != 0;
		if (added)
			emit_str(e, name);
	}
	if (nullable)
		emit_str(e, "null");
	emit_end(e);
	map_release(&seen);
}

static bool
any_type(const struct json *list)
{
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (type_name(it.value))
			return true;
	return false;
}

static void
put_type(struct emit *e, const struct json *v, bool nullable)
{
	const char *name = type_name(v);

	if (json_is(v, JSON_ARRAY)) {
		if (any_type(v))
			put_types(e, v, nullable);
	} else if (name && nullable && strcmp(name, "null") != 0) {
		emit_key(e, "type");
		emit_array(e);
		emit_str(e, name);
		emit_str(e, "null");
		emit_end(e);
	} else if (name) {
		emit_pair(e, "type", name);
	}
}

static void
put_enum(struct emit *e, const struct json *v, bool nullable)
{
	struct json_iter it;

	if (!json_is(v, JSON_ARRAY) || !json_size(v))
		return;
	emit_key(e, "enum");
	emit_array(e);
	for (json_each(&it, v); json_next(&it); ) {
		nullable &= !json_is(it.value, JSON_NULL);
		emit_json(e, it.value);
	}
	if (nullable)
		emit_null(e);
	emit_end(e);
}

static bool
all_strings(const struct json *list)
{
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (!json_is(it.value, JSON_STRING))
			return false;
	return json_is(list, JSON_ARRAY);
}

/* each string once */
static void
put_names(struct emit *e, const struct json *list)
{
	struct map seen = { 0 };
	struct json_iter it;
	bool added;

	emit_array(e);
	for (json_each(&it, list); json_next(&it); ) {
		map_add(&seen, json_str(it.value), json_len(it.value),
			&added);
		if (added)
			emit_json(e, it.value);
	}
	emit_end(e);
	map_release(&seen);
}

static void
put_name_lists(struct emit *e, const char *key, const struct json *v)
{
	struct json_iter it;

	if (!json_is(v, JSON_OBJECT))
		return;
	emit_key(e, key);
	emit_object(e);
	for (json_each(&it, v); json_next(&it); ) {
		if (!all_strings(it.value))
			continue;
		emit_keyn(e, json_str(it.key), json_len(it.key));
		put_names(e, it.value);
	}
	emit_end(e);
}

/* minimum beside a boolean exclusiveMinimum: true */
static void
put_bound(struct emit *e, const struct json *s, const char *key,
	const struct json *v)
{
	const char *exclusive = strcmp(key, "minimum") == 0 ?
		"exclusiveMinimum" : "exclusiveMaximum";

	if (json_is(v, JSON_NUMBER))
		emit_pair_json(e, json_get_bool(s, exclusive, false) ?
			exclusive : key, v);
}

static void
put_example(struct emit *e, const struct json *s, const struct json *v)
{
	if (json_is(json_get(s, "examples"), JSON_ARRAY))
		return;
	emit_key(e, "examples");
	emit_array(e);
	emit_json(e, v);
	emit_end(e);
}

static bool
is_count(const struct json *v)
{
	int64_t n;

	return json_int(v, &n) && n >= 0;
}

static bool
is_positive(const struct json *v)
{
	double d;

	return json_num(v, &d) && d > 0;
}

/* keywords that hold plain values; those that break the meta-schema go */
static void
put_value(struct emit *e, enum rule rule, const struct json *s,
	const char *key, const struct json *v)
{
	bool good = false;

	switch (rule) {
	case TEXT:
		good = json_is(v, JSON_STRING);
		break;
	case NUMBER:
	case EXCLUSIVE:
		good = json_is(v, JSON_NUMBER);
		break;
	case COUNT:
		good = is_count(v);
		break;
	case CONTAINED:
		good = is_count(v) && json_get(s, "contains");
		break;
	case POSITIVE:
		good = is_positive(v);
		break;
	case BOOLEAN:
		good = json_is(v, JSON_BOOL);
		break;
	case ANY:
		good = true;
		break;
	case EXAMPLES:
		good = json_is(v, JSON_ARRAY);
		break;
	case DIALECT:
		good = json_str_is(v,
			"https://json-schema.org/draft/2020-12/schema");
		break;
	default:
		break;
	}
	if (good)
		emit_pair_json(e, key, v);
}

/* a name of a type, where it can be no other's in any schema of a tool */
static void
put_anchor(struct work *w, const struct json *s, const struct json *name)
{
	if (s == w->root && !w->base && json_is(name, JSON_STRING) &&
	    openapi_anchors_alone(w->o))
		emit_pair_json(w->e, "$anchor", name);
}

static int
put_keyword(struct work *w, const struct keyword *k, const struct json *s,
	const struct json *v, int depth)
{
	bool nullable = json_get_bool(s, "nullable", false);

	switch (k->rule) {
	case REF:
		return put_ref(w, v, false);
	case DYNAMIC:
		return put_dynamic(w, s, v);
	case ANCHOR:
		put_anchor(w, s, v);
		return 0;
	case SCHEMA:
		return put_one(w, k->name, v, depth);
	case CONDITION:
		return json_get(s, "then") || json_get(s, "else") ?
			put_one(w, k->name, v, depth) : 0;
	case BRANCH:
		return json_get(s, "if") ? put_one(w, k->name, v, depth) : 0;
	case ALL_OF:
		return put_all(w, s, v, depth);
	case CHOICE:
		return put_choice(w, k->name, s, v, depth);
	case SAME_MAP:
		return put_map(w, k->name, v, depth);
	case ITEMS:
		if (json_is(v, JSON_ARRAY))
			return put_below(w, TUPLE, "prefixItems", v, depth);
		return put_below(w, BELOW, k->name, v, depth);
	case TUPLE:
	case MAP:
	case BELOW:
		return put_below(w, k->rule, k->name, v, depth);
	case TYPE:
		put_type(w->e, v, nullable);
		return 0;
	case ENUM:
		put_enum(w->e, v, nullable);
		return 0;
	case BOUND:
		put_bound(w->e, s, k->name, v);
		return 0;
	case EXAMPLE:
		put_example(w->e, s, v);
		return 0;
	case NAMES:
		if (all_strings(v)) {
			emit_key(w->e, k->name);
			put_names(w->e, v);
		}
		return 0;
	case NAME_LISTS:
		put_name_lists(w->e, k->name, v);
		return 0;
	default:
		put_value(w->e, k->rule, s, k->name, v);
		return 0;
	}
}

static int
put_part(struct work *w, const struct json *s, enum part part, int depth)
{
	const struct keyword *k;
	struct json_iter it;

	for (json_each(&it, s); json_next(&it); ) {
		k = find_keyword(json_str(it.key));
		if (!k || (part == NOTES && !k->note) ||
		    (part == REST && k->note))
			continue;
		if (put_keyword(w, k, s, it.value, depth) < 0)
			return -1;
	}
	return 0;
}

/* nullable with no type to widen: the schema, or null */
static int
put_nullable(struct work *w, const struct json *s, int depth)
{
	emit_object(w->e);
	if (put_part(w, s, NOTES, depth) < 0)
		return -1;
	emit_key(w->e, "anyOf");
	emit_array(w->e);
	emit_object(w->e);
	if (put_part(w, s, REST, depth) < 0)
		return -1;
	emit_end(w->e);
	emit_object(w->e);
	emit_pair(w->e, "type", "null");
	emit_end(w->e);
	emit_end(w->e);
	emit_end(w->e);
	return 0;
}

static bool
needs_null(const struct json *s)
{
	return json_get_bool(s, "nullable", false) && !json_get(s, "type") &&
	    (json_get(s, "allOf") || json_get(s, "oneOf") ||
	    json_get(s, "anyOf") || json_get(s, "$ref") ||
	    json_get(s, "$dynamicRef"));
}

/* OpenAPI 3.0 has it that what stands beside a $ref is ignored */
static void
note_siblings(struct openapi_doc *d, const struct json *s)
{
	static const char *const words[] = { "$ref", "description", "summary",
		"title", "example", NULL };
	struct json_iter it;

	for (json_each(&it, s); json_next(&it); ) {
		if (str_in(json_str(it.key), words) ||
		    str_starts(json_str(it.key), "x-"))
			continue;
		if (!d->beside++)
			d->first_beside = it.key;
	}
}

static int
put_object(struct work *w, const struct json *s, int depth)
{
	const struct json *ref = json_get(s, "$ref");

	if (ref && !w->d->siblings) {
		emit_object(w->e);
		if (put_ref(w, ref, false) < 0)
			return -1;
		if (json_size(s) > 1)
			note_siblings(w->d, s);
	} else if (needs_null(s)) {
		return put_nullable(w, s, depth);
	} else {
		emit_object(w->e);
		if (put_part(w, s, ALL, depth) < 0)
			return -1;
	}
	emit_end(w->e);
	return 0;
}

static int
put_schema(struct work *w, const struct json *s, int depth)
{
	const struct json *heir = w->heir, *next = w->next;
	size_t scope = w->scope;
	int rc;

	w->next = NULL;
	if (depth > JSON_DEPTH)
		return openapi_at(w->err, w->d, NULL, "schema too deep");
	if (json_is(s, JSON_BOOL)) {
		emit_json(w->e, s);
		return 0;
	}
	if (!s || json_is(s, JSON_NULL)) {
		emit_object(w->e);
		emit_end(w->e);
		return 0;
	}
	if (!json_is(s, JSON_OBJECT))
		return openapi_at(w->err, w->d, s, "schema is %s, not an "
			"object", json_type_name(s));
	w->scope = openapi_scope_inside(w->o, scope, s);
	w->heir = next;
	rc = put_object(w, s, depth);
	w->scope = scope;
	w->heir = heir;
	return rc;
}

static int
convert(struct work *w, const struct json *schema, struct str *out)
{
	struct emit e;

	emit_init(&e, out);
	w->e = &e;
	return put_schema(w, schema, 1);
}

int
openapi_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, struct str *out,
	struct openapi_deps *deps, struct err *err)
{
	struct work w = { .o = o, .d = d, .deps = deps, .err = err };

	return convert(&w, schema, out);
}

int
openapi_schema_type(struct openapi *o, struct openapi_type *t,
	struct str *out, struct err *err)
{
	struct work w = { .o = o, .d = t->doc, .deps = t->deps,
		.direct = t->direct, .err = err, .scope = t->use.scope,
		.root = t->schema, .base = t->use.base };
	struct emit e;

	emit_init(&e, out);
	w.e = &e;
	if (put_heirs(&w, t))
		return 0;
	return convert(&w, t->schema, out);
}
