#include "smelt-ast/record.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "code/names.h"
#include "data/emit.h"
#include "smelt-ast/effect/effect.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/route/auth.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/inputs.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/route/router.h"
#include "smelt-ast/type/docstring.h"
#include "smelt-ast/type/param.h"
#include "smelt-ast/type/types.h"

static const char *const states[] = { "ok", "errors", "unsupported" };
static const char *const visibilities[] = { "public", "internal",
	"deprecated" };

static void
docstring_of(struct project *p, struct unit *u, uint32_t node,
	struct docstring *doc)
{
	size_t len = 0;
	const char *text = u->ir ? ir_string(u->ir, ir_docstring(u->ir, node),
		&len) : NULL;

	docstring_parse(doc, text ? text : "", text ? len : 0, p->arena);
}

/* import statements as they stand, without the keyword */
static void
import_statements(const struct unit *u, struct emit *e)
{
	const struct ir *ir = u->ir;
	uint32_t first, last, c;

	for (uint32_t n = 1; n < ir->n; n++) {
		if (!ir_is(ir, n, IR_IMPORT))
			continue;
		first = ir_first(ir, n);
		for (c = n; c < ir->nodes[n].stop; c++)
			if (ir_is(ir, c, IR_STRING))
				break;
		if (c < ir->nodes[n].stop) {
			emit_str(e, ir_atom(ir, c, NULL));
		} else if (first) {
			last = ir->nodes[n].stop - 1;
			emit_strn(e, u->text + ir->nodes[first].start,
				ir->nodes[last].end - ir->nodes[first].start);
		}
	}
}

static void
imports(const struct unit *u, struct emit *e)
{
	const struct names_entry *b;
	bool bound = false;

	emit_key(e, "imports");
	emit_array(e);
	for (size_t i = 0; u->names && i < names_count(u->names); i++) {
		b = names_at(u->names, i);
		if (b->type == NAMES_IMPORT)
			emit_str(e, b->target);
		bound = true;
	}
	if (u->ir && !bound)
		import_statements(u, e);
	emit_end(e);
}

void
record_unit(struct project *p, struct unit *u, struct str *out)
{
	struct docstring doc;
	struct emit e;

	docstring_of(p, u, 0, &doc);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "unit");
	emit_pair(&e, "path", u->path);
	emit_pair(&e, "language", u->language);
	emit_pair(&e, "parse", states[u->state]);
	emit_pair_int(&e, "lines", u->lines);
	emit_pair_int(&e, "functions", u->functions);
	emit_pair_int(&e, "classes", u->classes);
	imports(u, &e);
	emit_pair(&e, "doc", doc.doc);
	auths_emit_schemes(p->auths, u, &e);
	emit_end(&e);
	docstring_release(&doc);
}

/* --- callables ---------------------------------------------------------------- */

static void
returns(struct project *p, struct func *f, const struct docstring *doc,
	struct emit *e)
{
	const struct ir *ir = f->unit->ir;
	struct type_place at = { f->unit, ir, f->node, 0 };
	uint32_t type = ir_child(ir, f->node, IR_F_RETURN);

	if (!type && !doc->returns_type && !doc->returns)
		return;
	emit_key(e, "returns");
	emit_object(e);
	if (type)
		types_annotation(p->types, &at, type, e);
	else if (doc->returns_type)
		types_words(p->types, f->unit, f->node, doc->returns_type, e);
	emit_pair(e, "description", doc->returns);
	emit_end(e);
}

static void
decorators(const struct func *f, struct emit *e)
{
	struct str text;
	uint32_t d;

	if (!func_decorator(f->unit, f->node, 0))
		return;
	emit_key(e, "decorators");
	emit_array(e);
	str_init(&text, STR_LINE);
	for (unsigned i = 0; (d = func_decorator(f->unit, f->node, i)); i++) {
		str_clear(&text);
		func_text(f->unit, f->unit->ir->nodes[d].start,
			f->unit->ir->nodes[d].end, &text);
		emit_str(e, str_s(&text));
	}
	emit_end(e);
	str_release(&text);
}

static void
digest(const struct func *f, struct emit *e)
{
	char hex[SHA256_HEX + 1];
	size_t len;
	const char *code = ir_text(f->unit->ir, f->node, &len);

	sha256_hex(code, len, hex);
	emit_pair_sha256(e, "digest", hex);
}

static void
auth(struct project *p, struct func *f, const struct route *route,
	struct emit *e)
{
	struct auth own;

	emit_key(e, "auth");
	if (route) {
		auth_emit(p->auths, route->auth, e);
		return;
	}
	auths_find(p->auths, f, NULL, &own);
	auth_emit(p->auths, &own, e);
}

static void
route_object(const struct route *r, struct emit *e)
{
	emit_key(e, "route");
	emit_object(e);
	emit_pair(e, "method", r->method);
	emit_pair(e, "path", r->path);
	emit_pair(e, "framework", framework_name(r->framework));
	emit_end(e);
}

/* parameters, body and answer of a route */
static void
route_inputs(struct project *p, struct route *r, struct emit *e)
{
	struct inputs in;

	inputs_find(p, r, &in);
	emit_key(e, "parameters");
	inputs_emit_params(&in, e);
	if (inputs_has_body(&in)) {
		emit_key(e, "body");
		inputs_emit_body(&in, e);
	}
	inputs_emit_responses(p, r, e);
	route_object(r, e);
	inputs_release(&in);
}

static void
func_inputs(struct project *p, struct func *f, const struct docstring *doc,
	struct emit *e)
{
	struct params params = { NULL, 0, 0 };

	params_signature(p, f, doc, &params);
	emit_key(e, "parameters");
	params_emit(&params, e);
	returns(p, f, doc, e);
	params_release(&params);
}

static void
visibility(const struct func *f, const struct route *r, struct emit *e)
{
	enum visibility v = f->visibility;
	const char *why = f->why;

	/* who is asked over HTTP needs no public name */
	if (r && !f->unit->test && v != VISIBLE_DEPRECATED) {
		v = r->served ? VISIBLE_PUBLIC : VISIBLE_INTERNAL;
		why = r->why;
	}
	emit_pair(e, "visibility", visibilities[v]);
	emit_pair(e, "visibilityEvidence", why);
}

void
record_func(struct project *p, struct func *f, struct route *route,
	struct str *out)
{
	struct unit *u = f->unit;
	struct docstring doc;
	struct emit e;
	struct loc loc;

	docstring_of(p, u, f->node, &doc);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "callable");
	emit_pair(&e, "id", route ? route->id : f->id);
	emit_pair(&e, "type", route ? "route" : f->class ? "method" :
		"function");
	emit_pair(&e, "name", f->name);
	emit_pair(&e, "title", doc.title);
	emit_pair(&e, "doc", doc.doc);
	emit_pair(&e, "unit", u->path);
	emit_pair(&e, "document", route ? p->document : NULL);
	func_loc(u, f->node, &loc);
	emit_pair_loc(&e, "loc", &loc);
	if (route)
		route_inputs(p, route, &e);
	else
		func_inputs(p, f, &doc, &e);
	auth(p, f, route, &e);
	visibility(f, route, &e);
	emit_key(&e, "effects");
	effects_emit(f, &e);
	if (u->ir->nodes[f->node].flags & IR_ASYNC)
		emit_pair_bool(&e, "async", true);
	decorators(f, &e);
	if (route && route->router->tag) {
		emit_key(&e, "tags");
		emit_array(&e);
		emit_str(&e, route->router->tag);
		emit_end(&e);
	}
	emit_pair(&e, "module", u->module);
	emit_pair(&e, "qualname", f->qualname);
	digest(f, &e);
	emit_pair(&e, "duplicate", route ? route->duplicate : NULL);
	emit_end(&e);
	docstring_release(&doc);
}
