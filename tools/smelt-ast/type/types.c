#include "smelt-ast/type/types.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/names.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/stage.h"
#include "smelt-ast/func.h"
#include "smelt-ast/knowledge.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/type/literal.h"
#include "smelt-ast/type/typemodel.h"

enum { DEPTH = 16 };

struct rule {
	enum type_role role;
	const struct json *schema;
};

struct record {
	const char *id;
	struct unit *unit;
	uint32_t class;
	char *line;
};

struct types {
	struct project *project;
	const struct json *root;
	struct map rules;	/* dotted name to struct rule */
	struct arena arena;
	struct atoms *atoms;	/* of types in strings */
	struct ir_parser *parser;
	struct map ids;		/* id to struct record */
	struct record **records;
	size_t n, cap;
};

struct project *
types_project(struct types *t)
{
	return t->project;
}

/* --- the table -------------------------------------------------------------- */

static void
rule(struct types *t, const struct json *name, enum type_role role,
	const struct json *schema)
{
	struct rule *r = arena_alloc(&t->arena, sizeof(*r));

	r->role = role;
	r->schema = schema;
	if (json_str(name))
		map_put(&t->rules, json_str(name), r);
}

static void
rules(struct types *t, const char *list, enum type_role role)
{
	struct json_iter it;

	for (json_each(&it, json_get(t->root, list)); json_next(&it); )
		rule(t, it.value, role, NULL);
}

static void
read_table(struct types *t)
{
	struct json_iter it, names;

	for (json_each(&it, json_get(t->root, "schemas")); json_next(&it); )
		rule(t, it.key, ROLE_SCHEMA, it.value);
	for (json_each(&it, json_get(t->root, "arrays")); json_next(&it); )
		for (json_each(&names, json_get(it.value, "names"));
		    json_next(&names); )
			rule(t, names.value, ROLE_ARRAY,
				json_get(it.value, "schema"));
	rules(t, "tuples", ROLE_TUPLE);
	rules(t, "maps", ROLE_MAP);
	rules(t, "optional", ROLE_OPTIONAL);
	rules(t, "union", ROLE_UNION);
	rules(t, "literal", ROLE_LITERAL);
	rules(t, "annotated", ROLE_ANNOTATED);
	rules(t, "through", ROLE_THROUGH);
	rules(t, "enums", ROLE_ENUM);
	rules(t, "models", ROLE_MODEL);
	rules(t, "model_decorators", ROLE_MODEL_DECORATOR);
	rules(t, "fields", ROLE_FIELD);
}

struct types *
types_new(struct project *p, struct err *err)
{
	struct types *t;
	const struct json *root = knowledge_root(p->knowledge, "types",
		"python.yaml");

	if (!root) {
		err_set(err, "share/smelt/types/python.yaml is missing");
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	t->project = p;
	t->root = root;
	read_table(t);
	t->atoms = atoms_new(NULL);
	t->parser = ir_parser_new(t->atoms);
	return t;
}

void
types_free(struct types *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->records[i]->line);
	free(t->records);
	map_release(&t->rules);
	map_release(&t->ids);
	ir_parser_free(t->parser);
	atoms_free(t->atoms);
	arena_release(&t->arena);
	free(t);
}

enum type_role
types_role(struct types *t, const char *name, const struct json **schema)
{
	struct rule *r = map_get(&t->rules, name);
	char *longer;

	/* a bare List is typing's; typing_extensions repeats typing */
	if (!r && (!strchr(name, '.') || str_starts(name,
	    "typing_extensions."))) {
		longer = xasprintf("typing.%s", strchr(name, '.') ?
			strchr(name, '.') + 1 : name);
		r = map_get(&t->rules, longer);
		free(longer);
	}
	if (schema)
		*schema = r ? r->schema : NULL;
	return r ? r->role : ROLE_NONE;
}

const struct json *
types_table(const struct types *t, const char *key)
{
	return json_get(t->root, key);
}

/* --- names -------------------------------------------------------------------- */

static void
dotted(const struct type_place *at, uint32_t n, struct str *out)
{
	const struct names_entry *e;
	struct unit *u = at->unit;
	const char *name;
	uint32_t atom;
	size_t len;

	if (ir_is(at->ir, n, IR_MEMBER)) {
		dotted(at, ir_child(at->ir, n, IR_F_OBJECT), out);
		str_putc(out, '.');
		str_puts(out, ir_atom(at->ir, ir_child(at->ir, n,
			IR_F_ATTRIBUTE), NULL));
		return;
	}
	name = ir_atom(at->ir, n, &len);
	atom = atoms_find(u->ir->atoms, name, len);
	e = atom ? names_lookup(u->names, atom,
		at->ir == u->ir ? n : at->at) : NULL;
	if (e && e->type == NAMES_IMPORT)
		resolve_absolute(u, e->target, out);
	else
		str_puts(out, name);
}

static bool
is_path(const struct ir *ir, uint32_t n)
{
	while (n && ir_is(ir, n, IR_MEMBER))
		n = ir_child(ir, n, IR_F_OBJECT);
	return n && ir_is(ir, n, IR_NAME);
}

bool
types_name(const struct type_place *at, uint32_t n, struct str *out)
{
	if (!is_path(at->ir, n))
		return false;
	dotted(at, n, out);
	return true;
}

static struct symbol
symbol(struct types *t, const struct type_place *at, uint32_t n)
{
	if (at->ir == at->unit->ir)
		return resolve(t->project, at->unit, n);
	if (ir_is(at->ir, n, IR_MEMBER))
		return resolve_member(t->project, symbol(t, at,
			ir_child(at->ir, n, IR_F_OBJECT)),
			ir_atom(at->ir, ir_child(at->ir, n, IR_F_ATTRIBUTE),
			NULL));
	return resolve_name(t->project, at->unit, ir_atom(at->ir, n, NULL),
		at->at);
}

static enum type_role
role_at(struct types *t, const struct type_place *at, uint32_t n,
	const struct json **schema)
{
	enum type_role role;
	struct str name;

	if (schema)
		*schema = NULL;
	if (!is_path(at->ir, n))
		return ROLE_NONE;
	str_init(&name, STR_LINE);
	dotted(at, n, &name);
	role = types_role(t, str_s(&name), schema);
	str_release(&name);
	return role;
}

enum type_role
types_role_of(struct types *t, struct unit *u, uint32_t n)
{
	struct type_place at = { u, u->ir, n, 0 };

	return n ? role_at(t, &at, n, NULL) : ROLE_NONE;
}

/* --- annotations ------------------------------------------------------------------ */

static bool
unknown(const struct type_place *at, uint32_t n, struct emit *e)
{
	struct str text;
	size_t len;
	const char *source = ir_text(at->ir, n, &len);

	str_init(&text, STR_LINE);
	str_puts(&text, "not understood: ");
	str_add(&text, source, len < 80 ? len : 80);
	emit_pair(e, "$comment", str_s(&text));
	str_release(&text);
	return false;
}

static void
members(const struct json *schema, struct emit *e)
{
	struct json_iter it;

	for (json_each(&it, schema); json_next(&it); ) {
		emit_key(e, json_str(it.key));
		emit_json(e, it.value);
	}
}

static bool
nested(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	struct type_place in = *at;

	in.depth++;
	return types_annotation(t, &in, n, e);
}

/* the type as an object of its own */
static bool
whole(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	bool known;

	emit_object(e);
	known = nested(t, at, n, e);
	emit_end(e);
	return known;
}

static void
reference(struct emit *e, const char *id)
{
	char *ref = xasprintf("#/$defs/%s", id);

	emit_pair(e, "$ref", ref);
	free(ref);
}

/* X = Optional[int]; UserId = NewType("UserId", int) */
static bool
alias(struct types *t, const struct type_place *at, uint32_t n,
	struct symbol s, struct emit *e)
{
	struct type_place there = { s.unit, s.unit->ir, s.node,
		at->depth + 1 };
	uint32_t function;

	if (!ir_is(s.unit->ir, s.node, IR_CALL))
		return types_annotation(t, &there, s.node, e);
	function = ir_child(s.unit->ir, s.node, IR_F_FUNCTION);
	if (ir_is(s.unit->ir, function, IR_MEMBER))
		function = ir_child(s.unit->ir, function, IR_F_ATTRIBUTE);
	if (function && ir_named(s.unit->ir, function, "NewType") &&
	    ir_argument(s.unit->ir, s.node, 1))
		return types_annotation(t, &there, ir_argument(s.unit->ir,
			s.node, 1), e);
	return unknown(at, n, e);
}

static bool
named(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	const struct json *schema;
	enum type_role role = role_at(t, at, n, &schema);
	const char *id;
	struct symbol s;

	switch (role) {
	case ROLE_SCHEMA:
	case ROLE_ARRAY:
		members(schema, e);
		return true;
	case ROLE_TUPLE:
		emit_pair(e, "type", "array");
		return true;
	case ROLE_MAP:
		emit_pair(e, "type", "object");
		return true;
	default:
		break;
	}
	s = symbol(t, at, n);
	if (s.type == SYMBOL_CLASS) {
		id = types_reference(t, s.unit, s.node);
		if (id) {
			reference(e, id);
			return true;
		}
	}
	if (s.type == SYMBOL_VALUE)
		return alias(t, at, n, s, e);
	return unknown(at, n, e);
}

/* the i-th parameter of list[a, b]; subscripts come as a tuple, too */
static uint32_t
parameter(const struct ir *ir, uint32_t n, unsigned i)
{
	uint32_t c = ir_nth(ir, n, 1);

	if (c && ir_is(ir, c, IR_TUPLE) && !ir_next(ir, c))
		return ir_nth(ir, c, i);
	return ir_nth(ir, n, i + 1);
}

static bool
tuple(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	uint32_t c = parameter(at->ir, n, 0), second;
	int64_t count = 0;

	emit_pair(e, "type", "array");
	second = parameter(at->ir, n, 1);
	if (second && ir_is(at->ir, second, IR_ELLIPSIS)) {
		emit_key(e, "items");
		whole(t, at, c, e);
		return true;
	}
	emit_key(e, "prefixItems");
	emit_array(e);
	for (unsigned i = 0; (c = parameter(at->ir, n, i)); i++, count++)
		whole(t, at, c, e);
	emit_end(e);
	emit_pair_bool(e, "items", false);
	emit_pair_int(e, "minItems", count);
	return true;
}

static bool
literal(const struct type_place *at, uint32_t n, struct emit *e)
{
	const char *type = literal_type(at->ir, parameter(at->ir, n, 0)), *u;
	uint32_t c;

	for (unsigned i = 1; type && (c = parameter(at->ir, n, i)); i++) {
		u = literal_type(at->ir, c);
		if (!u || strcmp(u, type))
			type = NULL;
	}
	emit_pair(e, "type", type);
	emit_key(e, "enum");
	emit_array(e);
	for (unsigned i = 0; (c = parameter(at->ir, n, i)); i++)
		if (literal_is(at->ir, c))
			literal_emit(at->ir, c, e);
	emit_end(e);
	return true;
}

static void
alternatives(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	if (ir_is(at->ir, n, IR_BINARY) && at->depth < DEPTH) {
		struct type_place in = *at;

		in.depth++;
		IR_EACH(at->ir, c, n)
			alternatives(t, &in, c, e);
		return;
	}
	whole(t, at, n, e);
}

static bool
union_of(struct types *t, const struct type_place *at, uint32_t n,
	bool optional, struct emit *e)
{
	uint32_t c;

	emit_key(e, "anyOf");
	emit_array(e);
	for (unsigned i = 0; (c = parameter(at->ir, n, i)); i++)
		alternatives(t, at, c, e);
	if (optional) {
		emit_object(e);
		emit_pair(e, "type", "null");
		emit_end(e);
	}
	emit_end(e);
	return true;
}

static bool
annotated(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	uint32_t base = parameter(at->ir, n, 0), c;
	bool known = base && nested(t, at, base, e), required;
	bool array = base && types_is_array(t, at, base);

	for (unsigned i = 1; (c = parameter(at->ir, n, i)); i++) {
		if (ir_string(at->ir, c, NULL) && i == 1)
			emit_pair(e, "description", ir_string(at->ir, c,
				NULL));
		else
			types_field(t, at, c, array, e, &required);
	}
	return known;
}

static bool
generic(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	const struct json *schema;
	uint32_t base = ir_first(at->ir, n), first = parameter(at->ir, n, 0);
	enum type_role role = role_at(t, at, base, &schema);
	struct symbol s;

	if (!first)
		return unknown(at, n, e);
	switch (role) {
	case ROLE_ARRAY:
		members(schema, e);
		emit_key(e, "items");
		whole(t, at, first, e);
		return true;
	case ROLE_MAP:
		emit_pair(e, "type", "object");
		if (parameter(at->ir, n, 1)) {
			emit_key(e, "additionalProperties");
			whole(t, at, parameter(at->ir, n, 1), e);
		}
		return true;
	case ROLE_TUPLE:
		return tuple(t, at, n, e);
	case ROLE_OPTIONAL:
	case ROLE_UNION:
		return union_of(t, at, n, role == ROLE_OPTIONAL, e);
	case ROLE_LITERAL:
		return literal(at, n, e);
	case ROLE_ANNOTATED:
		return annotated(t, at, n, e);
	case ROLE_THROUGH:
		return nested(t, at, first, e);
	case ROLE_SCHEMA:
		members(schema, e);
		return true;
	default:
		break;
	}
	/* a generic model of the project */
	s = symbol(t, at, base);
	return s.type == SYMBOL_CLASS ? named(t, at, base, e) :
		unknown(at, n, e);
}

/* 1: understood; 0: not, which is written; -1: no expression, nothing is */
static int
parsed(struct types *t, const struct type_place *at, const char *text,
	size_t len, struct emit *e)
{
	struct type_place in = { at->unit, NULL, at->at, at->depth + 1 };
	struct err ignored;
	struct ir ir;
	int known = -1;
	uint32_t first;

	if (len > 4096 || ir_parse(t->parser, at->unit->lang, text, len, &ir,
	    &ignored) < 0)
		return -1;
	first = ir_first(&ir, 0);
	in.ir = &ir;
	if (!ir.errors && first && !ir_next(&ir, first))
		known = types_annotation(t, &in, first, e);
	ir_release(&ir);
	return known;
}

bool
types_annotation(struct types *t, const struct type_place *at, uint32_t n,
	struct emit *e)
{
	const char *text;
	size_t len;
	int known;

	if (at->depth > DEPTH)
		return unknown(at, n, e);
	switch (at->ir->nodes[n].kind) {
	case IR_NAME:
	case IR_MEMBER:
		return named(t, at, n, e);
	case IR_NONE:
		emit_pair(e, "type", "null");
		return true;
	case IR_STRING:
		text = ir_atom(at->ir, n, &len);
		known = parsed(t, at, text, len, e);
		return known < 0 ? unknown(at, n, e) : known > 0;
	case IR_INDEX:
		return generic(t, at, n, e);
	case IR_BINARY:
		emit_key(e, "anyOf");
		emit_array(e);
		alternatives(t, at, n, e);
		emit_end(e);
		return true;
	case IR_CALL:
		if (role_at(t, at, ir_child(at->ir, n, IR_F_FUNCTION),
		    NULL) == ROLE_SCHEMA) {
			bool required;

			nested(t, at, ir_child(at->ir, n, IR_F_FUNCTION), e);
			types_field(t, at, n, false, e, &required);
			return true;
		}
		break;
	}
	return unknown(at, n, e);
}

bool
types_words(struct types *t, struct unit *u, uint32_t at, const char *words,
	struct emit *e)
{
	struct type_place in = { u, u->ir, at, 0 };
	struct str code;
	int known;

	/* "list of str", "str or None", "`int`" */
	str_init(&code, STR_LINE);
	for (const char *w = words; *w; w++) {
		if (str_starts(w, " of ")) {
			str_putc(&code, '[');
			str_puts(&code, w + 4);
			str_putc(&code, ']');
			break;
		}
		if (str_starts(w, " or ")) {
			str_puts(&code, " | ");
			w += 3;
		} else if (*w != '`') {
			str_putc(&code, *w);
		}
	}
	known = parsed(t, &in, str_s(&code), code.len, e);
	if (known < 0)
		emit_pair(e, "$comment", words);
	str_release(&code);
	return known > 0;
}

bool
types_is_array(struct types *t, const struct type_place *at, uint32_t n)
{
	enum type_role role;

	if (n && ir_is(at->ir, n, IR_INDEX))
		n = ir_first(at->ir, n);
	if (!n)
		return false;
	role = role_at(t, at, n, NULL);
	return role == ROLE_ARRAY || role == ROLE_TUPLE;
}

/* --- type records ------------------------------------------------------------------ */

/* module and class names, in the alphabet of ids */
static void
make_id(const struct ir *ir, const struct unit *u, uint32_t class,
	struct str *out)
{
	uint32_t up = ir_above(ir, class, IR_CLASS);
	const char *s;

	if (up)
		make_id(ir, u, up, out);
	else
		for (s = u->module ? u->module : ""; *s; s++)
			str_putc(out, strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
				"ghijklmnopqrstuvwxyz0123456789_.-", *s) ?
				*s : '-');
	if (out->len)
		str_putc(out, '.');
	for (s = ir_atom(ir, ir_child(ir, class, IR_F_NAME), NULL); *s; s++)
		str_putc(out, (*s & 0x80) ? '_' : *s);
}

const char *
types_reference(struct types *t, struct unit *u, uint32_t class)
{
	struct record *r;
	struct str id;
	size_t base;

	for (size_t i = 0; i < t->n; i++)
		if (t->records[i]->unit == u && t->records[i]->class == class)
			return t->records[i]->id;
	if (typemodel_kind(t, u, class) == TYPEMODEL_NONE)
		return NULL;
	str_init(&id, STR_LINE);
	make_id(u->ir, u, class, &id);
	base = id.len;
	for (unsigned i = 2; map_has(&t->ids, str_s(&id)); i++) {
		id.len = base;
		str_addf(&id, "-%u", i);
	}
	r = arena_alloc(&t->arena, sizeof(*r));
	r->id = arena_strdup(&t->arena, str_s(&id));
	r->unit = u;
	r->class = class;
	map_put(&t->ids, r->id, r);
	t->records = vec_grow(t->records, t->n, &t->cap, sizeof(r));
	t->records[t->n++] = r;
	str_release(&id);
	return r->id;
}

static void
write_one(struct types *t, struct record *r)
{
	struct str line;
	struct emit e;
	struct loc loc;

	str_init(&line, STR_RECORD);
	emit_init(&e, &line);
	emit_object(&e);
	emit_pair(&e, "kind", "type");
	emit_pair(&e, "id", r->id);
	emit_pair(&e, "name", ir_atom(r->unit->ir, ir_child(r->unit->ir,
		r->class, IR_F_NAME), NULL));
	emit_key(&e, "schema");
	emit_object(&e);
	typemodel_schema(t, r->unit, r->class, &e);
	emit_end(&e);
	func_loc(r->unit, r->class, &loc);
	emit_pair_loc(&e, "loc", &loc);
	emit_end(&e);
	r->line = str_detach(&line);
}

static int
by_id(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

size_t
types_write(struct types *t, struct stage *out)
{
	struct str line;

	/* writing one may reference others, which are put behind */
	for (size_t i = 0; i < t->n; i++)
		write_one(t, t->records[i]);
	if (t->n)
		qsort(t->records, t->n, sizeof(*t->records), by_id);
	for (size_t i = 0; i < t->n; i++) {
		str_init(&line, STR_RECORD);
		str_puts(&line, t->records[i]->line);
		stage_put(out, &line);
		str_release(&line);
	}
	return t->n;
}
