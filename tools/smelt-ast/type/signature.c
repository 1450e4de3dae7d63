/* inputs_signature(): parameters by the handler's signature (FastAPI). */
#include "smelt-ast/route/inputs.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/json.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/type/param.h"

enum { DEPTH = 4, BODIES = 8 };

struct body_param {
	const char *name;
	const char *schema;
	bool required;
};

struct signature {
	struct project *p;
	const struct route *route;
	struct inputs *in;
	struct body_param bodies[BODIES];
	size_t nbodies;
	struct str name;
};

static void parameters(struct signature *s, struct func *f, int depth);

static const char *
dotted(struct signature *s, struct unit *u, uint32_t n)
{
	if (n && ir_is(u->ir, n, IR_CALL))
		n = ir_child(u->ir, n, IR_F_FUNCTION);
	if (!n || (!ir_is(u->ir, n, IR_NAME) && !ir_is(u->ir, n, IR_MEMBER)))
		return "";
	return resolve_external(s->p, u, n, &s->name, NULL) ?
		str_s(&s->name) : "";
}

static bool
is_variable(const struct route *r, const char *name)
{
	for (size_t i = 0; i < r->nvariables; i++)
		if (strcmp(r->variables[i].name, name) == 0)
			return true;
	return false;
}

/* Session = Annotated[Db, Depends(get_db)]: what the alias stands for */
static void
unalias(struct signature *s, struct unit **u, uint32_t *type)
{
	struct symbol t;

	if (!*type || (!ir_is((*u)->ir, *type, IR_NAME) &&
	    !ir_is((*u)->ir, *type, IR_MEMBER)))
		return;
	t = resolve(s->p, *u, *type);
	if (t.type == SYMBOL_VALUE && ir_is(t.unit->ir, t.node, IR_INDEX)) {
		*u = t.unit;
		*type = t.node;
	}
}

/* the i-th parameter of Annotated[...], from 0; 0 when there is none */
static uint32_t
annotation(const struct unit *u, uint32_t type, unsigned i)
{
	uint32_t c = type && ir_is(u->ir, type, IR_INDEX) ?
		ir_nth(u->ir, type, 1) : 0;

	if (c && ir_is(u->ir, c, IR_TUPLE))
		return ir_nth(u->ir, c, i);
	return c ? ir_nth(u->ir, type, i + 1) : 0;
}

/* the call that says where a parameter comes from: its default, or one of
 * the arguments of Annotated[...] (in a unit of its own when aliased) */
static uint32_t
marker(struct signature *s, struct unit **u, uint32_t type, uint32_t value,
	bool *depends, const char **in)
{
	const struct json *places = framework_get(s->route->framework,
		"places");
	struct unit *v = *u;
	uint32_t c = value;
	const char *name;

	unalias(s, &v, &type);
	for (unsigned i = 1; i == 1 || c; i++) {
		name = dotted(s, *u, c);
		*depends = framework_lists(s->route->framework, "depends",
			name);
		*in = json_get_str(places, name);
		if (*depends || *in)
			return c;
		*u = v;
		c = annotation(v, type, i);
	}
	return 0;
}

static void
dependency(struct signature *s, struct unit *u, uint32_t call, uint32_t type,
	int depth)
{
	uint32_t what = ir_argument(u->ir, call, 0);
	struct symbol target;
	struct func *f;

	if (!what)
		what = type;
	if (!what || depth <= 0)
		return;
	target = resolve(s->p, u, what);
	if (target.type == SYMBOL_CLASS)
		target = resolve_member(s->p, target, "__init__");
	if (target.type != SYMBOL_FUNCTION)
		return;
	f = func_at(target.unit, target.node);
	if (f)
		parameters(s, f, depth - 1);
}

/* scalars come from the query, models and objects from the body */
static const char *
place_by_schema(const char *schema)
{
	if (strstr(schema, "\"$ref\"") || strstr(schema,
	    "\"type\":\"object\""))
		return "body";
	return "query";
}

static void
one(struct signature *s, struct func *f, uint32_t node, int depth)
{
	struct unit *u = f->unit, *v = u;
	uint32_t name, type, value, call;
	const char *in = NULL, *text;
	bool depends, required;
	struct param item = { .name = NULL };

	param_parts(f, node, &name, &type, &value);
	if (!name)
		return;
	text = ir_atom(u->ir, name, NULL);
	call = marker(s, &v, type, value, &depends, &in);
	if (depends) {
		unalias(s, &u, &type);
		dependency(s, v, call, annotation(u, type, 0) ?
			annotation(u, type, 0) : type, depth);
		return;
	}
	if (framework_lists(s->route->framework, "provided", dotted(s, u,
	    type)))
		return;
	item.schema = param_schema(s->p, f, node, NULL, &required);
	if (is_variable(s->route, text))
		in = "path";
	else if (framework_lists(s->route->framework, "upload", dotted(s, u,
	    type)))
		in = "file";
	else if (!in)
		in = place_by_schema(item.schema);
	if (strcmp(in, "form") == 0 || strcmp(in, "file") == 0) {
		bool file = strcmp(in, "file") == 0;

		inputs_property(s->in, (struct property){ file ? BODY_FILE :
			BODY_FORM, text, file ?
			"{\"type\":\"string\",\"format\":\"binary\"}" :
			item.schema, required });
		s->in->required |= required;
		return;
	}
	if (strcmp(in, "body") == 0) {
		if (s->nbodies < BODIES)
			s->bodies[s->nbodies++] = (struct body_param){ text,
				item.schema, required };
		return;
	}
	item.in = in;
	item.name = text;
	item.required = required || strcmp(in, "path") == 0;
	if (strcmp(in, "header") == 0) {
		char *dashes = arena_strdup(s->p->arena, text);

		for (char *c = dashes; *c; c++)
			if (*c == '_')
				*c = '-';
		item.name = dashes;
	}
	inputs_param(s->in, &item);
}

static void
parameters(struct signature *s, struct func *f, int depth)
{
	const struct ir *ir = f->unit->ir;
	uint32_t list = ir_child(ir, f->node, IR_F_PARAMETERS);
	bool first = true;

	if (!list)
		return;
	IR_EACH(ir, c, list) {
		bool self = first && f->class && ir_is(ir, c, IR_NAME);

		first = false;
		if (self || ir_is(ir, c, IR_KEYWORD_MARK) ||
		    ir_is(ir, c, IR_POSITIONAL_MARK) ||
		    ir_is(ir, c, IR_REST) || ir_is(ir, c, IR_KEYWORD_REST))
			continue;
		one(s, f, c, depth);
	}
}

/* one body parameter is the body; several are its properties */
static void
body(struct signature *s)
{
	struct body_param *b = s->bodies;

	if (!s->nbodies)
		return;
	s->in->json = true;
	if (s->nbodies == 1) {
		s->in->whole = b->schema;
		s->in->required |= b->required;
		return;
	}
	for (size_t i = 0; i < s->nbodies; i++) {
		inputs_property(s->in, (struct property){ BODY_JSON, b[i].name,
			b[i].schema, b[i].required });
		s->in->required |= b[i].required;
	}
}

void
inputs_signature(struct project *p, const struct route *r, struct inputs *in)
{
	struct signature s = { .p = p, .route = r, .in = in };

	str_init(&s.name, STR_LINE);
	parameters(&s, r->func, DEPTH);
	body(&s);
	str_release(&s.name);
}
