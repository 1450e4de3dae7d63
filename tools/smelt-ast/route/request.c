/* inputs_request(): parameters by what the handler reads of the request. */
#include "smelt-ast/route/inputs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/type/literal.h"
#include "smelt-ast/type/param.h"
#include "smelt-ast/type/typemodel.h"
#include "smelt-ast/type/types.h"

/* one place where the handler takes a value out of the request */
struct reading {
	struct project *p;
	const struct route *route;
	struct unit *unit;
	const struct json *objects;	/* the framework's "request" */
	struct inputs *in;
	struct str name;
};

static bool
listed(const struct json *names, const char *text, size_t n)
{
	struct json_iter it;

	for (json_each(&it, names); json_next(&it); )
		if (json_len(it.value) == n && memcmp(json_str(it.value),
		    text, n) == 0)
			return true;
	return false;
}

/* the "in" of the request object that text[0..n) names, or NULL */
static const char *
object_named(const struct reading *r, const char *text, size_t n)
{
	struct json_iter it;

	for (json_each(&it, r->objects); json_next(&it); )
		if (listed(json_get(it.value, "names"), text, n))
			return json_get_str(it.value, "in");
	return NULL;
}

/* --- the value's schema ------------------------------------------------------------- */

struct value {
	struct unit *unit;	/* of type */
	uint32_t type;		/* type=int, or the int of int(...) */
	uint32_t otherwise;	/* the default */
	bool list;
	bool text;		/* everything is a string before conversion */
	bool file;
};

static void
value_type(struct reading *r, const struct value *v, struct emit *e)
{
	struct type_place at = { v->unit, v->unit->ir, v->type, 0 };

	if (v->file) {
		emit_pair(e, "type", "string");
		emit_pair(e, "format", "binary");
	} else if (v->type) {
		types_annotation(r->p->types, &at, v->type, e);
	} else if (literal_type(r->unit->ir, v->otherwise)) {
		emit_pair(e, "type", literal_type(r->unit->ir, v->otherwise));
	} else if (v->text) {
		emit_pair(e, "type", "string");
	}
}

static const char *
value_schema(struct reading *r, const struct value *v)
{
	const char *copy;
	struct str out;
	struct emit e;

	str_init(&out, STR_LINE);
	emit_init(&e, &out);
	emit_object(&e);
	if (v->list) {
		emit_pair(&e, "type", "array");
		emit_key(&e, "items");
		emit_object(&e);
	}
	value_type(r, v, &e);
	if (v->list)
		emit_end(&e);
	else if (literal_is(r->unit->ir, v->otherwise) &&
	    !ir_is(r->unit->ir, v->otherwise, IR_NONE)) {
		emit_key(&e, "default");
		literal_emit(r->unit->ir, v->otherwise, &e);
	}
	emit_end(&e);
	copy = arena_strdup(r->p->arena, str_s(&out));
	str_release(&out);
	return copy;
}

/* the annotation of a class' attribute */
static uint32_t
attribute_type(const struct unit *u, uint32_t class, const char *name,
	unsigned position)
{
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, class, IR_F_BODY), left;

	if (!body)
		return 0;
	IR_EACH(ir, c, body) {
		left = ir_is(ir, c, IR_ASSIGN) && ir_child(ir, c, IR_F_TYPE) ?
			ir_child(ir, c, IR_F_LEFT) : 0;
		if (left && (name ? ir_named(ir, left, name) :
		    position-- == 0))
			return ir_child(ir, c, IR_F_TYPE);
	}
	return 0;
}

/* the annotation of a function's parameter; self does not count */
static uint32_t
parameter_type(struct func *f, const char *name, unsigned position)
{
	const struct ir *ir = f->unit->ir;
	uint32_t list = ir_child(ir, f->node, IR_F_PARAMETERS);
	uint32_t node, type, value;
	bool self = f->class && !func_decorated(f->unit, f->node,
		"staticmethod");

	if (!list)
		return 0;
	IR_EACH(ir, c, list) {
		if (self) {
			self = false;
			continue;
		}
		param_parts(f, c, &node, &type, &value);
		if (node && (name ? ir_named(ir, node, name) :
		    position-- == 0))
			return type;
	}
	return 0;
}

/* what a call asks of this argument */
static void
asked(struct reading *r, uint32_t call, const char *name, unsigned position,
	struct value *v)
{
	struct symbol s = resolve(r->p, r->unit, ir_child(r->unit->ir, call,
		IR_F_FUNCTION)), made;

	/* Color(data["color"]) */
	if (s.type == SYMBOL_CLASS && typemodel_kind(r->p->types, s.unit,
	    s.node) == TYPEMODEL_ENUM) {
		v->type = ir_child(r->unit->ir, call, IR_F_FUNCTION);
		v->unit = r->unit;
		return;
	}
	if (s.type == SYMBOL_CLASS) {
		made = resolve_member(r->p, s, "__init__");
		if (made.type != SYMBOL_FUNCTION) {
			v->type = attribute_type(s.unit, s.node, name,
				position);
			v->unit = s.unit;
			return;
		}
		s = made;
	}
	if (s.type == SYMBOL_FUNCTION && func_at(s.unit, s.node)) {
		v->type = parameter_type(func_at(s.unit, s.node), name,
			position);
		v->unit = s.unit;
	}
}

/* int(request.args["n"]), Note(data["title"]), f(x=data["x"]) */
static void
converted(struct reading *r, uint32_t n, struct value *v)
{
	static const char *const types[] = { "int", "float", "bool", "str",
		NULL };
	const struct ir *ir = r->unit->ir;
	uint32_t up = ir->nodes[n].parent, args, f;
	const char *name = NULL;
	unsigned position = 0;

	if (ir_is(ir, up, IR_KEYWORD)) {
		name = ir_atom(ir, ir_child(ir, up, IR_F_NAME), NULL);
		n = up;
	}
	args = ir->nodes[n].parent;
	if (!args || !ir_is(ir, args, IR_ARGUMENTS) ||
	    !ir_is(ir, ir->nodes[args].parent, IR_CALL))
		return;
	IR_EACH(ir, c, args) {
		if (c == n)
			break;
		position++;
	}
	f = ir_child(ir, ir->nodes[args].parent, IR_F_FUNCTION);
	for (size_t i = 0; types[i]; i++)
		if (ir_is(ir, f, IR_NAME) && ir_named(ir, f, types[i])) {
			v->type = f;
			return;
		}
	asked(r, ir->nodes[args].parent, name, position, v);
}

static void
record(struct reading *r, const char *in, const char *name, uint32_t n,
	struct value v, bool required)
{
	struct param item = { .name = name, .in = in, .required = required };

	v.unit = r->unit;
	if (!v.type)
		converted(r, n, &v);
	v.text = strcmp(in, "json") != 0;
	v.file = strcmp(in, "file") == 0;
	if (strcmp(in, "header") == 0) {
		char *lower = arena_strdup(r->p->arena, name);

		for (char *c = lower; *c; c++)
			*c = char_lower(*c);
		if (framework_lists(r->route->framework, "ignored_headers",
		    lower))
			return;
	}
	item.schema = value_schema(r, &v);
	if (v.file || strcmp(in, "form") == 0 || strcmp(in, "json") == 0) {
		inputs_property(r->in, (struct property){ v.file ? BODY_FILE :
			v.text ? BODY_FORM : BODY_JSON, name, item.schema,
			required });
		r->in->json |= !v.text;
		r->in->required |= required;
	} else {
		inputs_param(r->in, &item);
	}
}

/* --- finding them ---------------------------------------------------------------------- */

/* request.args.get("q", "", type=int), request.args.getlist("tag") */
static void
call(struct reading *r, uint32_t n)
{
	const struct ir *ir = r->unit->ir;
	uint32_t f = ir_child(ir, n, IR_F_FUNCTION);
	struct value v = { NULL, 0, 0, false, false, false };
	const char *in, *name, *verb;

	if (!f || !ir_is(ir, f, IR_MEMBER))
		return;
	verb = ir_atom(ir, ir_child(ir, f, IR_F_ATTRIBUTE), NULL);
	if (strcmp(verb, "get") != 0 && strcmp(verb, "getlist") != 0 &&
	    strcmp(verb, "pop") != 0)
		return;
	name = ir_string(ir, ir_argument(ir, n, 0), NULL);
	if (!name || !resolve_external(r->p, r->unit, f, &r->name, NULL))
		return;
	in = object_named(r, str_s(&r->name), r->name.len - strlen(verb) - 1);
	if (!in)
		return;
	v.list = strcmp(verb, "getlist") == 0;
	v.type = ir_keyword(ir, n, "type");
	v.otherwise = ir_keyword(ir, n, "default");
	if (!v.otherwise && !v.list)
		v.otherwise = ir_argument(ir, n, 1);
	record(r, in, name, n, v, false);
}

/* request.json["title"] */
static void
item(struct reading *r, uint32_t n)
{
	const struct ir *ir = r->unit->ir;
	const char *name = ir_string(ir, ir_nth(ir, n, 1), NULL), *in;
	struct value v = { NULL, 0, 0, false, false, false };

	if (!name || ir->nodes[n].field == IR_F_LEFT)
		return;
	if (!resolve_external(r->p, r->unit, n, &r->name, NULL) ||
	    r->name.len < 2)
		return;
	in = object_named(r, str_s(&r->name), r->name.len - 2);
	if (in)
		record(r, in, name, n, v, true);
}

/* Note(**request.get_json()): the body is a Note */
static void
spread(struct reading *r, uint32_t n)
{
	const struct ir *ir = r->unit->ir;
	uint32_t inner = ir_first(ir, n), target;
	const char *in, *id;
	struct symbol s;

	if (!inner || !resolve_external(r->p, r->unit, inner, &r->name, NULL))
		return;
	in = object_named(r, str_s(&r->name), r->name.len);
	if (!in || strcmp(in, "json") != 0)
		return;
	r->in->json = true;
	target = ir->nodes[ir->nodes[n].parent].parent;
	if (!ir_is(ir, target, IR_CALL))
		return;
	s = resolve(r->p, r->unit, ir_child(ir, target, IR_F_FUNCTION));
	id = s.type == SYMBOL_CLASS ? types_reference(r->p->types, s.unit,
		s.node) : NULL;
	if (id) {
		r->in->whole = arena_printf(r->p->arena,
			"{\"$ref\":\"#/$defs/%s\"}", id);
		r->in->required = true;
	}
}

/* the whole body: data = request.get_json() */
static void
body(struct reading *r, uint32_t n)
{
	const char *in;

	if (!resolve_external(r->p, r->unit, n, &r->name, NULL))
		return;
	in = object_named(r, str_s(&r->name), r->name.len);
	if (in && strcmp(in, "json") == 0)
		r->in->json = true;
}

static bool
may_be_body(const struct ir *ir, uint32_t n)
{
	uint32_t name = ir_is(ir, n, IR_CALL) ? ir_child(ir, n,
		IR_F_FUNCTION) : n;

	if (!name || !ir_is(ir, name, IR_MEMBER))
		return false;
	name = ir_child(ir, name, IR_F_ATTRIBUTE);
	return ir_named(ir, name, "json") || ir_named(ir, name, "get_json");
}

void
inputs_request(struct project *p, const struct route *route,
	struct inputs *in)
{
	struct reading r = { .p = p, .route = route, .unit = route->func->unit,
		.objects = framework_get(route->framework, "request"),
		.in = in };
	const struct ir *ir = r.unit->ir;
	uint32_t start = ir_child(ir, route->func->node, IR_F_BODY);

	str_init(&r.name, STR_LINE);
	for (uint32_t n = start; n && n < ir->nodes[start].stop; n++) {
		switch (ir->nodes[n].kind) {
		case IR_CALL:
			call(&r, n);
			if (may_be_body(ir, n))
				body(&r, n);
			break;
		case IR_MEMBER:
			if (may_be_body(ir, n))
				body(&r, n);
			break;
		case IR_INDEX:
			item(&r, n);
			break;
		case IR_KEYWORD_SPREAD:
			spread(&r, n);
			break;
		}
	}
	str_release(&r.name);
}
