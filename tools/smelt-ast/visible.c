/* func_visibility(): which functions are there for others, and why. */
#include "smelt-ast/func.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "code/names.h"
#include "smelt-ast/project.h"
#include "smelt-ast/type/docstring.h"

static void
set(struct func *f, enum visibility v, const char *group, const char *why)
{
	f->visibility = v;
	f->group = group;
	f->why = why ? why : group;
}

/* --- __all__ ------------------------------------------------------------------ */

/* the lists that make up __all__: assigned or added */
static bool
in_lists(const struct unit *u, const char *name, bool *has)
{
	const struct ir *ir = u->ir;
	uint32_t left, right;

	IR_EACH(ir, n, 0) {
		if (!ir_is(ir, n, IR_ASSIGN) && !ir_is(ir, n, IR_UPDATE))
			continue;
		left = ir_child(ir, n, IR_F_LEFT);
		right = ir_child(ir, n, IR_F_RIGHT);
		if (!left || !right || !ir_named(ir, left, "__all__"))
			continue;
		*has = true;
		for (uint32_t c = right; c < ir->nodes[right].stop; c++)
			if (ir_is(ir, c, IR_STRING) && ir_named(ir, c, name))
				return true;
	}
	return false;
}

/* --- deprecated ------------------------------------------------------------------ */

static uint32_t
deprecating_call(const struct unit *u, uint32_t node)
{
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, node, IR_F_BODY), n, c;

	for (n = body; n && n < ir->nodes[body].stop; n++) {
		if (ir_is(ir, n, IR_FUNCTION)) {
			n = ir->nodes[n].stop - 1;
			continue;
		}
		if (!ir_is(ir, n, IR_CALL))
			continue;
		c = ir_child(ir, n, IR_F_FUNCTION);
		if (ir_is(ir, c, IR_MEMBER))
			c = ir_child(ir, c, IR_F_ATTRIBUTE);
		if (!c || !ir_named(ir, c, "warn"))
			continue;
		for (c = n; c < ir->nodes[n].stop; c++)
			if (ir_named(ir, c, "DeprecationWarning") ||
			    ir_named(ir, c, "PendingDeprecationWarning") ||
			    ir_named(ir, c, "FutureWarning"))
				return n;
	}
	return 0;
}

static bool
deprecated(struct project *p, struct func *f, const struct docstring *doc)
{
	struct unit *u = f->unit;
	unsigned line, col;
	uint32_t at;

	if (func_decorated(u, f->node, "deprecated") ||
	    (f->class && func_decorated(u, f->class, "deprecated"))) {
		set(f, VISIBLE_DEPRECATED, "deprecated",
			"decorated as deprecated");
		return true;
	}
	if (doc->deprecated) {
		set(f, VISIBLE_DEPRECATED, "deprecated",
			"the docstring says deprecated");
		return true;
	}
	at = deprecating_call(u, f->node);
	if (!at)
		return false;
	ir_position(u->ir, u->ir->nodes[at].start, &line, &col);
	set(f, VISIBLE_DEPRECATED, "deprecated", arena_printf(p->arena,
		"warns of deprecation in line %u", line));
	return true;
}

/* --- all together ------------------------------------------------------------------- */

static bool
private_name(const char *name)
{
	return name[0] == '_';
}

/* a part of the path or of the qualified name that starts with _ */
static const char *
private_part(struct project *p, const struct func *f)
{
	const char *parts[] = { f->unit->module, f->qualname }, *s;
	size_t n;

	for (size_t i = 0; i < 2; i++) {
		for (s = parts[i]; s && *s; s += n + (s[n] == '.')) {
			n = strcspn(s, ".");
			if (n && private_name(s) && !(n > 4 && i == 0 &&
			    s[1] == '_'))
				return arena_strndup(p->arena, s, n);
		}
	}
	return NULL;
}

static bool
special(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && str_starts(name, "__") && str_ends(name, "__");
}

static bool
accessor(const struct func *f)
{
	return func_decorated(f->unit, f->node, "property") ||
		func_decorated(f->unit, f->node, "cached_property") ||
		func_decorated(f->unit, f->node, "setter") ||
		func_decorated(f->unit, f->node, "getter") ||
		func_decorated(f->unit, f->node, "deleter");
}

static void
decide(struct project *p, struct func *f)
{
	struct unit *u = f->unit;
	struct docstring doc;
	const char *part, *text;
	const char *first = f->qualname;
	char *top = arena_strndup(p->arena, first, strcspn(first, "."));
	size_t len;
	bool has = false, listed;

	text = ir_string(u->ir, ir_docstring(u->ir, f->node), &len);
	docstring_parse(&doc, text ? text : "", text ? len : 0, p->arena);
	listed = in_lists(u, top, &has);
	part = private_part(p, f);
	if (u->test)
		set(f, VISIBLE_INTERNAL, "part of the tests", NULL);
	else if (special(f->name))
		set(f, VISIBLE_INTERNAL, "special method", NULL);
	else if (part)
		set(f, VISIBLE_INTERNAL, "underscore", arena_printf(p->arena,
			"'%s' begins with an underscore", part));
	else if (has && !listed)
		set(f, VISIBLE_INTERNAL, "not in __all__",
			arena_printf(p->arena, "'%s' is not in __all__", top));
	else if (accessor(f))
		set(f, VISIBLE_INTERNAL, "a property, not a call", NULL);
	else if (strstr(f->qualname, "<locals>"))
		set(f, VISIBLE_INTERNAL, "local to a function", NULL);
	else if (deprecated(p, f, &doc))
		;
	else if (has)
		set(f, VISIBLE_PUBLIC, "listed in __all__", NULL);
	else
		set(f, VISIBLE_PUBLIC, "name without underscore", NULL);
	docstring_release(&doc);
}

void
func_visibility(struct project *p, struct unit *u)
{
	for (size_t i = 0; i < u->nfuncs; i++)
		decide(p, u->funcs[i]);
}
