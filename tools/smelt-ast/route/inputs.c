#include "smelt-ast/route/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/project.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/type/docstring.h"
#include "smelt-ast/type/param.h"
#include "smelt-ast/type/types.h"

void
inputs_release(struct inputs *in)
{
	free(in->params);
	free(in->properties);
	memset(in, 0, sizeof(*in));
}

void
inputs_param(struct inputs *in, const struct param *p)
{
	for (size_t i = 0; i < in->nparams; i++)
		if (strcmp(in->params[i].name, p->name) == 0 &&
		    strcmp(in->params[i].in, p->in) == 0) {
			in->params[i].required |= p->required;
			return;
		}
	in->params = vec_grow(in->params, in->nparams, &in->params_cap,
		sizeof(*p));
	in->params[in->nparams++] = *p;
}

void
inputs_property(struct inputs *in, struct property p)
{
	struct property *old;

	for (size_t i = 0; i < in->nproperties; i++) {
		old = &in->properties[i];
		if (strcmp(old->name, p.name) != 0 || old->part != p.part)
			continue;
		old->required |= p.required;
		if (strcmp(old->schema, "{}") == 0)
			old->schema = p.schema;
		return;
	}
	in->properties = vec_grow(in->properties, in->nproperties,
		&in->properties_cap, sizeof(p));
	in->properties[in->nproperties++] = p;
}

bool
inputs_has_body(const struct inputs *in)
{
	return in->json || in->whole || in->nproperties;
}

static void
path_variables(const struct route *r, struct inputs *in)
{
	struct param item;

	for (size_t i = 0; i < r->nvariables; i++) {
		item = (struct param){ .name = r->variables[i].name,
			.in = "path", .required = true,
			.schema = r->variables[i].schema };
		inputs_param(in, &item);
	}
}

/* {...} with "description" as its last member */
static const char *
described(struct project *p, const char *schema, const char *doc)
{
	size_t n = strlen(schema);
	const char *copy;
	struct str out;

	str_init(&out, STR_RECORD);
	str_add(&out, schema, n - 1);
	str_puts(&out, n > 2 ? ",\"description\":" : "\"description\":");
	json_write_str(&out, doc, strlen(doc));
	str_putc(&out, '}');
	copy = arena_strdup(p->arena, str_s(&out));
	str_release(&out);
	return copy;
}

/* what the docstring says about parameters, also those of the request */
static void
describe(struct project *p, const struct docstring *doc, struct inputs *in)
{
	const struct docstring_param *words;

	for (size_t i = 0; i < in->nparams; i++) {
		words = docstring_param(doc, in->params[i].name);
		if (words && *words->doc && !in->params[i].doc)
			in->params[i].doc = words->doc;
	}
	for (size_t i = 0; i < in->nproperties; i++) {
		words = docstring_param(doc, in->properties[i].name);
		if (words && *words->doc && !strstr(in->properties[i].schema,
		    "\"description\":"))
			in->properties[i].schema = described(p,
				in->properties[i].schema, words->doc);
	}
}

void
inputs_find(struct project *p, const struct route *r, struct inputs *in)
{
	const struct json *how = framework_get(r->framework, "parameters");
	struct unit *u = r->func->unit;
	struct docstring doc;
	size_t len = 0;
	const char *text = ir_string(u->ir, ir_docstring(u->ir, r->func->node),
		&len);

	memset(in, 0, sizeof(*in));
	docstring_parse(&doc, text ? text : "", len, p->arena);
	if (json_str_is(how, "signature")) {
		inputs_signature(p, r, in);
		path_variables(r, in);
	} else {
		path_variables(r, in);
		inputs_request(p, r, in);
	}
	describe(p, &doc, in);
	docstring_release(&doc);
}

void
inputs_emit_params(const struct inputs *in, struct emit *e)
{
	struct params list = { in->params, in->nparams, in->params_cap };

	params_emit(&list, e);
}

/* --- the body ----------------------------------------------------------------------- */

static void
emit_properties(const struct inputs *in, bool json, struct emit *e)
{
	const struct property *p;
	bool any = false;

	emit_object(e);
	emit_pair(e, "type", "object");
	emit_key(e, "properties");
	emit_object(e);
	for (p = in->properties; p < in->properties + in->nproperties; p++) {
		if ((p->part == BODY_JSON) != json)
			continue;
		emit_key(e, p->name);
		emit_raw(e, p->schema, strlen(p->schema));
		any = any || p->required;
	}
	emit_end(e);
	if (any) {
		emit_key(e, "required");
		emit_array(e);
		for (p = in->properties; p < in->properties + in->nproperties;
		    p++)
			if ((p->part == BODY_JSON) == json && p->required)
				emit_str(e, p->name);
		emit_end(e);
	}
	emit_end(e);
}

static bool
has(const struct inputs *in, enum body_part part)
{
	for (size_t i = 0; i < in->nproperties; i++)
		if (in->properties[i].part == part)
			return true;
	return false;
}

void
inputs_emit_body(const struct inputs *in, struct emit *e)
{
	bool form = has(in, BODY_FORM) || has(in, BODY_FILE);

	emit_object(e);
	emit_pair_bool(e, "required", in->required || !form);
	emit_key(e, "content");
	emit_array(e);
	if (in->json || in->whole) {
		emit_object(e);
		emit_pair(e, "mediaType", "application/json");
		emit_key(e, "schema");
		if (in->whole)
			emit_raw(e, in->whole, strlen(in->whole));
		else
			emit_properties(in, true, e);
		emit_end(e);
	}
	if (form) {
		emit_object(e);
		emit_pair(e, "mediaType", has(in, BODY_FILE) ?
			"multipart/form-data" :
			"application/x-www-form-urlencoded");
		emit_key(e, "schema");
		emit_properties(in, false, e);
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
}

/* --- the answer --------------------------------------------------------------------- */

static const char *
status_of(const struct ir *ir, uint32_t n)
{
	const char *text = n && ir_is(ir, n, IR_INTEGER) ? ir_atom(ir, n,
		NULL) : "200";

	return strlen(text) == 3 && text[0] >= '1' && text[0] <= '5' ? text :
		"200";
}

void
inputs_emit_responses(struct project *p, const struct route *r,
	struct emit *e)
{
	const struct json *keys = framework_get(r->framework, "response");
	const char *model = json_get_str(keys, "model");
	const char *status = json_get_str(keys, "status");
	struct unit *u = r->unit;
	struct type_place at = { u, u->ir, r->node, 0 };
	uint32_t type = 0;

	if (!model || !status)
		return;
	type = ir_keyword(u->ir, r->node, model);
	if (!type) {
		u = r->func->unit;
		type = ir_child(u->ir, r->func->node, IR_F_RETURN);
		at = (struct type_place){ u, u->ir, r->func->node, 0 };
	}
	if (!type)
		return;
	emit_key(e, "responses");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "status", status_of(r->unit->ir, ir_keyword(r->unit->ir,
		r->node, status)));
	emit_key(e, "content");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "mediaType", "application/json");
	emit_key(e, "schema");
	emit_object(e);
	types_annotation(p->types, &at, type, e);
	emit_end(e);
	emit_end(e);
	emit_end(e);
	emit_end(e);
	emit_end(e);
}
