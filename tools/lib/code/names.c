#include "code/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/bind.h"
#include "code/ir.h"

enum { STEPS = 24 };		/* values of values, members of members */
#define ATTRIBUTES 0x80000000u	/* scope of "self.x" in the class */

struct names {
	const struct ir *ir;
	struct names_entry *entries;
	size_t n, cap;
	uint32_t *slots;
	size_t nslots;
	struct arena arena;
};

static size_t
start_slot(const struct names *s, uint32_t atom, uint32_t scope)
{
	uint32_t h = atom * 0x9e3779b1u ^ scope * 0x85ebca6bu;

	return (h ^ h >> 15) & (s->nslots - 1);
}

static uint32_t *
slot(const struct names *s, uint32_t atom, uint32_t scope)
{
	size_t k = start_slot(s, atom, scope);
	const struct names_entry *e;

	for (; s->slots[k]; k = (k + 1) & (s->nslots - 1)) {
		e = &s->entries[s->slots[k] - 1];
		if (e->atom == atom && e->scope == scope)
			break;
	}
	return &s->slots[k];
}

static void
grow(struct names *s)
{
	size_t n = s->nslots ? s->nslots * 2 : 256, i;

	free(s->slots);
	s->slots = xcalloc(n, sizeof(*s->slots));
	s->nslots = n;
	for (i = 0; i < s->n; i++)
		*slot(s, s->entries[i].atom, s->entries[i].scope) =
			(uint32_t)i + 1;
}

static bool
is_none(const struct names *s, const struct names_entry *e)
{
	return e->type == NAMES_VALUE && ir_is(s->ir, e->node, IR_NONE);
}

/* a second binding of one name in one scope */
static void
again(const struct names *s, struct names_entry *old,
	const struct names_entry *e)
{
	if (is_none(s, e))
		return;
	if (is_none(s, old)) {
		*old = *e;
		return;
	}
	/* try: import a as x; except ImportError: import b as x */
	if (old->type == NAMES_IMPORT && e->type != NAMES_LOCAL)
		return;
	if (old->type == NAMES_VALUE)
		old->type = NAMES_LOCAL;
	else if (old->type == NAMES_IMPORT) {
		old->type = NAMES_LOCAL;
		old->target = NULL;
	}
}

static void
add(struct names *s, enum names_type type, uint32_t atom, uint32_t scope,
	uint32_t node, const char *target)
{
	struct names_entry e = { type, atom, scope, node, target };
	uint32_t *at;

	if (!atom)
		return;
	at = slot(s, atom, scope);
	if (*at) {
		again(s, &s->entries[*at - 1], &e);
		return;
	}
	s->entries = vec_grow(s->entries, s->n, &s->cap, sizeof(e));
	s->entries[s->n++] = e;
	*at = (uint32_t)s->n;
	if (s->n * 2 > s->nslots)
		grow(s);
}

void
bind_import(struct names *s, uint32_t atom, uint32_t scope, uint32_t node,
	const char *target)
{
	add(s, NAMES_IMPORT, atom, scope, node,
		arena_strdup(&s->arena, target));
}

void
bind_value(struct names *s, uint32_t atom, uint32_t scope, uint32_t value)
{
	add(s, NAMES_VALUE, atom, scope, value, NULL);
}

void
bind_local(struct names *s, uint32_t atom, uint32_t scope, uint32_t node)
{
	add(s, NAMES_LOCAL, atom, scope, node, NULL);
}

void
bind_attribute(struct names *s, uint32_t atom, uint32_t class, uint32_t value)
{
	add(s, NAMES_VALUE, atom, class | ATTRIBUTES, value, NULL);
}

struct names *
names_new(const struct ir *ir)
{
	struct names *s = xcalloc(1, sizeof(*s));

	s->ir = ir;
	grow(s);
	bind_file(s, ir);
	return s;
}

void
names_free(struct names *s)
{
	if (!s)
		return;
	arena_release(&s->arena);
	free(s->entries);
	free(s->slots);
	free(s);
}

const struct names_entry *
names_at(const struct names *s, size_t i)
{
	return &s->entries[i];
}

size_t
names_count(const struct names *s)
{
	return s->n;
}

static const struct names_entry *
in_scope(const struct names *s, uint32_t atom, uint32_t scope)
{
	uint32_t k = *slot(s, atom, scope);

	return k ? &s->entries[k - 1] : NULL;
}

const struct names_entry *
names_attribute(const struct names *s, uint32_t atom, uint32_t class)
{
	const struct names_entry *e = in_scope(s, atom, class | ATTRIBUTES);

	return e ? e : in_scope(s, atom, class);
}

const struct names_entry *
names_lookup(const struct names *s, uint32_t atom, uint32_t at)
{
	const struct names_entry *e;
	uint32_t scope = at;
	bool inner = true;

	if (!atom)
		return NULL;
	do {
		scope = bind_scope(s->ir, scope);
		/* names of a class are not seen from its methods */
		if (inner || !scope || !ir_is(s->ir, scope, IR_CLASS)) {
			e = in_scope(s, atom, scope);
			if (e)
				return e;
		}
		if (scope && !ir_is(s->ir, scope, IR_CLASS))
			inner = false;
	} while (scope);
	return NULL;
}

/* --- dotted names ----------------------------------------------------------- */

struct dotted {
	const struct names *s;
	struct str *out;
	enum names_type head;
	int steps;
};

static bool dotted(struct dotted *d, uint32_t n);

static bool
dotted_name(struct dotted *d, uint32_t n)
{
	const struct ir *ir = d->s->ir;
	const struct names_entry *e = names_lookup(d->s, ir->nodes[n].atom, n);
	size_t start = d->out->len;

	d->head = e ? e->type : NAMES_NONE;
	if (e && e->type == NAMES_IMPORT)
		return str_puts(d->out, e->target) == 0;
	if (e && e->type == NAMES_VALUE && e->node != n) {
		if (dotted(d, e->node))
			return true;
		d->out->len = start;
		d->head = NAMES_LOCAL;
	}
	return str_puts(d->out, ir_atom(ir, n, NULL)) == 0;
}

/* self.x, with x assigned once in this class */
static bool
dotted_attribute(struct dotted *d, uint32_t object, uint32_t name)
{
	const struct ir *ir = d->s->ir;
	const struct names_entry *e;
	size_t start = d->out->len;
	uint32_t class;

	if (!ir_named(ir, object, "self") && !ir_named(ir, object, "this"))
		return false;
	class = ir_above(ir, object, IR_CLASS);
	e = class ? names_attribute(d->s, ir->nodes[name].atom, class) : NULL;
	if (!e || e->type != NAMES_VALUE)
		return false;
	if (dotted(d, e->node))
		return true;
	d->out->len = start;
	return false;
}

static bool
dotted_member(struct dotted *d, uint32_t n)
{
	const struct ir *ir = d->s->ir;
	uint32_t object = ir_child(ir, n, IR_F_OBJECT);
	uint32_t name = ir_child(ir, n, IR_F_ATTRIBUTE);

	if (!object || !name)
		return false;
	if (dotted_attribute(d, object, name))
		return true;
	if (!dotted(d, object))
		return false;
	str_putc(d->out, '.');
	return str_puts(d->out, ir_atom(ir, name, NULL)) == 0;
}

static bool
dotted(struct dotted *d, uint32_t n)
{
	const struct ir *ir = d->s->ir;
	uint32_t inner;

	if (!n || d->steps-- <= 0)
		return false;
	switch (ir->nodes[n].kind) {
	case IR_NAME:
		return dotted_name(d, n);
	case IR_MEMBER:
		return dotted_member(d, n);
	case IR_CALL:
	case IR_NEW:
		inner = ir_child(ir, n, IR_F_FUNCTION);
		return dotted(d, inner) && str_puts(d->out, "()") == 0;
	case IR_INDEX:
		return dotted(d, ir_first(ir, n)) &&
			str_puts(d->out, "[]") == 0;
	case IR_AWAIT:
	case IR_BOOLEAN:	/* x or {} */
		return dotted(d, ir_first(ir, n));
	}
	return false;
}

bool
names_dotted(const struct names *s, uint32_t n, struct str *out,
	enum names_type *head)
{
	struct dotted d = { s, out, NAMES_NONE, STEPS };
	size_t start = out->len;
	bool found = dotted(&d, n);

	if (!found) {
		out->len = start;
		if (out->buf)
			str_seal(out);
	}
	if (head)
		*head = d.head;
	return found;
}
