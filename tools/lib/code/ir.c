#include "code/ir.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/lang.h"
#include "data/emit.h"

void
ir_release(struct ir *ir)
{
	free(ir->nodes);
	free(ir->comments);
	if (ir->lines) {
		lines_release(ir->lines);
		free(ir->lines);
	}
	memset(ir, 0, sizeof(*ir));
}

uint32_t
ir_child(const struct ir *ir, uint32_t n, enum ir_field field)
{
	IR_EACH(ir, c, n)
		if (ir->nodes[c].field == field)
			return c;
	return 0;
}

uint32_t
ir_nth(const struct ir *ir, uint32_t n, unsigned i)
{
	IR_EACH(ir, c, n)
		if (i-- == 0)
			return c;
	return 0;
}

unsigned
ir_count(const struct ir *ir, uint32_t n)
{
	unsigned count = 0;

	IR_EACH(ir, c, n)
		count++;
	return count;
}

uint32_t
ir_above(const struct ir *ir, uint32_t n, enum ir_kind kind)
{
	while (n) {
		n = ir->nodes[n].parent;
		if (n && ir->nodes[n].kind == kind)
			return n;
	}
	return 0;
}

const char *
ir_atom(const struct ir *ir, uint32_t n, size_t *len)
{
	return atoms_text(ir->atoms, ir->nodes[n].atom, len);
}

const char *
ir_text(const struct ir *ir, uint32_t n, size_t *len)
{
	*len = ir->nodes[n].end - ir->nodes[n].start;
	return ir->text + ir->nodes[n].start;
}

bool
ir_named(const struct ir *ir, uint32_t n, const char *text)
{
	const struct ir_node *node = &ir->nodes[n];

	return (node->kind == IR_NAME || node->kind == IR_STRING) &&
		strcmp(ir_atom(ir, n, NULL), text) == 0;
}

const char *
ir_string(const struct ir *ir, uint32_t n, size_t *len)
{
	if (!n || ir->nodes[n].kind != IR_STRING)
		return NULL;
	return ir_atom(ir, n, len);
}

static uint32_t
arguments(const struct ir *ir, uint32_t call)
{
	return ir_child(ir, call, IR_F_ARGUMENTS);
}

uint32_t
ir_argument(const struct ir *ir, uint32_t call, unsigned i)
{
	uint32_t args = arguments(ir, call);

	if (!args || ir->nodes[args].kind != IR_ARGUMENTS)
		return 0;
	IR_EACH(ir, c, args) {
		if (ir->nodes[c].kind == IR_KEYWORD)
			continue;
		if (ir->nodes[c].kind == IR_SPREAD)
			return 0;
		if (i-- == 0)
			return ir->nodes[c].kind == IR_KEYWORD_SPREAD ? 0 : c;
	}
	return 0;
}

uint32_t
ir_keyword(const struct ir *ir, uint32_t call, const char *name)
{
	uint32_t args = arguments(ir, call);

	if (!args)
		return 0;
	IR_EACH(ir, c, args)
		if (ir->nodes[c].kind == IR_KEYWORD &&
		    ir_named(ir, ir_child(ir, c, IR_F_NAME), name))
			return ir_child(ir, c, IR_F_VALUE);
	return 0;
}

uint32_t
ir_docstring(const struct ir *ir, uint32_t n)
{
	uint32_t body = n;

	if (n)
		body = ir_child(ir, n, IR_F_BODY);
	if (n && !body)
		return 0;
	if (n && ir->nodes[body].kind == IR_STRING)
		return body;
	body = ir_first(ir, body);
	return body && ir->nodes[body].kind == IR_STRING &&
		!(ir->nodes[body].flags & IR_BYTES) ? body : 0;
}

/* the last comment that ends at or before the offset, or -1 */
static long
comment_before(const struct ir *ir, uint32_t offset)
{
	long lo = 0, hi = (long)ir->ncomments;

	while (lo < hi) {
		long mid = lo + (hi - lo) / 2;

		if (ir->comments[mid].end <= offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo - 1;
}

/* only white space, and no empty line, between a comment and what follows */
static bool
touches(const struct ir *ir, uint32_t from, uint32_t to)
{
	unsigned newlines = 0;

	/* line comments may hold their line end */
	if (from && ir->text[from - 1] == '\n')
		newlines++;
	for (; from < to; from++) {
		char c = ir->text[from];

		if (c == '\n')
			newlines++;
		else if (c != ' ' && c != '\t' && c != '\r')
			return false;
	}
	return newlines <= 1;
}

static void
comment_line(struct str *out, const char *p, size_t n)
{
	while (n && (*p == ' ' || *p == '\t'))
		p++, n--;
	while (n && (*p == '*' || *p == '/' || *p == '#' || *p == '!'))
		p++, n--;
	if (n && *p == ' ')
		p++, n--;
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
		n--;
	if (n >= 2 && memcmp(p + n - 2, "*/", 2) == 0)
		n -= 2;
	while (n && (p[n - 1] == ' ' || p[n - 1] == '*'))
		n--;
	str_add(out, p, n);
	str_putc(out, '\n');
}

static void
comment_text(struct str *out, const char *p, size_t n)
{
	const char *nl;

	while (n) {
		nl = memchr(p, '\n', n);
		comment_line(out, p, nl ? (size_t)(nl - p) : n);
		if (!nl)
			break;
		n -= (size_t)(nl + 1 - p);
		p = nl + 1;
	}
}

bool
ir_doc_comment(const struct ir *ir, uint32_t n, struct str *out)
{
	uint32_t to = ir->nodes[n].start;
	long last = comment_before(ir, to), first = last + 1;
	size_t start = out->len;

	while (first > 0 && touches(ir, ir->comments[first - 1].end, to))
		to = ir->comments[--first].start;
	for (; first <= last; first++)
		comment_text(out, ir->text + ir->comments[first].start,
			ir->comments[first].end - ir->comments[first].start);
	while (out->len > start && out->buf[out->len - 1] == '\n')
		out->len--;
	/* the line of the opening mark */
	first = (long)start;
	while ((size_t)first < out->len && out->buf[first] == '\n')
		first++;
	if (out->buf) {
		memmove(out->buf + start, out->buf + first,
			out->len - (size_t)first);
		out->len -= (size_t)first - start;
		str_seal(out);
	}
	return out->len > start;
}

void
ir_position(struct ir *ir, uint32_t offset, unsigned *line, unsigned *col)
{
	if (!ir->lines) {
		ir->lines = xmalloc(sizeof(*ir->lines));
		lines_init(ir->lines, ir->text, ir->len);
	}
	lines_position(ir->lines, offset, line, col);
}

void
ir_span(struct ir *ir, uint32_t start, uint32_t end, const char *file,
	struct loc *loc)
{
	loc->file = file;
	ir_position(ir, start, &loc->line, &loc->col);
	ir_position(ir, end, &loc->end_line, &loc->end_col);
}

void
ir_loc(struct ir *ir, uint32_t n, const char *file, struct loc *loc)
{
	ir_span(ir, ir->nodes[n].start, ir->nodes[n].end, file, loc);
}

void
ir_dump(const struct ir *ir, struct str *out)
{
	const struct ir_node *node;
	unsigned depth;

	for (uint32_t i = 0; i < ir->n; i++) {
		node = &ir->nodes[i];
		depth = 0;
		for (uint32_t p = i; p; p = ir->nodes[p].parent)
			depth++;
		str_addf(out, "%*s", (int)depth * 2, "");
		if (node->field)
			str_addf(out, "%s: ", lang_field_name(node->field));
		str_puts(out, lang_kind_name(node->kind));
		if (node->atom)
			str_addf(out, " [%s]", ir_atom(ir, i, NULL));
		if (node->flags & IR_ASYNC)
			str_puts(out, " async");
		if (node->flags & IR_EXPORT)
			str_puts(out, " export");
		if (node->flags & IR_STATIC)
			str_puts(out, " static");
		if (node->flags & IR_PRIVATE)
			str_puts(out, " private");
		if (node->flags & IR_BYTES)
			str_puts(out, " bytes");
		if (node->flags & IR_HAS_ERROR)
			str_puts(out, " error");
		str_putc(out, '\n');
	}
}
