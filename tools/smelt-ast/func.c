#include "smelt-ast/func.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "smelt-ast/project.h"

enum { TEXT_MAX = 80 };

/* --- finding them ------------------------------------------------------------ */

struct scopes {
	uint32_t *nodes;
	size_t n, cap;
};

static const char *
qualname(struct project *p, struct unit *u, const struct scopes *s,
	const char *name)
{
	const struct ir *ir = u->ir;
	struct str out;
	char *copy;

	str_init(&out, STR_LINE);
	for (size_t i = 0; i < s->n; i++) {
		str_puts(&out, ir_atom(ir, ir_child(ir, s->nodes[i],
			IR_F_NAME), NULL));
		str_puts(&out, ir_is(ir, s->nodes[i], IR_CLASS) ? "." :
			".<locals>.");
	}
	str_puts(&out, name);
	copy = arena_strdup(p->arena, str_s(&out));
	str_release(&out);
	return copy;
}

/* path:qualname, with ~2, ~3 for later definitions of the same name */
static const char *
unique_id(struct project *p, const struct func *f)
{
	char *id = arena_printf(p->arena, "%s:%s", f->unit->path, f->qualname);
	const char *base = id;

	for (unsigned i = 2; map_has(p->ids, id); i++)
		id = arena_printf(p->arena, "%s~%u", base, i);
	map_put(p->ids, id, (void *)(uintptr_t)f);
	return id;
}

static struct func *
add(struct project *p, struct unit *u, uint32_t node, const struct scopes *s)
{
	struct func *f = arena_alloc(p->arena, sizeof(*f));
	size_t at;

	f->unit = u;
	f->node = node;
	f->name = ir_atom(u->ir, ir_child(u->ir, node, IR_F_NAME), NULL);
	f->qualname = qualname(p, u, s, f->name);
	if (s->n && ir_is(u->ir, s->nodes[s->n - 1], IR_CLASS))
		f->class = s->nodes[s->n - 1];
	f->constructor = f->class && strcmp(f->name, "__init__") == 0;
	f->id = unique_id(p, f);
	u->funcs = vec_grow(u->funcs, u->nfuncs, &u->funcs_cap,
		sizeof(*u->funcs));
	for (at = u->nfuncs; at && u->funcs[at - 1]->node > node; at--)
		u->funcs[at] = u->funcs[at - 1];
	u->funcs[at] = f;
	u->nfuncs++;
	return f;
}

static bool
local(const struct unit *u, const struct scopes *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!ir_is(u->ir, s->nodes[i], IR_CLASS))
			return true;
	return false;
}

void
func_collect(struct project *p, struct unit *u)
{
	const struct ir *ir = u->ir;
	struct scopes s = { NULL, 0, 0 };

	for (uint32_t n = 1; n < ir->n; n++) {
		if (!ir_is(ir, n, IR_FUNCTION) && !ir_is(ir, n, IR_CLASS))
			continue;
		while (s.n && ir->nodes[s.nodes[s.n - 1]].stop <= n)
			s.n--;
		if (ir_is(ir, n, IR_CLASS)) {
			u->classes++;
		} else {
			u->functions++;
			if (!local(u, &s) && !func_decorated(u, n, "overload"))
				add(p, u, n, &s);
		}
		s.nodes = vec_grow(s.nodes, s.n, &s.cap, sizeof(*s.nodes));
		s.nodes[s.n++] = n;
	}
	free(s.nodes);
}

/* the number of funcs that start at or before n */
static size_t
upto(const struct unit *u, uint32_t n)
{
	size_t lo = 0, hi = u->nfuncs, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (u->funcs[mid]->node <= n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct func *
func_at(struct unit *u, uint32_t node)
{
	size_t k = upto(u, node);

	return k && u->funcs[k - 1]->node == node ? u->funcs[k - 1] : NULL;
}

struct func *
func_make(struct project *p, struct unit *u, uint32_t node)
{
	struct func *f = func_at(u, node);
	struct scopes s = { NULL, 0, 0 };
	uint32_t up;

	if (f)
		return f;
	for (up = u->ir->nodes[node].parent; up; up = u->ir->nodes[up].parent)
		if (ir_is(u->ir, up, IR_FUNCTION) ||
		    ir_is(u->ir, up, IR_CLASS)) {
			s.nodes = vec_grow(s.nodes, s.n, &s.cap,
				sizeof(*s.nodes));
			s.nodes[s.n++] = up;
		}
	for (size_t i = 0; i < s.n / 2; i++) {
		up = s.nodes[i];
		s.nodes[i] = s.nodes[s.n - 1 - i];
		s.nodes[s.n - 1 - i] = up;
	}
	f = add(p, u, node, &s);
	free(s.nodes);
	return f;
}

/* --- looking at one ------------------------------------------------------------ */

uint32_t
func_decorator(const struct unit *u, uint32_t node, unsigned i)
{
	IR_EACH(u->ir, c, node)
		if (ir_is(u->ir, c, IR_DECORATOR) && i-- == 0)
			return ir_first(u->ir, c);
	return 0;
}

static bool
last_name(const struct ir *ir, uint32_t n, const char *name)
{
	if (ir_is(ir, n, IR_CALL))
		n = ir_child(ir, n, IR_F_FUNCTION);
	if (n && ir_is(ir, n, IR_MEMBER))
		n = ir_child(ir, n, IR_F_ATTRIBUTE);
	return n && ir_named(ir, n, name);
}

bool
func_decorated(const struct unit *u, uint32_t node, const char *name)
{
	uint32_t d;

	for (unsigned i = 0; (d = func_decorator(u, node, i)); i++)
		if (last_name(u->ir, d, name))
			return true;
	return false;
}

void
func_loc(struct unit *u, uint32_t node, struct loc *loc)
{
	struct ir *ir = u->ir;
	uint32_t name = ir_child(ir, node, IR_F_NAME);
	uint32_t start = name ? ir->nodes[name].start : ir->nodes[node].start;

	/* the line of the name, without its indentation */
	while (start > ir->nodes[node].start && ir->text[start - 1] != '\n')
		start--;
	while (ir->text[start] == ' ' || ir->text[start] == '\t')
		start++;
	ir_span(ir, start, ir->nodes[node].end, u->path, loc);
}

static void
one_line(const char *text, size_t len, unsigned max, struct str *out)
{
	size_t from = out->len, k, i = 0;
	unsigned chars = 0;
	uint32_t c;

	while (i < len && chars < max) {
		k = utf8_decode(text + i, len - i, &c);
		if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || !k) {
			if (out->len > from && out->buf[out->len - 1] != ' ')
				str_putc(out, ' '), chars++;
			i += k ? k : 1;
			continue;
		}
		str_add(out, text + i, k);
		chars++;
		i += k;
	}
}

void
func_line(const char *text, size_t len, struct str *out)
{
	one_line(text, len, UINT_MAX, out);
}

void
func_text(const struct unit *u, uint32_t start, uint32_t end, struct str *out)
{
	one_line(u->text + start, end - start, TEXT_MAX, out);
}
