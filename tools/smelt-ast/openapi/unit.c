#include "smelt-ast/openapi/unit.h"

#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/operation.h"
#include "smelt-ast/openapi/ref.h"

void
openapi_id_key(const struct openapi_doc *d, const struct json *id,
	struct str *out)
{
	str_puts(out, d->path);
	str_putc(out, '\0');
	str_add(out, json_str(id), json_len(id));
}

static void
put_text(struct emit *e, const char *key, const struct json *v)
{
	if (json_is(v, JSON_STRING))
		emit_pair_json(e, key, v);
}

static void
put_schemes(struct openapi *o, struct openapi_doc *d, struct emit *e)
{
	const struct json *all = json_get(json_get(openapi_doc_root(d),
		"components"), "securitySchemes");
	struct json_iter it;
	struct err err;

	if (!json_is(all, JSON_OBJECT))
		all = NULL;
	emit_key(e, "securitySchemes");
	emit_object(e);
	for (json_each(&it, all); json_next(&it); ) {
		const struct json *scheme = it.value;
		struct openapi_doc *at = d;

		if (openapi_deref(o, &at, &scheme, &err) < 0) {
			diag_warn_err(&err);
			continue;
		}
		openapi_put_scheme(d, it.key, e);
		emit_json(e, scheme);
	}
	emit_end(e);
}

/* the first of keys is a string or the entry is none; variables is a mapping */
static void
put_list(struct emit *e, const char *name, const struct json *list,
	const char *const *keys)
{
	struct json_iter it;
	size_t i;

	emit_key(e, name);
	emit_array(e);
	if (!json_is(list, JSON_ARRAY))
		list = NULL;
	for (json_each(&it, list); json_next(&it); ) {
		if (!json_is(json_get(it.value, keys[0]), JSON_STRING))
			continue;
		emit_object(e);
		for (i = 0; keys[i]; i++) {
			const struct json *v = json_get(it.value, keys[i]);

			if (json_is(v, strcmp(keys[i], "variables") == 0 ?
			    JSON_OBJECT : JSON_STRING))
				emit_pair_json(e, keys[i], v);
		}
		emit_end(e);
	}
	emit_end(e);
}

static size_t
count_lines(const struct openapi_doc *d)
{
	const char *p = d->text, *end = p + d->len;
	size_t n = 0;

	for (; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n + (d->len && d->text[d->len - 1] != '\n');
}

static void
put_api(struct openapi *o, struct openapi_doc *d, struct emit *e)
{
	static const char *const server[] = { "url", "name", "description",
		"variables", NULL };
	static const char *const tag[] = { "name", "summary", "description",
		"parent", "kind", NULL };
	const struct json *root = openapi_doc_root(d);
	const struct json *info = json_get(root, "info");

	emit_key(e, "openapi");
	emit_object(e);
	put_text(e, "version", json_get(root, "openapi"));
	if (json_is(json_get(info, "title"), JSON_STRING))
		put_text(e, "title", json_get(info, "title"));
	else
		emit_pair(e, "title", "");
	put_text(e, "description", json_get(info, "description"));
	put_text(e, "apiVersion", json_get(info, "version"));
	put_list(e, "servers", json_get(root, "servers"), server);
	put_schemes(o, d, e);
	if (json_is(json_get(root, "security"), JSON_ARRAY)) {
		emit_key(e, "security");
		openapi_put_security(d, json_get(root, "security"), e);
	}
	if (json_is(json_get(root, "tags"), JSON_ARRAY))
		put_list(e, "tags", json_get(root, "tags"), tag);
	emit_end(e);
}

void
openapi_unit(struct openapi *o, struct openapi_doc *d, struct str *out)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "unit");
	emit_pair(&e, "path", d->path);
	emit_pair(&e, "language", "openapi");
	emit_pair(&e, "parse", d->bad ? "errors" : "ok");
	emit_pair_int(&e, "lines", (int64_t)count_lines(d));
	emit_pair_int(&e, "functions", 0);
	emit_pair_int(&e, "classes", 0);
	emit_key(&e, "imports");
	emit_array(&e);
	emit_end(&e);
	emit_pair(&e, "document", d->slug);
	if (!d->bad)
		put_api(o, d, &e);
	emit_end(&e);
}
