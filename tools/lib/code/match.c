#include "code/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/names.h"
#include "code/pattern.h"

enum { DEPTH = 200, PREFIX = 5, VALUES = 8 };

struct matcher {
	struct match_target *t;
	const struct pattern *p;
	const struct ir *pi, *ti;
	struct match m;
	const struct match *seed;
	uint32_t last_end;	/* of the statements matched */
	uint32_t deep_from;	/* <... P ...> looks from this node on */
	uint32_t deep_at;	/* where it matched, or 0 */
	int depth;
};

void
match_target_init(struct match_target *t, const struct ir *ir)
{
	memset(t, 0, sizeof(*t));
	t->ir = ir;
	t->names = names_new(ir);
	t->dotted = xcalloc(ir->n, sizeof(*t->dotted));
	t->natoms = atoms_count(ir->atoms);
	t->has = xcalloc(t->natoms / 8 + 1, 1);
	t->steps = MATCH_STEPS;
	for (uint32_t n = 0; n < ir->n; n++) {
		uint32_t atom = ir->nodes[n].atom;

		t->has[atom / 8] |= (unsigned char)(1u << atom % 8);
	}
}

void
match_target_release(struct match_target *t)
{
	names_free(t->names);
	free(t->dotted);
	free(t->has);
	memset(t, 0, sizeof(*t));
}

static bool
has_atom(const struct match_target *t, uint32_t atom)
{
	return atom < t->natoms && (t->has[atom / 8] >> atom % 8 & 1);
}

/* A dotted import ("os.path") is one atom, so its parts are not there. */
bool
match_possible(const struct match_target *t, const struct pattern *p)
{
	for (size_t i = 0; i < p->nrequired; i++)
		if (!has_atom(t, p->required[i]))
			return false;
	return true;
}

const struct match_var *
match_find(const struct match *m, uint32_t var)
{
	for (unsigned i = 0; i < m->nvars; i++)
		if (m->vars[i].var == var)
			return &m->vars[i];
	return NULL;
}

/* Same code, wherever it stands. */
static bool
same_tree(const struct ir *ir, uint32_t a, uint32_t b)
{
	uint32_t size = ir->nodes[a].stop - a;

	if (ir->nodes[b].stop - b != size)
		return false;
	for (uint32_t i = 0; i < size; i++) {
		const struct ir_node *x = &ir->nodes[a + i];
		const struct ir_node *y = &ir->nodes[b + i];

		if (x->kind != y->kind || x->atom != y->atom ||
		    x->stop - (a + i) != y->stop - (b + i))
			return false;
	}
	return true;
}

static bool
same_var(const struct ir *ir, const struct match_var *a,
	const struct match_var *b)
{
	uint32_t x = a->first, y = b->first;

	if (!x && !y)
		return a->end - a->start == b->end - b->start &&
			memcmp(ir->text + a->start, ir->text + b->start,
			a->end - a->start) == 0;
	if (!x || !y)
		return false;
	for (;;) {
		if (!same_tree(ir, x, y))
			return false;
		if (x == a->last || y == b->last)
			return x == a->last && y == b->last;
		x = ir_next(ir, x);
		y = ir_next(ir, y);
	}
}

static bool
bind_var(const struct ir *ir, struct match *m, const struct match_var *v)
{
	const struct match_var *old;

	if (!v->var)
		return true;
	old = match_find(m, v->var);
	if (old)
		return same_var(ir, old, v);
	if (m->nvars < MATCH_VARS)
		m->vars[m->nvars++] = *v;
	return true;
}

static bool
bind(struct matcher *m, uint32_t var, uint32_t first, uint32_t last)
{
	struct match_var v = { var, first, last, 0, 0 };

	v.start = first ? m->ti->nodes[first].start : 0;
	v.end = first ? m->ti->nodes[last].end : 0;
	return bind_var(m->ti, &m->m, &v);
}

/* The dotted name that a target expression stands for, or 0. */
static uint32_t
target_dotted(struct matcher *m, uint32_t n)
{
	struct match_target *t = m->t;
	enum names_type head;
	const char *name;
	struct str out;

	if (t->dotted[n])
		return t->dotted[n] - 1;
	t->dotted[n] = 1;
	str_init(&out, STR_LINE);
	if (names_dotted(t->names, n, &out, &head) && head != NAMES_LOCAL) {
		name = str_s(&out);
		if (str_starts(name, "node:"))
			name += PREFIX;
		t->dotted[n] = atoms_find(m->ti->atoms, name,
			strlen(name)) + 1;
	}
	str_release(&out);
	return t->dotted[n] - 1;
}

/* The constant that an expression is, looking through one name. */
static uint32_t
constant(struct matcher *m, uint32_t n)
{
	const struct names_entry *e;

	if (!ir_is(m->ti, n, IR_NAME))
		return n;
	e = names_lookup(m->t->names, m->ti->nodes[n].atom, n);
	return e && e->type == NAMES_VALUE ? e->node : n;
}

static bool
constant_string(const struct ir *ir, uint32_t n)
{
	if (ir_is(ir, n, IR_STRING))
		return true;
	if (!ir_is(ir, n, IR_CONCATENATED) && !ir_is(ir, n, IR_TEMPLATE))
		return false;
	IR_EACH(ir, c, n)
		if (!ir_is(ir, c, IR_STRING))
			return false;
	return true;
}

static bool node(struct matcher *m, uint32_t p, uint32_t t);

static bool
try(struct matcher *m, uint32_t p, uint32_t t)
{
	unsigned before = m->m.nvars;

	if (node(m, p, t))
		return true;
	m->m.nvars = before;
	return false;
}

static bool
is_list_mark(const struct matcher *m, uint32_t p)
{
	return m->p->ops[p] == PATTERN_ANY || m->p->ops[p] == PATTERN_VARS;
}

/* Is child c of t part of the list that is compared? */
typedef bool in_list(const struct ir *ir, uint32_t c);

static bool
unfielded(const struct ir *ir, uint32_t c)
{
	return ir->nodes[c].field == IR_F_NONE &&
		!ir_is(ir, c, IR_DECORATOR);
}

static bool
positional(const struct ir *ir, uint32_t c)
{
	return !ir_is(ir, c, IR_KEYWORD) && !ir_is(ir, c, IR_PAIR);
}

static uint32_t
from_here(const struct ir *ir, uint32_t c, in_list *in)
{
	while (c && !in(ir, c))
		c = ir_next(ir, c);
	return c;
}

static uint32_t
next_in(const struct ir *ir, uint32_t c, in_list *in)
{
	return from_here(ir, ir_next(ir, c), in);
}

static bool
list(struct matcher *m, uint32_t p, uint32_t t, in_list *in)
{
	unsigned before = m->m.nvars;
	uint32_t rest, last = 0;

	if (!p)
		return !t;
	rest = next_in(m->pi, p, in);
	if (!is_list_mark(m, p))
		return t && node(m, p, t) &&
			list(m, rest, next_in(m->ti, t, in), in);
	for (uint32_t at = t; ; at = next_in(m->ti, at, in)) {
		m->m.nvars = before;
		if ((m->p->ops[p] == PATTERN_ANY ||
		     bind(m, m->p->vars[p], last ? t : 0, last)) &&
		    list(m, rest, at, in))
			return true;
		if (!at)
			break;
		last = at;
	}
	m->m.nvars = before;
	return false;
}

/* Some child of t, of p's kind, that p matches. */
static bool
somewhere(struct matcher *m, uint32_t p, uint32_t t)
{
	IR_EACH(m->ti, c, t)
		if (m->ti->nodes[c].kind == m->pi->nodes[p].kind &&
		    try(m, p, c))
			return true;
	return false;
}

/* Arguments, pairs: in order what has no name, in any order what has. */
static bool
arguments(struct matcher *m, uint32_t p, uint32_t t)
{
	unsigned named = 0, all = 0;
	bool open = false;

	IR_EACH(m->pi, c, p) {
		if (is_list_mark(m, c))
			open = true;
		else if (!positional(m->pi, c)) {
			named++;
			if (!somewhere(m, c, t))
				return false;
		}
	}
	IR_EACH(m->ti, c, t)
		all += !positional(m->ti, c);
	if (!open && named != all)
		return false;
	return list(m, from_here(m->pi, ir_first(m->pi, p), positional),
		from_here(m->ti, ir_first(m->ti, t), positional), positional);
}

/* Children by their roles; roles that the pattern does not name are free. */
static bool
by_role(struct matcher *m, uint32_t p, uint32_t t)
{
	IR_EACH(m->pi, c, p) {
		enum ir_field f = (enum ir_field)m->pi->nodes[c].field;
		uint32_t other;

		if (ir_is(m->pi, c, IR_DECORATOR)) {
			if (!somewhere(m, c, t))
				return false;
		} else if (f != IR_F_NONE) {
			other = ir_child(m->ti, t, f);
			if (!other || !node(m, c, other))
				return false;
		}
	}
	return list(m, from_here(m->pi, ir_first(m->pi, p), unfielded),
		from_here(m->ti, ir_first(m->ti, t), unfielded), unfielded);
}

/* x = 1 in a pattern also matches a declaration's x = 1. */
static bool
declares(struct matcher *m, uint32_t p, uint32_t t)
{
	uint32_t name = ir_child(m->ti, t, IR_F_NAME);
	uint32_t value = ir_child(m->ti, t, IR_F_VALUE);
	uint32_t left = ir_child(m->pi, p, IR_F_LEFT);
	uint32_t right = ir_child(m->pi, p, IR_F_RIGHT);

	return name && value && left && right && node(m, left, name) &&
		node(m, right, value);
}

static bool statements(struct matcher *m, const uint32_t *p, unsigned n,
	uint32_t t, uint32_t stop);

static bool
block(struct matcher *m, uint32_t p, uint32_t t)
{
	uint32_t stmts[64];
	unsigned n = 0;

	IR_EACH(m->pi, c, p)
		if (n < 64)
			stmts[n++] = c;
	return statements(m, stmts, n, ir_first(m->ti, t),
		m->ti->nodes[t].stop);
}

/* Values of the names below t, one hop, in the order of the file. */
static unsigned
values_below(struct matcher *m, uint32_t t, uint32_t *values)
{
	unsigned n = 0;

	for (uint32_t i = t; i < m->ti->nodes[t].stop && n < VALUES; i++) {
		uint32_t v = constant(m, i);
		unsigned at = n;

		if (v == i || (v >= t && v < m->ti->nodes[t].stop))
			continue;
		for (; at > 0 && values[at - 1] > v; at--)
			values[at] = values[at - 1];
		values[at] = v;
		n++;
	}
	return n;
}

/*
 * Places are numbered, so that all of them can be had one after the other:
 * nodes below t by themselves, those in the value of a name behind them.
 */
static bool
deep(struct matcher *m, uint32_t p, uint32_t t)
{
	uint32_t inner = ir_argument(m->pi, p, 0), all = m->ti->n;
	uint32_t values[VALUES];
	unsigned nvalues;

	for (uint32_t n = t > m->deep_from ? t : m->deep_from;
	    inner && n < m->ti->nodes[t].stop; n++)
		if (try(m, inner, n)) {
			m->deep_at = n;
			return true;
		}
	/* a bare $X that is free would take anything there */
	nvalues = inner && (m->p->ops[inner] != PATTERN_VAR ||
		match_find(&m->m, m->p->vars[inner])) ?
		values_below(m, t, values) : 0;
	for (unsigned i = 0; i < nvalues; i++)
		for (uint32_t n = values[i]; n < m->ti->nodes[values[i]].stop;
		    n++)
			if (all + n >= m->deep_from && try(m, inner, n)) {
				m->deep_at = all + n;
				return true;
			}
	return false;
}

static bool
special(struct matcher *m, uint32_t p, uint32_t t, bool *answer)
{
	uint32_t c;

	switch ((enum pattern_op)m->p->ops[p]) {
	case PATTERN_PLAIN:
		return false;
	case PATTERN_ANY:
		*answer = true;
		break;
	case PATTERN_VAR:
	case PATTERN_VARS:
		*answer = bind(m, m->p->vars[p], t, t);
		break;
	case PATTERN_DEEP:
		*answer = deep(m, p, t);
		break;
	case PATTERN_STRING:
		*answer = constant_string(m->ti, constant(m, t));
		break;
	case PATTERN_STRING_VAR:
		c = constant(m, t);
		*answer = ir_is(m->ti, c, IR_STRING) &&
			bind(m, m->p->vars[p], c, c);
		break;
	}
	return true;
}

/* Does the expression begin with a variable of this file? */
static bool
begins_here(struct matcher *m, uint32_t n)
{
	const struct names_entry *e;

	while (ir_is(m->ti, n, IR_MEMBER))
		n = ir_child(m->ti, n, IR_F_OBJECT);
	if (!ir_is(m->ti, n, IR_NAME))
		return false;
	e = names_lookup(m->t->names, m->ti->nodes[n].atom, n);
	return e && e->type != NAMES_IMPORT;
}

/* The same words, whatever they stand for. */
static bool
literally(struct matcher *m, uint32_t p, uint32_t t)
{
	if (m->pi->nodes[p].kind != m->ti->nodes[t].kind)
		return false;
	if (ir_is(m->pi, p, IR_NAME))
		return m->pi->nodes[p].atom == m->ti->nodes[t].atom;
	return literally(m, ir_child(m->pi, p, IR_F_OBJECT),
		ir_child(m->ti, t, IR_F_OBJECT)) &&
		m->pi->nodes[ir_child(m->pi, p, IR_F_ATTRIBUTE)].atom ==
		m->ti->nodes[ir_child(m->ti, t, IR_F_ATTRIBUTE)].atom;
}

/*
 * A literal name: what it stands for must be the same.  A variable of the file
 * also matches by its own name, but not as the function that is called: a
 * parameter "eval" is not the builtin.
 */
static bool
named(struct matcher *m, uint32_t p, uint32_t t)
{
	if (!ir_is(m->ti, t, IR_NAME) && !ir_is(m->ti, t, IR_MEMBER))
		return false;
	if (target_dotted(m, t) == m->p->dotted[p])
		return true;
	if (ir_is(m->ti, t, IR_NAME) &&
	    m->ti->nodes[t].field == IR_F_FUNCTION)
		return false;
	return begins_here(m, t) && literally(m, p, t);
}

/* Expressions that a name may stand for. */
static bool
propagates(enum ir_kind kind)
{
	return kind == IR_STRING || kind == IR_TRUE || kind == IR_FALSE ||
		kind == IR_INTEGER || kind == IR_NONE || kind == IR_TEMPLATE ||
		kind == IR_BINARY || kind == IR_CALL || kind == IR_NEW ||
		kind == IR_DICT || kind == IR_LIST;
}

static bool
plain(struct matcher *m, uint32_t p, uint32_t t)
{
	const struct ir_node *a = &m->pi->nodes[p], *b;

	if (m->p->dotted[p])
		return named(m, p, t);
	if (a->kind == IR_ASSIGN && ir_is(m->ti, t, IR_DECLARATOR))
		return declares(m, p, t);
	if (m->depth > 1 && propagates((enum ir_kind)a->kind))
		t = constant(m, t);
	b = &m->ti->nodes[t];
	if (a->kind != b->kind || a->atom != b->atom)
		return false;
	if (a->kind == IR_ARGUMENTS || a->kind == IR_DICT)
		return arguments(m, p, t);
	if (a->kind == IR_BLOCK)
		return block(m, p, t);
	return by_role(m, p, t);
}

static bool
node(struct matcher *m, uint32_t p, uint32_t t)
{
	bool answer = false;

	if (!m->t->steps || m->depth >= DEPTH) {
		m->t->exhausted = true;
		return false;
	}
	m->t->steps--;
	m->depth++;
	if (!special(m, p, t, &answer))
		answer = plain(m, p, t);
	m->depth--;
	return answer;
}

static bool
is_statement(const struct ir *ir, uint32_t n)
{
	enum ir_kind parent = (enum ir_kind)ir->nodes[ir->nodes[n].parent]
		.kind;

	return n && (parent == IR_MODULE || parent == IR_BLOCK);
}

/* The statement itself, or an expression in it, but not in its blocks. */
static bool
statement(struct matcher *m, uint32_t p, uint32_t t)
{
	uint32_t stop = m->ti->nodes[t].stop;

	if (try(m, p, t))
		return true;
	for (uint32_t n = t + 1; n < stop; n++) {
		if (ir_is(m->ti, n, IR_BLOCK) ||
		    ir_is(m->ti, n, IR_FUNCTION) ||
		    ir_is(m->ti, n, IR_CLASS)) {
			n = m->ti->nodes[n].stop - 1;
			continue;
		}
		if (try(m, p, n))
			return true;
	}
	return false;
}

/* Patterns p[0..n) against statements from t, all before stop. */
static bool
statements(struct matcher *m, const uint32_t *p, unsigned n, uint32_t t,
	uint32_t stop)
{
	unsigned before = m->m.nvars;

	if (!n)
		return true;
	if (m->p->ops[p[0]] != PATTERN_ANY) {
		if (!t || t >= stop || !statement(m, p[0], t))
			return false;
		m->last_end = m->ti->nodes[t].end;
		return statements(m, p + 1, n - 1, ir_next(m->ti, t), stop);
	}
	if (n == 1) {
		for (; t && t < stop; t = ir_next(m->ti, t))
			m->last_end = m->ti->nodes[t].end;
		return true;
	}
	for (uint32_t at = t; at && at < stop; at++) {
		if (!is_statement(m->ti, at))
			continue;
		m->m.nvars = before;
		if (statements(m, p + 1, n - 1, at, stop))
			return true;
	}
	m->m.nvars = before;
	return false;
}

static bool
at_node(struct matcher *m, uint32_t t)
{
	const struct ir *ir = m->ti;

	if (m->seed)
		m->m = *m->seed;
	else
		memset(&m->m, 0, sizeof(m->m));
	m->deep_at = 0;
	m->last_end = ir->nodes[t].end;
	if (m->p->nstmts == 1)
		return node(m, m->p->stmts[0], t);
	return is_statement(ir, t) && statements(m, m->p->stmts,
		m->p->nstmts, t, ir->nodes[ir->nodes[t].parent].stop);
}

bool
match_related(const struct match *m, const struct match *to,
	enum match_relation relation)
{
	bool around = m->start <= to->start && to->end <= m->end;
	bool within = to->start <= m->start && m->end <= to->end;

	switch (relation) {
	case MATCH_EQUAL:
		return around && within;
	case MATCH_AROUND:
		return around;
	case MATCH_RELATED:
		return around || within;
	default:
		return true;
	}
}

/* Can a match that begins at t lie as it must? */
static bool
worth(const struct matcher *m, uint32_t t, enum match_relation relation)
{
	const struct ir_node *n = &m->ti->nodes[t];

	if (!m->seed || relation == MATCH_ANYWHERE)
		return true;
	if (relation == MATCH_EQUAL)
		return n->start == m->seed->start;
	if (n->start <= m->seed->start)
		return m->p->nstmts > 1 || n->end > m->seed->start;
	return relation == MATCH_RELATED && n->start < m->seed->end;
}

/* All ways in which the pattern matches at t: one for every place that its
 * <... P ...> finds. */
static void
all_at(struct matcher *m, uint32_t t, enum match_relation relation,
	struct matches *out)
{
	m->deep_from = 0;
	while (at_node(m, t)) {
		m->m.start = m->ti->nodes[t].start;
		m->m.end = m->p->nstmts > 1 ? m->last_end :
			m->ti->nodes[t].end;
		if (!m->seed || match_related(&m->m, m->seed, relation))
			matches_add(out, &m->m);
		if (!m->deep_at)
			break;
		m->deep_from = m->deep_at + 1;
	}
}

void
match_all(struct match_target *t, const struct pattern *p,
	const struct match *seed, enum match_relation relation,
	struct matches *out)
{
	struct matcher m = { .t = t, .p = p, .pi = p->ir, .ti = t->ir,
		.seed = seed };

	if (!match_possible(t, p))
		return;
	for (uint32_t n = 1; n < t->ir->n; n++)
		if (worth(&m, n, relation))
			all_at(&m, n, relation, out);
}

void
matches_add(struct matches *list, const struct match *m)
{
	list->items = vec_grow(list->items, list->n, &list->cap,
		sizeof(*list->items));
	list->items[list->n++] = *m;
}

void
matches_release(struct matches *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}
