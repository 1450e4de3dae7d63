#include "smelt-ast/type/typemodel.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/type/docstring.h"
#include "smelt-ast/type/literal.h"
#include "smelt-ast/type/types.h"

enum { DEPTH = 8 };

struct field {
	struct unit *unit;
	uint32_t node;		/* the assignment */
	const char *name;
	bool optional;		/* TypedDict with total=False */
};

struct fields {
	struct field *items;
	size_t n, cap;
};

/* --- what a class is ------------------------------------------------------------ */

static enum typemodel_kind
kind(struct types *t, struct unit *u, uint32_t class, int depth)
{
	const struct ir *ir = u->ir;
	uint32_t bases = ir_child(ir, class, IR_F_SUPERCLASSES), d;
	enum typemodel_kind k;
	enum type_role role;
	struct symbol s;

	for (unsigned i = 0; (d = func_decorator(u, class, i)); i++) {
		if (ir_is(ir, d, IR_CALL))
			d = ir_child(ir, d, IR_F_FUNCTION);
		if (types_role_of(t, u, d) == ROLE_MODEL_DECORATOR)
			return TYPEMODEL_OBJECT;
	}
	if (!bases || depth <= 0)
		return TYPEMODEL_NONE;
	IR_EACH(ir, b, bases) {
		d = ir_is(ir, b, IR_INDEX) ? ir_first(ir, b) : b;
		role = types_role_of(t, u, d);
		if (role == ROLE_ENUM)
			return TYPEMODEL_ENUM;
		if (role == ROLE_MODEL)
			return TYPEMODEL_OBJECT;
		s = resolve(types_project(t), u, d);
		if (s.type != SYMBOL_CLASS)
			continue;
		k = kind(t, s.unit, s.node, depth - 1);
		if (k != TYPEMODEL_NONE)
			return k;
	}
	return TYPEMODEL_NONE;
}

enum typemodel_kind
typemodel_kind(struct types *t, struct unit *u, uint32_t class)
{
	return kind(t, u, class, DEPTH);
}

/* --- enums -------------------------------------------------------------------------- */

static bool
is_auto(const struct ir *ir, uint32_t n)
{
	uint32_t f = ir_is(ir, n, IR_CALL) ? ir_child(ir, n, IR_F_FUNCTION) :
		0;

	if (f && ir_is(ir, f, IR_MEMBER))
		f = ir_child(ir, f, IR_F_ATTRIBUTE);
	return f && ir_named(ir, f, "auto");
}

/* the members' values; auto() counts, or is the name in a StrEnum */
static void
enum_schema(struct unit *u, uint32_t class, bool strings, struct emit *e)
{
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, class, IR_F_BODY), left, right;
	const char *type = NULL, *now;
	bool mixed = false;
	int64_t count = 0;

	emit_key(e, "enum");
	emit_array(e);
	IR_EACH(ir, c, body) {
		left = ir_child(ir, c, IR_F_LEFT);
		right = ir_child(ir, c, IR_F_RIGHT);
		if (!ir_is(ir, c, IR_ASSIGN) || !right || !ir_is(ir, left,
		    IR_NAME) || ir_atom(ir, left, NULL)[0] == '_')
			continue;
		count++;
		now = literal_type(ir, right);
		if (is_auto(ir, right) && strings) {
			now = "string";
			emit_str(e, ir_atom(ir, left, NULL));
		} else if (is_auto(ir, right)) {
			now = "integer";
			emit_int(e, count);
		} else if (literal_is(ir, right)) {
			literal_emit(ir, right, e);
		} else {
			now = "string";
			emit_str(e, ir_atom(ir, left, NULL));
		}
		if (!now || (type && strcmp(now, type)))
			mixed = true;
		type = now;
	}
	emit_end(e);
	if (type && !mixed)
		emit_pair(e, "type", type);
}

/* --- models --------------------------------------------------------------------------- */

static void
put_field(struct fields *f, struct field item)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->items[i].name, item.name) == 0) {
			f->items[i] = item;
			return;
		}
	f->items = vec_grow(f->items, f->n, &f->cap, sizeof(item));
	f->items[f->n++] = item;
}

static bool
class_variable(const struct ir *ir, uint32_t type)
{
	uint32_t base = ir_is(ir, type, IR_INDEX) ? ir_first(ir, type) : type;

	if (ir_is(ir, base, IR_MEMBER))
		base = ir_child(ir, base, IR_F_ATTRIBUTE);
	return ir_named(ir, base, "ClassVar") || ir_named(ir, base, "InitVar");
}

static bool
not_in_init(const struct ir *ir, uint32_t value)
{
	uint32_t init;

	if (!value || !ir_is(ir, value, IR_CALL))
		return false;
	init = ir_keyword(ir, value, "init");
	return init && ir_is(ir, init, IR_FALSE);
}

static void
collect(struct types *t, struct unit *u, uint32_t class, struct fields *f,
	int depth)
{
	const struct ir *ir = u->ir;
	uint32_t bases = ir_child(ir, class, IR_F_SUPERCLASSES);
	uint32_t body = ir_child(ir, class, IR_F_BODY), left, type;
	bool partial = false;
	struct symbol s;

	if (depth <= 0)
		return;
	if (bases)
		IR_EACH(ir, b, bases) {
			if (ir_is(ir, b, IR_KEYWORD)) {
				partial = partial || (ir_named(ir, ir_child(ir,
					b, IR_F_NAME), "total") && ir_is(ir,
					ir_child(ir, b, IR_F_VALUE),
					IR_FALSE));
				continue;
			}
			s = resolve(types_project(t), u, ir_is(ir, b,
				IR_INDEX) ? ir_first(ir, b) : b);
			if (s.type == SYMBOL_CLASS && s.node != class)
				collect(t, s.unit, s.node, f, depth - 1);
		}
	IR_EACH(ir, c, body) {
		left = ir_child(ir, c, IR_F_LEFT);
		type = ir_child(ir, c, IR_F_TYPE);
		if (!ir_is(ir, c, IR_ASSIGN) || !type || !left ||
		    !ir_is(ir, left, IR_NAME) ||
		    ir_atom(ir, left, NULL)[0] == '_' ||
		    ir_named(ir, left, "model_config") ||
		    class_variable(ir, type) ||
		    not_in_init(ir, ir_child(ir, c, IR_F_RIGHT)))
			continue;
		put_field(f, (struct field){ u, c, ir_atom(ir, left, NULL),
			partial });
	}
}

/* NotRequired[int] */
static bool
not_required(const struct ir *ir, uint32_t type)
{
	uint32_t base = ir_is(ir, type, IR_INDEX) ? ir_first(ir, type) : 0;

	if (base && ir_is(ir, base, IR_MEMBER))
		base = ir_child(ir, base, IR_F_ATTRIBUTE);
	return base && ir_named(ir, base, "NotRequired");
}

/* write one property; true when it is required */
static bool
property(struct types *t, const struct field *f, const struct docstring *doc,
	struct emit *e)
{
	const struct ir *ir = f->unit->ir;
	struct type_place at = { f->unit, ir, f->node, 0 };
	uint32_t type = ir_child(ir, f->node, IR_F_TYPE);
	uint32_t value = ir_child(ir, f->node, IR_F_RIGHT);
	const struct docstring_param *words = docstring_param(doc, f->name);
	bool required = true, known;

	emit_key(e, f->name);
	emit_object(e);
	types_annotation(t, &at, type, e);
	known = types_field(t, &at, value, types_is_array(t, &at, type), e,
		&required);
	if (!known)
		required = !value && !f->optional;
	if (!known && literal_is(ir, value)) {
		emit_key(e, "default");
		literal_emit(ir, value, e);
	}
	if (words && *words->doc && !(known && ir_keyword(ir, value,
	    "description")))
		emit_pair(e, "description", words->doc);
	emit_end(e);
	return required && !not_required(ir, type);
}

static void
object_schema(struct types *t, struct unit *u, uint32_t class,
	const struct docstring *doc, struct emit *e)
{
	struct fields f = { NULL, 0, 0 };
	bool *required, any = false;

	collect(t, u, class, &f, DEPTH);
	required = xcalloc(f.n + 1, sizeof(*required));
	emit_key(e, "properties");
	emit_object(e);
	for (size_t i = 0; i < f.n; i++) {
		required[i] = property(t, &f.items[i], doc, e);
		any = any || required[i];
	}
	emit_end(e);
	if (any) {
		emit_key(e, "required");
		emit_array(e);
		for (size_t i = 0; i < f.n; i++)
			if (required[i])
				emit_str(e, f.items[i].name);
		emit_end(e);
	}
	free(required);
	free(f.items);
}

static bool
base_named(const struct ir *ir, uint32_t class, const char *name)
{
	uint32_t bases = ir_child(ir, class, IR_F_SUPERCLASSES);

	if (bases)
		for (uint32_t c = bases; c < ir->nodes[bases].stop; c++)
			if (ir_named(ir, c, name))
				return true;
	return false;
}

void
typemodel_schema(struct types *t, struct unit *u, uint32_t class,
	struct emit *e)
{
	const struct ir *ir = u->ir;
	bool is_enum = typemodel_kind(t, u, class) == TYPEMODEL_ENUM;
	struct docstring doc;
	const char *text;
	size_t len;

	text = ir_string(ir, ir_docstring(ir, class), &len);
	docstring_parse(&doc, text ? text : "", text ? len : 0,
		types_project(t)->arena);
	if (!is_enum)
		emit_pair(e, "type", "object");
	emit_pair(e, "title", ir_atom(ir, ir_child(ir, class, IR_F_NAME),
		NULL));
	emit_pair(e, "description", doc.title);
	if (is_enum)
		enum_schema(u, class, base_named(ir, class, "StrEnum") ||
			base_named(ir, class, "str"), e);
	else
		object_schema(t, u, class, &doc, e);
	docstring_release(&doc);
}
