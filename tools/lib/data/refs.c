#include "data/refs.h"

#include <string.h>

#include "base/str.h"
#include "base/uri.h"
#include "data/json.h"

/* What a value is: an object with keywords, names to such, or data. */
enum role { KEYWORDS, NAMES, DATA };

struct walk {
	const struct refs *r;
	struct str pointer;
};

static int visit(struct walk *w, const struct json *v,
	const struct json *key, enum role role, const char *base, int depth);

static enum role
role_below(const char *key, const struct json *v)
{
	static const char *const data[] = { "example", "default", "const",
		"enum", "value", "dataValue", "mapping", NULL };
	static const char *const names[] = { "properties",
		"patternProperties", "$defs", "definitions",
		"dependentSchemas", "schemas", "responses", "requestBodies",
		"headers", "securitySchemes", "links", "callbacks",
		"pathItems", "paths", "webhooks", "content", "mediaTypes",
		"encoding", "variables", "scopes", "additionalOperations",
		NULL };

	if (str_starts(key, "x-") || str_in(key, data))
		return DATA;
	if (strcmp(key, "examples") == 0)
		return json_is(v, JSON_OBJECT) ? NAMES : DATA;
	if (strcmp(key, "parameters") == 0 && json_is(v, JSON_OBJECT))
		return NAMES;
	return str_in(key, names) ? NAMES : KEYWORDS;
}

static void
point(struct str *pointer, const struct json *key, size_t index)
{
	const char *p = json_str(key), *end = p + json_len(key);

	str_putc(pointer, '/');
	if (!key) {
		str_addf(pointer, "%zu", index);
		return;
	}
	for (; p < end; p++) {
		if (*p == '~' || *p == '/')
			str_puts(pointer, *p == '~' ? "~0" : "~1");
		else
			str_putc(pointer, *p);
	}
}

static int
refer(const struct walk *w, enum refs_kind kind, const struct json *ref,
	const char *base)
{
	return json_str(ref) && w->r->reference ?
		w->r->reference(w->r->arg, kind, ref, base) : 0;
}

static int
mapping(const struct walk *w, const struct json *discriminator,
	const char *base)
{
	struct json_iter it;
	int rc = refer(w, REFS_MAPPING, json_get(discriminator,
		"defaultMapping"), base);

	for (json_each(&it, json_get(discriminator, "mapping"));
	    rc == 0 && json_next(&it); )
		rc = refer(w, REFS_MAPPING, it.value, base);
	return rc;
}

/* what the object at is called */
static int
names(const struct walk *w, const struct refs_place *at, bool resource)
{
	static const char *const anchors[] = { "$anchor", "$dynamicAnchor" };
	int i, rc = 0;

	if (resource && w->r->resource)
		rc = w->r->resource(w->r->arg, at);
	for (i = 0; i < 2 && rc == 0; i++) {
		const struct json *name = json_get(at->value, anchors[i]);

		if (json_len(name) && w->r->anchor)
			rc = w->r->anchor(w->r->arg, at, name, i == 1);
	}
	return rc;
}

static int
members(struct walk *w, const struct json *v, enum role role,
	const char *base, int depth)
{
	size_t len = w->pointer.len, i = 0;
	struct json_iter it;
	enum role below;
	int rc = 0;

	for (json_each(&it, v); rc == 0 && json_next(&it); i++) {
		const char *key = it.key ? json_str(it.key) : NULL;
		bool word = key && role == KEYWORDS;
		bool leaf = json_type(it.value) < JSON_ARRAY;

		if (leaf && !(word && *key == '$'))
			continue;
		if (word && strcmp(key, "$ref") == 0 && json_str(it.value)) {
			rc = refer(w, REFS_REF, it.value, base);
			continue;
		}
		if (word && strcmp(key, "$dynamicRef") == 0)
			rc = refer(w, REFS_DYNAMIC, it.value, base);
		if (word && strcmp(key, "discriminator") == 0)
			rc = mapping(w, it.value, base);
		below = word ? role_below(key, it.value) : KEYWORDS;
		if (rc != 0 || below == DATA || leaf)
			continue;
		if (w->r->ids)
			point(&w->pointer, it.key, i);
		rc = visit(w, it.value, it.key, below, base, depth + 1);
		if (w->r->ids) {
			w->pointer.len = len;
			str_seal(&w->pointer);
		}
	}
	return rc;
}

static int
visit(struct walk *w, const struct json *v, const struct json *key,
	enum role role, const char *base, int depth)
{
	const struct json *id;
	struct refs_place at;
	struct str own;
	int rc;

	if (depth > JSON_DEPTH)
		return 0;
	if (!w->r->ids || role != KEYWORDS || !json_is(v, JSON_OBJECT))
		return members(w, v, role, base, depth);
	str_init(&own, STR_LINE);
	id = json_get(v, "$id");
	if (json_len(id) && *json_str(id) != '#')
		uri_resolve(&own, base, json_str(id),
			strlen(json_str(id)));
	at = (struct refs_place){ v, key, own.len ? str_s(&own) : base,
		str_s(&w->pointer) };
	rc = names(w, &at, own.len > 0);
	if (rc == 0)
		rc = members(w, v, role, at.base, depth);
	str_release(&own);
	return rc;
}

int
refs_walk(const struct refs *r, const struct json *root, const char *base)
{
	struct walk w = { .r = r };
	int rc;

	str_init(&w.pointer, STR_LINE);
	rc = visit(&w, root, NULL, KEYWORDS, base, 1);
	str_release(&w.pointer);
	return rc;
}

bool
refs_names(const char *text, unsigned long n)
{
	static const char *const words[] = { "id", "self", "anchor",
		"dynamicAnchor" };
	const char *end = text + n;
	size_t i;

	while (text && (text = memchr(text, '$', (size_t)(end - text)))) {
		text++;
		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (mem_starts(text, (size_t)(end - text), words[i]))
				return true;
	}
	return false;
}

int
refs_minor(const struct json *version)
{
	const char *p = json_str(version);
	int n = 0, digits;

	if (!p || !str_starts(p, "3."))
		return -1;
	for (p += 2, digits = 0; *p >= '0' && *p <= '9' && digits < 4;
	    digits++)
		n = n * 10 + (*p++ - '0');
	return digits && (!*p || *p == '.' || *p == '-') ? n : -1;
}

bool
refs_self(const struct json *root, const char *base, struct str *out)
{
	const struct json *self = json_get(root, "$self");

	if (!json_get(root, "openapi") || !json_len(self))
		return false;
	uri_resolve(out, base, json_str(self), strlen(json_str(self)));
	return out->len > 0;
}
