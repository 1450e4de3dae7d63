#include "smelt-ast/type/param.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/type/docstring.h"
#include "smelt-ast/type/literal.h"
#include "smelt-ast/type/types.h"

void
params_release(struct params *ps)
{
	free(ps->items);
	memset(ps, 0, sizeof(*ps));
}

struct param *
params_find(const struct params *ps, const char *name, const char *in)
{
	for (size_t i = 0; i < ps->n; i++)
		if (strcmp(ps->items[i].name, name) == 0 &&
		    strcmp(ps->items[i].in, in) == 0)
			return &ps->items[i];
	return NULL;
}

struct param *
params_add(struct params *ps, struct param p)
{
	struct param *old = params_find(ps, p.name, p.in);

	if (old)
		return old;
	ps->items = vec_grow(ps->items, ps->n, &ps->cap, sizeof(p));
	ps->items[ps->n] = p;
	return &ps->items[ps->n++];
}

void
param_parts(const struct func *f, uint32_t node, uint32_t *name,
	uint32_t *type, uint32_t *value)
{
	const struct ir *ir = f->unit->ir;

	*type = ir_child(ir, node, IR_F_TYPE);
	*value = ir_child(ir, node, IR_F_VALUE);
	*name = ir_child(ir, node, IR_F_NAME);
	if (!*name)
		*name = ir_is(ir, node, IR_NAME) ? node : ir_first(ir, node);
	/* *args: str */
	if (*name && !ir_is(ir, *name, IR_NAME))
		*name = ir_first(ir, *name);
}

static void
variadic(struct types *t, const struct type_place *at, uint32_t type,
	bool keywords, struct emit *e)
{
	emit_pair(e, "type", keywords ? "object" : "array");
	if (!type)
		return;
	emit_key(e, keywords ? "additionalProperties" : "items");
	emit_object(e);
	types_annotation(t, at, type, e);
	emit_end(e);
}

static enum ir_kind
star(const struct ir *ir, uint32_t node)
{
	uint32_t c = ir_is(ir, node, IR_TYPED) ? ir_first(ir, node) : node;

	if (ir_is(ir, c, IR_REST) || ir_is(ir, c, IR_KEYWORD_REST))
		return ir->nodes[c].kind;
	return IR_NO_KIND;
}

static void
keywords(struct project *p, struct func *f, uint32_t node,
	const struct docstring *doc, struct emit *e, bool *required)
{
	const struct ir *ir = f->unit->ir;
	struct type_place at = { f->unit, ir, node, 0 };
	const struct docstring_param *words;
	uint32_t name, type, value;
	bool field = false;

	param_parts(f, node, &name, &type, &value);
	words = doc ? docstring_param(doc, ir_atom(ir, name, NULL)) : NULL;
	if (star(ir, node)) {
		variadic(p->types, &at, type, star(ir, node) ==
			IR_KEYWORD_REST, e);
		*required = false;
		return;
	}
	*required = !value;
	if (type)
		types_annotation(p->types, &at, type, e);
	else if (words && words->type)
		types_words(p->types, f->unit, node, words->type, e);
	else if (literal_type(ir, value))
		emit_pair(e, "type", literal_type(ir, value));
	else
		emit_pair(e, "$comment", "no annotation");
	if (value) {
		bool needed;

		field = types_field(p->types, &at, value,
			types_is_array(p->types, &at, type), e, &needed);
		if (field)
			*required = needed;
	}
	if (!field && literal_is(ir, value)) {
		emit_key(e, "default");
		literal_emit(ir, value, e);
	}
}

const char *
param_schema(struct project *p, struct func *f, uint32_t node,
	const struct docstring *doc, bool *required)
{
	const char *copy;
	struct str out;
	struct emit e;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_object(&e);
	keywords(p, f, node, doc, &e, required);
	emit_end(&e);
	copy = arena_strdup(p->arena, str_s(&out));
	str_release(&out);
	return copy;
}

/* self or cls: the first parameter of a method */
static bool
bound(const struct func *f, uint32_t node, bool first)
{
	return first && f->class && ir_is(f->unit->ir, node, IR_NAME) &&
		!func_decorated(f->unit, f->node, "staticmethod");
}

void
params_signature(struct project *p, struct func *f,
	const struct docstring *doc, struct params *out)
{
	const struct ir *ir = f->unit->ir;
	uint32_t list = ir_child(ir, f->node, IR_F_PARAMETERS);
	uint32_t name, type, value;
	const struct docstring_param *words;
	const char *kind = "keyword";
	bool first = true;

	if (!list)
		return;
	/* before a * or a / the place matters */
	IR_EACH(ir, c, list)
		if (ir_is(ir, c, IR_POSITIONAL_MARK) ||
		    star(ir, c) == IR_REST)
			kind = "positional";
	IR_EACH(ir, c, list) {
		struct param item = { .in = "argument", .node = c };

		if (ir_is(ir, c, IR_POSITIONAL_MARK) ||
		    ir_is(ir, c, IR_KEYWORD_MARK)) {
			kind = "keyword";
			continue;
		}
		param_parts(f, c, &name, &type, &value);
		if (name && !bound(f, c, first)) {
			item.name = ir_atom(ir, name, NULL);
			item.kind = star(ir, c) ? "variadic" : kind;
			item.schema = param_schema(p, f, c, doc,
				&item.required);
			words = docstring_param(doc, item.name);
			item.doc = words && *words->doc ? words->doc : NULL;
			params_add(out, item);
		}
		if (star(ir, c))
			kind = "keyword";
		first = false;
	}
}

void
params_emit(const struct params *ps, struct emit *e)
{
	const struct param *p;

	emit_array(e);
	for (p = ps->items; p < ps->items + ps->n; p++) {
		emit_object(e);
		emit_pair(e, "name", p->name);
		emit_pair(e, "in", p->in);
		emit_pair_bool(e, "required", p->required);
		emit_key(e, "schema");
		emit_raw(e, p->schema, strlen(p->schema));
		emit_pair(e, "doc", p->doc);
		emit_pair(e, "kind", p->kind);
		emit_end(e);
	}
	emit_end(e);
}
