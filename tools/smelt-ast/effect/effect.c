#include "smelt-ast/effect/effect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "smelt-ast/effect/sink.h"
#include "smelt-ast/func.h"
#include "smelt-ast/knowledge.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/type/constant.h"

/* per effect; more would not tell more */
enum { OWN_MAX = 8, VIA_MAX = 4, EFFECTS = 11 };

struct effects {
	struct project *project;
	struct sinks *sinks;
	struct str name, text;
};

struct effects *
effects_new(struct project *p, struct err *err)
{
	const struct knowledge_file *f;
	struct effects *x;

	for (size_t i = 0; (f = knowledge_get(p->knowledge, "effects", i));
	    i++)
		if (strcmp(f->name, "python.yaml") == 0)
			break;
	if (!f) {
		err_set(err, "share/smelt/effects/python.yaml is missing");
		return NULL;
	}
	x = xcalloc(1, sizeof(*x));
	x->project = p;
	str_init(&x->name, STR_LINE);
	str_init(&x->text, 16 * STR_LINE);
	x->sinks = sinks_new(f, err);
	if (x->sinks)
		return x;
	effects_free(x);
	return NULL;
}

void
effects_free(struct effects *x)
{
	if (!x)
		return;
	sinks_free(x->sinks);
	str_release(&x->name);
	str_release(&x->text);
	free(x);
}

/* --- SQL ------------------------------------------------------------------------ */

static bool
word_is(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && strncasecmp(p, word, n) == 0;
}

static unsigned
statement(const char *p, const char *end)
{
	static const char *const reads[] = { "select", "show", "explain",
		"describe", "pragma", "values", "with", "table", NULL };
	static const char *const writes[] = { "insert", "update", "delete",
		"create", "drop", "alter", "replace", "truncate", "merge",
		"grant", "revoke", "vacuum", "attach", "copy", "call",
		NULL };
	unsigned found = 0;
	const char *q;
	bool first = true;

	/* a write may stand behind WITH ... or EXPLAIN */
	for (; p < end; p = q) {
		while (p < end && !((*p | 32) >= 'a' && (*p | 32) <= 'z')) {
			if (p + 1 < end && p[0] == '-' && p[1] == '-')
				while (p < end && *p != '\n')
					p++;
			else
				p++;
		}
		for (q = p; q < end && (((*q | 32) >= 'a' &&
		    (*q | 32) <= 'z') || *q == '_'); )
			q++;
		for (size_t i = 0; writes[i]; i++)
			if (word_is(p, (size_t)(q - p), writes[i]))
				return found | EFFECT_DB_WRITE;
		for (size_t i = 0; first && reads[i]; i++)
			if (word_is(p, (size_t)(q - p), reads[i]))
				found = EFFECT_DB_READ;
		if (first && !word_is(p, (size_t)(q - p), "with") &&
		    !word_is(p, (size_t)(q - p), "explain"))
			break;
		first = false;
	}
	return found;
}

static unsigned
sql_effects(const char *text)
{
	unsigned found = 0;
	const char *end;

	for (;;) {
		end = text + strcspn(text, ";");
		found |= statement(text, end);
		if (!*end)
			return found;
		text = end + 1;
	}
}

/* --- one call ------------------------------------------------------------------------ */

static unsigned
mode(struct effects *x, struct unit *u, uint32_t call,
	const struct sink_mode *m)
{
	uint32_t arg = m->keyword ? ir_keyword(u->ir, call, m->keyword) : 0;
	const char *text;
	unsigned found = 0;

	if (!arg)
		arg = ir_argument(u->ir, call, m->position);
	if (!arg)
		return EFFECT_FS_READ;
	str_clear(&x->text);
	if (!constant_string(x->project, u, arg, false, &x->text))
		return EFFECT_FS_READ | EFFECT_FS_WRITE;
	text = str_s(&x->text);
	if (strpbrk(text, "wax+"))
		found |= EFFECT_FS_WRITE;
	if (strchr(text, '+') || !strpbrk(text, "wax"))
		found |= EFFECT_FS_READ;
	return found;
}

static unsigned
sql(struct effects *x, struct unit *u, uint32_t call,
	const struct sink_method *m, bool receiver)
{
	uint32_t arg = ir_argument(u->ir, call, (unsigned)m->sql);
	unsigned found = 0;

	str_clear(&x->text);
	if (arg && constant_string(x->project, u, arg, true, &x->text))
		found = sql_effects(str_s(&x->text));
	if (!found && receiver)
		found = EFFECT_DB_READ | EFFECT_DB_WRITE;
	return found;
}

static unsigned
method(struct effects *x, struct unit *u, uint32_t call)
{
	const struct ir *ir = u->ir;
	uint32_t function = ir_child(ir, call, IR_F_FUNCTION), name;
	const struct sink_method *m;
	bool receiver;

	if (!ir_is(ir, function, IR_MEMBER))
		return 0;
	name = ir_child(ir, function, IR_F_ATTRIBUTE);
	if (!name)
		return 0;
	for (size_t i = 0; (m = sinks_method(x->sinks, ir_atom(ir, name,
	    NULL), i)); i++) {
		unsigned found = 0;

		receiver = sinks_receiver(m, ir, ir_child(ir, function,
			IR_F_OBJECT));
		if (m->sql >= 0)
			found = sql(x, u, call, m, receiver);
		else if (receiver)
			found = m->effects;
		if (found)
			return found;
	}
	return 0;
}

/* a secret is named by a string in the call or the item */
static unsigned
secret(struct effects *x, struct unit *u, uint32_t n, unsigned found)
{
	const struct ir *ir = u->ir;

	for (uint32_t c = n; found && c < ir->nodes[n].stop; c++)
		if (ir_is(ir, c, IR_STRING) && sinks_secret(x->sinks, found,
		    ir_atom(ir, c, NULL)))
			return found | EFFECT_SECRET;
	return found;
}

/* by the library's name; a name of this file hides it */
static unsigned
library(struct effects *x, struct unit *u, uint32_t call, uint32_t function)
{
	const struct sink_mode *m;
	enum resolve_head head;
	enum symbol_type ours;
	unsigned found;

	if (!resolve_external(x->project, u, function, &x->name, &head) ||
	    head == HEAD_LOCAL)
		return 0;
	m = sinks_mode(x->sinks, str_s(&x->name));
	found = m ? 0 : sinks_call(x->sinks, str_s(&x->name),
		head == HEAD_BUILTIN);
	if (!m && !found)
		return 0;
	ours = head == HEAD_IMPORT ? resolve(x->project, u, function).type :
		SYMBOL_NONE;
	if (ours == SYMBOL_FUNCTION || ours == SYMBOL_CLASS)
		return 0;
	return m ? mode(x, u, call, m) : found;
}

static unsigned
call_effects(struct effects *x, struct unit *u, uint32_t call)
{
	unsigned found = library(x, u, call, ir_child(u->ir, call,
		IR_F_FUNCTION));

	return found ? found : method(x, u, call);
}

static void
add_evidence(struct func *f, uint32_t n, unsigned found)
{
	const struct ir_node *node = &f->unit->ir->nodes[n];

	f->evidence = vec_grow(f->evidence, f->nevidence, &f->evidence_cap,
		sizeof(*f->evidence));
	f->evidence[f->nevidence++] = (struct evidence){ node->start,
		node->end, found };
	f->own |= found;
	f->effects |= found;
}

/* --- whom it calls ---------------------------------------------------------------------- */

static void
add_call(struct effects *x, struct func *f, uint32_t n, uint32_t callee)
{
	struct symbol s = resolve(x->project, f->unit, callee);
	struct func *target;

	if (s.type == SYMBOL_CLASS)
		s = resolve_member(x->project, s, "__init__");
	if (s.type != SYMBOL_FUNCTION)
		return;
	target = func_at(s.unit, s.node);
	if (!target || target == f)
		return;
	f->calls = vec_grow(f->calls, f->ncalls, &f->calls_cap,
		sizeof(*f->calls));
	f->calls[f->ncalls++] = (struct call){ n, target };
}

static void
scan(struct effects *x, struct func *f)
{
	struct unit *u = f->unit;
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, f->node, IR_F_BODY), n, d, looked = 0;
	unsigned found;

	for (unsigned i = 0; (d = func_decorator(u, f->node, i)); i++)
		add_call(x, f, d, ir_is(ir, d, IR_CALL) ?
			ir_child(ir, d, IR_F_FUNCTION) : d);
	for (n = body; n && n < ir->nodes[body].stop; n++) {
		found = 0;
		switch (ir->nodes[n].kind) {
		case IR_FUNCTION:
			/* a callable of its own */
			if (func_at(u, n))
				n = ir->nodes[n].stop - 1;
			continue;
		case IR_CALL:
			found = call_effects(x, u, n);
			if (!found)
				add_call(x, f, n, ir_child(ir, n,
					IR_F_FUNCTION));
			else
				looked = ir->nodes[ir_child(ir, n,
					IR_F_FUNCTION)].stop;
			break;
		case IR_INDEX:
		case IR_MEMBER:
			if (n < looked)
				continue;
			d = ir_is(ir, n, IR_INDEX) ? ir_first(ir, n) : n;
			if (d && ir_is(ir, d, IR_MEMBER))
				d = ir_child(ir, d, IR_F_ATTRIBUTE);
			if (!d || !sinks_may_read(x->sinks, ir_atom(ir, d,
			    NULL)))
				continue;
			if (resolve_external(x->project, u, n, &x->name, NULL))
				found = sinks_read(x->sinks, str_s(&x->name));
			if (found)
				looked = ir->nodes[n].stop;
			break;
		}
		if (found)
			add_evidence(f, n, secret(x, u, n, found));
	}
}

void
effects_scan(struct effects *x, struct unit *u)
{
	for (size_t i = 0; i < u->nfuncs; i++)
		scan(x, u->funcs[i]);
}

/* --- through calls ----------------------------------------------------------------------- */

struct work {
	struct func **items;
	size_t n, cap;
};

static void
push(struct work *w, struct func *f)
{
	w->items = vec_grow(w->items, w->n, &w->cap, sizeof(f));
	w->items[w->n++] = f;
}

struct edge {
	struct func *callee, *caller;
};

static int
by_callee(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	uintptr_t p = (uintptr_t)x->callee, q = (uintptr_t)y->callee;

	return p < q ? -1 : p > q;
}

static size_t
first_edge(const struct edge *edges, size_t n, const struct func *callee)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((uintptr_t)edges[mid].callee < (uintptr_t)callee)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* each func goes back to work at most once for each effect */
static void
spread(const struct edge *edges, size_t n, struct work *w)
{
	struct func *f, *caller;
	unsigned more;

	while (w->n) {
		f = w->items[--w->n];
		for (size_t i = first_edge(edges, n, f); i < n &&
		    edges[i].callee == f; i++) {
			caller = edges[i].caller;
			more = f->effects & ~caller->effects;
			caller->effects |= more;
			if (more)
				push(w, caller);
		}
	}
}

void
effects_spread(struct project *p)
{
	struct edge *edges = NULL;
	struct work w = { NULL, 0, 0 };
	size_t n = 0, cap = 0;
	struct func *f;

	for (size_t i = 0; i < p->nunits; i++)
		for (size_t j = 0; j < p->units[i]->nfuncs; j++) {
			f = p->units[i]->funcs[j];
			for (size_t k = 0; k < f->ncalls; k++) {
				edges = vec_grow(edges, n, &cap,
					sizeof(*edges));
				edges[n++] = (struct edge){
					f->calls[k].callee, f };
			}
			if (f->effects)
				push(&w, f);
		}
	if (n)
		qsort(edges, n, sizeof(*edges), by_callee);
	spread(edges, n, &w);
	free(edges);
	free(w.items);
}

/* --- writing ----------------------------------------------------------------------------- */

static void
emit_evidence(struct func *f, uint32_t start, uint32_t end, const char *via,
	struct emit *e)
{
	struct loc loc;
	struct str text;

	str_init(&text, STR_LINE);
	ir_span(f->unit->ir, start, end, f->unit->path, &loc);
	func_text(f->unit, start, end, &text);
	emit_object(e);
	emit_pair_loc(e, "loc", &loc);
	emit_pair(e, "text", str_s(&text));
	emit_pair(e, "via", via);
	emit_end(e);
	str_release(&text);
}

static bool
earlier(const struct func *f, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (f->calls[i].callee == f->calls[k].callee)
			return true;
	return false;
}

static void
emit_one(struct func *f, unsigned bit, struct emit *e)
{
	const struct ir_node *n;
	unsigned count = 0;

	emit_object(e);
	emit_pair(e, "effect", sinks_name(bit));
	emit_key(e, "evidence");
	emit_array(e);
	for (size_t i = 0; i < f->nevidence && count < OWN_MAX; i++)
		if (f->evidence[i].effects & bit) {
			emit_evidence(f, f->evidence[i].start,
				f->evidence[i].end, NULL, e);
			count++;
		}
	count = 0;
	for (size_t i = 0; i < f->ncalls && count < VIA_MAX; i++) {
		if (!(f->calls[i].callee->effects & bit) || earlier(f, i))
			continue;
		n = &f->unit->ir->nodes[f->calls[i].node];
		emit_evidence(f, n->start, n->end, f->calls[i].callee->id, e);
		count++;
	}
	emit_end(e);
	emit_end(e);
}

void
effects_emit(struct func *f, struct emit *e)
{
	emit_array(e);
	for (unsigned i = 0; i < EFFECTS; i++)
		if (f->effects & 1u << i)
			emit_one(f, 1u << i, e);
	emit_end(e);
}
