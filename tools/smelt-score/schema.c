#include "smelt-score/schema.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"

enum { DEPTH_MAX = 32, NODES_MAX = 5000, NAMES_SHOWN = 4 };

struct look {
	struct marks *m;
	const struct tool *t;
	int at;
	const struct json *root;	/* that references are looked up in */
	unsigned nodes;
};

/* Names of parameters, shortened after a few. */
struct names {
	struct str text;
	size_t n;
};

static void
names_add(struct names *n, const char *name)
{
	if (n->n < NAMES_SHOWN)
		str_addf(&n->text, "%s%.60s", n->n ? ", " : "", name);
	n->n++;
}

static void
names_mark(const struct look *l, const char *rule, struct names *n,
	size_t of)
{
	if (n->n > NAMES_SHOWN)
		str_addf(&n->text, " and %zu more", n->n - NAMES_SHOWN);
	if (n->n)
		marks_add(l->m, rule, l->at, (double)n->n / (double)of,
			arena_strdup(l->m->server->arena, str_s(&n->text)));
	str_release(&n->text);
}

/* "#/$defs/X" from the root, a few hops far. */
static const struct json *
follow(const struct json *root, const struct json *schema)
{
	const char *ref;
	int hops;

	for (hops = 0; hops < 8; hops++) {
		ref = json_get_str(schema, "$ref");
		if (!ref || *ref != '#')
			return schema;
		schema = json_pointer(root, ref + 1);
	}
	return schema;
}

static bool
has_any(const struct json *v, const char *const *keys)
{
	for (; *keys; keys++)
		if (json_get(v, *keys))
			return true;
	return false;
}

static bool
is_typed(const struct json *schema)
{
	static const char *const keys[] = { "type", "enum", "const", "$ref",
		"anyOf", "oneOf", "allOf", NULL };

	return has_any(schema, keys);
}

/* A string or number that anything goes for. */
static bool
is_unbounded(const struct json *schema)
{
	static const char *const of_text[] = { "enum", "const", "format",
		"pattern", "maxLength", "contentEncoding",
		"contentMediaType", NULL };
	static const char *const of_number[] = { "enum", "const", "minimum",
		"maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "format", NULL };
	const struct json *type = json_get(schema, "type");

	if (json_str_is(type, "string"))
		return !has_any(schema, of_text);
	if (json_str_is(type, "integer") || json_str_is(type, "number"))
		return !has_any(schema, of_number);
	return false;
}

static void
look_properties(const struct look *l)
{
	struct names undescribed = { .n = 0 }, untyped = { .n = 0 };
	struct names unbounded = { .n = 0 };
	size_t of = json_size(l->t->properties);
	struct json_iter it;

	str_init(&undescribed.text, STR_LINE);
	str_init(&untyped.text, STR_LINE);
	str_init(&unbounded.text, STR_LINE);
	for (json_each(&it, l->t->properties); json_next(&it); ) {
		const struct json *schema = follow(l->t->input, it.value);
		const char *said = json_get_str(it.value, "description");

		if (!said)
			said = json_get_str(schema, "description");
		if (!said || !*said)
			names_add(&undescribed, json_str(it.key));
		if (!is_typed(schema))
			names_add(&untyped, json_str(it.key));
		else if (is_unbounded(schema))
			names_add(&unbounded, json_str(it.key));
	}
	names_mark(l, "schema-undescribed", &undescribed, of);
	names_mark(l, "schema-untyped", &untyped, of);
	names_mark(l, "schema-unbounded", &unbounded, of);
	if ((double)of > rubric_bound(l->m->rubric, "parameters"))
		marks_add(l->m, "schema-wide", l->at, 1,
			arena_printf(l->m->server->arena, "%zu", of));
}

/* Levels of objects and arrays below schema; the first reference that leaves
 * the document goes to remote. */
static unsigned
depth_of(struct look *l, const struct json *schema, unsigned depth,
	const char **remote)
{
	static const char *const lists[] = { "anyOf", "oneOf", "allOf", NULL };
	const char *ref = json_get_str(schema, "$ref");
	const struct json *items;
	unsigned deepest = depth, d;
	struct json_iter it;
	size_t i;

	if (depth >= DEPTH_MAX || ++l->nodes > NODES_MAX)
		return depth;
	if (ref && *ref != '#') {
		if (!*remote)
			*remote = ref;
		return depth;
	}
	if (ref)
		schema = follow(l->root, schema);
	for (json_each(&it, json_get(schema, "properties"));
	    json_next(&it); ) {
		d = depth_of(l, it.value, depth + 1, remote);
		deepest = d > deepest ? d : deepest;
	}
	items = json_get(schema, "items");
	if (json_is(items, JSON_OBJECT)) {
		d = depth_of(l, items, depth + 1, remote);
		deepest = d > deepest ? d : deepest;
	}
	for (i = 0; lists[i]; i++)
		for (json_each(&it, json_get(schema, lists[i]));
		    json_next(&it); ) {
			d = depth_of(l, it.value, depth, remote);
			deepest = d > deepest ? d : deepest;
		}
	return deepest;
}

static void
look_shape(struct look *l)
{
	const char *remote = NULL;
	unsigned depth;

	l->nodes = 0;
	l->root = l->t->input;
	depth = depth_of(l, l->t->input, 0, &remote);
	if (depth > rubric_bound(l->m->rubric, "depth"))
		marks_add(l->m, "schema-deep", l->at, 1, depth >= DEPTH_MAX ?
			"endlessly many" : arena_printf(
			l->m->server->arena, "%u", depth));
	l->root = l->t->output;
	(void)depth_of(l, l->t->output, 0, &remote);
	if (remote)
		marks_add(l->m, "schema-remote-ref", l->at, 1, remote);
	if (json_bool(json_get(l->t->input, "additionalProperties"), true))
		marks_add(l->m, "schema-open", l->at, 1, NULL);
}

static void
look_output(const struct look *l)
{
	const struct json *out = follow(l->t->output, l->t->output);
	static const char *const shapes[] = { "properties", "anyOf", "oneOf",
		"allOf", "patternProperties", "additionalProperties", NULL };

	const struct origin *o = server_origin(l->m->server, l->t);

	if (!l->t->output && o && o->silent)
		return;
	if (!l->t->output)
		marks_add(l->m, "schema-no-output", l->at, 1, NULL);
	else if (!has_any(out, shapes) || (json_get(out, "properties") &&
	    !json_size(json_get(out, "properties"))))
		marks_add(l->m, "schema-vague-output", l->at, 1, NULL);
}

static void
look_annotations(const struct look *l)
{
	static const char *const hints[] = { "readOnlyHint", "destructiveHint",
		"idempotentHint", "openWorldHint" };
	struct names absent = { .n = 0 };
	size_t i;

	str_init(&absent.text, STR_LINE);
	for (i = 0; i < 4; i++)
		if (!json_is(json_get(l->t->annotations, hints[i]), JSON_BOOL))
			names_add(&absent, hints[i]);
	names_mark(l, "schema-annotations", &absent, 4);
	if (!*l->t->title)
		marks_add(l->m, "schema-no-title", l->at, 1, NULL);
}

void
schema_look(struct marks *m)
{
	struct look l = { .m = m };
	size_t i;

	for (i = 0; i < m->server->ntools; i++) {
		l.t = &m->server->tools[i];
		l.at = (int)i;
		look_properties(&l);
		look_shape(&l);
		look_output(&l);
		look_annotations(&l);
	}
}
