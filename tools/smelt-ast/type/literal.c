#include "smelt-ast/type/literal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"

enum { NODES = 256, DEPTH = 32 };

/* python's number without underscores; false when it is no JSON number */
static bool
number(const char *text, size_t len, char out[64])
{
	size_t n = 0;
	long long v;
	double d;
	char *end;

	for (size_t i = 0; i < len; i++)
		if (text[i] != '_') {
			if (n + 1 >= 40)
				return false;
			out[n++] = text[i];
		}
	out[n] = '\0';
	if (n > 2 && out[0] == '0' && strchr("xXoObB", out[1])) {
		errno = 0;
		v = strtoll(out + 2, &end, out[1] == 'x' || out[1] == 'X' ?
			16 : out[1] == 'o' || out[1] == 'O' ? 8 : 2);
		if (*end || errno)
			return false;
		snprintf(out, 64, "%lld", v);
		return true;
	}
	if (strspn(out, "0123456789") == n)
		return n == 1 || out[0] != '0';
	d = strtod(out, &end);
	if (*end || !isfinite(d))
		return false;
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(out, 64, "%.*g", digits, d);
		if (strtod(out, NULL) == d)
			break;
	}
	return true;
}

static bool
is_number(const struct ir *ir, uint32_t n)
{
	char buf[64];
	size_t len;
	const char *text = ir_atom(ir, n, &len);

	return number(text, len, buf);
}

static bool
is(const struct ir *ir, uint32_t n, int depth)
{
	uint32_t key;

	if (!n || depth <= 0)
		return false;
	switch (ir->nodes[n].kind) {
	case IR_STRING:
		return !(ir->nodes[n].flags & IR_BYTES);
	case IR_INTEGER:
	case IR_FLOAT:
		return is_number(ir, n);
	case IR_TRUE:
	case IR_FALSE:
	case IR_NONE:
		return true;
	case IR_UNARY:
		return strcmp(ir_atom(ir, n, NULL), "-") == 0 &&
			ir_first(ir, n) && (ir_is(ir, ir_first(ir, n),
			IR_INTEGER) || ir_is(ir, ir_first(ir, n),
			IR_FLOAT)) && is_number(ir, ir_first(ir, n));
	case IR_LIST:
	case IR_TUPLE:
		IR_EACH(ir, c, n)
			if (!is(ir, c, depth - 1))
				return false;
		return true;
	case IR_DICT:
		IR_EACH(ir, c, n) {
			key = ir_child(ir, c, IR_F_KEY);
			if (!ir_is(ir, c, IR_PAIR) ||
			    !ir_string(ir, key, NULL) ||
			    !is(ir, ir_child(ir, c, IR_F_VALUE), depth - 1))
				return false;
		}
		return true;
	}
	return false;
}

bool
literal_is(const struct ir *ir, uint32_t n)
{
	return n && ir->nodes[n].stop - n <= NODES && is(ir, n, DEPTH);
}

static void
emit_number(const struct ir *ir, uint32_t n, const char *sign, struct emit *e)
{
	char buf[64], all[66];
	size_t len;
	const char *text = ir_atom(ir, n, &len);

	number(text, len, buf);
	snprintf(all, sizeof(all), "%s%s", sign, buf);
	emit_raw(e, all, strlen(all));
}

void
literal_emit(const struct ir *ir, uint32_t n, struct emit *e)
{
	const char *text;
	size_t len;

	switch (ir->nodes[n].kind) {
	case IR_STRING:
		text = ir_atom(ir, n, &len);
		emit_strn(e, text, len);
		break;
	case IR_INTEGER:
	case IR_FLOAT:
		emit_number(ir, n, "", e);
		break;
	case IR_UNARY:
		emit_number(ir, ir_first(ir, n), "-", e);
		break;
	case IR_TRUE:
	case IR_FALSE:
		emit_bool(e, ir_is(ir, n, IR_TRUE));
		break;
	case IR_LIST:
	case IR_TUPLE:
		emit_array(e);
		IR_EACH(ir, c, n)
			literal_emit(ir, c, e);
		emit_end(e);
		break;
	case IR_DICT:
		emit_object(e);
		IR_EACH(ir, c, n) {
			text = ir_atom(ir, ir_child(ir, c, IR_F_KEY), &len);
			emit_keyn(e, text, len);
			literal_emit(ir, ir_child(ir, c, IR_F_VALUE), e);
		}
		emit_end(e);
		break;
	default:
		emit_null(e);
	}
}

const char *
literal_type(const struct ir *ir, uint32_t n)
{
	if (!n)
		return NULL;
	switch (ir->nodes[n].kind) {
	case IR_STRING:
		return ir->nodes[n].flags & IR_BYTES ? NULL : "string";
	case IR_INTEGER:
		return "integer";
	case IR_FLOAT:
		return "number";
	case IR_UNARY:
		return literal_type(ir, ir_first(ir, n));
	case IR_TRUE:
	case IR_FALSE:
		return "boolean";
	case IR_LIST:
		return "array";
	case IR_DICT:
		return "object";
	}
	return NULL;
}
