#include "smelt-intake/lint/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/enc.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/lint/regex.h"

/* --- $ref --- */

/* "#/components/schemas/Pet" into its parts; false: deeper or elsewhere */
static bool
component_of(const struct checker *c, const char *ref, struct str *section,
	struct str *name)
{
	const char *at = ref + 2, *end;

	if (c->version == SWAGGER_2_0) {
		if (!str_starts(at, "definitions/") &&
		    !str_starts(at, "responses/") &&
		    !str_starts(at, "parameters/"))
			return false;
	} else {
		if (!str_starts(at, "components/"))
			return false;
		at += strlen("components/");
	}
	end = strchr(at, '/');
	if (!end || strchr(end + 1, '/') || !end[1])
		return false;
	str_add(section, at, (size_t)(end - at));
	for (at = end + 1; *at; at++) {
		if (at[0] == '~' && (at[1] == '0' || at[1] == '1'))
			str_putc(name, *++at == '1' ? '/' : '~');
		else
			str_putc(name, *at);
	}
	return true;
}

static const struct json *
section_of(const struct checker *c, const char *section)
{
	return json_get(c->version == SWAGGER_2_0 ? c->root :
		json_get(c->root, "components"), section);
}

/* the member that has this name in another case */
static const struct json *
alike(const struct json *section, const char *name)
{
	struct json_iter it;

	for (json_each(&it, section); json_next(&it); )
		if (it.key && strcasecmp(json_str(it.key), name) == 0)
			return it.key;
	return NULL;
}

static void
put_stand_in(struct checker *c, struct emit *e, const char *section,
	const char *ref, const struct json *other)
{
	const char *slash = strrchr(ref, '/');
	struct str text;

	emit_object(e);
	if (other) {
		str_init(&text, STR_LINE);
		str_add(&text, ref, (size_t)(slash + 1 - ref));
		str_puts(&text, json_str(other));
		emit_pair(e, "$ref", str_s(&text));
		str_release(&text);
	} else if (strcmp(section, "responses") == 0) {
		emit_pair(e, "description", "not described");
	} else if (strcmp(section, "requestBodies") == 0) {
		emit_key(e, "content");
		emit_object(e);
		emit_key(e, "application/json");
		emit_object(e);
		emit_end(e);
		emit_end(e);
	}
	emit_end(e);
	(void)c;
}

static void
define(struct checker *c, const char *ref, const char *section,
	const char *name)
{
	const struct place root = { .value = c->root };
	struct emit *e = fix_update(c->fixes, &root);
	bool inside = c->version != SWAGGER_2_0;

	if (inside) {
		emit_key(e, "components");
		emit_object(e);
	}
	emit_key(e, section);
	emit_object(e);
	emit_key(e, name);
	put_stand_in(c, e, section, ref, alike(section_of(c, section), name));
	emit_end(e);
	if (inside)
		emit_end(e);
	fix_close(c->fixes);
}

/* Everywhere at once: name of what holds the reference, and behind it. */
static void
all_places(const struct json *ref, const char *before, const char *behind,
	struct str *out)
{
	str_puts(out, before);
	str_puts(out, "[?@['$ref'] == ");
	place_quote(out, json_str(ref), json_len(ref));
	str_puts(out, "]");
	str_puts(out, behind);
}

/* The name, where schemas lie in this version. */
static const struct json *
moved(const struct checker *c, const char *ref, struct str *right)
{
	bool two = c->version == SWAGGER_2_0;
	const char *from = two ? "#/components/schemas/" : "#/definitions/";
	const struct json *v;

	if (!str_starts(ref, from) || strchr(ref + strlen(from), '/'))
		return NULL;
	v = json_get(section_of(c, two ? "definitions" : "schemas"),
		ref + strlen(from));
	str_addf(right, "%s%s", two ? "#/definitions/" :
		"#/components/schemas/", ref + strlen(from));
	return v;
}

static void
fix_ref(struct checker *c, const struct json *ref)
{
	struct str section, name, target;

	str_init(&section, STR_LINE);
	str_init(&name, STR_LINE);
	str_init(&target, FIX_TARGET);
	if (moved(c, json_str(ref), &name)) {
		all_places(ref, "$..", "", &target);
		emit_pair(fix_update_all(c->fixes, str_s(&target)), "$ref",
			str_s(&name));
		fix_close(c->fixes);
	} else if (str_clear(&name), component_of(c, json_str(ref), &section,
	    &name) && strcmp(str_s(&section), "parameters") != 0 &&
	    strcmp(str_s(&section), "securitySchemes") != 0) {
		define(c, json_str(ref), str_s(&section), str_s(&name));
	} else if (strstr(json_str(ref), "/parameters/")) {
		all_places(ref, "$..parameters", "", &target);
		fix_remove_all(c->fixes, str_s(&target), true);
	} else {
		all_places(ref, "$..", "['$ref']", &target);
		fix_remove_all(c->fixes, str_s(&target), true);
	}
	str_release(&section);
	str_release(&name);
	str_release(&target);
}

void
check_ref(struct checker *c, const struct place *at)
{
	const struct json *ref = json_get(at->value, "$ref");
	struct map_entry *e;

	if (!str_starts(json_str(ref), "#/") ||
	    strlen(json_str(ref)) != json_len(ref) ||
	    check_resolve(c, ref))
		return;
	e = map_add(c->broken, json_str(ref), json_len(ref), NULL);
	if (e->value)
		return;
	e->value = c;
	found(c, "openapi-ref-broken", ref, json_str(ref), NULL);
	fix_ref(c, ref);
}

/* --- keywords of the wrong shape --- */

static bool
shape_ok(const char *shape, const struct json *v)
{
	static const struct {
		char letter;
		enum json_type type;
	} types[] = { { 'o', JSON_OBJECT }, { 'a', JSON_ARRAY },
		{ 's', JSON_STRING }, { 'n', JSON_NUMBER },
		{ 'b', JSON_BOOL } };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strchr(shape, types[i].letter) && json_is(v, types[i].type))
			return true;
	return false;
}

/* for a message */
static const char *
a(const struct json *v)
{
	static const char *const names[] = { "nothing", "null", "a boolean",
		"a number", "a string", "an array", "an object" };

	return names[json_type(v)];
}

static void
check_shapes(struct checker *c, const struct place *schema)
{
	static const struct {
		const char *name, *shape, *text;
	} keywords[] = {
		{ "properties", "o", "an object of schemas" },
		{ "patternProperties", "o", "an object of schemas" },
		{ "required", "a", "a list of property names" },
		{ "enum", "a", "a list of values" },
		{ "items", "oab", "a schema" },
		{ "allOf", "a", "a list of schemas" },
		{ "anyOf", "a", "a list of schemas" },
		{ "oneOf", "a", "a list of schemas" },
		{ "additionalProperties", "ob", "a schema or a boolean" },
		{ "pattern", "s", "a string" },
		{ "minimum", "n", "a number" },
		{ "maximum", "n", "a number" },
		{ "minLength", "n", "a number" },
		{ "maxLength", "n", "a number" },
		{ "minItems", "n", "a number" },
		{ "maxItems", "n", "a number" },
		{ "multipleOf", "n", "a number" },
	};
	bool parameter = json_get(schema->value, "in") != NULL;
	const struct json *v;
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		v = json_get(schema->value, keywords[i].name);
		if (!v || shape_ok(keywords[i].shape, v) || (parameter &&
		    strcmp(keywords[i].name, "required") == 0))
			continue;
		found(c, "openapi-keyword-shape", json_key_of(v),
			keywords[i].name, a(v), keywords[i].text, NULL);
		fix_remove(c->fixes, schema, keywords[i].name);
	}
	v = json_get(schema->value, "enum");
	if (json_is(v, JSON_ARRAY) && !json_size(v)) {
		found(c, "openapi-keyword-shape", json_key_of(v), "enum",
			"empty", "a list of values", NULL);
		fix_remove(c->fixes, schema, "enum");
	}
}

static void
check_properties(struct checker *c, const struct place *schema)
{
	const struct place list = place_member(schema, "properties");
	struct json_iter it;

	if (!json_is(list.value, JSON_OBJECT))
		return;
	for (json_each(&it, list.value); json_next(&it); ) {
		if (json_is(it.value, JSON_OBJECT) ||
		    json_is(it.value, JSON_BOOL) ||
		    str_starts(json_str(it.key), "x-"))
			continue;
		found(c, "openapi-keyword-shape", it.key, json_str(it.key),
			a(it.value), "a schema", NULL);
		emit_keyn(fix_update(c->fixes, &list), json_str(it.key),
			json_len(it.key));
		emit_object(c->fixes->emit);
		emit_end(c->fixes->emit);
		fix_close(c->fixes);
	}
}

/* --- types --- */

static void
unknown_type(struct checker *c, const struct place *schema,
	const struct json *type)
{
	const struct json *known = check_list(c, "openapi-type-unknown",
		"types");
	const char *name = json_str(type), *right;
	char lower[32];
	size_t i;

	if (!name) {
		found(c, "openapi-keyword-shape", json_key_of(type), "type",
			a(type), "a string", NULL);
		fix_remove(c->fixes, schema, "type");
		return;
	}
	for (i = 0; name[i] && i < sizeof(lower) - 1; i++)
		lower[i] = char_lower(name[i]);
	lower[i] = '\0';
	right = json_get_str(known, lower);
	found(c, "openapi-type-unknown", type, name, right ? right :
		"any type", NULL);
	if (right)
		fix_set(c->fixes, schema, "type", right);
	else
		fix_remove(c->fixes, schema, "type");
}

static void
check_type(struct checker *c, const struct place *schema)
{
	static const char *const known[] = { "string", "number", "integer",
		"boolean", "array", "object", "null", NULL };
	const struct json *type = json_get(schema->value, "type");
	struct json_iter it;

	if (!type || str_in(json_str(type), known))
		return;
	if (json_str_is(type, "file")) {
		if (c->version == SWAGGER_2_0)
			return;
		found(c, "openapi-type-file", type, NULL);
		emit_pair(fix_update(c->fixes, schema), "type", "string");
		emit_pair(c->fixes->emit, "format", "binary");
		fix_close(c->fixes);
		return;
	}
	if (json_is(type, JSON_ARRAY)) {
		for (json_each(&it, type); json_next(&it); )
			if (!str_in(json_str(it.value), known)) {
				found(c, "openapi-type-unknown",
					json_key_of(type), json_str(it.value) ?
					json_str(it.value) : a(it.value),
					"any type", NULL);
				fix_remove(c->fixes, schema, "type");
				return;
			}
		return;
	}
	unknown_type(c, schema, type);
}

/* --- pattern, bounds, required --- */

static void
check_pattern(struct checker *c, const struct place *schema)
{
	const struct json *v = json_get(schema->value, "pattern");
	const char *wrong = json_str(v) ? regex_wrong(json_str(v),
		json_len(v)) : NULL;
	char *inner, *end;

	if (!wrong)
		return;
	found(c, "openapi-pattern-invalid", v, json_str(v), wrong, NULL);
	inner = xstrdup(json_str(v) + (json_len(v) > 0));
	end = strrchr(inner, '/');
	if (end)
		*end = '\0';
	if (json_str(v)[0] == '/' && end && !end[1] &&
	    !regex_wrong(inner, strlen(inner)))
		fix_set(c->fixes, schema, "pattern", inner);
	else
		fix_remove(c->fixes, schema, "pattern");
	free(inner);
}

static void
check_bounds(struct checker *c, const struct place *schema)
{
	static const char *const pairs[][2] = { { "minimum", "maximum" },
		{ "minLength", "maxLength" }, { "minItems", "maxItems" },
		{ "minProperties", "maxProperties" } };
	const struct json *low, *high;
	double a, b;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		low = json_get(schema->value, pairs[i][0]);
		high = json_get(schema->value, pairs[i][1]);
		if (!json_num(low, &a) || !json_num(high, &b) || a <= b)
			continue;
		found(c, "openapi-bounds", json_key_of(low), pairs[i][0],
			pairs[i][1], NULL);
		fix_remove(c->fixes, schema, pairs[i][0]);
		fix_remove(c->fixes, schema, pairs[i][1]);
	}
}

static void
check_required(struct checker *c, const struct place *schema)
{
	static const char *const others[] = { "patternProperties", "allOf",
		"anyOf", "oneOf", "if", "$ref", "dependentSchemas", NULL };
	const struct place list = place_member(schema, "required");
	const struct json *properties = json_get(schema->value, "properties");
	struct map names = { 0 };
	struct json_iter it;
	struct str filter;
	size_t i;

	if (!json_is(list.value, JSON_ARRAY) || json_bool(json_get(
	    schema->value, "additionalProperties"), true))
		return;
	for (i = 0; others[i]; i++)
		if (json_get(schema->value, others[i]))
			return;
	for (json_each(&it, properties); json_next(&it); )
		if (it.key)
			map_add(&names, json_str(it.key), json_len(it.key),
				NULL);
	str_init(&filter, STR_LINE);
	for (json_each(&it, list.value); json_next(&it); ) {
		if (!json_str(it.value) || map_find(&names,
		    json_str(it.value), json_len(it.value)))
			continue;
		found(c, "openapi-required-unknown", it.value,
			json_str(it.value), NULL);
		str_clear(&filter);
		str_puts(&filter, "@ == ");
		place_quote(&filter, json_str(it.value), json_len(it.value));
		fix_remove_where(c->fixes, &list, str_s(&filter), false);
	}
	map_release(&names);
	str_release(&filter);
}

void
check_schema(struct checker *c, const struct place *schema)
{
	check_type(c, schema);
	check_shapes(c, schema);
	check_properties(c, schema);
	check_pattern(c, schema);
	check_bounds(c, schema);
	if (!json_get(schema->value, "in") || c->version != SWAGGER_2_0)
		check_required(c, schema);
}
