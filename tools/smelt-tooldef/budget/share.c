#include "smelt-tooldef/budget/share.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/keyword.h"

/* SHORT: a schema that no reference is shorter than. REF: the bytes of a
 * reference around its name. DEPTH: what lies deeper stays as it is. */
enum { SHORT = 48, REF = 20, GAIN = 16, DEPTH = 200 };

/* A subschema that was met, by its text. */
struct twin {
	const struct json *schema;	/* the first of them */
	const char *place;	/* the property that it belongs to */
	size_t len, count;
	char *name;		/* its definition's, once it is to have one */
	bool defined;		/* the first of them is a definition */
};

struct share {
	struct map twins;	/* text to struct twin */
	struct map names;	/* of definitions */
	struct str text;
	struct emit *e;
	int depth;
};

static void count_members(struct share *, const struct json *, const char *);
static void put_members(struct share *, const struct json *, bool described);

/* the schema without its description */
static const struct str *
text_of(struct share *s, const struct json *schema)
{
	struct json_iter it;
	struct emit e;

	str_clear(&s->text);
	emit_init(&e, &s->text);
	emit_object(&e);
	for (json_each(&it, schema); json_next(&it); )
		if (!json_str_is(it.key, "description"))
			emit_pair_json(&e, json_str(it.key), it.value);
	emit_end(&e);
	return &s->text;
}

static bool
is_worth(const struct twin *t)
{
	size_t name = strlen(t->place);
	size_t with = t->count * (REF + name) + t->len + name + 4;

	return t->count * t->len > with + GAIN;
}

/* [A-Za-z0-9_.-]+, and no definition's yet */
static char *
free_name(const struct share *s, const char *wanted)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"
		"abcdefghijklmnopqrstuvwxyz0123456789";
	char *name;
	unsigned n;

	if (!*wanted || wanted[strspn(wanted, good)])
		wanted = "schema";
	name = xstrdup(wanted);
	for (n = 2; map_has(&s->names, name); n++) {
		free(name);
		name = xasprintf("%s%u", wanted, n);
	}
	return name;
}

static struct twin *
first(struct share *s, const struct json *schema, size_t len, const char *name)
{
	struct twin *t = xcalloc(1, sizeof(*t));

	t->schema = schema;
	t->place = name;
	t->len = len;
	t->count = 1;
	s->depth++;
	count_members(s, schema, name);
	s->depth--;
	return t;
}

/* NULL: nothing to share */
static struct twin *
count(struct share *s, const struct json *schema, const char *name)
{
	const struct str *text;
	struct map_entry *e;
	struct twin *t;
	size_t len, i;
	bool added;

	if (!json_is(schema, JSON_OBJECT) || s->depth == DEPTH)
		return NULL;
	text = text_of(s, schema);
	len = text->len;
	if (len < SHORT)
		return NULL;
	e = map_add(&s->twins, str_s(text), len, &added);
	if (added) {
		i = (size_t)(e - s->twins.entries);
		t = first(s, schema, len, name);
		s->twins.entries[i].value = t;
		return t;
	}
	t = e->value;
	/* within itself it is not equal to itself */
	if (!t)
		return NULL;
	t->count++;
	if (!t->name && is_worth(t)) {
		t->name = free_name(s, t->place);
		map_put(&s->names, t->name, t);
	}
	return t;
}

static void
count_members(struct share *s, const struct json *schema, const char *name)
{
	struct json_iter it, in;

	for (json_each(&it, schema); json_next(&it); ) {
		if (s->depth == 0 && json_str_is(it.key, "$defs"))
			continue;
		switch (keyword_of(it.key, it.value)) {
		case KEYWORD_VALUE:
			break;
		case KEYWORD_SCHEMA:
			count(s, it.value, name);
			break;
		case KEYWORD_SCHEMAS:
			for (json_each(&in, it.value); json_next(&in); )
				count(s, in.value, name);
			break;
		case KEYWORD_NAMED:
			for (json_each(&in, it.value); json_next(&in); )
				count(s, in.value, json_str(in.key));
		}
	}
}

/* before anything else: what is a definition already keeps its name */
static void
count_definitions(struct share *s, const struct json *defs)
{
	struct json_iter it;
	struct twin *t;

	for (json_each(&it, defs); json_next(&it); ) {
		t = count(s, it.value, json_str(it.key));
		if (!t || t->count > 1)
			continue;
		t->defined = true;
		t->name = xstrdup(json_str(it.key));
	}
}

static const struct twin *
twin_of(struct share *s, const struct json *schema)
{
	const struct str *text = text_of(s, schema);
	const struct map_entry *e = map_find(&s->twins, str_s(text), text->len);

	return e ? e->value : NULL;
}

static void
put(struct share *s, const struct json *schema)
{
	const struct twin *t = NULL;
	char *ref;

	if (!json_is(schema, JSON_OBJECT) || s->depth == DEPTH) {
		emit_json(s->e, schema);
		return;
	}
	t = twin_of(s, schema);
	emit_object(s->e);
	if (t && t->name && !(t->defined && t->schema == schema)) {
		if (json_get(schema, "description"))
			emit_pair_json(s->e, "description",
				json_get(schema, "description"));
		ref = xasprintf("#/$defs/%s", t->name);
		emit_pair(s->e, "$ref", ref);
		free(ref);
	} else {
		put_members(s, schema, true);
	}
	emit_end(s->e);
}

static void
put_named(struct share *s, const struct json *map)
{
	struct json_iter it;

	for (json_each(&it, map); json_next(&it); ) {
		emit_keyn(s->e, json_str(it.key), json_len(it.key));
		put(s, it.value);
	}
}

static void
put_members(struct share *s, const struct json *schema, bool described)
{
	struct json_iter it, in;

	s->depth++;
	for (json_each(&it, schema); json_next(&it); ) {
		if (!described && json_str_is(it.key, "description"))
			continue;
		if (s->depth == 1 && json_str_is(it.key, "$defs"))
			continue;
		emit_keyn(s->e, json_str(it.key), json_len(it.key));
		switch (keyword_of(it.key, it.value)) {
		case KEYWORD_VALUE:
			emit_json(s->e, it.value);
			break;
		case KEYWORD_SCHEMA:
			put(s, it.value);
			break;
		case KEYWORD_SCHEMAS:
			emit_array(s->e);
			for (json_each(&in, it.value); json_next(&in); )
				put(s, in.value);
			emit_end(s->e);
			break;
		case KEYWORD_NAMED:
			emit_object(s->e);
			put_named(s, it.value);
			emit_end(s->e);
		}
	}
	s->depth--;
}

/* those that were there, and ours */
static void
put_defs(struct share *s, const struct json *defs)
{
	const struct twin *t;
	size_t i;

	if (!s->names.n)
		return;
	emit_key(s->e, "$defs");
	emit_object(s->e);
	s->depth++;
	put_named(s, defs);
	for (i = 0; i < s->names.n; i++) {
		t = s->names.entries[i].value;
		if (!t || t->defined)
			continue;
		emit_key(s->e, t->name);
		emit_object(s->e);
		put_members(s, t->schema, false);
		emit_end(s->e);
	}
	s->depth--;
	emit_end(s->e);
}

static void
release(struct share *s)
{
	struct twin *t;
	size_t i;

	for (i = 0; i < s->twins.n; i++) {
		t = s->twins.entries[i].value;
		free(t->name);
		free(t);
	}
	map_release(&s->twins);
	map_release(&s->names);
	str_release(&s->text);
}

void
share_put(const struct json *schema, struct emit *e)
{
	const struct json *defs = json_get(schema, "$defs");
	struct share s = { .e = e };
	struct json_iter it;

	str_init(&s.text, STR_RECORD);
	for (json_each(&it, defs); json_next(&it); )
		map_put(&s.names, json_str(it.key), NULL);
	count_definitions(&s, defs);
	count_members(&s, schema, "");
	emit_object(e);
	put_members(&s, schema, true);
	put_defs(&s, defs);
	emit_end(e);
	release(&s);
}
