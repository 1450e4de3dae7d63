#include "smelt-intake/lint/check.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-intake/lint/place.h"

typedef void walk_part(struct checker *c, const struct place *at);

static const char *const methods[] = { "get", "put", "post", "delete",
	"options", "head", "patch", "trace", "query", NULL };

/* each member or entry of the container that is an object */
static void
each(struct checker *c, const struct place *at, walk_part *part)
{
	struct json_iter it;
	struct place p;
	size_t n = 0;

	for (json_each(&it, at->value); json_next(&it); n++) {
		p = place_next(at, &it, n);
		if (json_is(it.value, JSON_OBJECT) &&
		    !(it.key && str_starts(json_str(it.key), "x-")))
			part(c, &p);
	}
}

static void
each_of(struct checker *c, const struct place *at, const char *name,
	walk_part *part)
{
	const struct place p = place_member(at, name);

	each(c, &p, part);
}

static void
each_named(struct checker *c, const struct place *at, const char *name,
	walk_part *part)
{
	if (json_is(json_get(at->value, name), JSON_OBJECT))
		each_of(c, at, name, part);
}

/* One that only refers to another: is that there? */
static bool
refers(struct checker *c, const struct place *at)
{
	if (!json_str(json_get(at->value, "$ref")))
		return false;
	check_ref(c, at);
	return true;
}

static void walk_schema(struct checker *c, const struct place *at);

/* wire: of a parameter or header */
static void
walk_schema_as(struct checker *c, const struct place *at, bool wire)
{
	static const char *const one[] = { "items", "not", "contains", "if",
		"then", "else", "propertyNames", "additionalProperties",
		"unevaluatedProperties", "unevaluatedItems", NULL };
	static const char *const some[] = { "allOf", "anyOf", "oneOf",
		"prefixItems", "patternProperties", "$defs", "definitions",
		"dependentSchemas", "properties", NULL };
	struct place p;
	size_t i;

	if (refers(c, at) && c->version != OPENAPI_3_1)
		return;
	check_schema(c, at);
	check_values(c, at, wire);
	for (i = 0; one[i]; i++) {
		p = place_member(at, one[i]);
		if (json_is(p.value, JSON_OBJECT))
			walk_schema(c, &p);
	}
	for (i = 0; some[i]; i++)
		each_of(c, at, some[i], walk_schema);
}

static void
walk_schema(struct checker *c, const struct place *at)
{
	walk_schema_as(c, at, false);
}

static void
walk_media(struct checker *c, const struct place *at)
{
	const struct place p = place_member(at, "schema");

	if (json_is(p.value, JSON_OBJECT))
		walk_schema(c, &p);
}

/* what has a schema, in the way of 3.x or of Swagger 2.0 */
static void
walk_holder(struct checker *c, const struct place *at)
{
	const struct place schema = place_member(at, "schema");

	if (json_is(schema.value, JSON_OBJECT)) {
		walk_schema_as(c, &schema, true);
		return;
	}
	each_of(c, at, "content", walk_media);
	if (c->version == SWAGGER_2_0 && json_get(at->value, "type")) {
		check_schema(c, at);
		check_values(c, at, true);
	}
}

static void
walk_header(struct checker *c, const struct place *at)
{
	if (!refers(c, at))
		walk_holder(c, at);
}

static void
walk_parameter(struct checker *c, const struct place *at)
{
	if (refers(c, at) || map_find(c->twice, (const char *)&at->value,
	    sizeof(at->value)))
		return;
	/* without them it is none, and has no place that stays */
	if (!at->key && (!json_get_str(at->value, "name") ||
	    !json_get_str(at->value, "in")))
		return;
	check_parameter(c, at);
	walk_holder(c, at);
}

static void
walk_body(struct checker *c, const struct place *at)
{
	if (!refers(c, at))
		each_of(c, at, "content", walk_media);
}

static void
walk_response(struct checker *c, const struct place *at)
{
	if (refers(c, at))
		return;
	each_of(c, at, "headers", walk_header);
	each_of(c, at, "content", walk_media);
	walk_media(c, at);
}

/* --- operations --- */

static void
note_parameter(struct checker *c, struct map *seen, const struct json *entry)
{
	const struct json *v = check_deref(c, entry);
	const char *name = json_get_str(v, "name"), *in = json_get_str(v, "in");
	struct str key;
	char *p;

	if (!name || !in)
		return;
	str_init(&key, STR_LINE);
	str_addf(&key, "%s %s", in, name);
	if (strcmp(in, "header") == 0)
		for (p = key.buf; p && *p; p++)
			*p = char_lower(*p);
	map_add(seen, str_s(&key), key.len, NULL)->value =
		(void *)(uintptr_t)entry;
	if (strcmp(in, "header") == 0)
		map_add(c->headers, str_s(&key) + strlen("header "),
			key.len - strlen("header "), NULL);
	str_release(&key);
}

static void
note_parameters(struct checker *c, struct map *seen,
	const struct json *holder)
{
	struct json_iter it;
	const struct json *list = json_get(holder, "parameters");

	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); )
		note_parameter(c, seen, it.value);
}

static void
walk_operation(struct checker *c, const struct place *at)
{
	struct map seen = { 0 };
	const struct operation op = { at->up, at, json_str(at->key),
		json_str(at->up->key), &seen };
	const struct place body = place_member(at, "requestBody");

	note_parameters(c, &seen, op.item->value);
	note_parameters(c, &seen, at->value);
	c->operations++;
	c->served += json_size(json_get(at->value, "servers")) ||
		json_size(json_get(op.item->value, "servers"));
	check_operation(c, &op);
	check_security_of(c, &op);
	check_headers_of(c, &op);
	map_release(&seen);
	each_of(c, at, "parameters", walk_parameter);
	if (json_is(body.value, JSON_OBJECT))
		walk_body(c, &body);
	each_of(c, at, "responses", walk_response);
}

static void
walk_item(struct checker *c, const struct place *at)
{
	struct place p;
	size_t i;

	if (refers(c, at) || !at->key || !str_starts(json_str(at->key), "/"))
		return;
	check_path(c, at);
	each_of(c, at, "parameters", walk_parameter);
	for (i = 0; methods[i]; i++) {
		p = place_member(at, methods[i]);
		if (json_is(p.value, JSON_OBJECT))
			walk_operation(c, &p);
	}
}

/* Ids that come once too often are known before the first is met. */
static void
count_ids(struct checker *c)
{
	struct json_iter items;
	const struct json *id;
	size_t i;

	for (json_each(&items, json_get(c->root, "paths"));
	    json_next(&items); )
		for (i = 0; methods[i]; i++) {
			id = json_get(json_get(items.value, methods[i]),
				"operationId");
			if (json_len(id))
				map_add(c->ids, json_str(id), json_len(id),
					NULL);
		}
}

static void
walk_components(struct checker *c, const struct place *root)
{
	struct place p = place_member(root, "components");

	if (c->version == SWAGGER_2_0) {
		each_named(c, root, "definitions", walk_schema);
		each_named(c, root, "parameters", walk_parameter);
		each_named(c, root, "responses", walk_response);
		return;
	}
	each_named(c, &p, "schemas", walk_schema);
	each_named(c, &p, "parameters", walk_parameter);
	each_named(c, &p, "headers", walk_header);
	each_named(c, &p, "requestBodies", walk_body);
	each_named(c, &p, "responses", walk_response);
}

void
check_walk(struct checker *c, const struct place *root)
{
	count_ids(c);
	check_security_before(c);
	each_of(c, root, "paths", walk_item);
	walk_components(c, root);
}
