#include "smelt-ast/duplicate.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/func.h"
#include "smelt-ast/openapi/mcp.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/operation.h"
#include "smelt-ast/project.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/source.h"

/* "/books/{id}/" and "/books/{book}" are one path */
static void
add_path(struct str *out, const char *path)
{
	size_t start = out->len;
	const char *end;

	for (; *path && *path != '?'; path++) {
		end = *path == '{' ? strchr(path, '}') : NULL;
		str_putc(out, *path);
		if (end) {
			str_putc(out, '}');
			path = end;
		}
	}
	while (out->len > start && out->buf[out->len - 1] == '/')
		out->len--;
	str_seal(out);
}

static bool
is_absolute(const char *url)
{
	return str_starts(url, "https://") || str_starts(url, "http://");
}

/* "/v1" of "https://api.example.org/v1/" */
static const char *
url_path(const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return url;
	return host + 3 + strcspn(host + 3, "/?#");
}

/* What an operation's own document says of where it is called. */
struct servers {
	struct json_doc doc;
	const struct json *list;
	const char *absolute;	/* the first, or NULL */
};

static void
servers_init(struct servers *s, const struct openapi_place *at)
{
	struct json_iter it;
	struct err err;
	struct str text;
	struct emit e;

	memset(s, 0, sizeof(*s));
	str_init(&text, STR_RECORD);
	emit_init(&e, &text);
	openapi_put_servers(at, &e);
	if (json_parse(&s->doc, text.buf, text.len, "servers", &err) == 0)
		s->list = json_root(&s->doc);
	str_release(&text);
	for (json_each(&it, s->list); json_next(&it) && !s->absolute; )
		if (json_str(it.value) && is_absolute(json_str(it.value)))
			s->absolute = json_str(it.value);
}

static void
servers_release(struct servers *s)
{
	if (s->list)
		json_release(&s->doc);
}

/* The key under which a call is known: its method and path. */
static void
add_key(struct map *calls, const struct openapi_operation *op,
	const char *before)
{
	struct map_entry *e;
	struct str key;
	bool added;

	str_init(&key, STR_RECORD);
	str_addf(&key, "%s ", openapi_methods[op->place->method]);
	add_path(&key, before);
	add_path(&key, json_str(op->place->path));
	e = map_add(calls, key.buf, key.len, &added);
	if (added)
		e->value = (void *)(uintptr_t)op;
	str_release(&key);
}

static bool
is_hidden(const struct openapi_operation *op)
{
	return op->internal || op->deprecated ||
		openapi_mcp_disabled(op->place);
}

/* the id of an operation, from its record */
static char *
id_of(const struct openapi_operation *op)
{
	struct json_doc doc;
	struct err err;
	char *id = NULL;

	if (json_parse(&doc, op->line, op->len, "record", &err) < 0)
		return NULL;
	if (json_get_str(json_root(&doc), "id"))
		id = xstrdup(json_get_str(json_root(&doc), "id"));
	json_release(&doc);
	return id;
}

/* --- routes and operations ----------------------------------------------- */

static void
note_calls(const struct openapi *o, struct map *calls)
{
	struct json_iter it;
	struct servers s;
	size_t i;

	for (i = 0; i < o->nops; i++) {
		const struct openapi_operation *op = &o->ops[i];

		if (op->why || op->duplicate)
			continue;
		add_key(calls, op, "");
		servers_init(&s, op->place);
		for (json_each(&it, s.list); json_next(&it); )
			if (json_str(it.value))
				add_key(calls, op, url_path(
					json_str(it.value)));
		servers_release(&s);
	}
}

static void
settle(struct openapi_operation *op, struct route *r, struct arena *arena)
{
	struct servers s;
	char *id;

	servers_init(&s, op->place);
	if (s.absolute || is_hidden(op) || op->duplicate) {
		id = id_of(op);
		r->duplicate = id ? arena_strdup(arena, id) : NULL;
		free(id);
	} else {
		op->duplicate = xstrdup(r->id);
	}
	servers_release(&s);
}

static bool
is_public(const struct route *r)
{
	return r->served && !r->func->unit->test &&
		r->func->visibility != VISIBLE_DEPRECATED;
}

static void
match_routes(struct openapi *o, struct project *p)
{
	struct map calls = { 0 };
	struct map_entry *e;
	struct str key;
	size_t i;

	note_calls(o, &calls);
	str_init(&key, STR_RECORD);
	for (i = 0; i < p->nroutes; i++) {
		struct route *r = p->routes[i];
		const char *c;

		if (!is_public(r))
			continue;
		str_clear(&key);
		for (c = r->method; *c; c++)
			str_putc(&key, char_lower(*c));
		str_putc(&key, ' ');
		add_path(&key, r->path);
		e = map_find(&calls, key.buf, key.len);
		if (e)
			settle(e->value, r, p->arena);
	}
	str_release(&key);
	map_release(&calls);
}

/* --- operations of two documents ------------------------------------------ */

/* where no address tells two calls apart, all that is said must be equal */
static void
add_content(struct str *key, const struct openapi_place *at)
{
	const struct json *root = openapi_doc_root(at->doc);
	char hex[SHA256_HEX + 1];
	struct str text;

	str_init(&text, STR_RECORD);
	json_write(&text, json_get(json_get(root, "info"), "title"));
	json_write(&text, at->value);
	sha256_hex(text.buf, text.len, hex);
	str_puts(key, hex);
	str_release(&text);
}

static void
match_documents(struct openapi *o)
{
	struct openapi_operation *first;
	struct map calls = { 0 };
	struct map_entry *e;
	struct servers s;
	struct str key;
	bool added;
	size_t i;

	str_init(&key, STR_RECORD);
	for (i = 0; i < o->nops; i++) {
		struct openapi_operation *op = &o->ops[i];

		if (op->why)
			continue;
		str_clear(&key);
		str_addf(&key, "%s ", openapi_methods[op->place->method]);
		servers_init(&s, op->place);
		if (s.absolute)
			add_path(&key, s.absolute);
		else
			add_content(&key, op->place);
		servers_release(&s);
		str_putc(&key, '\0');
		add_path(&key, json_str(op->place->path));
		e = map_add(&calls, key.buf, key.len, &added);
		first = e->value;
		if (added)
			e->value = op;
		else if (first->place->doc != op->place->doc)
			op->duplicate = id_of(first);
	}
	str_release(&key);
	map_release(&calls);
}

void
duplicates_find(struct openapi *o, struct source *s)
{
	struct project *p = source_project(s);

	if (o->several)
		match_documents(o);
	if (o->nops && p->nroutes)
		match_routes(o, p);
}
