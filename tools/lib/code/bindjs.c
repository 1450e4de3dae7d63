/* Bindings of javascript, typescript and tsx. */
#include "code/bind.h"

#include <string.h>

#include "base/str.h"
#include "code/ir.h"
#include "code/lang.h"

struct script {
	struct names *s;
	const struct ir *ir;
	struct str text;
	uint16_t specifier, object, array, defaulted;
};

static const char *
member_of(struct script *b, const char *module, const char *name)
{
	str_clear(&b->text);
	str_puts(&b->text, module);
	str_putc(&b->text, '.');
	str_puts(&b->text, name);
	return str_s(&b->text);
}

/* import d, * as n, { a as b } from "m" */
static void
import(struct script *b, uint32_t n)
{
	const struct ir *ir = b->ir;
	const char *module = ir_string(ir, ir_child(ir, n, IR_F_SOURCE), NULL);
	uint32_t name, alias;

	if (!module)
		return;
	for (uint32_t c = n + 1; c < ir->nodes[n].stop; c++) {
		if (ir->nodes[c].kind == b->specifier) {
			name = ir_child(ir, c, IR_F_NAME);
			alias = ir_child(ir, c, IR_F_ALIAS);
			bind_import(b->s, ir->nodes[alias ? alias : name].atom,
				0, c, member_of(b, module,
				ir_atom(ir, name, NULL)));
			c = ir->nodes[c].stop - 1;
		} else if (ir_is(ir, c, IR_NAME)) {
			bind_import(b->s, ir->nodes[c].atom, 0, c, module);
		}
	}
}

/* require("m"), also behind await import("m") */
static const char *
required(const struct ir *ir, uint32_t n)
{
	uint32_t function;

	if (n && ir_is(ir, n, IR_AWAIT))
		n = ir_first(ir, n);
	if (!n || !ir_is(ir, n, IR_CALL))
		return NULL;
	function = ir_child(ir, n, IR_F_FUNCTION);
	if (!ir_named(ir, function, "require") &&
	    strcmp(lang_kind_name(ir->nodes[function].kind), "import") != 0)
		return NULL;
	return ir_string(ir, ir_argument(ir, n, 0), NULL);
}

/* const { a, b: c } = require("m"), or of any value: then they are local */
static void
pattern(struct script *b, uint32_t n, uint32_t scope, const char *module)
{
	const struct ir *ir = b->ir;
	uint32_t key, value;

	IR_EACH(ir, c, n) {
		value = c;
		key = c;
		if (ir_is(ir, c, IR_PAIR)) {
			key = ir_child(ir, c, IR_F_KEY);
			value = ir_child(ir, c, IR_F_VALUE);
		} else if (ir->nodes[c].kind == b->defaulted) {
			key = value = ir_first(ir, c);
		}
		if (!key || !value || !ir_is(ir, value, IR_NAME))
			continue;
		if (module)
			bind_import(b->s, ir->nodes[value].atom, scope, c,
				member_of(b, module, ir_atom(ir, key, NULL)));
		else
			bind_local(b->s, ir->nodes[value].atom, scope, c);
	}
}

static void
variable(struct script *b, uint32_t left, uint32_t value, uint32_t scope)
{
	const struct ir *ir = b->ir;
	const char *module = required(ir, value);

	if (!left)
		return;
	if (ir->nodes[left].kind == b->object)
		pattern(b, left, scope, module);
	else if (ir->nodes[left].kind == b->array)
		pattern(b, left, scope, NULL);
	else if (ir_is(ir, left, IR_MEMBER) && value &&
	    ir_named(ir, ir_child(ir, left, IR_F_OBJECT), "this"))
		bind_attribute(b->s, ir->nodes[ir_child(ir, left,
			IR_F_ATTRIBUTE)].atom, ir_above(ir, left, IR_CLASS),
			value);
	else if (!ir_is(ir, left, IR_NAME))
		return;
	else if (module)
		bind_import(b->s, ir->nodes[left].atom, scope, left, module);
	else if (value)
		bind_value(b->s, ir->nodes[left].atom, scope, value);
}

static void
parameters(struct script *b, uint32_t n)
{
	const struct ir *ir = b->ir;
	uint32_t list = ir_child(ir, n, IR_F_PARAMETERS);

	if (!list)
		return;
	if (ir_is(ir, list, IR_NAME)) {
		bind_local(b->s, ir->nodes[list].atom, n, list);
		return;
	}
	for (uint32_t c = list + 1; c < ir->nodes[list].stop; c++)
		if (ir_is(ir, c, IR_NAME) &&
		    ir->nodes[c].field != IR_F_TYPE)
			bind_local(b->s, ir->nodes[c].atom, n, c);
}

static void
node(struct script *b, uint32_t n)
{
	const struct ir *ir = b->ir;
	uint32_t name;

	switch (ir->nodes[n].kind) {
	case IR_IMPORT:
		import(b, n);
		break;
	case IR_DECLARATOR:
		variable(b, ir_child(ir, n, IR_F_NAME),
			ir_child(ir, n, IR_F_VALUE), bind_scope(ir, n));
		break;
	case IR_ASSIGN:
		variable(b, ir_child(ir, n, IR_F_LEFT),
			ir_child(ir, n, IR_F_RIGHT), bind_scope(ir, n));
		break;
	case IR_UPDATE:
		name = ir_child(ir, n, IR_F_LEFT);
		if (name && ir_is(ir, name, IR_NAME))
			bind_local(b->s, ir->nodes[name].atom,
				bind_scope(ir, n), n);
		break;
	case IR_CLASS:
	case IR_FUNCTION:
		name = ir_child(ir, n, IR_F_NAME);
		if (name)
			bind_local(b->s, ir->nodes[name].atom,
				bind_scope(ir, n), n);
		parameters(b, n);
		break;
	case IR_METHOD:
	case IR_LAMBDA:
		parameters(b, n);
		break;
	}
}

void
bind_javascript(struct names *s, const struct ir *ir)
{
	struct script b = { .s = s, .ir = ir };

	str_init(&b.text, STR_LINE);
	b.specifier = lang_kind("import_specifier");
	b.object = lang_kind("object_pattern");
	b.array = lang_kind("array_pattern");
	b.defaulted = lang_kind("object_assignment_pattern");
	for (uint32_t n = 1; n < ir->n; n++)
		node(&b, n);
	str_release(&b.text);
}
