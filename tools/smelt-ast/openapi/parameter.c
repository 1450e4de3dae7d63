#include "smelt-ast/openapi/parameter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/media.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/operation.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/schema.h"

struct parameter {
	struct openapi_doc *doc;
	const struct json *value;
	const struct json *name;
	const struct json *said;	/* its description */
	const char *in;
	bool reserved;			/* allowReserved counts: a query, and
					 * everywhere since 3.2 */
};

struct list {
	struct parameter *v;
	size_t n, cap;
};

/* all of the query as one value (3.2): its name goes nowhere */
static bool
is_querystring(const struct parameter *p)
{
	return p->in && strcmp(p->in, "querystring") == 0;
}

static int
check(const struct parameter *p, const struct json *given, struct err *err)
{
	static const char *const places[] = { "path", "query", "header",
		"cookie", "querystring", NULL };
	bool whole = is_querystring(p);

	if (!json_is(p->value, JSON_OBJECT))
		return openapi_at(err, p->doc, given, "parameter is %s, not "
			"an object", json_type_name(p->value));
	if (!json_len(p->name) && !whole)
		return openapi_at(err, p->doc, json_get(p->value, "in"),
			"parameter without a name");
	if (whole && !json_size(json_get(p->value, "content")))
		return openapi_at(err, p->doc, json_get(p->value, "in"),
			"querystring parameter without content");
	if (str_in(p->in, places))
		return 0;
	return openapi_at(err, p->doc, p->name, "parameter '%s' is in '%s', "
		"not path, query, querystring, header or cookie",
		json_str(p->name), p->in ? p->in : "");
}

/* an empty row of somebody's form: nothing of the call is lost with it */
static bool
nameless(const struct parameter *p)
{
	if (!json_is(p->value, JSON_OBJECT) || json_len(p->name) || !p->in ||
	    is_querystring(p) || (strcmp(p->in, "path") != 0 &&
	    json_get_bool(p->value, "required", false)))
		return false;
	openapi_warn(p->doc, json_get(p->value, "in"), "%s parameter without "
		"a name: left out", p->in);
	return true;
}

static int
add_all(struct openapi *o, struct openapi_doc *d, const struct json *array,
	struct list *list, struct err *err)
{
	struct json_iter it;
	size_t i;

	if (array && !json_is(array, JSON_ARRAY))
		return openapi_at(err, d, array, "parameters are %s, not an "
			"array", json_type_name(array));
	for (json_each(&it, array); json_next(&it); ) {
		struct parameter p = { .doc = d, .value = it.value };

		if (openapi_deref_said(o, &p.doc, &p.value, &p.said, err) < 0)
			return -1;
		if (list->n == OPENAPI_PARAMETERS)
			return openapi_at(err, p.doc, NULL, "more than %d "
				"parameters", OPENAPI_PARAMETERS);
		p.name = json_get(p.value, "name");
		p.in = json_get_str(p.value, "in");
		if (nameless(&p))
			continue;
		if (check(&p, it.value, err) < 0)
			return -1;
		for (i = 0; i < list->n; i++)
			if (strcmp(list->v[i].in, p.in) == 0 &&
			    (is_querystring(&p) ||
			    json_equal(list->v[i].name, p.name)))
				break;
		if (i == list->n) {
			list->v = vec_grow(list->v, list->n, &list->cap,
				sizeof(*list->v));
			list->n++;
		}
		list->v[i] = p;
	}
	return 0;
}

/* is {name} in the path template? */
static bool
in_template(const struct json *path, const struct json *name)
{
	const char *at = json_str(path);
	size_t n = json_len(name);

	while ((at = strchr(at, '{'))) {
		at++;
		if (strncmp(at, json_str(name), n) == 0 && at[n] == '}')
			return true;
	}
	return false;
}

/* is it what an apiKey scheme of the operation puts there? */
static bool
is_key(struct openapi *o, const struct openapi_place *at,
	const struct parameter *p)
{
	const struct json *known = json_get(json_get(openapi_doc_root(at->doc),
		"components"), "securitySchemes");
	struct json_iter alt, it;
	struct err ignored;

	for (json_each(&alt, openapi_security(at)); json_next(&alt); )
		for (json_each(&it, alt.value); json_next(&it); ) {
			const struct json *scheme = json_getn(known,
				json_str(it.key), json_len(it.key));
			struct openapi_doc *d = at->doc;
			const char *name;

			if (!scheme || openapi_deref(o, &d, &scheme,
			    &ignored) < 0)
				continue;
			name = json_get_str(scheme, "name");
			if (json_str_is(json_get(scheme, "in"), p->in) &&
			    name && strcasecmp(name, json_str(p->name)) == 0)
				return true;
		}
	return false;
}

static bool
ignored(struct openapi *o, const struct openapi_place *at,
	const struct parameter *p)
{
	static const char *const headers[] = { "accept", "content-type",
		"authorization" };
	const char *name = json_str(p->name);
	size_t i;

	if (strcmp(p->in, "path") == 0 && !in_template(at->path, p->name)) {
		openapi_warn(p->doc, p->name, "path parameter '%s' is not in "
			"the path '%s': left out", name, json_str(at->path));
		return true;
	}
	for (i = 0; strcmp(p->in, "header") == 0 && i < 3; i++)
		if (strcasecmp(name, headers[i]) == 0)
			return true;
	return is_key(o, at, p);
}

/* the styles that OpenAPI has for a place, its default first */
static const char *
style_of(const struct parameter *p)
{
	static const char *const styles[][5] = {
		{ "path", "simple", "label", "matrix" },
		{ "query", "form", "spaceDelimited", "pipeDelimited",
		  "deepObject" },
		{ "header", "simple" },
		{ "cookie", "form", "cookie" }
	};
	const struct json *style = json_get(p->value, "style");
	size_t i = 0, k;

	while (strcmp(styles[i][0], p->in) != 0)
		i++;
	for (k = 1; k < 5 && styles[i][k]; k++)
		if (json_str_is(style, styles[i][k]))
			return styles[i][k];
	if (style)
		openapi_warn(p->doc, style, "a %s parameter has no style "
			"'%s': taken as %s", p->in, json_str(style) ?
			json_str(style) : json_type_name(style), styles[i][1]);
	return styles[i][1];
}

/* "example" or the values of "examples", as a JSON array */
static void
read_examples(struct openapi *o, const struct parameter *p, struct str *out)
{
	const struct json *one = json_get(p->value, "example");
	const struct json *many = json_get(p->value, "examples");
	struct json_iter it;
	struct emit e;
	struct err ignored;

	if (!one && (!json_is(many, JSON_OBJECT) || !json_size(many)))
		return;
	emit_init(&e, out);
	emit_array(&e);
	if (one)
		emit_json(&e, one);
	for (json_each(&it, one ? NULL : many); json_next(&it); ) {
		struct openapi_doc *d = p->doc;
		const struct json *v = it.value;

		if (openapi_deref(o, &d, &v, &ignored) < 0)
			continue;
		if (json_get(v, "dataValue"))
			emit_json(&e, json_get(v, "dataValue"));
		else if (json_get(v, "value"))
			emit_json(&e, json_get(v, "value"));
	}
	emit_end(&e);
}

/* the schema, with the parameter's examples where it has none of its own */
static int
put_exemplified(struct openapi *o, const struct parameter *p, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	const struct json *schema = json_get(p->value, "schema");
	struct str text, examples;
	int rc;

	str_init(&text, STR_RECORD);
	str_init(&examples, STR_RECORD);
	rc = openapi_schema(o, p->doc, schema, &text, deps, err);
	if (rc == 0 && !json_get(schema, "example") &&
	    !json_get(schema, "examples"))
		read_examples(o, p, &examples);
	if (rc == 0 && examples.len > 2 && text.buf[0] == '{') {
		text.len--;
		str_addf(&text, "%s\"examples\":", text.len > 1 ? "," : "");
		str_add(&text, examples.buf, examples.len);
		str_putc(&text, '}');
	}
	if (rc == 0)
		emit_raw(e, text.buf, text.len);
	str_release(&text);
	str_release(&examples);
	return rc;
}

static int
put_schema(struct openapi *o, const struct parameter *p, struct emit *e,
	const struct json **encoding, const char **type,
	struct openapi_deps *deps, struct err *err)
{
	const struct json *content = json_get(p->value, "content"), *media;
	struct openapi_doc *d = p->doc;
	struct json_iter it;

	*type = NULL;
	*encoding = NULL;
	emit_key(e, "schema");
	if (!json_is(content, JSON_OBJECT) || !json_size(content))
		return put_exemplified(o, p, e, deps, err);
	json_each(&it, content);
	json_next(&it);
	*type = json_str(it.key);
	media = it.value;
	if (openapi_deref(o, &d, &media, err) < 0)
		return -1;
	*encoding = json_get(media, "encoding");
	return openapi_put_media_schema(o, d, media, e, deps, err);
}

static void
put_style(const struct parameter *p, struct emit *e)
{
	const char *style = style_of(p);
	bool explode = strcmp(style, "form") == 0 ||
		strcmp(style, "cookie") == 0 ||
		strcmp(style, "deepObject") == 0;

	emit_pair(e, "style", style);
	emit_pair_bool(e, "explode", json_get_bool(p->value, "explode",
		explode));
	emit_pair_bool(e, "allowReserved", p->reserved &&
		json_get_bool(p->value, "allowReserved", false));
}

static int
put_parameter(struct openapi *o, const struct parameter *p, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	const struct json *doc = p->said, *encoding;
	bool path = strcmp(p->in, "path") == 0;
	const char *type;

	emit_object(e);
	if (json_len(p->name))
		emit_pair_json(e, "name", p->name);
	else
		emit_pair(e, "name", p->in);
	emit_pair(e, "in", p->in);
	emit_pair_bool(e, "required", path ||
		json_get_bool(p->value, "required", false));
	if (put_schema(o, p, e, &encoding, &type, deps, err) < 0)
		return -1;
	if (json_is(doc, JSON_STRING) && json_len(doc))
		emit_pair_json(e, "doc", doc);
	if (!is_querystring(p))
		put_style(p, e);
	emit_pair(e, "contentType", type);
	if (is_querystring(p))
		openapi_put_encoding(encoding, e);
	if (json_get_bool(p->value, "deprecated", false))
		emit_pair_bool(e, "deprecated", true);
	emit_end(e);
	return 0;
}

static bool
declared(const struct list *list, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i].in, "path") == 0 &&
		    json_len(list->v[i].name) == n &&
		    memcmp(json_str(list->v[i].name), name, n) == 0)
			return true;
	return false;
}

static bool
seen_before(const char *template, const char *at, size_t n)
{
	const char *p = template;

	while ((p = strchr(p, '{')) && ++p < at)
		if (strncmp(p, at, n) == 0 && p[n] == '}')
			return true;
	return false;
}

/* names of the template that nobody declares */
static void
put_undeclared(const struct openapi_place *at, const struct list *list,
	struct emit *e)
{
	const char *template = json_str(at->path), *p = template;
	size_t n;

	while ((p = strchr(p, '{'))) {
		n = strcspn(++p, "{}");
		if (p[n] != '}' || !n || declared(list, p, n) ||
		    seen_before(template, p, n))
			continue;
		openapi_warn(at->doc, at->path, "path parameter '%.*s' of "
			"'%s' is not declared: taken as a string", (int)n, p,
			template);
		emit_object(e);
		emit_key(e, "name");
		emit_strn(e, p, n);
		emit_pair(e, "in", "path");
		emit_pair_bool(e, "required", true);
		emit_key(e, "schema");
		emit_object(e);
		emit_pair(e, "type", "string");
		emit_end(e);
		emit_pair(e, "style", "simple");
		emit_pair_bool(e, "explode", false);
		emit_pair_bool(e, "allowReserved", false);
		emit_end(e);
	}
}

/* the value of a querystring parameter is all of the query, by what 3.2 says */
static void
check_query(const struct list *list)
{
	const struct parameter *whole = NULL, *other = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (is_querystring(&list->v[i]))
			whole = &list->v[i];
		else if (strcmp(list->v[i].in, "query") == 0)
			other = &list->v[i];
	}
	if (whole && other)
		openapi_warn(other->doc, other->name, "query parameter '%s' "
			"beside a querystring parameter: both are sent",
			json_str(other->name));
}

int
openapi_put_parameters(struct openapi *o,
	const struct openapi_place *at, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	struct list list = { 0 };
	size_t i;
	const char *p = json_str(at->path);
	int rc;

	for (i = 0; (p = strchr(p, '{')); p++)
		if (++i > OPENAPI_PARAMETERS)
			return openapi_at(err, at->doc, at->path, "more than "
				"%d parameters in a path", OPENAPI_PARAMETERS);
	rc = add_all(o, at->item_doc, json_get(at->item, "parameters"), &list,
		err);
	if (rc == 0)
		rc = add_all(o, at->doc, json_get(at->beside, "parameters"),
			&list, err);
	if (rc == 0)
		rc = add_all(o, at->item_doc,
			json_get(at->value, "parameters"), &list, err);
	if (rc == 0)
		check_query(&list);
	emit_array(e);
	for (i = 0; rc == 0 && i < list.n; i++) {
		list.v[i].reserved = at->doc->minor >= 2 ||
			strcmp(list.v[i].in, "query") == 0;
		if (!ignored(o, at, &list.v[i]))
			rc = put_parameter(o, &list.v[i], e, deps, err);
	}
	if (rc == 0) {
		put_undeclared(at, &list, e);
		emit_end(e);
	}
	free(list.v);
	return rc;
}
