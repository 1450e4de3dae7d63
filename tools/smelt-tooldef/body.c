#include "smelt-tooldef/body.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-tooldef/argument.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/shape.h"

enum { MERGE_DEPTH = 16 };

enum family { JSON, FORM, MULTIPART, TEXT, BYTES };

/* the type without its parameters */
static size_t
essence(const char *type)
{
	size_t n = strcspn(type, ";");

	while (n && (type[n - 1] == ' ' || type[n - 1] == '\t'))
		n--;
	return n;
}

static bool
is(const char *type, const char *name)
{
	size_t n = essence(type);

	return n == strlen(name) && strncasecmp(type, name, n) == 0;
}

static bool
ends(const char *type, const char *suffix)
{
	size_t n = essence(type), k = strlen(suffix);

	return n > k && strncasecmp(type + n - k, suffix, k) == 0;
}

bool
media_is_json(const char *type)
{
	return is(type, "application/json") || is(type, "text/json") ||
	    is(type, "*/*") || is(type, "application/*") ||
	    ends(type, "+json");
}

static enum family
family(const char *type)
{
	if (media_is_json(type))
		return JSON;
	if (is(type, "application/x-www-form-urlencoded"))
		return FORM;
	if (strncasecmp(type, "multipart/", 10) == 0)
		return MULTIPART;
	if (strncasecmp(type, "text/", 5) == 0 || ends(type, "+xml") ||
	    is(type, "application/xml") || ends(type, "yaml") ||
	    is(type, "application/x-ndjson") ||
	    is(type, "application/graphql"))
		return TEXT;
	return BYTES;
}

/* JSON values one after the other (OpenAPI 3.2: sequential media types) */
static bool
is_sequence(const char *type)
{
	return is(type, "application/jsonl") || is(type, "application/ndjson") ||
	    is(type, "application/x-ndjson") ||
	    is(type, "application/json-seq") || ends(type, "+json-seq");
}

bool
media_first(const char *list, char *out, unsigned long size)
{
	size_t n;

	for (; list && *list; list += list[n] ? n + 1 : n) {
		while (*list == ' ')
			list++;
		n = strcspn(list, ",");
		if (n && n < size && !memchr(list, '*', n)) {
			memcpy(out, list, n);
			out[n] = '\0';
			return true;
		}
	}
	return false;
}

/* --- properties ------------------------------------------------------- */

/* keywords that say nothing about which properties there are */
static bool
harmless(const char *keyword)
{
	static const char *const list[] = { "type", "properties", "required",
		"title", "description", "examples", "default", "$schema",
		"$anchor", "deprecated", "additionalProperties",
		"minProperties", "maxProperties", "allOf", "readOnly",
		"writeOnly", NULL };
	size_t i;

	for (i = 0; list[i]; i++)
		if (strcmp(keyword, list[i]) == 0)
			return true;
	return false;
}

/* a body of null says nothing that an empty object does not */
static bool
is_object_type(const struct json *s)
{
	const struct json *type = json_get(s, "type");
	struct json_iter it;
	bool object = !type || json_str_is(type, "object");

	if (!json_is(type, JSON_ARRAY))
		return object;
	for (json_each(&it, type); json_next(&it); ) {
		if (json_str_is(it.value, "object"))
			object = true;
		else if (!json_str_is(it.value, "null"))
			return false;
	}
	return object;
}

/* false when the set of properties is open on purpose, or has a choice */
static bool
is_plain(const struct json *s)
{
	const struct json *more = json_get(s, "additionalProperties");
	struct json_iter it;

	if (!json_is(s, JSON_OBJECT) || !is_object_type(s) ||
	    json_is(more, JSON_OBJECT) || json_bool(more, false))
		return false;
	for (json_each(&it, s); json_next(&it); )
		if (!harmless(json_str(it.key)))
			return false;
	return json_get(s, "properties") || json_get(s, "allOf") ||
	    json_get(s, "required") || json_get(s, "type");
}

static bool
listed(const struct json *names, const struct json *name)
{
	struct json_iter it;

	for (json_each(&it, names); json_next(&it); )
		if (json_equal(it.value, name))
			return true;
	return false;
}

struct properties {
	struct json_iter *v;
	size_t n, cap;
	const struct json *required[MERGE_DEPTH];
	size_t nrequired;
};

/* properties of s and of all that its allOf adds; false: not that simple */
static bool
gather(const struct catalog *c, const struct json *s, struct properties *p,
	int depth)
{
	struct json_iter it;
	size_t i;

	s = catalog_follow(c, s);
	if (depth >= MERGE_DEPTH || !is_plain(s))
		return false;
	if (json_get(s, "required")) {
		if (p->nrequired == MERGE_DEPTH)
			return false;
		p->required[p->nrequired++] = json_get(s, "required");
	}
	if (p->n + json_size(json_get(s, "properties")) > ARGUMENTS)
		return false;
	for (json_each(&it, json_get(s, "properties")); json_next(&it); ) {
		for (i = 0; i < p->n; i++)
			if (json_equal(p->v[i].key, it.key))
				return false;
		p->v = vec_grow(p->v, p->n, &p->cap, sizeof(*p->v));
		p->v[p->n++] = it;
	}
	for (json_each(&it, json_get(s, "allOf")); json_next(&it); )
		if (!gather(c, it.value, p, depth + 1))
			return false;
	return true;
}

/* --- the root keywords of a body that is all of the arguments ----------- */

/* do the applicators of s name only properties that root has? */
static bool
names_within(const struct json *s, const struct json *root, int depth)
{
	static const char *const subs[] = { "allOf", "anyOf", "oneOf", "if",
		"then", "else", "not", NULL };
	const struct json *known = json_get(root, "properties");
	struct json_iter it;
	size_t i;

	if (depth >= MERGE_DEPTH || json_get(s, "$ref") ||
	    json_get(s, "patternProperties") ||
	    (s != root && json_get(s, "additionalProperties")))
		return false;
	for (json_each(&it, json_get(s, "properties")); json_next(&it); )
		if (!json_getn(known, json_str(it.key), json_len(it.key)))
			return false;
	for (i = 0; subs[i]; i++) {
		const struct json *v = json_get(s, subs[i]);

		if (json_is(v, JSON_OBJECT) && !names_within(v, root,
		    depth + 1))
			return false;
		for (json_each(&it, json_is(v, JSON_ARRAY) ? v : NULL);
		    json_next(&it); )
			if (!names_within(it.value, root, depth + 1))
				return false;
	}
	return true;
}

static bool
stands_alone(const struct json *s)
{
	const struct json *more = json_get(s, "additionalProperties");

	return json_is(s, JSON_OBJECT) && is_object_type(s) &&
	    json_size(json_get(s, "properties")) &&
	    json_size(json_get(s, "properties")) <= ARGUMENTS &&
	    !json_is(more, JSON_OBJECT) && !json_bool(more, false) &&
	    names_within(s, s, 0);
}

/* --- files -------------------------------------------------------------- */

static bool
is_bytes(const struct json *s)
{
	const char *media = json_get_str(s, "contentMediaType");
	const char *format = json_get_str(s, "format");

	if (!json_is(s, JSON_OBJECT))
		return false;
	if (format && strcmp(format, "binary") == 0)
		return true;
	return media && !json_get(s, "contentEncoding") &&
	    family(media) == BYTES;
}

static enum content
part_content(const struct catalog *c, const struct json *s,
	const struct json *encoding)
{
	const char *type = json_get_str(encoding, "contentType");
	char first[128];

	s = catalog_follow(c, s);
	if (is_bytes(s))
		return AS_FILE;
	if (json_str_is(json_get(s, "type"), "array") &&
	    is_bytes(catalog_follow(c, json_get(s, "items"))))
		return AS_FILES;
	if (!json_get(s, "type") && !json_get(s, "properties") &&
	    media_first(type, first, sizeof(first)) &&
	    family(first) == BYTES)
		return AS_FILE;
	return AS_SCHEMA;
}

bool
body_part_is_file(const struct catalog *c, const struct json *media,
	size_t i)
{
	const struct json *root = catalog_follow(c, json_get(media, "schema"));
	const struct json *encoding = json_at(json_get(media,
		"prefixEncoding"), i);
	const struct json *schema = json_at(json_get(root, "prefixItems"), i);

	return part_content(c, schema ? schema : json_get(root, "items"),
		encoding ? encoding : json_get(media, "itemEncoding")) ==
		AS_FILE;
}

/* --- arguments ---------------------------------------------------------- */

static struct argument *
add(struct arguments *args)
{
	struct argument *a;

	args->v = vec_grow(args->v, args->n, &args->cap, sizeof(*args->v));
	a = &args->v[args->n++];
	memset(a, 0, sizeof(*a));
	a->place = IN_BODY;
	return a;
}

static void
add_properties(struct arguments *args, const struct catalog *c,
	const struct properties *p, bool required, enum family kind)
{
	const struct json *encoding = json_get(args->content, "encoding");
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		const struct json *name = p->v[i].key;
		struct argument *a;

		if (shape_marked(c, p->v[i].value, "readOnly"))
			continue;
		a = add(args);
		a->wire = json_str(name);
		a->wire_len = json_len(name);
		a->schema = p->v[i].value;
		a->encoding = json_getn(encoding, a->wire, a->wire_len);
		if (kind == MULTIPART)
			a->content = part_content(c, a->schema, a->encoding);
		for (k = 0; required && k < p->nrequired; k++)
			a->required |= listed(p->required[k], name);
	}
	args->mode = BODY_PROPERTIES;
}

static void
add_whole(struct arguments *args, const struct json *body,
	enum family kind)
{
	struct argument *a = add(args);

	a->wire = "body";
	a->wire_len = 4;
	a->schema = json_get(args->content, "schema");
	a->doc = json_get(body, "doc");
	a->required = json_get_bool(body, "required", false);
	a->content = kind == TEXT ? AS_TEXT : kind == BYTES ? AS_BYTES :
		AS_SCHEMA;
	args->mode = BODY_ARGUMENT;
}

static void
own_properties(const struct json *root, struct properties *p)
{
	struct json_iter it;

	p->n = p->nrequired = 0;
	for (json_each(&it, json_get(root, "properties")); json_next(&it); ) {
		p->v = vec_grow(p->v, p->n, &p->cap, sizeof(*p->v));
		p->v[p->n++] = it;
	}
	if (json_get(root, "required"))
		p->required[p->nrequired++] = json_get(root, "required");
}

static bool
try_media(struct arguments *args, struct catalog *c,
	const struct json *body, const struct json *media, bool alone)
{
	const struct json *schema = json_get(media, "schema");
	const char *type = json_get_str(media, "mediaType");
	enum family kind = family(type);
	bool required = json_get_bool(body, "required", false);
	const struct json *root = catalog_follow(c, schema);
	struct properties p = { 0 };
	bool plain;

	args->content = media;
	if (is_sequence(type) && json_str_is(json_get(root, "type"),
	    "array")) {
		add_whole(args, body, JSON);
		return true;
	}
	if (kind == MULTIPART && !is(type, "multipart/form-data") &&
	    json_str_is(json_get(root, "type"), "array")) {
		add_whole(args, body, JSON);
		if (body_part_is_file(c, media, SIZE_MAX) &&
		    !json_get(root, "prefixItems"))
			args->v[args->n - 1].content = AS_FILES;
		return true;
	}
	if (kind == TEXT || kind == BYTES) {
		add_whole(args, body, kind);
		return true;
	}
	plain = gather(c, schema, &p, 0) && p.n;
	if (!plain && kind == JSON && alone && required &&
	    stands_alone(root)) {
		own_properties(root, &p);
		plain = true;
	}
	if (alone && required && stands_alone(root))
		args->root = root;
	if (plain)
		add_properties(args, c, &p, required, kind);
	else if (kind == JSON)
		add_whole(args, body, kind);
	free(p.v);
	return plain || kind == JSON;
}

void
body_arguments(struct arguments *args, struct catalog *c,
	const struct json *body, bool alone)
{
	const struct json *content = json_get(body, "content");
	struct json_iter it;
	int want;

	for (want = JSON; want <= BYTES; want++)
		for (json_each(&it, content); json_next(&it); ) {
			const char *type = json_get_str(it.value, "mediaType");

			if (type && (int)family(type) == want &&
			    try_media(args, c, body, it.value, alone))
				return;
		}
	args->content = NULL;
	args->root = NULL;
	args->mode = BODY_NONE;
	if (json_size(content) && json_get_bool(body, "required", false))
		args->dropped = "no media type of the body can be made of "
			"arguments";
}
