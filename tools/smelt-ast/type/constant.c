#include "smelt-ast/type/constant.h"

#include <stddef.h>

#include "base/str.h"
#include "code/ir.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"

enum { DEPTH = 12 };

static bool
string(struct project *p, struct unit *u, uint32_t n, bool partial,
	struct str *out, int depth)
{
	const struct ir *ir = u->ir;
	const char *text;
	struct symbol s;
	bool all = true, any = false, now;
	size_t len;

	if (!n || depth <= 0)
		return false;
	switch (ir->nodes[n].kind) {
	case IR_STRING:
		text = ir_atom(ir, n, &len);
		return str_add(out, text, len) == 0;
	case IR_BINARY:
	case IR_TEMPLATE:
	case IR_CONCATENATED:
	case IR_INTERPOLATION:
		IR_EACH(ir, c, n) {
			now = string(p, u, c, partial, out, depth - 1);
			all = all && now;
			any = any || now;
		}
		return partial ? any : all;
	case IR_NAME:
	case IR_MEMBER:
		s = resolve(p, u, n);
		if (s.type != SYMBOL_VALUE || (s.unit == u && s.node == n))
			return false;
		return string(p, s.unit, s.node, partial, out, depth - 1);
	case IR_CALL:
		if (!partial)
			return false;
		/* "...".format(x), text("...") */
		now = false;
		n = ir_child(ir, n, IR_F_FUNCTION);
		if (ir_is(ir, n, IR_MEMBER))
			now = string(p, u, ir_child(ir, n, IR_F_OBJECT),
				partial, out, depth - 1);
		return now || string(p, u, ir_argument(ir,
			ir->nodes[n].parent, 0), partial, out, depth - 1);
	}
	return false;
}

bool
constant_string(struct project *p, struct unit *u, uint32_t n, bool partial,
	struct str *out)
{
	size_t start = out->len;
	bool known = string(p, u, n, partial, out, DEPTH);

	if (!known) {
		out->len = start;
		if (out->buf)
			str_seal(out);
	}
	return known;
}
