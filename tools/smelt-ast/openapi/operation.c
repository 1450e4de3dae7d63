#include "smelt-ast/openapi/operation.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/mcp.h"
#include "smelt-ast/openapi/media.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/parameter.h"
#include "smelt-ast/openapi/unit.h"

enum { VARIABLE = 1024 };	/* longest name of a server variable */

const char *const openapi_methods[OPENAPI_METHODS] = { "get", "put", "post",
	"delete", "options", "head", "patch", "trace", "query" };

/* as it goes over the wire */
static const char *
method(const struct openapi_place *at)
{
	static const char *const upper[OPENAPI_METHODS] = { "GET", "PUT",
		"POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
		"QUERY" };

	return at->method < OPENAPI_METHODS ? upper[at->method] :
		json_str(at->key);
}

/* the operationId, if it is one and no other operation has it */
static const struct json *
own_id(const struct openapi *o, const struct openapi_place *at)
{
	const struct json *id = json_get(at->value, "operationId");
	struct map_entry *e;
	struct str key;

	if (!json_is(id, JSON_STRING) || !json_len(id))
		return NULL;
	str_init(&key, STR_RECORD);
	openapi_id_key(at->doc, id, &key);
	e = map_find(o->names, key.buf, key.len);
	str_release(&key);
	return e && (size_t)e->value > 1 ? NULL : id;
}

static void
put_id(const struct openapi *o, const struct openapi_place *at,
	struct emit *e)
{
	const struct json *id = own_id(o, at);
	struct str text;

	str_init(&text, STR_LINE);
	str_addf(&text, "%s#", at->doc->path);
	if (id) {
		str_add(&text, json_str(id), json_len(id));
	} else {
		str_addf(&text, "%s ", method(at));
		str_add(&text, json_str(at->path), json_len(at->path));
	}
	emit_key(e, "id");
	emit_strn(e, text.buf, text.len);
	str_release(&text);
}

static void
put_text(struct emit *e, const char *key, const struct json *v)
{
	if (json_is(v, JSON_STRING) && json_len(v))
		emit_pair_json(e, key, v);
}

static void
locate(const struct openapi_place *at, struct loc *loc)
{
	openapi_locate(at->item_doc, at->key, loc);
}

static void
put_head(const struct openapi *o, const struct openapi_place *at,
	const struct loc *loc, struct emit *e)
{
	const struct json *id = own_id(o, at);

	emit_object(e);
	emit_pair(e, "kind", "callable");
	put_id(o, at, e);
	emit_pair(e, "type", "operation");
	emit_key(e, "name");
	emit_strn(e, id ? json_str(id) : "", json_len(id));
	put_text(e, "title", json_get(at->value, "summary"));
	put_text(e, "doc", json_get(at->value, "description"));
	emit_pair(e, "unit", at->doc->path);
	emit_pair(e, "document", at->doc->slug);
	emit_pair_loc(e, "loc", loc);
}

/* "/v1", "v1" or "../v1" against the URL that the document came from */
static void
absolute_url(const char *location, const char *url, struct str *out)
{
	const char *host, *path;

	if (!location || strstr(url, "://")) {
		str_puts(out, url);
		return;
	}
	host = strstr(location, "://") + 3;
	path = host + strcspn(host, "/?#");
	if (url[0] == '/' && url[1] == '/') {
		str_add(out, location, (size_t)(host - 2 - location));
	} else if (*url == '/') {
		str_add(out, location, (size_t)(path - location));
	} else {
		size_t n = strcspn(path, "?#");

		while (n && path[n - 1] != '/')
			n--;
		str_add(out, location, (size_t)(path - location) + n);
		if (!n)
			str_putc(out, '/');
	}
	str_puts(out, url);
}

static void
put_server(const struct openapi_doc *d, const struct json *server,
	struct emit *e)
{
	const char *url = json_get_str(server, "url"), *end, *text;
	const struct json *variables = json_get(server, "variables"), *v;
	struct str plain, out;

	if (!url)
		url = "/";
	str_init(&plain, STR_LINE);
	str_init(&out, STR_LINE);
	for (; *url && !str_over(&plain); url++) {
		end = *url == '{' ? memchr(url, '}', strnlen(url, VARIABLE)) :
			NULL;
		v = end ? json_getn(variables, url + 1,
			(size_t)(end - url - 1)) : NULL;
		text = json_get_str(v, "default");
		if (text) {
			str_puts(&plain, text);
			url = end;
		} else {
			str_putc(&plain, *url);
		}
	}
	absolute_url(d->location, str_s(&plain), &out);
	emit_strn(e, str_s(&out), out.len);
	str_release(&plain);
	str_release(&out);
}

static void
put_servers(const struct openapi_doc *d, const struct json *servers,
	struct emit *e)
{
	struct json_iter it;

	emit_array(e);
	if (!json_size(servers) || !json_is(servers, JSON_ARRAY))
		put_server(d, NULL, e);
	else
		for (json_each(&it, servers); json_next(&it); )
			put_server(d, it.value, e);
	emit_end(e);
}

static const struct json *
servers_of(const struct openapi_place *at)
{
	const struct json *s = json_get(at->value, "servers");

	if (!json_size(s))
		s = json_get(at->item, "servers");
	if (!json_size(s))
		s = json_get(openapi_doc_root(at->doc), "servers");
	return s;
}

void
openapi_put_servers(const struct openapi_place *at, struct emit *e)
{
	put_servers(at->doc, servers_of(at), e);
}

static void
put_route(const struct openapi_place *at, struct emit *e)
{
	emit_key(e, "route");
	emit_object(e);
	emit_pair(e, "method", method(at));
	emit_pair_json(e, "path", at->path);
	emit_pair(e, "framework", "openapi");
	emit_key(e, "servers");
	openapi_put_servers(at, e);
	emit_end(e);
}

void
openapi_check_servers(const struct openapi_doc *d)
{
	const struct json *servers = json_get(openapi_doc_root(d), "servers");
	struct str urls, variable;
	const char *c;
	struct emit e;

	str_init(&variable, STR_LINE);
	for (c = d->slug ? d->slug : ""; *c; c++)
		str_putc(&variable, *c == '-' ? '_' : char_upper(*c));
	str_init(&urls, STR_RECORD);
	emit_init(&e, &urls);
	put_servers(d, servers, &e);
	if (!strstr(str_s(&urls), "\"http://") &&
	    !strstr(str_s(&urls), "\"https://"))
		openapi_warn(d, json_get(json_at(servers, 0), "url"),
			"no server URL is absolute: the generated server "
			"needs SMELT_BASE_URL%s%s", d->slug ? "_" : "",
			str_s(&variable));
	str_release(&urls);
	str_release(&variable);
}

void
openapi_put_scheme(const struct openapi_doc *d, const struct json *name,
	struct emit *e)
{
	struct str own;

	str_init(&own, STR_RECORD);
	str_puts(&own, d->prefix ? d->prefix : "");
	str_add(&own, json_str(name), json_len(name));
	emit_keyn(e, str_s(&own), own.len);
	str_release(&own);
}

static void
put_requirement(const struct openapi_doc *d, const struct json *schemes,
	struct emit *e)
{
	struct json_iter it, scope;

	emit_object(e);
	for (json_each(&it, schemes); json_next(&it); ) {
		openapi_put_scheme(d, it.key, e);
		emit_array(e);
		if (!json_is(it.value, JSON_ARRAY))
			it.value = NULL;
		for (json_each(&scope, it.value); json_next(&scope); )
			if (json_is(scope.value, JSON_STRING))
				emit_json(e, scope.value);
		emit_end(e);
	}
	emit_end(e);
}

void
openapi_put_security(const struct openapi_doc *d,
	const struct json *security, struct emit *e)
{
	struct json_iter it;

	emit_array(e);
	for (json_each(&it, security); json_next(&it); )
		if (json_is(it.value, JSON_OBJECT))
			put_requirement(d, it.value, e);
	emit_end(e);
}

/* the operation's own list, even an empty one, replaces the document's */
const struct json *
openapi_security(const struct openapi_place *at)
{
	const struct json *security = json_get(at->value, "security");

	if (!json_is(security, JSON_ARRAY))
		security = json_get(openapi_doc_root(at->doc), "security");
	return json_is(security, JSON_ARRAY) ? security : NULL;
}

/* a scheme that the document does not have: said once */
static void
check_schemes(struct openapi *o, const struct openapi_place *at,
	const struct json *alternative)
{
	const struct json *known = json_get(json_get(openapi_doc_root(at->doc),
		"components"), "securitySchemes");
	struct json_iter it;
	struct str key;
	bool added;

	for (json_each(&it, alternative); json_next(&it); ) {
		if (json_getn(known, json_str(it.key), json_len(it.key)))
			continue;
		str_init(&key, STR_RECORD);
		str_puts(&key, "scheme:");
		openapi_id_key(at->doc, it.key, &key);
		map_add(o->names, key.buf, key.len, &added);
		str_release(&key);
		if (added)
			openapi_warn(at->doc, it.key, "security scheme '%s' "
				"is not declared: no credential can be sent "
				"for it", json_str(it.key));
	}
}

static void
put_auth(struct openapi *o, const struct openapi_place *at,
	struct openapi_operation *op, struct emit *e)
{
	const struct json *security = openapi_security(at);
	struct json_iter it;

	op->auth = json_size(security) > 0;
	for (json_each(&it, security); json_next(&it); ) {
		if (!json_size(it.value))
			op->auth = false;
		check_schemes(o, at, it.value);
	}
	emit_key(e, "auth");
	emit_object(e);
	emit_pair_bool(e, "required", op->auth);
	emit_key(e, "requirements");
	openapi_put_security(at->doc, security, e);
	emit_end(e);
}

static void
put_visibility(const struct openapi_place *at, struct openapi_operation *op,
	struct emit *e)
{
	static const char *const marks[] = { "x-internal", "x-hidden" };
	const char *why = "no mark";
	size_t i;

	op->deprecated = json_get_bool(at->value, "deprecated", false);
	if (op->deprecated)
		why = "deprecated: true";
	for (i = 0; i < 2; i++) {
		if (!json_get_bool(at->value, marks[i], false) &&
		    !json_get_bool(at->item, marks[i], false))
			continue;
		op->internal = true;
		why = i ? "x-hidden: true" : "x-internal: true";
	}
	emit_pair(e, "visibility", op->internal ? "internal" :
		op->deprecated ? "deprecated" : "public");
	emit_pair(e, "visibilityEvidence", why);
}

/* the longest prefix of whole characters within max bytes */
static size_t
utf8_fit(const char *text, size_t max)
{
	size_t n = strlen(text);

	if (n <= max)
		return n;
	for (n = max; n && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
		;
	return n;
}

static void
put_effects(const struct openapi_place *at, const struct loc *loc,
	struct emit *e)
{
	char *label = openapi_operation_label(at);

	emit_key(e, "effects");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "effect", "net");
	emit_key(e, "evidence");
	emit_array(e);
	emit_object(e);
	emit_pair_loc(e, "loc", loc);
	emit_key(e, "text");
	emit_strn(e, label, utf8_fit(label, 80));
	emit_end(e);
	emit_end(e);
	emit_end(e);
	emit_end(e);
	free(label);
}

static void
put_tags(const struct json *tags, struct emit *e)
{
	struct json_iter it;

	if (!json_is(tags, JSON_ARRAY) || !json_size(tags))
		return;
	emit_key(e, "tags");
	emit_array(e);
	for (json_each(&it, tags); json_next(&it); )
		if (json_is(it.value, JSON_STRING))
			emit_json(e, it.value);
	emit_end(e);
}

static void
put_digest(const struct openapi_place *at, struct emit *e)
{
	char hex[SHA256_HEX + 1];
	struct str text;

	str_init(&text, STR_RECORD);
	json_write(&text, at->value);
	sha256_hex(text.buf, text.len, hex);
	str_clear(&text);
	str_addf(&text, "sha256:%s", hex);
	emit_pair(e, "digest", str_s(&text));
	str_release(&text);
}

static int
put_shape(struct openapi *o, const struct openapi_place *at,
	struct emit *e, struct openapi_deps *deps, struct err *err)
{
	const struct json *body = json_get(at->value, "requestBody");

	emit_key(e, "parameters");
	if (openapi_put_parameters(o, at, e, deps, err) < 0)
		return -1;
	if (body) {
		emit_key(e, "body");
		if (openapi_put_body(o, at->item_doc, body, e, deps, err) < 0)
			return -1;
	}
	emit_key(e, "responses");
	return openapi_put_responses(o, at->item_doc,
		json_get(at->value, "responses"), e, deps, err);
}

static void
put_rest(struct openapi *o, struct openapi_operation *op,
	const struct loc *loc, struct emit *e)
{
	const struct openapi_place *at = op->place;

	put_route(at, e);
	put_auth(o, at, op, e);
	put_visibility(at, op, e);
	put_effects(at, loc, e);
	put_tags(json_get(at->value, "tags"), e);
	openapi_put_mcp(at, e);
	put_digest(at, e);
}

char *
openapi_operation_label(const struct openapi_place *at)
{
	return xasprintf("%s %s", method(at), json_str(at->path));
}

void
openapi_operation_invalid(struct openapi *o,
	const struct openapi_operation *op, struct str *out)
{
	struct openapi_operation copy = *op;
	struct emit e;
	struct loc loc;

	emit_init(&e, out);
	locate(op->place, &loc);
	put_head(o, op->place, &loc, &e);
	emit_key(&e, "parameters");
	emit_array(&e);
	emit_end(&e);
	put_rest(o, &copy, &loc, &e);
	emit_pair(&e, "invalid", op->why->text);
	emit_end(&e);
}

int
openapi_operation(struct openapi *o, const struct openapi_place *at,
	struct err *err)
{
	struct openapi_operation op = { .place = xmalloc(sizeof(*at)),
		.deps = xcalloc(1, sizeof(*op.deps)) };
	struct emit e;
	struct str line;
	struct loc loc;
	int rc;

	*op.place = *at;
	locate(at, &loc);
	str_init(&line, STR_RECORD);
	emit_init(&e, &line);
	put_head(o, at, &loc, &e);
	rc = json_is(at->value, JSON_OBJECT) ?
		put_shape(o, at, &e, op.deps, err) :
		err_at(err, loc.file, loc.line, loc.col, "operation is %s, "
			"not an object", json_type_name(at->value));
	if (rc == 0) {
		put_rest(o, &op, &loc, &e);
		emit_end(&e);
	} else {
		op.why = xmalloc(sizeof(*op.why));
		*op.why = *err;
	}
	op.len = line.len;
	op.line = str_detach(&line);
	o->ops = vec_grow(o->ops, o->nops, &o->ops_cap, sizeof(*o->ops));
	o->ops[o->nops++] = op;
	return rc < 0 && o->refused ? -1 : 0;
}
