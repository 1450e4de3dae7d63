#include "record.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "code/names.h"
#include "data/emit.h"
#include "docstring.h"
#include "effect.h"
#include "func.h"
#include "param.h"
#include "project.h"
#include "types.h"

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

static void
imports(const struct unit *u, struct emit *e)
{
	const struct names_entry *b;

	emit_key(e, "imports");
	emit_array(e);
	for (size_t i = 0; u->names && i < names_count(u->names); i++) {
		b = names_at(u->names, i);
		if (b->type == NAMES_IMPORT)
			emit_str(e, b->target);
	}
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
	char text[7 + SHA256_HEX + 1] = "sha256:";
	size_t len;
	const char *code = ir_text(f->unit->ir, f->node, &len);

	sha256_hex(code, len, text + 7);
	emit_pair(e, "digest", text);
}

void
record_func(struct project *p, struct func *f, const struct route *route,
	struct str *out)
{
	struct params params = { NULL, 0, 0 };
	struct unit *u = f->unit;
	struct docstring doc;
	struct emit e;
	struct loc loc;

	(void)route;
	docstring_of(p, u, f->node, &doc);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "callable");
	emit_pair(&e, "id", f->id);
	emit_pair(&e, "type", f->class ? "method" : "function");
	emit_pair(&e, "name", f->name);
	emit_pair(&e, "title", doc.title);
	emit_pair(&e, "doc", doc.doc);
	emit_pair(&e, "unit", u->path);
	func_loc(u, f->node, &loc);
	emit_pair_loc(&e, "loc", &loc);
	params_signature(p, f, &doc, &params);
	emit_key(&e, "parameters");
	params_emit(&params, &e);
	returns(p, f, &doc, &e);
	emit_key(&e, "auth");
	emit_object(&e);
	emit_pair_bool(&e, "required", false);
	emit_key(&e, "requirements");
	emit_array(&e);
	emit_end(&e);
	emit_end(&e);
	emit_pair(&e, "visibility", visibilities[f->visibility]);
	emit_pair(&e, "visibilityEvidence", f->why);
	emit_key(&e, "effects");
	effects_emit(f, &e);
	if (u->ir->nodes[f->node].flags & IR_ASYNC)
		emit_pair_bool(&e, "async", true);
	decorators(f, &e);
	emit_pair(&e, "module", u->module);
	emit_pair(&e, "qualname", f->qualname);
	digest(f, &e);
	emit_end(&e);
	params_release(&params);
	docstring_release(&doc);
}
