#include "code/bind.h"

#include <string.h>

#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"

uint32_t
bind_scope(const struct ir *ir, uint32_t n)
{
	uint32_t from;

	while (n) {
		from = n;
		n = ir->nodes[n].parent;
		switch (ir->nodes[n].kind) {
		case IR_FUNCTION:
		case IR_METHOD:
		case IR_LAMBDA:
		case IR_CLASS:
			if (n && ir->nodes[from].field == IR_F_BODY)
				return n;
			break;
		}
	}
	return 0;
}

/* --- python --------------------------------------------------------------------- */

struct python {
	struct names *s;
	const struct ir *ir;
	struct str text;
};

/* "import a.b" binds a; "import a.b as c" binds c to a.b */
static void
import(struct python *b, uint32_t n, uint32_t scope)
{
	const struct ir *ir = b->ir;
	const char *text, *dot;
	size_t len;

	IR_EACH(ir, c, n) {
		if (ir_is(ir, c, IR_ALIASED)) {
			uint32_t alias = ir_child(ir, c, IR_F_ALIAS);

			bind_import(b->s, ir->nodes[alias].atom, scope, c,
				ir_atom(ir, ir_child(ir, c, IR_F_NAME), NULL));
			continue;
		}
		text = ir_atom(ir, c, &len);
		dot = memchr(text, '.', len);
		str_clear(&b->text);
		str_add(&b->text, text, dot ? (size_t)(dot - text) : len);
		bind_import(b->s, atoms_add(ir->atoms, str_s(&b->text),
			b->text.len), scope, c, str_s(&b->text));
	}
}

static void
import_name(struct python *b, uint32_t module, uint32_t name, uint32_t alias,
	uint32_t scope)
{
	size_t len;
	const char *from = ir_atom(b->ir, module, &len);

	str_clear(&b->text);
	str_add(&b->text, from, len);
	if (!len || from[len - 1] != '.')
		str_putc(&b->text, '.');
	str_puts(&b->text, name ? ir_atom(b->ir, name, NULL) : "*");
	bind_import(b->s, name ? b->ir->nodes[alias].atom :
		atoms_add(b->ir->atoms, "*", 1), scope, name ? name : module,
		str_s(&b->text));
}

static void
import_from(struct python *b, uint32_t n, uint32_t scope)
{
	const struct ir *ir = b->ir;
	uint32_t module = ir_child(ir, n, IR_F_MODULE), name;

	if (!module)
		return;		/* from __future__ */
	IR_EACH(ir, c, n) {
		if (ir_is(ir, c, IR_WILDCARD)) {
			import_name(b, module, 0, 0, scope);
		} else if (ir_is(ir, c, IR_ALIASED)) {
			name = ir_child(ir, c, IR_F_NAME);
			import_name(b, module, name,
				ir_child(ir, c, IR_F_ALIAS), scope);
		} else if (c != module) {
			import_name(b, module, c, c, scope);
		}
	}
}

/* names that a pattern binds; value: what the whole pattern is given, or 0 */
static void
target(struct python *b, uint32_t n, uint32_t scope, uint32_t value)
{
	const struct ir *ir = b->ir;

	if (!n)
		return;
	if (ir_is(ir, n, IR_NAME)) {
		if (value)
			bind_value(b->s, ir->nodes[n].atom, scope, value);
		else
			bind_local(b->s, ir->nodes[n].atom, scope, n);
		return;
	}
	if (ir_is(ir, n, IR_MEMBER)) {
		uint32_t object = ir_child(ir, n, IR_F_OBJECT);
		uint32_t class = ir_above(ir, n, IR_CLASS);

		if (class && value && ir_named(ir, object, "self"))
			bind_attribute(b->s, ir->nodes[ir_child(ir, n,
				IR_F_ATTRIBUTE)].atom, class, value);
		return;
	}
	if (!ir_is(ir, n, IR_TUPLE) && !ir_is(ir, n, IR_LIST) &&
	    !ir_is(ir, n, IR_REST) && !ir_is(ir, n, IR_SPREAD))
		return;
	for (uint32_t c = n + 1; c < ir->nodes[n].stop; c++) {
		if (ir_is(ir, c, IR_MEMBER) || ir_is(ir, c, IR_INDEX))
			c = ir->nodes[c].stop - 1;
		else if (ir_is(ir, c, IR_NAME))
			bind_local(b->s, ir->nodes[c].atom, scope, c);
	}
}

/* the parameters' names, but not those in defaults and annotations */
static void
parameters(struct python *b, uint32_t function)
{
	const struct ir *ir = b->ir;
	uint32_t list = ir_child(ir, function, IR_F_PARAMETERS), name;

	if (!list)
		return;
	IR_EACH(ir, c, list) {
		name = ir_child(ir, c, IR_F_NAME);
		if (!name)
			name = ir_is(ir, c, IR_NAME) ? c : ir_first(ir, c);
		if (name && !ir_is(ir, name, IR_NAME))
			name = ir_first(ir, name);
		if (name)
			bind_local(b->s, ir->nodes[name].atom, function, name);
	}
}

static void
assign(struct python *b, uint32_t n, uint32_t scope)
{
	const struct ir *ir = b->ir;
	uint32_t left = ir_child(ir, n, IR_F_LEFT);
	uint32_t right = ir_child(ir, n, IR_F_RIGHT), value = right;

	/* a = b = f(): the right one is a node of its own */
	while (value && ir_is(ir, value, IR_ASSIGN))
		value = ir_child(ir, value, IR_F_RIGHT);
	if (right)
		target(b, left, scope, value);
}

static void
statement(struct python *b, uint32_t n, uint32_t scope)
{
	const struct ir *ir = b->ir;

	switch (ir->nodes[n].kind) {
	case IR_IMPORT:
		import(b, n, scope);
		break;
	case IR_IMPORT_FROM:
		import_from(b, n, scope);
		break;
	case IR_CLASS:
	case IR_FUNCTION:
		bind_local(b->s, ir->nodes[ir_child(ir, n, IR_F_NAME)].atom,
			scope, n);
		parameters(b, n);
		break;
	case IR_LAMBDA:
		parameters(b, n);
		break;
	case IR_ASSIGN:
		assign(b, n, scope);
		break;
	case IR_TYPE_ALIAS:
		target(b, ir_child(ir, n, IR_F_LEFT), scope,
			ir_child(ir, n, IR_F_RIGHT));
		break;
	case IR_UPDATE:
		target(b, ir_child(ir, n, IR_F_LEFT), scope, 0);
		break;
	case IR_WALRUS:
		target(b, ir_child(ir, n, IR_F_NAME), scope,
			ir_child(ir, n, IR_F_VALUE));
		break;
	case IR_FOR:
		target(b, ir_child(ir, n, IR_F_LEFT), scope, 0);
		break;
	case IR_AS:
		target(b, ir_child(ir, n, IR_F_ALIAS), scope,
			ir_is(ir, ir->nodes[n].parent, IR_WITH_ITEM) ?
			ir_first(ir, n) : 0);
		break;
	}
}

static void
bind_python(struct names *s, const struct ir *ir)
{
	struct python b = { .s = s, .ir = ir };
	uint16_t for_in = lang_kind("for_in_clause");
	uint32_t scope;

	str_init(&b.text, STR_LINE);
	for (uint32_t n = 1; n < ir->n; n++) {
		switch (ir->nodes[n].kind) {
		case IR_IMPORT: case IR_IMPORT_FROM: case IR_CLASS:
		case IR_FUNCTION: case IR_LAMBDA: case IR_ASSIGN:
		case IR_UPDATE: case IR_WALRUS: case IR_FOR: case IR_AS:
		case IR_TYPE_ALIAS:
			scope = bind_scope(ir, n);
			statement(&b, n, scope);
			break;
		default:
			if (ir->nodes[n].kind == for_in)
				target(&b, ir_child(ir, n, IR_F_LEFT),
					bind_scope(ir, n), 0);
		}
	}
	str_release(&b.text);
}

void
bind_file(struct names *s, const struct ir *ir)
{
	const char *name = lang_name(ir->lang);

	if (strcmp(name, "python") == 0)
		bind_python(s, ir);
	else if (strcmp(name, "javascript") == 0 ||
	    strcmp(name, "typescript") == 0 || strcmp(name, "tsx") == 0)
		bind_javascript(s, ir);
}
