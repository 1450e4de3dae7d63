#include "smelt-ast/openapi/discriminator.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"

enum { DEPTH = 8, STEPS = 500 };

/* The component schemas that build on one schema, near or far. */
struct heirs {
	struct openapi_target *v;
	size_t n, cap;
	bool said;
};

/* What a schema says about the property. */
struct look {
	struct openapi *o;
	const struct json *name;
	const struct json *heir;	/* the schema that is looked at */
	const struct json *values;	/* enum, or the const alone */
	const char *mark;
	bool declared, required, closed, choice, scalar, plain;
	int steps;
};

static const struct json *
property_of(const struct json *schema)
{
	const struct json *d = json_get(schema, "discriminator");

	if (json_is(d, JSON_OBJECT))
		d = json_get(d, "propertyName");
	return json_len(d) ? d : NULL;
}

bool
openapi_is_base(const struct json *schema)
{
	return property_of(schema) && !json_get(schema, "oneOf") &&
	    !json_get(schema, "anyOf");
}

/* Nothing of the document is refused for a mapping. */
static bool
follow(struct openapi *o, struct openapi_doc *d, const struct json *ref,
	struct openapi_target *t)
{
	bool refused = o->refused;
	struct err ignored;
	int i;

	for (i = 0; i < DEPTH; i++) {
		if (!json_len(ref) || openapi_ref(o, d, ref, t,
		    &ignored) < 0) {
			o->refused = refused;
			return false;
		}
		d = t->doc;
		ref = json_get(t->value, "$ref");
		if (!ref || (d->siblings && json_size(t->value) > 1))
			return true;
	}
	return false;
}

/* --- heirs -------------------------------------------------------------- */

static struct heirs *
heirs_of(const struct openapi *o, const struct json *schema)
{
	struct map_entry *e = o->heirs ? map_find(o->heirs,
		(const char *)&schema, sizeof(schema)) : NULL;

	return e ? e->value : NULL;
}

/* false: it was one before, by another way */
static bool
add_heir(struct openapi *o, const struct json *base,
	const struct openapi_target *heir)
{
	struct map_entry *e = map_add(o->heirs, (const char *)&base,
		sizeof(base), NULL);
	struct heirs *h = e->value;

	if (!h)
		e->value = h = xcalloc(1, sizeof(*h));
	if (h->n && h->v[h->n - 1].value == heir->value)
		return false;
	h->v = vec_grow(h->v, h->n, &h->cap, sizeof(*h->v));
	h->v[h->n] = *heir;
	h->v[h->n++].pointer = xstrdup(heir->pointer);
	return true;
}

static void
add_to_bases(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, const struct openapi_target *heir,
	int depth)
{
	struct openapi_target t;
	struct json_iter it;

	if (depth > DEPTH)
		return;
	for (json_each(&it, json_get(schema, "allOf")); json_next(&it); )
		if (follow(o, d, json_get(it.value, "$ref"), &t) &&
		    t.value != heir->value && add_heir(o, t.value, heir))
			add_to_bases(o, t.doc, t.value, heir, depth + 1);
}

static void
find_heirs(struct openapi *o)
{
	struct openapi_target heir = { 0 };
	struct json_iter it;
	struct str pointer;
	size_t i;

	if (o->heirs)
		return;
	o->heirs = xcalloc(1, sizeof(*o->heirs));
	str_init(&pointer, STR_LINE);
	for (i = 0; i < o->ndocs; i++) {
		if (!o->docs[i]->description || o->docs[i]->bad)
			continue;
		heir.doc = o->docs[i];
		for (json_each(&it, json_get(json_get(openapi_doc_root(
		    heir.doc), "components"), "schemas")); json_next(&it); ) {
			if (!it.key || !json_get(it.value, "allOf"))
				continue;
			str_clear(&pointer);
			str_puts(&pointer, "/components/schemas");
			openapi_pointer_add(&pointer, it.key);
			heir.value = it.value;
			heir.key = it.key;
			heir.pointer = pointer.buf;
			add_to_bases(o, heir.doc, it.value, &heir, 1);
		}
	}
	str_release(&pointer);
}

void
openapi_heirs_release(struct openapi *o)
{
	size_t i, k;

	for (i = 0; o->heirs && i < o->heirs->n; i++) {
		struct heirs *h = o->heirs->entries[i].value;

		for (k = 0; k < h->n; k++)
			free(h->v[k].pointer);
		free(h->v);
		free(h);
	}
	if (o->heirs)
		map_release(o->heirs);
	free(o->heirs);
}

static bool
is_heir(struct openapi *o, const struct json *heir,
	const struct json *base)
{
	const struct heirs *h = heirs_of(o, base);
	size_t i;

	o->looks += h ? h->n : 1;
	for (i = 0; h && i < h->n; i++)
		if (h->v[i].value == heir)
			return true;
	return false;
}

/* does the choice that target lists lead back to heir? */
static bool
lists(struct openapi *o, const struct openapi_target *target,
	const struct json *heir)
{
	static const char *const keys[] = { "oneOf", "anyOf" };
	struct openapi_target t;
	struct json_iter it;
	int i;

	for (i = 0; i < 2; i++) {
		if (json_size(json_get(target->value, keys[i])) >
		    OPENAPI_BRANCHES)
			continue;
		for (json_each(&it, json_get(target->value, keys[i]));
		    json_next(&it); )
			if (follow(o, target->doc, json_get(it.value,
			    "$ref"), &t) && (t.value == heir ||
			    is_heir(o, t.value, heir)))
				return true;
	}
	return false;
}

bool
openapi_inherits(struct openapi *o, const struct json *heir,
	const struct openapi_target *target)
{
	if (!heir || !property_of(target->value) ||
	    o->looks > OPENAPI_LOOKS)
		return false;
	find_heirs(o);
	if (!is_heir(o, heir, target->value))
		return false;
	return openapi_is_base(target->value) || lists(o, target, heir);
}

/* --- what a schema says of the property ----------------------------------- */

static void look_at(struct look *x, struct openapi_doc *d,
	const struct json *s, bool base, int depth);

static void
look_at_property(struct look *x, struct openapi_doc *d,
	const struct json *p)
{
	static const char *const plain[] = { "integer", "number", "boolean",
		NULL };
	const struct json *values;
	bool refused = x->o->refused;
	struct err ignored;

	x->declared = true;
	if (openapi_deref(x->o, &d, &p, &ignored) < 0) {
		x->o->refused = refused;
		return;
	}
	values = json_get(p, "enum");
	if (!json_is(values, JSON_ARRAY))
		values = json_get(p, "const");
	if (values && (!x->values || json_size(values) <
	    json_size(x->values)))
		x->values = values;
	x->plain = x->plain || str_in(json_get_str(p, "type"), plain);
	if (json_get_bool(p, "readOnly", false))
		x->mark = "readOnly";
	else if (json_get_bool(p, "writeOnly", false))
		x->mark = "writeOnly";
}

static void
look_at_ref(struct look *x, struct openapi_doc *d, const struct json *ref,
	int depth)
{
	struct openapi_target t;

	if (follow(x->o, d, ref, &t))
		look_at(x, t.doc, t.value, openapi_inherits(x->o, x->heir,
			&t), depth + 1);
}

/* base: its own choice is not meant */
static void
look_at(struct look *x, struct openapi_doc *d, const struct json *s,
	bool base, int depth)
{
	const struct json *type = json_get(s, "type"), *p;
	struct json_iter it;

	if (depth > DEPTH || --x->steps < 0 || !json_is(s, JSON_OBJECT))
		return;
	x->o->looks += json_size(s) + json_size(json_get(s, "required")) + 1;
	if (json_get(s, "$ref"))
		look_at_ref(x, d, json_get(s, "$ref"), depth);
	if (json_get(s, "$ref") && !d->siblings)
		return;
	x->scalar = x->scalar || (json_is(type, JSON_STRING) &&
		!json_str_is(type, "object")) || (json_is(type, JSON_ARRAY) &&
		!json_lists(type, "object"));
	p = openapi_member(x->o, json_get(s, "properties"), x->name);
	if (p)
		look_at_property(x, d, p);
	else if (!json_bool(json_get(s, "additionalProperties"), true))
		x->closed = true;
	x->required = x->required || json_lists(json_get(s, "required"),
		json_str(x->name));
	x->choice = x->choice || (!base && (json_size(json_get(s, "oneOf")) ||
		json_size(json_get(s, "anyOf"))));
	for (json_each(&it, json_get(s, "allOf")); json_next(&it); )
		look_at(x, d, it.value, false, depth + 1);
}

/* --- values ---------------------------------------------------------------- */

/* the name of a component */
static void
add_name(const struct openapi_branch *b)
{
	static const char head[] = "/components/schemas/";
	const struct openapi_target *t = b->target;
	const char *own = json_get_str(t->value, "x-ms-discriminator-value");

	if (own)
		map_add(b->values, own, strlen(own), NULL);
	else if (str_starts(t->pointer, head) && t->key &&
	    !strchr(t->pointer + sizeof(head) - 1, '/'))
		map_add(b->values, json_str(t->key), json_len(t->key), NULL);
}

/* the schema that a mapping means: by its name, else by reference */
static const struct json *
mapped(struct openapi *o, struct openapi_doc *d, const struct json *text)
{
	const struct json *v = openapi_member(o, json_get(json_get(
		openapi_doc_root(d), "components"), "schemas"), text);
	const struct json *ref = json_get(v, "$ref");
	struct openapi_target t;

	if (v && !ref)
		return v;
	return follow(o, d, v ? ref : text, &t) ? t.value : NULL;
}

static void
add_mapped(struct openapi *o, struct openapi_doc *d,
	const struct json *discriminator, struct openapi_choice *c)
{
	const struct json *mapping = json_get(discriminator, "mapping");
	const struct json *other = json_get(discriminator, "defaultMapping");
	struct json_iter it;
	size_t i;

	for (json_each(&it, json_is(mapping, JSON_OBJECT) ? mapping : NULL);
	    json_next(&it); ) {
		const struct json *to = json_len(it.value) ?
			mapped(o, d, it.value) : NULL;

		o->looks += c->n;
		for (i = 0; to && i < c->n; i++)
			if (c->v[i].target && c->v[i].target->value == to)
				map_add(c->v[i].values, json_str(it.key),
					json_len(it.key), NULL);
	}
	other = json_len(other) ? mapped(o, d, other) : NULL;
	for (i = 0; other && i < c->n; i++)
		c->v[i].others = c->v[i].target &&
			c->v[i].target->value == other;
}

static bool
says(const struct json *values, const struct map_entry *e)
{
	struct json_iter it;

	if (json_is(values, JSON_STRING))
		return json_len(values) == e->len &&
		    memcmp(json_str(values), e->key, e->len) == 0;
	for (json_each(&it, values); json_next(&it); )
		if (json_is(it.value, JSON_STRING) && says(it.value, e))
			return true;
	return false;
}

/* leave what the property allows; false when that is nothing */
static bool
narrow(struct openapi_branch *b, const struct look *x)
{
	struct map both = { 0 };
	size_t i, all = json_is(x->values, JSON_ARRAY) ?
		json_size(x->values) : 1;

	if (!x->values)
		return b->values->n > 0;
	for (i = 0; i < b->values->n; i++)
		if (says(x->values, &b->values->entries[i]))
			map_add(&both, b->values->entries[i].key,
				b->values->entries[i].len, NULL);
	b->constrain = both.n > 0 && both.n < all;
	map_release(b->values);
	*b->values = both;
	return both.n > 0;
}

static void
decide(struct openapi *o, const struct openapi_choice *c,
	struct openapi_branch *b)
{
	struct look x = { .o = o, .name = c->property,
		.heir = b->target->value, .steps = STEPS };
	bool given = b->values->n > 0;

	if (o->looks > OPENAPI_LOOKS)
		return;
	look_at(&x, b->target->doc, b->target->value,
		openapi_is_base(b->target->value), 1);
	/* where it is listed it is the choice that its heirs make of it */
	if (!c->heirs && openapi_is_base(b->target->value)) {
		find_heirs(o);
		x.choice = x.choice || heirs_of(o, b->target->value);
	}
	if (!given && !b->others && !x.choice)
		add_name(b);
	if (x.scalar || (x.closed && !x.declared) || (x.choice && !given)) {
		b->others = false;
		return;
	}
	b->mark = x.mark;
	b->plain = x.plain;
	if (b->others)
		return;
	b->constrain = !x.values;
	if (!narrow(b, &x))
		b->constrain = false;
	else
		b->require = !x.required;
}

static void
begin(struct openapi_choice *c, const struct json *schema, size_t n)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	c->property = property_of(schema);
	c->v = xcalloc(n + 1, sizeof(*c->v));
	c->n = n;
	for (i = 0; i < n; i++)
		c->v[i].values = xcalloc(1, sizeof(*c->v[i].values));
}

static void
set_target(struct openapi_branch *b, const struct openapi_target *t)
{
	b->target = xmalloc(sizeof(*b->target));
	*b->target = *t;
}

static void
branch_release(struct openapi_branch *b)
{
	map_release(b->values);
	free(b->values);
	free(b->target);
}

bool
openapi_choice_list(struct openapi *o, struct openapi_doc *d,
	const struct json *schema, const struct json *list,
	struct openapi_choice *c)
{
	struct openapi_target t;
	struct json_iter it;
	size_t i = 0;

	if (!property_of(schema) || !json_is(list, JSON_ARRAY) ||
	    json_size(list) > OPENAPI_BRANCHES || o->looks > OPENAPI_LOOKS)
		return false;
	begin(c, schema, json_size(list));
	for (json_each(&it, list); json_next(&it); i++)
		if (follow(o, d, json_get(it.value, "$ref"), &t))
			set_target(&c->v[i], &t);
	add_mapped(o, d, json_get(schema, "discriminator"), c);
	for (i = 0; i < c->n; i++)
		if (c->v[i].target)
			decide(o, c, &c->v[i]);
	return true;
}

static struct heirs *
heirs_to_list(struct openapi *o, struct openapi_doc *d,
	const struct json *schema)
{
	struct heirs *h;

	if (!openapi_is_base(schema))
		return NULL;
	find_heirs(o);
	h = heirs_of(o, schema);
	if (!h || h->n <= OPENAPI_HEIRS)
		return h;
	if (!h->said)
		openapi_warn(d, json_key_of(json_get(schema,
			"discriminator")), "%zu schemas build on this one: it "
			"is no choice of them", h->n);
	h->said = true;
	return NULL;
}

bool
openapi_choice_heirs(struct openapi *o, const struct openapi_target *base,
	struct openapi_choice *c)
{
	struct heirs *h = heirs_to_list(o, base->doc, base->value);
	size_t i;

	if (!h)
		return false;
	begin(c, base->value, h->n + 1);
	c->heirs = true;
	for (i = 0; i < h->n; i++)
		set_target(&c->v[i], &h->v[i]);
	set_target(&c->v[i], base);
	add_mapped(o, base->doc, json_get(base->value, "discriminator"), c);
	/* itself only where the mapping has it */
	if (!c->v[i].values->n && !c->v[i].others)
		branch_release(&c->v[--c->n]);
	for (i = 0; i < c->n; i++)
		decide(o, c, &c->v[i]);
	return true;
}

void
openapi_choice_release(struct openapi_choice *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		branch_release(&c->v[i]);
	free(c->v);
	memset(c, 0, sizeof(*c));
}

/* --- emitting ------------------------------------------------------------ */

bool
openapi_choice_tells(const struct openapi_choice *c, size_t i)
{
	const struct openapi_branch *b = &c->v[i];

	return b->constrain || b->require || b->others;
}

/* the text as the number or boolean that the property is, if it is that */
static void
put_value(struct emit *e, const struct map_entry *v, bool plain)
{
	struct json_doc doc = { 0 };
	struct err ignored;

	if (plain && json_parse(&doc, v->key, v->len, "", &ignored) == 0 &&
	    (json_is(json_root(&doc), JSON_NUMBER) ||
	    json_is(json_root(&doc), JSON_BOOL)))
		emit_json(e, json_root(&doc));
	else
		emit_strn(e, v->key, v->len);
	json_release(&doc);
}

static void
put_others(struct emit *e, const struct openapi_choice *c,
	const struct openapi_branch *own)
{
	struct map all = { 0 };
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; &c->v[i] != own && k < c->v[i].values->n; k++)
			map_add(&all, c->v[i].values->entries[k].key,
				c->v[i].values->entries[k].len, NULL);
	if (all.n) {
		emit_key(e, "not");
		emit_object(e);
		emit_key(e, "enum");
		emit_array(e);
		for (i = 0; i < all.n; i++)
			put_value(e, &all.entries[i], own->plain);
		emit_end(e);
		emit_end(e);
	}
	map_release(&all);
}

static void
put_values(struct emit *e, const struct openapi_branch *b)
{
	size_t i;

	if (b->values->n == 1) {
		emit_key(e, "const");
		put_value(e, &b->values->entries[0], b->plain);
		return;
	}
	emit_key(e, "enum");
	emit_array(e);
	for (i = 0; i < b->values->n; i++)
		put_value(e, &b->values->entries[i], b->plain);
	emit_end(e);
}

void
openapi_choice_put(const struct openapi_choice *c, size_t i, struct emit *e)
{
	const struct openapi_branch *b = &c->v[i];

	if (b->constrain || b->others) {
		emit_key(e, "properties");
		emit_object(e);
		emit_keyn(e, json_str(c->property), json_len(c->property));
		emit_object(e);
		if (b->others)
			put_others(e, c, b);
		else
			put_values(e, b);
		if (b->mark)
			emit_pair_bool(e, b->mark, true);
		emit_end(e);
		emit_end(e);
	}
	if (b->require) {
		emit_key(e, "required");
		emit_array(e);
		emit_json(e, c->property);
		emit_end(e);
	}
}
