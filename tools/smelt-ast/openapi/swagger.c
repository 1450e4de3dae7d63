#include "smelt-ast/openapi/swagger.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/rewrite.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/swaggerbody.h"

bool
swagger_is(const struct json *root)
{
	const struct json *v = json_get(root, "swagger");
	const char *number;
	size_t n;

	if (json_is(v, JSON_STRING))
		return json_str_is(v, "2.0");
	number = json_num_text(v, &n);
	return number && mem_is(number, n, "2.0");
}

void
swagger_pointer(const char *pointer, struct str *out)
{
	static const char from[] = "/definitions/";

	if (str_starts(pointer, from)) {
		str_puts(out, "/components/schemas/");
		pointer += sizeof(from) - 1;
	}
	str_puts(out, pointer);
}

void
swagger_refuse(struct swagger *s, const struct json *v, const char *why)
{
	if (!s->refused)
		openapi_at(s->err, s->doc, v, "'%s' %s", json_str(v), why);
	s->refused = true;
}

/* RFC 6901 from the root, and what it costs */
static const struct json *
follow(struct swagger *s, const char *pointer)
{
	const struct json *v = s->root;
	const char *p = pointer;
	struct str head;

	if (*p && *p != '/')
		return NULL;
	str_init(&head, STR_LINE);
	while (v && *p == '/') {
		size_t n = strcspn(p + 1, "/") + 1;

		s->work += json_size(v) + 1;
		str_clear(&head);
		str_add(&head, p, n);
		v = str_over(&head) ? NULL : json_pointer(v, str_s(&head));
		p += n;
	}
	str_release(&head);
	return v;
}

const struct json *
swagger_target(struct swagger *s, const struct json *v)
{
	const struct json *ref, *to = v;
	int i;

	for (i = 0; i < OPENAPI_REF_CHAIN; i++) {
		ref = json_get(to, "$ref");
		if (!json_is(ref, JSON_STRING))
			return to;
		if (json_str(ref)[0] != '#') {
			swagger_refuse(s, ref, "is in another file: in "
				"Swagger 2.0 only schemas may be");
			return v;
		}
		to = follow(s, json_str(ref) + 1);
		if (s->work > SWAGGER_WORK)
			swagger_refuse(s, ref, "is one reference too many");
		if (!to || s->refused)
			return v;
	}
	return v;
}

static void
put_named_schemas(struct swagger *s, const struct json *names)
{
	struct json_iter it;

	rewrite_object(s->r);
	for (json_each(&it, names); json_next(&it); ) {
		rewrite_same(s->r, it.key);
		swagger_schema(s, it.value);
	}
	rewrite_end(s->r);
}

static void
put_keyword(struct swagger *s, const struct json_iter *it)
{
	static const char *const schemas[] = { "items", "not", "allOf",
		"anyOf", "oneOf", "additionalProperties", NULL };
	const char *key = json_str(it->key);

	if (strcmp(key, "x-nullable") == 0) {
		rewrite_key(s->r, "nullable", it->key);
		rewrite_value(s->r, it->value);
		return;
	}
	rewrite_same(s->r, it->key);
	if (strcmp(key, "properties") == 0 && json_is(it->value, JSON_OBJECT))
		put_named_schemas(s, it->value);
	else if (str_in(key, schemas))
		swagger_schema(s, it->value);
	else if (strcmp(key, "type") == 0 && json_str_is(it->value, "file"))
		rewrite_str(s->r, "string", it->value);
	else
		rewrite_value(s->r, it->value);
}

void
swagger_schema(struct swagger *s, const struct json *v)
{
	struct json_iter it;

	if (rewrite_full(s->r) || json_type(v) < JSON_ARRAY) {
		rewrite_value(s->r, v);
		return;
	}
	if (json_is(v, JSON_ARRAY)) {
		rewrite_array(s->r);
		for (json_each(&it, v); json_next(&it); )
			swagger_schema(s, it.value);
		rewrite_end(s->r);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, v); json_next(&it); )
		put_keyword(s, &it);
	if (json_str_is(json_get(v, "type"), "file") && !json_get(v, "format")) {
		rewrite_key(s->r, "format", NULL);
		rewrite_str(s->r, "binary", NULL);
	}
	rewrite_end(s->r);
}

/* one server for a scheme of the list, https first */
static void
put_servers(struct swagger *s, const struct json *schemes)
{
	const struct json *host = json_get(s->root, "host");
	const struct json *base = json_get(s->root, "basePath");
	const char *path = json_str(base) ? json_str(base) : "";
	static const char *const known[] = { "https", "http" };
	size_t i, put = 0, n = strlen(path);
	struct str url;

	str_init(&url, STR_LINE);
	while (n && path[n - 1] == '/')
		n--;
	rewrite_key(s->r, "servers", host ? json_key_of(host) :
		base ? json_key_of(base) : NULL);
	rewrite_array(s->r);
	for (i = 0; i < 3; i++) {
		if (i < 2 && !(json_len(host) && json_lists(schemes, known[i])))
			continue;
		if (i == 2 && (put || (!json_len(host) && !n)))
			continue;
		if (json_len(host))
			str_addf(&url, "%s://%s", i < 2 ? known[i] :
				s->doc->insecure ? "http" : "https",
				json_str(host));
		str_addf(&url, "%s%.*s", n && *path != '/' ? "/" : "", (int)n,
			path);
		rewrite_object(s->r);
		rewrite_key(s->r, "url", NULL);
		rewrite_str(s->r, str_s(&url), host ? host : base);
		rewrite_end(s->r);
		str_clear(&url);
		put++;
	}
	rewrite_end(s->r);
	str_release(&url);
}

static void
put_operation(struct swagger *s, const struct json *item,
	const struct json *op)
{
	static const char *const gone[] = { "consumes", "produces",
		"requestBody", "servers", NULL };
	struct json_iter it;

	if (!json_is(op, JSON_OBJECT)) {
		rewrite_value(s->r, op);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, op); json_next(&it); ) {
		if (json_str_is(it.key, "schemes")) {
			if (json_get(s->root, "host"))
				put_servers(s, it.value);
			continue;
		}
		if (str_in(json_str(it.key), gone))
			continue;
		rewrite_same(s->r, it.key);
		if (json_str_is(it.key, "parameters"))
			swagger_parameters(s, it.value);
		else if (json_str_is(it.key, "responses"))
			swagger_responses(s, it.value, op);
		else
			rewrite_value(s->r, it.value);
	}
	swagger_body(s, item, op);
	rewrite_end(s->r);
}

static void
put_path(struct swagger *s, const struct json *given)
{
	const struct json *item = swagger_target(s, given);
	struct json_iter it;
	size_t i;

	if (!json_is(item, JSON_OBJECT)) {
		rewrite_value(s->r, item);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, item); json_next(&it); ) {
		const char *key = json_str(it.key);

		rewrite_same(s->r, it.key);
		for (i = 0; i < 7 && strcmp(key, openapi_methods[i]) != 0; i++)
			;
		if (i < 7)
			put_operation(s, item, it.value);
		else if (strcmp(key, "parameters") == 0)
			swagger_parameters(s, it.value);
		else
			rewrite_value(s->r, it.value);
	}
	rewrite_end(s->r);
}

static void
put_flow(struct swagger *s, const struct json *scheme)
{
	static const char *const flows[][2] = {
		{ "implicit", "implicit" }, { "password", "password" },
		{ "application", "clientCredentials" },
		{ "accessCode", "authorizationCode" }
	};
	const struct json *flow = json_get(scheme, "flow");
	size_t i;

	rewrite_key(s->r, "flows", flow ? json_key_of(flow) : NULL);
	rewrite_object(s->r);
	for (i = 0; i < 4; i++) {
		if (!json_str_is(flow, flows[i][0]))
			continue;
		rewrite_key(s->r, flows[i][1], flow);
		rewrite_object(s->r);
		rewrite_pair(s->r, "authorizationUrl",
			json_get(scheme, "authorizationUrl"));
		rewrite_pair(s->r, "tokenUrl", json_get(scheme, "tokenUrl"));
		rewrite_pair(s->r, "scopes", json_get(scheme, "scopes"));
		rewrite_end(s->r);
	}
	rewrite_end(s->r);
}

static void
put_scheme(struct swagger *s, const struct json *scheme)
{
	static const char *const moved[] = { "flow", "authorizationUrl",
		"tokenUrl", "scopes", "flows", NULL };
	const struct json *type = json_get(scheme, "type");
	bool oauth2 = json_str_is(type, "oauth2");
	struct json_iter it;

	if (!json_is(scheme, JSON_OBJECT)) {
		rewrite_value(s->r, scheme);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, scheme); json_next(&it); ) {
		if (oauth2 && str_in(json_str(it.key), moved))
			continue;
		rewrite_same(s->r, it.key);
		if (it.value == type && json_str_is(type, "basic")) {
			rewrite_str(s->r, "http", type);
			rewrite_key(s->r, "scheme", NULL);
			rewrite_str(s->r, "basic", NULL);
		} else {
			rewrite_value(s->r, it.value);
		}
	}
	if (oauth2)
		put_flow(s, scheme);
	rewrite_end(s->r);
}

static void
put_components(struct swagger *s)
{
	const struct json *schemas = json_get(s->root, "definitions");
	const struct json *schemes = json_get(s->root, "securityDefinitions");
	struct json_iter it;

	rewrite_key(s->r, "components", NULL);
	rewrite_object(s->r);
	if (json_is(schemas, JSON_OBJECT)) {
		rewrite_key(s->r, "schemas", json_key_of(schemas));
		put_named_schemas(s, schemas);
	}
	if (json_is(schemes, JSON_OBJECT)) {
		rewrite_key(s->r, "securitySchemes", json_key_of(schemes));
		rewrite_object(s->r);
		for (json_each(&it, schemes); json_next(&it); ) {
			rewrite_same(s->r, it.key);
			put_scheme(s, it.value);
		}
		rewrite_end(s->r);
	}
	rewrite_end(s->r);
}

static void
put_paths(struct swagger *s, const struct json *paths)
{
	struct json_iter it;

	if (!json_is(paths, JSON_OBJECT)) {
		rewrite_value(s->r, paths);
		return;
	}
	rewrite_object(s->r);
	for (json_each(&it, paths); json_next(&it); ) {
		rewrite_same(s->r, it.key);
		if (json_str(it.key)[0] == '/')
			put_path(s, it.value);
		else
			rewrite_value(s->r, it.value);
	}
	rewrite_end(s->r);
}

static void
put_root(struct swagger *s)
{
	static const char *const gone[] = { "host", "basePath", "schemes",
		"consumes", "produces", "definitions", "parameters",
		"responses", "securityDefinitions", "openapi", "servers",
		"components", "webhooks", NULL };
	struct json_iter it;

	rewrite_object(s->r);
	for (json_each(&it, s->root); json_next(&it); ) {
		if (str_in(json_str(it.key), gone))
			continue;
		if (json_str_is(it.key, "swagger")) {
			rewrite_key(s->r, "openapi", it.key);
			rewrite_str(s->r, "2.0", it.value);
			continue;
		}
		rewrite_same(s->r, it.key);
		if (json_str_is(it.key, "paths"))
			put_paths(s, it.value);
		else
			rewrite_value(s->r, it.value);
	}
	put_servers(s, json_get(s->root, "schemes"));
	put_components(s);
	rewrite_end(s->r);
}

int
swagger_convert(struct openapi_doc *d, struct err *err)
{
	struct rewrite r;
	struct swagger s = { .doc = d, .root = openapi_doc_root(d), .r = &r,
		.err = err };

	rewrite_init(&r, d->tree);
	put_root(&s);
	if (!s.refused)
		return rewrite_finish(&r, d->tree, d->path, err);
	rewrite_release(&r);
	return -1;
}
