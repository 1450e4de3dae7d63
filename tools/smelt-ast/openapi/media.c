#include "smelt-ast/openapi/media.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/schema.h"

int
openapi_put_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	struct str text;
	int rc;

	str_init(&text, STR_RECORD);
	rc = openapi_schema(o, d, schema, &text, deps, err);
	if (rc == 0)
		emit_raw(e, text.buf, text.len);
	str_release(&text);
	return rc;
}

int
openapi_put_media_schema(struct openapi *o, struct openapi_doc *d,
	const struct json *media, struct emit *e, struct openapi_deps *deps,
	struct err *err)
{
	const struct json *schema = json_get(media, "schema");
	const struct json *item = json_get(media, "itemSchema");

	if (schema || !item)
		return openapi_put_schema(o, d, schema, e, deps, err);
	emit_object(e);
	emit_pair(e, "type", "array");
	emit_key(e, "items");
	if (openapi_put_schema(o, d, item, e, deps, err) < 0)
		return -1;
	emit_end(e);
	return 0;
}

static void
put_one_encoding(struct emit *e, const struct json *encoding)
{
	static const char *const keys[] = { "contentType", "style", "explode",
		"allowReserved" };
	size_t i;

	emit_object(e);
	for (i = 0; i < 4; i++) {
		const struct json *v = json_get(encoding, keys[i]);

		if (json_is(v, i < 2 ? JSON_STRING : JSON_BOOL))
			emit_pair_json(e, keys[i], v);
	}
	emit_end(e);
}

void
openapi_put_encoding(const struct json *encoding, struct emit *e)
{
	struct json_iter it;

	if (!json_size(encoding) || !json_is(encoding, JSON_OBJECT))
		return;
	emit_key(e, "encoding");
	emit_object(e);
	for (json_each(&it, encoding); json_next(&it); ) {
		emit_keyn(e, json_str(it.key), json_len(it.key));
		put_one_encoding(e, it.value);
	}
	emit_end(e);
}

/* by position: of parts that have no names */
static void
put_positions(const struct json *media, struct emit *e)
{
	const struct json *prefix = json_get(media, "prefixEncoding");
	const struct json *item = json_get(media, "itemEncoding");
	struct json_iter it;

	if (json_is(prefix, JSON_ARRAY) && json_size(prefix)) {
		emit_key(e, "prefixEncoding");
		emit_array(e);
		for (json_each(&it, prefix); json_next(&it); )
			put_one_encoding(e, it.value);
		emit_end(e);
	}
	if (json_is(item, JSON_OBJECT)) {
		emit_key(e, "itemEncoding");
		put_one_encoding(e, item);
	}
}

static int
put_content(struct openapi *o, struct openapi_doc *d,
	const struct json *content, bool encoding, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	struct json_iter it;

	emit_key(e, "content");
	emit_array(e);
	if (!json_is(content, JSON_OBJECT))
		content = NULL;
	for (json_each(&it, content); json_next(&it); ) {
		struct openapi_doc *at = d;
		const struct json *media = it.value;

		if (openapi_deref(o, &at, &media, err) < 0)
			return -1;
		emit_object(e);
		emit_key(e, "mediaType");
		emit_json(e, it.key);
		emit_key(e, "schema");
		if (openapi_put_media_schema(o, at, media, e, deps, err) < 0)
			return -1;
		if (encoding) {
			openapi_put_encoding(json_get(media, "encoding"), e);
			put_positions(media, e);
		}
		emit_end(e);
	}
	emit_end(e);
	return 0;
}

static void
put_doc(struct emit *e, const struct json *text)
{
	if (json_is(text, JSON_STRING) && json_len(text))
		emit_pair_json(e, "doc", text);
}

int
openapi_put_body(struct openapi *o, struct openapi_doc *d,
	const struct json *body, struct emit *e, struct openapi_deps *deps,
	struct err *err)
{
	const struct json *given = body, *doc;

	if (openapi_deref_said(o, &d, &body, &doc, err) < 0)
		return -1;
	if (!json_is(body, JSON_OBJECT))
		return openapi_at(err, d, given, "requestBody is %s, not an "
			"object", json_type_name(body));
	emit_object(e);
	emit_pair_bool(e, "required", json_get_bool(body, "required", false));
	put_doc(e, doc);
	if (put_content(o, d, json_get(body, "content"), true, e, deps,
	    err) < 0)
		return -1;
	emit_end(e);
	return 0;
}

/* "404", "4XX" (in either case) or "default", as out; false: none of these */
static bool
read_status(const char *key, char out[8])
{
	size_t i;

	if (strcmp(key, "default") == 0) {
		memcpy(out, "default", 8);
		return true;
	}
	if (strlen(key) != 3 || key[0] < '1' || key[0] > '5')
		return false;
	for (i = 0; i < 4; i++)
		out[i] = key[i] == 'x' ? 'X' : key[i];
	return (out[1] == 'X' && out[2] == 'X') || (out[1] >= '0' &&
		out[1] <= '9' && out[2] >= '0' && out[2] <= '9');
}

int
openapi_put_responses(struct openapi *o, struct openapi_doc *d,
	const struct json *responses, struct emit *e,
	struct openapi_deps *deps, struct err *err)
{
	struct json_iter it;

	emit_array(e);
	if (!json_is(responses, JSON_OBJECT))
		responses = NULL;
	for (json_each(&it, responses); json_next(&it); ) {
		struct openapi_doc *at = d;
		const struct json *r = it.value, *doc;
		char status[8];

		if (str_starts(json_str(it.key), "x-"))
			continue;
		if (!read_status(json_str(it.key), status)) {
			openapi_warn(d, it.key, "response '%s' is no status "
				"code: left out", json_str(it.key));
			continue;
		}
		if (openapi_deref_said(o, &at, &r, &doc, err) < 0)
			return -1;
		emit_object(e);
		emit_pair(e, "status", status);
		put_doc(e, json_len(doc) ? doc : json_get(r, "summary"));
		if (put_content(o, at, json_get(r, "content"), false, e,
		    deps, err) < 0)
			return -1;
		emit_end(e);
	}
	emit_end(e);
	return 0;
}
