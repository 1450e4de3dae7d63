/* types_field(): Field(...), Query(...), Ge(1). */
#include "smelt-ast/type/types.h"

#include <string.h>

#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/type/literal.h"

static void
constraint(const struct ir *ir, const char *key, uint32_t value, bool array,
	struct emit *e)
{
	if (!literal_is(ir, value) || ir_is(ir, value, IR_NONE))
		return;
	if (array && strcmp(key, "minLength") == 0)
		key = "minItems";
	else if (array && strcmp(key, "maxLength") == 0)
		key = "maxItems";
	emit_key(e, key);
	literal_emit(ir, value, e);
}

static void
constraints(struct types *t, const struct ir *ir, uint32_t call, bool array,
	struct emit *e)
{
	uint32_t args = ir_child(ir, call, IR_F_ARGUMENTS), name, value;
	const struct json *table = types_table(t, "constraints");
	const char *key;

	if (!args)
		return;
	IR_EACH(ir, c, args) {
		if (!ir_is(ir, c, IR_KEYWORD))
			continue;
		name = ir_child(ir, c, IR_F_NAME);
		value = ir_child(ir, c, IR_F_VALUE);
		key = json_get_str(table, ir_atom(ir, name, NULL));
		if (key)
			constraint(ir, key, value, array, e);
		else if (ir_named(ir, name, "default") &&
		    literal_is(ir, value))
			constraint(ir, "default", value, false, e);
	}
}

bool
types_field(struct types *t, const struct type_place *at, uint32_t n,
	bool array, struct emit *e, bool *required)
{
	const struct ir *ir = at->ir;
	uint32_t function, first;
	const char *key;
	struct str name;

	*required = true;
	if (!n || !ir_is(ir, n, IR_CALL))
		return false;
	function = ir_child(ir, n, IR_F_FUNCTION);
	str_init(&name, STR_LINE);
	if (!types_name(at, function, &name)) {
		str_release(&name);
		return false;
	}
	key = json_get_str(types_table(t, "annotations"), str_s(&name));
	first = ir_argument(ir, n, 0);
	if (key && first)
		constraint(ir, key, first, array, e);
	if (types_role(t, str_s(&name), NULL) != ROLE_FIELD) {
		if (types_role(t, str_s(&name), NULL) == ROLE_SCHEMA)
			constraints(t, ir, n, array, e);
		str_release(&name);
		return false;
	}
	str_release(&name);
	constraints(t, ir, n, array, e);
	if (first && !ir_is(ir, first, IR_ELLIPSIS)) {
		*required = false;
		constraint(ir, "default", first, false, e);
	}
	if (ir_keyword(ir, n, "default") && !ir_is(ir, ir_keyword(ir, n,
	    "default"), IR_ELLIPSIS))
		*required = false;
	if (ir_keyword(ir, n, "default_factory") ||
	    ir_keyword(ir, n, "factory"))
		*required = false;
	return true;
}
