#include "smelt-ast/other.h"

#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "code/lang.h"
#include "data/emit.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"

/* --- names ---------------------------------------------------------------------- */

/* int *f(int): down the declarators to the name */
static uint32_t
declared_name(const struct ir *ir, uint32_t n)
{
	uint8_t declarator = lang_field("declarator");
	uint32_t found = n;

	for (int steps = 0; found && steps < 64; steps++) {
		uint32_t next = 0;

		if (ir_is(ir, found, IR_NAME))
			return found;
		IR_EACH(ir, c, found)
			if (ir->nodes[c].field == declarator)
				next = c;
		found = next;
	}
	return 0;
}

/* the name of a function, method, or of what a lambda is given to */
static uint32_t
name_of(const struct ir *ir, uint32_t n)
{
	uint32_t name = ir_child(ir, n, IR_F_NAME), up = ir->nodes[n].parent;

	if (name)
		return name;
	if (ir_is(ir, n, IR_FUNCTION) || ir_is(ir, n, IR_METHOD))
		return declared_name(ir, n);
	if (!ir_is(ir, n, IR_LAMBDA) || !up)
		return 0;
	if (ir_is(ir, up, IR_DECLARATOR))
		name = ir_child(ir, up, IR_F_NAME);
	else if (ir_is(ir, up, IR_ASSIGN))
		name = ir_child(ir, up, IR_F_LEFT);
	if (name && ir_is(ir, name, IR_MEMBER))
		name = ir_child(ir, name, IR_F_ATTRIBUTE);
	return name && ir_is(ir, name, IR_NAME) ? name : 0;
}

/* class, impl (by its type), or the receiver of a go method */
static const char *
owner_name(const struct ir *ir, uint32_t n)
{
	uint32_t name = ir_child(ir, n, IR_F_NAME);
	uint32_t list = ir_child(ir, n, IR_F_RECEIVER);

	if (list) {
		for (uint32_t c = list; c < ir->nodes[list].stop; c++)
			if (ir_is(ir, c, IR_NAME) && ir->nodes[c].field !=
			    IR_F_NAME)
				return ir_atom(ir, c, NULL);
		return NULL;
	}
	if (!name)
		name = ir_child(ir, n, IR_F_TYPE);
	return name && ir->nodes[name].atom ? ir_atom(ir, name, NULL) : NULL;
}

static const char *
qualified(struct project *p, const struct ir *ir, uint32_t n,
	const char *name)
{
	const char *owner = ir_child(ir, n, IR_F_RECEIVER) ?
		owner_name(ir, n) : NULL;
	uint32_t up;

	if (owner)
		return arena_printf(p->arena, "%s.%s", owner, name);
	for (up = ir->nodes[n].parent; up; up = ir->nodes[up].parent) {
		if (!ir_is(ir, up, IR_CLASS) && !ir_is(ir, up, IR_INTERFACE))
			continue;
		owner = owner_name(ir, up);
		if (owner)
			name = arena_printf(p->arena, "%s.%s", owner, name);
	}
	return name;
}

/* --- visibility -------------------------------------------------------------------- */

static bool
flagged(const struct ir *ir, uint32_t n, enum ir_flag flag)
{
	return (ir->nodes[n].flags & flag) != 0;
}

/* exported itself, or by the variable, class or object around it */
static bool
exported(const struct ir *ir, uint32_t n)
{
	uint32_t left;

	for (; n; n = ir->nodes[n].parent) {
		if (flagged(ir, n, IR_EXPORT))
			return true;
		left = ir_is(ir, n, IR_ASSIGN) ? ir_child(ir, n, IR_F_LEFT) :
			0;
		for (uint32_t c = left; left && c < ir->nodes[left].stop; c++)
			if (ir_named(ir, c, "exports"))
				return true;
	}
	return false;
}

/* ruby: a bare "private" above, in the same body */
static bool
in_private_section(const struct ir *ir, uint32_t n)
{
	bool hidden = false;

	IR_EACH(ir, c, ir->nodes[n].parent) {
		if (c == n)
			return hidden;
		if (ir_is(ir, c, IR_NAME) && (ir_named(ir, c, "private") ||
		    ir_named(ir, c, "protected")))
			hidden = true;
		else if (ir_is(ir, c, IR_NAME) && ir_named(ir, c, "public"))
			hidden = false;
	}
	return hidden;
}

static void
visibility(struct func *f)
{
	const struct ir *ir = f->unit->ir;
	const char *rule = lang_public(f->unit->lang);
	bool visible = true;
	const char *yes = "name without underscore", *no = "";

	if (strcmp(rule, "capital") == 0) {
		visible = f->name[0] >= 'A' && f->name[0] <= 'Z';
		yes = "begins with a capital";
		no = "begins with a small letter";
	} else if (strcmp(rule, "declared") == 0) {
		visible = flagged(ir, f->node, IR_EXPORT) ||
			ir_above(ir, f->node, IR_INTERFACE);
		yes = "declared public";
		no = "not declared public";
	} else if (strcmp(rule, "export") == 0) {
		visible = exported(ir, f->node) && f->name[0] != '#' &&
			!flagged(ir, f->node, IR_PRIVATE);
		yes = "exported";
		no = "not exported";
	} else if (strcmp(rule, "section") == 0) {
		visible = !in_private_section(ir, f->node);
		no = "in a private section";
	} else if (strcmp(rule, "unless-private") == 0) {
		visible = !flagged(ir, f->node, IR_PRIVATE);
		yes = "not declared private";
		no = "declared private";
	} else if (strcmp(rule, "unless-static") == 0) {
		visible = !flagged(ir, f->node, IR_STATIC);
		yes = "not static";
		no = "static";
	}
	if (f->unit->test) {
		visible = false;
		no = "part of the tests";
	} else if (visible && f->name[0] == '_') {
		visible = false;
		no = "name begins with an underscore";
	}
	f->visibility = visible ? VISIBLE_PUBLIC : VISIBLE_INTERNAL;
	f->why = f->group = visible ? yes : no;
}

/* --- collecting ----------------------------------------------------------------------- */

static void
add(struct project *p, struct unit *u, uint32_t n, uint32_t name)
{
	struct func *f = arena_alloc(p->arena, sizeof(*f));
	const char *base;
	char *id;

	f->unit = u;
	f->node = n;
	f->name = ir_atom(u->ir, name, NULL);
	f->qualname = qualified(p, u->ir, n, f->name);
	f->class = ir_above(u->ir, n, IR_CLASS);
	if (ir_is(u->ir, n, IR_METHOD) && !f->class)
		f->class = n;
	id = arena_printf(p->arena, "%s:%s", u->path, f->qualname);
	base = id;
	for (unsigned i = 2; map_has(p->ids, id); i++)
		id = arena_printf(p->arena, "%s~%u", base, i);
	map_put(p->ids, id, f);
	f->id = id;
	visibility(f);
	u->funcs = vec_grow(u->funcs, u->nfuncs, &u->funcs_cap,
		sizeof(*u->funcs));
	u->funcs[u->nfuncs++] = f;
}

static bool
is_function(const struct ir *ir, uint32_t n)
{
	return ir_is(ir, n, IR_FUNCTION) || ir_is(ir, n, IR_METHOD) ||
		ir_is(ir, n, IR_LAMBDA);
}

void
other_collect(struct project *p, struct unit *u)
{
	const struct ir *ir = u->ir;
	uint32_t name, inside = 0;

	for (uint32_t n = 1; n < ir->n; n++) {
		if (ir_is(ir, n, IR_CLASS) || ir_is(ir, n, IR_INTERFACE))
			u->classes++;
		if (!is_function(ir, n))
			continue;
		u->functions++;
		name = name_of(ir, n);
		/* what is local to a function is part of it */
		if (!name || n < inside)
			continue;
		inside = ir->nodes[n].stop;
		add(p, u, n, name);
	}
}

/* --- writing --------------------------------------------------------------------------- */

static void
parameters(const struct func *f, struct emit *e)
{
	const struct ir *ir = f->unit->ir;
	uint32_t list = ir_child(ir, f->node, IR_F_PARAMETERS), name;
	uint8_t pattern = lang_field("pattern");

	for (uint32_t c = f->node + 1; !list && c < ir->nodes[f->node].stop;
	    c++)
		if (ir_is(ir, c, IR_PARAMETERS))
			list = c;
	emit_key(e, "parameters");
	emit_array(e);
	for (uint32_t c = list + 1; list && c < ir->nodes[list].stop;
	    c = ir->nodes[c].stop) {
		name = ir_is(ir, c, IR_NAME) ? c : ir_child(ir, c, IR_F_NAME);
		if (!name)
			name = ir_child(ir, c, IR_F_LEFT);
		if (!name)
			name = declared_name(ir, c);
		IR_EACH(ir, k, c)
			if (!name && (ir->nodes[k].field == pattern ||
			    ir_is(ir, k, IR_NAME)))
				name = k;
		if (!name || !ir_is(ir, name, IR_NAME))
			continue;
		emit_object(e);
		emit_pair(e, "name", ir_atom(ir, name, NULL));
		emit_pair(e, "in", "argument");
		emit_pair_bool(e, "required", !ir_is(ir, c, IR_DEFAULT) &&
			!ir_is(ir, c, IR_KEYWORD));
		emit_key(e, "schema");
		emit_object(e);
		emit_pair(e, "$comment", "types of this language are not "
			"read");
		emit_end(e);
		emit_end(e);
	}
	emit_end(e);
}

static void
doc(struct func *f, struct emit *e)
{
	const struct ir *ir = f->unit->ir;
	uint32_t n = f->node;
	struct str text, title;
	const char *end;

	/* const f = () => ...: the comment stands before the statement */
	while (ir_is(ir, n, IR_LAMBDA) || ir_is(ir, ir->nodes[n].parent,
	    IR_VARIABLES) || ir_is(ir, ir->nodes[n].parent, IR_DECLARATOR))
		n = ir->nodes[n].parent;
	str_init(&text, STR_RECORD);
	str_init(&title, STR_RECORD);
	if (ir_doc_comment(ir, n, &text)) {
		end = strstr(str_s(&text), "\n\n");
		func_line(str_s(&text), end ? (size_t)(end - str_s(&text)) :
			text.len, &title);
		emit_pair(e, "title", str_s(&title));
		emit_pair(e, "doc", str_s(&text));
	}
	str_release(&text);
	str_release(&title);
}

void
other_record(struct func *f, struct str *out)
{
	char digest[SHA256_HEX + 1];
	struct unit *u = f->unit;
	const char *code;
	struct emit e;
	struct loc loc;
	size_t len;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "callable");
	emit_pair(&e, "id", f->id);
	emit_pair(&e, "type", f->class ? "method" : "function");
	emit_pair(&e, "name", f->name);
	doc(f, &e);
	emit_pair(&e, "unit", u->path);
	func_loc(u, f->node, &loc);
	emit_pair_loc(&e, "loc", &loc);
	parameters(f, &e);
	emit_key(&e, "auth");
	emit_object(&e);
	emit_pair_bool(&e, "required", false);
	emit_key(&e, "requirements");
	emit_array(&e);
	emit_end(&e);
	emit_end(&e);
	emit_pair(&e, "visibility", f->visibility == VISIBLE_PUBLIC ?
		"public" : "internal");
	emit_pair(&e, "visibilityEvidence", f->why);
	emit_key(&e, "effects");
	emit_array(&e);
	emit_end(&e);
	if (flagged(u->ir, f->node, IR_ASYNC))
		emit_pair_bool(&e, "async", true);
	emit_pair(&e, "qualname", f->qualname);
	code = ir_text(u->ir, f->node, &len);
	sha256_hex(code, len, digest);
	emit_pair_sha256(&e, "digest", digest);
	emit_end(&e);
}
