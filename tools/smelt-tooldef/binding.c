#include "smelt-tooldef/binding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-tooldef/answer.h"
#include "smelt-tooldef/argument.h"
#include "smelt-tooldef/body.h"

/* the first absolute server, else the first, else the local one */
static const char *
server_of(const struct json *route)
{
	const struct json *servers = json_get(route, "servers");
	struct json_iter it;

	for (json_each(&it, servers); json_next(&it); ) {
		const char *url = json_str(it.value);

		if (url && (str_starts(url, "https://") ||
		    str_starts(url, "http://")))
			return url;
	}
	for (json_each(&it, servers); json_next(&it); )
		if (json_str(it.value))
			return json_str(it.value);
	return BINDING_SERVER;
}

static void
put_host(const char *url, struct emit *e)
{
	const char *host = strstr(url, "://"), *at;
	size_t n;

	if (!host)
		return;
	host += 3;
	n = strcspn(host, "/?#");
	at = memchr(host, '@', n);
	if (at) {
		n -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (n)
		emit_strn(e, host, n);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct map_entry *)a)->key,
		((const struct map_entry *)b)->key);
}

static void
put_scopes(const struct json *callable, struct emit *e)
{
	const struct json *all = json_get(json_get(callable, "auth"),
		"requirements");
	struct json_iter alt, scheme, scope;
	struct map set = { 0 };
	size_t i;

	for (json_each(&alt, all); json_next(&alt); )
		for (json_each(&scheme, alt.value); json_next(&scheme); )
			for (json_each(&scope, scheme.value);
			    json_next(&scope); )
				if (json_str(scope.value))
					map_add(&set, json_str(scope.value),
						json_len(scope.value), NULL);
	if (set.n)
		qsort(set.entries, set.n, sizeof(*set.entries), by_key);
	emit_key(e, "scopes");
	emit_array(e);
	for (i = 0; i < set.n; i++)
		emit_str(e, set.entries[i].key);
	emit_end(e);
	map_release(&set);
}

static void
put_permissions(const struct json *callable, struct emit *e)
{
	const struct json *route = json_get(callable, "route");
	struct json_iter it;
	bool net = false;

	emit_key(e, "permissions");
	emit_object(e);
	emit_key(e, "effects");
	emit_array(e);
	for (json_each(&it, json_get(callable, "effects")); json_next(&it); ) {
		net |= json_str_is(json_get(it.value, "effect"), "net");
		emit_json(e, json_get(it.value, "effect"));
	}
	if (route && !net)
		emit_str(e, "net");
	emit_end(e);
	emit_key(e, "hosts");
	emit_array(e);
	if (route)
		put_host(server_of(route), e);
	emit_end(e);
	put_scopes(callable, e);
	emit_end(e);
}

/* "no credential" last, so that one that is set is used */
static void
put_security(const struct json *callable, struct emit *e)
{
	const struct json *all = json_get(json_get(callable, "auth"),
		"requirements");
	bool none = false;
	struct json_iter it;

	emit_key(e, "security");
	emit_array(e);
	for (json_each(&it, all); json_next(&it); ) {
		none |= !json_size(it.value);
		if (json_size(it.value))
			emit_json(e, it.value);
	}
	if (none && json_size(all) > 1) {
		emit_object(e);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_wire(struct emit *e, const struct argument *a)
{
	emit_object(e);
	emit_pair(e, "argument", a->name);
	emit_key(e, "name");
	emit_strn(e, a->wire, a->wire_len);
}

static void
put_parameter(struct emit *e, const struct argument *a)
{
	const struct json *p = a->parameter;
	bool form = a->place == IN_QUERY || a->place == IN_COOKIE;
	const char *style = json_get_str(p, "style");

	put_wire(e, a);
	emit_pair(e, "in", place_name(a->place));
	if (a->place == IN_QUERYSTRING) {
		emit_pair_json(e, "contentType", json_get(p, "contentType"));
		emit_pair_json(e, "encoding", json_get(p, "encoding"));
		emit_end(e);
		return;
	}
	if (!style)
		style = form ? "form" : "simple";
	emit_pair(e, "style", style);
	emit_pair_bool(e, "explode", json_get_bool(p, "explode",
		strcmp(style, "form") == 0));
	emit_pair_bool(e, "allowReserved",
		json_get_bool(p, "allowReserved", false));
	emit_pair_json(e, "contentType", json_get(p, "contentType"));
	emit_end(e);
}

static void
put_property(struct emit *e, const struct argument *a)
{
	char type[128];

	put_wire(e, a);
	if (media_first(json_get_str(a->encoding, "contentType"), type,
	    sizeof(type)))
		emit_pair(e, "contentType", type);
	emit_pair_json(e, "style", json_get(a->encoding, "style"));
	emit_pair_json(e, "explode", json_get(a->encoding, "explode"));
	emit_pair_json(e, "allowReserved",
		json_get(a->encoding, "allowReserved"));
	if (a->content == AS_FILE || a->content == AS_FILES)
		emit_pair_bool(e, "file", true);
	emit_end(e);
}

static void
put_position(const struct catalog *c, const struct json *media, size_t i,
	const struct json *encoding, struct emit *e)
{
	char type[128];

	emit_object(e);
	if (media_first(json_get_str(encoding, "contentType"), type,
	    sizeof(type)))
		emit_pair(e, "contentType", type);
	if (body_part_is_file(c, media, i))
		emit_pair_bool(e, "file", true);
	emit_end(e);
}

/* what the parts of a multipart body that is an array are, by place */
static void
put_positions(const struct catalog *c, const struct json *media,
	struct emit *e)
{
	const struct json *prefix = json_get(media, "prefixEncoding");
	const struct json *item = json_get(media, "itemEncoding");
	size_t i, n = json_size(prefix);

	if (n) {
		emit_key(e, "prefixEncoding");
		emit_array(e);
		for (i = 0; i < n; i++)
			put_position(c, media, i, json_at(prefix, i), e);
		emit_end(e);
	}
	emit_key(e, "itemEncoding");
	put_position(c, media, SIZE_MAX, item, e);
}

static void
put_body(const struct arguments *args, struct emit *e)
{
	const char *type = json_get_str(args->content, "mediaType");
	bool whole = args->mode == BODY_ARGUMENT;
	size_t i;

	if (args->mode == BODY_NONE)
		return;
	if (str_starts(type, "*/*") || str_starts(type, "application/*"))
		type = "application/json";
	emit_key(e, "body");
	emit_object(e);
	emit_pair(e, "mediaType", type);
	emit_pair_bool(e, "required",
		json_get_bool(args->body, "required", false));
	emit_pair(e, "mode", whole ? "argument" : "properties");
	if (!whole) {
		emit_key(e, "properties");
		emit_array(e);
	}
	for (i = 0; i < args->n; i++) {
		if (args->v[i].place != IN_BODY)
			continue;
		if (whole)
			emit_pair(e, "argument", args->v[i].name);
		else
			put_property(e, &args->v[i]);
	}
	if (!whole)
		emit_end(e);
	else if (strncasecmp(type, "multipart/", 10) == 0)
		put_positions(args->catalog, args->content, e);
	emit_end(e);
}

static void
put_http(const struct json *callable, const struct arguments *args,
	const struct answer *answer, bool idempotent, struct emit *e)
{
	const struct json *route = json_get(callable, "route");
	size_t i;

	emit_pair(e, "type", "http");
	emit_pair_json(e, "method", json_get(route, "method"));
	emit_pair(e, "server", server_of(route));
	emit_pair_json(e, "document", json_get(callable, "document"));
	emit_pair_json(e, "path", json_get(route, "path"));
	emit_key(e, "parameters");
	emit_array(e);
	for (i = 0; i < args->n; i++)
		if (args->v[i].place <= IN_COOKIE)
			put_parameter(e, &args->v[i]);
	emit_end(e);
	put_body(args, e);
	emit_key(e, "response");
	emit_object(e);
	emit_pair(e, "mediaType", answer->media_type);
	if (answer->n && answer->wrap)
		emit_pair(e, "wrap", "result");
	emit_end(e);
	emit_pair_bool(e, "idempotent", idempotent);
}

static void
put_python(const struct json *callable, const struct arguments *args,
	const struct answer *answer, struct emit *e)
{
	size_t i;

	emit_pair(e, "type", "python");
	emit_pair_json(e, "module", json_get(callable, "module"));
	emit_pair_json(e, "qualname", json_get(callable, "qualname"));
	emit_pair_bool(e, "async", json_get_bool(callable, "async", false));
	emit_key(e, "arguments");
	emit_array(e);
	for (i = 0; i < args->n; i++) {
		const char *kind = json_get_str(args->v[i].parameter, "kind");

		put_wire(e, &args->v[i]);
		emit_pair(e, "kind", kind ? kind : "keyword");
		emit_end(e);
	}
	emit_end(e);
	if (answer->n && answer->wrap)
		emit_pair(e, "wrap", "result");
}

void
binding_put(const struct json *callable, const struct arguments *args,
	const struct answer *answer, bool idempotent, struct emit *e)
{
	put_permissions(callable, e);
	put_security(callable, e);
	emit_key(e, "binding");
	emit_object(e);
	if (json_get(callable, "manual"))
		emit_pair(e, "type", "manual");
	else if (json_get(callable, "route"))
		put_http(callable, args, answer, idempotent, e);
	else
		put_python(callable, args, answer, e);
	emit_end(e);
}
