#include "smelt-ast/openapi/swaggerbody.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rewrite.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/parameter.h"
#include "smelt-ast/openapi/swagger.h"

static const char form_type[] = "application/x-www-form-urlencoded";
static const char parts_type[] = "multipart/form-data";

static bool
is_in(const struct json *p, const char *place)
{
	return json_str_is(json_get(p, "in"), place);
}

/* how the items of an array go into one string, for those that 3.0 lacks */
static const char *
divider_of(const struct json *p)
{
	const struct json *format = json_get(p, "collectionFormat");
	bool query = is_in(p, "query") || is_in(p, "formData");

	if (!json_str_is(json_get(p, "type"), "array"))
		return NULL;
	if (json_str_is(format, "tsv"))
		return "tabs";
	if (!query && json_str_is(format, "ssv"))
		return "spaces";
	if (!query && json_str_is(format, "pipes"))
		return "|";
	return NULL;
}

/* type, format, items … of a parameter, as a schema */
static void
put_type(struct swagger *s, const struct json *p, bool described)
{
	static const char *const other[] = { "name", "in", "required",
		"collectionFormat", "allowEmptyValue", "schema", NULL };
	const char *divider = divider_of(p);
	struct json_iter it;

	rewrite_object(s->r);
	if (divider) {
		rewrite_key(s->r, "type", json_get(p, "type"));
		rewrite_str(s->r, "string", NULL);
	}
	for (json_each(&it, p); json_next(&it); ) {
		const char *key = json_str(it.key);

		if (str_in(key, other) ||
		    (!described && strcmp(key, "description") == 0) ||
		    (divider && strcmp(key, "description") != 0))
			continue;
		if (strcmp(key, "type") == 0 && json_str_is(it.value, "file")) {
			rewrite_same(s->r, it.key);
			rewrite_str(s->r, "string", it.value);
			rewrite_key(s->r, "format", NULL);
			rewrite_str(s->r, "binary", NULL);
		} else if (strcmp(key, "items") == 0) {
			rewrite_same(s->r, it.key);
			swagger_schema(s, it.value);
		} else if (strcmp(key, "x-nullable") == 0) {
			rewrite_pair(s->r, "nullable", it.value);
		} else if (strcmp(key, "x-example") == 0) {
			rewrite_pair(s->r, "example", it.value);
		} else {
			rewrite_same(s->r, it.key);
			rewrite_value(s->r, it.value);
		}
	}
	rewrite_end(s->r);
}

/* style and explode of an array that is not one string */
static void
put_style(struct swagger *s, const struct json *p)
{
	const struct json *format = json_get(p, "collectionFormat");
	bool query = is_in(p, "query") || is_in(p, "formData");
	const char *style = !query ? "simple" :
		json_str_is(format, "ssv") ? "spaceDelimited" :
		json_str_is(format, "pipes") ? "pipeDelimited" : "form";

	if (!json_str_is(json_get(p, "type"), "array") || divider_of(p))
		return;
	rewrite_key(s->r, "style", format ? json_key_of(format) : NULL);
	rewrite_str(s->r, style, format);
	rewrite_key(s->r, "explode", NULL);
	rewrite_bool(s->r, query && json_str_is(format, "multi"));
}

static void
say_divider(struct swagger *s, const struct json *p)
{
	const struct json *format = json_get(p, "collectionFormat");

	if (divider_of(p))
		openapi_warn(s->doc, format, "collectionFormat '%s' of '%s' "
			"is taken as one string, its items divided by %s",
			json_str(format), json_get_str(p, "name") ?
			json_get_str(p, "name") : "", divider_of(p));
}

static void
put_parameter(struct swagger *s, const struct json *p)
{
	static const char *const kept[] = { "name", "in", "description",
		"required", "allowEmptyValue", "deprecated" };
	size_t i;

	if (!json_is(p, JSON_OBJECT) || json_get(p, "$ref")) {
		rewrite_value(s->r, p);
		return;
	}
	say_divider(s, p);
	rewrite_object(s->r);
	for (i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		rewrite_pair(s->r, kept[i], json_get(p, kept[i]));
	rewrite_key(s->r, "schema", json_get(p, "type"));
	put_type(s, p, false);
	put_style(s, p);
	rewrite_end(s->r);
}

void
swagger_parameters(struct swagger *s, const struct json *list)
{
	struct json_iter it;

	if (!json_is(list, JSON_ARRAY)) {
		rewrite_value(s->r, list);
		return;
	}
	rewrite_array(s->r);
	for (json_each(&it, list); !rewrite_full(s->r) && json_next(&it); ) {
		const struct json *p = swagger_target(s, it.value);

		if (!is_in(p, "body") && !is_in(p, "formData"))
			put_parameter(s, p);
	}
	rewrite_end(s->r);
}

/* What of an operation's parameters goes into its body. */
struct form {
	const struct json *body;		/* in: body */
	const struct json **fields;		/* in: formData */
	size_t n, cap;
	bool file, required;
};

static void
gather(struct swagger *s, struct form *f, const struct json *list)
{
	struct json_iter it;
	size_t i;

	if (!json_is(list, JSON_ARRAY))
		return;
	for (json_each(&it, list); json_next(&it); ) {
		const struct json *p = swagger_target(s, it.value);

		if (is_in(p, "body"))
			f->body = p;
		if (!is_in(p, "formData") || !json_len(json_get(p, "name")))
			continue;
		if (f->n == OPENAPI_PARAMETERS) {
			swagger_refuse(s, json_get(p, "name"),
				"is one form field too many");
			return;
		}
		for (i = 0; i < f->n; i++)
			if (json_equal(json_get(f->fields[i], "name"),
			    json_get(p, "name")))
				break;
		if (i == f->n) {
			f->fields = vec_grow(f->fields, f->n, &f->cap,
				sizeof(*f->fields));
			f->n++;
		}
		f->fields[i] = p;
	}
}

/* op's own list, or the document's */
static const struct json *
types_of(struct swagger *s, const struct json *op, const char *key)
{
	const struct json *list = json_get(op, key);

	if (!json_is(list, JSON_ARRAY))
		list = json_get(s->root, key);
	if (json_is(list, JSON_ARRAY) && json_size(list) > SWAGGER_TYPES) {
		swagger_refuse(s, json_key_of(list),
			"has too many media types");
		return NULL;
	}
	return json_is(list, JSON_ARRAY) ? list : NULL;
}

static void
put_fields(struct swagger *s, const struct form *f)
{
	size_t i;

	rewrite_object(s->r);
	rewrite_key(s->r, "type", NULL);
	rewrite_str(s->r, "object", NULL);
	rewrite_key(s->r, "properties", NULL);
	rewrite_object(s->r);
	for (i = 0; i < f->n; i++) {
		rewrite_same(s->r, json_get(f->fields[i], "name"));
		put_type(s, f->fields[i], true);
	}
	rewrite_end(s->r);
	if (f->required) {
		rewrite_key(s->r, "required", NULL);
		rewrite_array(s->r);
		for (i = 0; i < f->n; i++)
			if (json_get_bool(f->fields[i], "required", false))
				rewrite_value(s->r,
					json_get(f->fields[i], "name"));
		rewrite_end(s->r);
	}
	rewrite_end(s->r);
}

static void
put_form(struct swagger *s, const struct form *f, const char *type)
{
	size_t i;

	rewrite_key(s->r, type, NULL);
	rewrite_object(s->r);
	rewrite_key(s->r, "schema", NULL);
	put_fields(s, f);
	rewrite_key(s->r, "encoding", NULL);
	rewrite_object(s->r);
	for (i = 0; i < f->n; i++) {
		if (!json_str_is(json_get(f->fields[i], "type"), "array") ||
		    divider_of(f->fields[i]))
			continue;
		rewrite_same(s->r, json_get(f->fields[i], "name"));
		rewrite_object(s->r);
		put_style(s, f->fields[i]);
		rewrite_end(s->r);
	}
	rewrite_end(s->r);
	rewrite_end(s->r);
}

/* media types of a list, each once, all with this schema */
static void
put_content(struct swagger *s, const struct json *types,
	const struct json *schema, const char *otherwise)
{
	struct json_iter it, before;

	rewrite_key(s->r, "content", NULL);
	rewrite_object(s->r);
	if (!json_size(types)) {
		rewrite_key(s->r, otherwise, NULL);
		rewrite_object(s->r);
		rewrite_key(s->r, "schema", json_key_of(schema));
		swagger_schema(s, schema);
		rewrite_end(s->r);
	}
	for (json_each(&it, types); !rewrite_full(s->r) && json_next(&it); ) {
		json_each(&before, types);
		while (json_next(&before) && before.value != it.value &&
		    !json_equal(before.value, it.value))
			;
		if (!json_is(it.value, JSON_STRING) ||
		    before.value != it.value)
			continue;
		rewrite_same(s->r, it.value);
		rewrite_object(s->r);
		rewrite_key(s->r, "schema", json_key_of(schema));
		swagger_schema(s, schema);
		rewrite_end(s->r);
	}
	rewrite_end(s->r);
}

static void
put_forms(struct swagger *s, const struct form *f, const struct json *op)
{
	const struct json *types = types_of(s, op, "consumes");
	bool parts = f->file || json_lists(types, parts_type);

	rewrite_key(s->r, "content", NULL);
	rewrite_object(s->r);
	if (!f->file && (!parts || json_lists(types, form_type)))
		put_form(s, f, form_type);
	if (parts)
		put_form(s, f, parts_type);
	rewrite_end(s->r);
}

void
swagger_body(struct swagger *s, const struct json *item,
	const struct json *op)
{
	struct form f = { 0 };
	const struct json *schema;
	size_t i;

	gather(s, &f, json_get(item, "parameters"));
	gather(s, &f, json_get(op, "parameters"));
	for (i = 0; i < f.n; i++) {
		f.file |= json_str_is(json_get(f.fields[i], "type"), "file");
		f.required |= json_get_bool(f.fields[i], "required", false);
		say_divider(s, f.fields[i]);
	}
	if (f.body || f.n) {
		rewrite_key(s->r, "requestBody", json_get(f.body ? f.body :
			f.fields[0], "name"));
		rewrite_object(s->r);
		rewrite_pair(s->r, "description",
			json_get(f.body, "description"));
		rewrite_key(s->r, "required", NULL);
		rewrite_bool(s->r, f.body ? json_get_bool(f.body, "required",
			false) : f.required);
		schema = json_get(f.body, "schema");
		if (schema)
			put_content(s, types_of(s, op, "consumes"), schema,
				"application/json");
		else if (f.n)
			put_forms(s, &f, op);
		rewrite_end(s->r);
	}
	free(f.fields);
}

static void
put_response(struct swagger *s, const struct json *r, const struct json *op)
{
	const struct json *schema = json_get(r, "schema");

	if (!json_is(r, JSON_OBJECT) || json_get(r, "$ref")) {
		rewrite_value(s->r, r);
		return;
	}
	rewrite_object(s->r);
	rewrite_pair(s->r, "description", json_get(r, "description"));
	if (schema)
		put_content(s, types_of(s, op, "produces"), schema,
			json_str_is(json_get(schema, "type"), "file") ?
			"application/octet-stream" : "application/json");
	rewrite_end(s->r);
}

void
swagger_responses(struct swagger *s, const struct json *responses,
	const struct json *op)
{
	struct json_iter it;

	if (!json_is(responses, JSON_OBJECT)) {
		rewrite_value(s->r, responses);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, responses); json_next(&it); ) {
		rewrite_same(s->r, it.key);
		if (str_starts(json_str(it.key), "x-"))
			rewrite_value(s->r, it.value);
		else
			put_response(s, swagger_target(s, it.value), op);
	}
	rewrite_end(s->r);
}
