#include "smelt-tooldef/argument.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-tooldef/body.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/shape.h"

enum { NAME_MAX_LEN = 64, DIGEST_LEN = 8 };

static const char *const places[] = { "path", "query", "querystring", "header",
	"cookie", "body", "call" };

const char *
place_name(enum place place)
{
	return places[place];
}

static enum place
place_of(const char *in)
{
	int i;

	for (i = IN_PATH; in && i <= IN_COOKIE; i++)
		if (strcmp(in, places[i]) == 0)
			return (enum place)i;
	return IN_CALL;
}

static void
add_parameters(struct arguments *args, const struct json *list)
{
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); ) {
		const struct json *name = json_get(it.value, "name");
		struct argument *a;

		args->v = vec_grow(args->v, args->n, &args->cap,
			sizeof(*args->v));
		a = &args->v[args->n++];
		memset(a, 0, sizeof(*a));
		a->wire = json_str(name);
		a->wire_len = json_len(name);
		a->place = place_of(json_get_str(it.value, "in"));
		a->schema = json_get(it.value, "schema");
		a->doc = json_get(it.value, "doc");
		a->parameter = it.value;
		a->required = json_get_bool(it.value, "required", false);
		a->deprecated = json_get_bool(it.value, "deprecated", false);
	}
}

/* --- names -------------------------------------------------------------- */

static bool
name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static void
add_digest(struct str *out, const struct argument *a)
{
	char hex[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	sha256_field(&h, places[a->place]);
	sha256_add(&h, a->wire, a->wire_len);
	sha256_final_hex(&h, hex);
	if (out->len > NAME_MAX_LEN - DIGEST_LEN - 1)
		out->len = NAME_MAX_LEN - DIGEST_LEN - 1;
	str_addf(out, "_%.*s", DIGEST_LEN, hex);
}

/* runs of other characters become one _, none at the ends */
static void
clean(struct str *out, const struct argument *a)
{
	bool gap = false;
	size_t i;

	for (i = 0; i < a->wire_len; i++) {
		if (!name_char(a->wire[i])) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			str_putc(out, '_');
		gap = false;
		str_putc(out, a->wire[i]);
	}
	if (!out->len)
		str_puts(out, "argument");
	if (out->len > NAME_MAX_LEN || strcmp(str_s(out), "argument") == 0)
		add_digest(out, a);
}

static bool
is_exact(const struct argument *a)
{
	return strlen(a->name) == a->wire_len &&
	    memcmp(a->name, a->wire, a->wire_len) == 0;
}

/* does b take the name that a and b both want? */
static bool
goes_first(const struct argument *b, const struct argument *a)
{
	if (a->place != b->place)
		return b->place < a->place;
	return is_exact(b);
}

static bool
loses(const struct arguments *args, size_t k)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		if (i != k && strcmp(args->v[i].name, args->v[k].name) == 0 &&
		    (goes_first(&args->v[i], &args->v[k]) ||
		    !goes_first(&args->v[k], &args->v[i])))
			return true;
	return false;
}

/* rename what loses its name; all decided before any is changed */
static bool
separate(struct arguments *args, bool digest)
{
	bool *lost = xcalloc(args->n + 1, sizeof(*lost)), any = false;
	struct str name;
	size_t i;

	for (i = 0; i < args->n; i++)
		any |= lost[i] = loses(args, i);
	str_init(&name, STR_LINE);
	for (i = 0; i < args->n; i++) {
		struct argument *a = &args->v[i];

		if (!lost[i])
			continue;
		str_clear(&name);
		if (!digest)
			str_addf(&name, "%s_", places[a->place]);
		str_puts(&name, a->name);
		if (digest || name.len > NAME_MAX_LEN)
			add_digest(&name, a);
		free(a->name);
		a->name = xstrdup(str_s(&name));
	}
	str_release(&name);
	free(lost);
	return any;
}

static void
give_names(struct arguments *args)
{
	struct str name;
	size_t i;

	str_init(&name, STR_LINE);
	for (i = 0; i < args->n; i++) {
		str_clear(&name);
		clean(&name, &args->v[i]);
		args->v[i].name = xstrdup(str_s(&name));
	}
	str_release(&name);
	if (separate(args, false))
		separate(args, true);
}

/* the body's own keywords hold only under the body's own names */
static void
settle_root(struct arguments *args)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		if (!is_exact(&args->v[i]))
			args->root = NULL;
}

void
arguments_init(struct arguments *args, struct catalog *c,
	const struct json *callable)
{
	memset(args, 0, sizeof(*args));
	args->catalog = c;
	if (json_size(json_get(callable, "parameters")) > ARGUMENTS) {
		args->dropped = "too many parameters";
		return;
	}
	add_parameters(args, json_get(callable, "parameters"));
	args->body = json_get(callable, "body");
	if (args->body)
		body_arguments(args, c, args->body, args->n == 0);
	give_names(args);
	settle_root(args);
}

void
arguments_release(struct arguments *args)
{
	size_t i;

	for (i = 0; i < args->n; i++)
		free(args->v[i].name);
	free(args->v);
	memset(args, 0, sizeof(*args));
}

/* --- schema ------------------------------------------------------------- */

#define BASE64 "{\"type\":\"string\",\"contentEncoding\":\"base64\"}"
#define STRING "{\"type\":\"string\"}"
#define PATH "\"path\":{\"type\":\"string\",\"description\":" \
	"\"File in the server's upload directory\"}"

/* base64 text, or a file that the server reads */
static const char bytes_ways[] = "[" BASE64 ",{\"type\":\"object\","
	"\"properties\":{" PATH "},\"required\":[\"path\"],"
	"\"additionalProperties\":false}]";

/* the same, with a name and a type */
static const char file_ways[] = "[" BASE64 ",{\"type\":\"object\","
	"\"properties\":{\"data\":" BASE64 "," PATH ","
	"\"filename\":" STRING ",\"mediaType\":" STRING "},"
	"\"anyOf\":[{\"required\":[\"data\"]},{\"required\":[\"path\"]}],"
	"\"additionalProperties\":false}]";

static void
put_bytes(struct emit *e)
{
	emit_key(e, "anyOf");
	emit_raw(e, bytes_ways, sizeof(bytes_ways) - 1);
}

static void
put_file(struct emit *e)
{
	emit_key(e, "anyOf");
	emit_raw(e, file_ways, sizeof(file_ways) - 1);
}

static const struct json *
description(const struct catalog *c, const struct argument *a)
{
	const struct json *doc = a->doc;

	if (!json_len(doc))
		doc = json_get(a->schema, "description");
	if (!json_len(doc))
		doc = json_get(catalog_follow(c, a->schema), "description");
	return json_len(doc) ? doc : NULL;
}

static void
put_made(const struct catalog *c, const struct argument *a, struct emit *e)
{
	emit_object(e);
	emit_pair_json(e, "description", description(c, a));
	switch (a->content) {
	case AS_TEXT:
		emit_pair(e, "type", "string");
		break;
	case AS_BYTES:
		put_bytes(e);
		break;
	case AS_FILES:
		emit_pair(e, "type", "array");
		emit_key(e, "items");
		emit_object(e);
		put_file(e);
		emit_end(e);
		break;
	default:
		put_file(e);
		break;
	}
	emit_end(e);
}

/*
 * x-mcp-header (SEP-2243): clients mirror the argument into Mcp-Param-NAME, and
 * refuse the whole tool for a wrong one.  It stays on a string, integer or
 * boolean that is no secret, as a token (RFC 9110) that is no other's but for
 * case.
 */
static const struct json *
header_of(const struct argument *a, struct map *headers)
{
	static const char *const types[] = { "string", "integer", "boolean",
		NULL };
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const struct json *name = json_get(a->schema, "x-mcp-header");
	const char *type = json_get_str(a->schema, "type");
	const char *text = json_str(name), *p;
	struct str lower;
	bool fresh;

	if (!type || !str_in(type, types) || !json_len(name) ||
	    strspn(text, token) != json_len(name) ||
	    json_str_is(json_get(a->schema, "format"), "password"))
		return NULL;
	str_init(&lower, STR_RECORD);
	for (p = text; *p; p++)
		str_putc(&lower, char_lower(*p));
	map_add(headers, str_s(&lower), lower.len, &fresh);
	str_release(&lower);
	return fresh ? name : NULL;
}

/* the source's schema, with the parameter's own words on it */
static void
put_argument(const struct argument *a, struct catalog *c, struct emit *e,
	struct map *refs, struct map *headers)
{
	const struct json *doc = a->doc, *header;
	struct str text;

	emit_keyn(e, a->name, strlen(a->name));
	if (a->content != AS_SCHEMA) {
		put_made(c, a, e);
		return;
	}
	str_init(&text, STR_RECORD);
	shape_described(c, a->schema, json_len(doc) ? doc : NULL,
		a->deprecated, &text, refs);
	header = header_of(a, headers);
	if (header) {
		text.len--;
		str_puts(&text, ",\"x-mcp-header\":");
		json_write(&text, header);
		str_putc(&text, '}');
	}
	emit_raw(e, text.buf, text.len);
	str_release(&text);
}

static void
put_required(const struct arguments *args, struct emit *e)
{
	bool any = false;
	size_t i;

	for (i = 0; i < args->n; i++)
		any |= args->v[i].required;
	if (!any)
		return;
	emit_key(e, "required");
	emit_array(e);
	for (i = 0; i < args->n; i++)
		if (args->v[i].required)
			emit_str(e, args->v[i].name);
	emit_end(e);
}

bool
arguments_schema(const struct arguments *args, struct catalog *c,
	struct emit *e)
{
	struct map refs = { 0 }, headers = { 0 };
	bool whole;
	size_t i;

	emit_object(e);
	emit_pair_json(e, "$schema", json_get(args->root, "$schema"));
	emit_pair(e, "type", "object");
	emit_key(e, "properties");
	emit_object(e);
	for (i = 0; i < args->n; i++)
		put_argument(&args->v[i], c, e, &refs, &headers);
	emit_end(e);
	put_required(args, e);
	emit_pair_bool(e, "additionalProperties", false);
	if (args->root)
		shape_keywords(c, false, args->root, false, e, &refs);
	whole = shape_defs(c, false, &refs, ARGUMENTS_MAX, e);
	emit_end(e);
	map_release(&headers);
	map_release(&refs);
	return !whole;
}
