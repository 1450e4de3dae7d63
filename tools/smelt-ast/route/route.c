#include "smelt-ast/route/route.h"

#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/json.h"
#include "smelt-ast/func.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/router.h"
#include "smelt-ast/type/constant.h"

enum { METHODS = 16, WAYS = 16, VARIABLES = 32 };

struct methods {
	const char *names[METHODS];
	size_t n;
};

/* one registration, before it is multiplied by prefixes and methods */
struct registration {
	struct project *p;
	struct routers *rs;
	struct unit *unit;
	uint32_t call;
	struct router *router;
	const struct json *entry;
	const char *path;
	struct methods methods;
};

/* --- paths ------------------------------------------------------------------------ */

static const char *
converter(struct project *p, const struct framework *f, const char *name,
	size_t len)
{
	const struct json *table = framework_get(f, "converters");
	const struct json *v = len ? json_getn(table, name, len) : NULL;
	const char *copy;
	struct str text;

	if (!v)
		v = json_get(table, "default");
	str_init(&text, STR_LINE);
	if (v)
		json_write(&text, v);
	else
		str_puts(&text, "{\"type\":\"string\"}");
	copy = arena_strdup(p->arena, str_s(&text));
	str_release(&text);
	return copy;
}

/* "int:id", "string(length=2):code", "id"; braces: "id:path" */
static void
variable(struct project *p, struct route *r, const char *s, size_t n,
	bool braces, struct str *out)
{
	const char *colon = NULL, *name = s, *type = s;
	size_t name_len = n, type_len = 0, i, depth = 0;
	struct route_variable *v;

	for (i = 0; i < n; i++) {
		depth += s[i] == '(';
		depth -= depth && s[i] == ')';
		if (s[i] == ':' && !depth) {
			colon = s + i;
			break;
		}
	}
	if (colon && braces) {
		name_len = (size_t)(colon - s);
		type = colon + 1;
		type_len = n - name_len - 1;
	} else if (colon) {
		name = colon + 1;
		name_len = n - (size_t)(name - s);
		type_len = (size_t)(colon - s);
	}
	for (i = 0; i < type_len && type[i] != '('; i++)
		;
	str_putc(out, '{');
	str_add(out, name, name_len);
	str_putc(out, '}');
	if (r->nvariables >= VARIABLES)
		return;
	v = &r->variables[r->nvariables++];
	v->name = arena_strndup(p->arena, name, name_len);
	v->schema = converter(p, r->framework, type, i);
}

static void
set_path(struct project *p, struct route *r, const char *path)
{
	bool braces = json_str_is(framework_get(r->framework, "variables"),
		"braces");
	const char *end;
	struct str out;

	r->variables = arena_array(p->arena, VARIABLES, sizeof(*r->variables));
	str_init(&out, STR_LINE);
	if (!path || *path != '/')
		str_putc(&out, '/');
	for (; path && *path; path++) {
		end = *path == (braces ? '{' : '<') ?
			strchr(path, braces ? '}' : '>') : NULL;
		if (!end) {
			str_putc(&out, *path);
			continue;
		}
		variable(p, r, path + 1, (size_t)(end - path - 1), braces,
			&out);
		path = end;
	}
	r->path = arena_strdup(p->arena, str_s(&out));
	str_release(&out);
}

/* --- methods ------------------------------------------------------------------------ */

static void
method(struct registration *g, const char *name)
{
	char *upper = arena_strdup(g->p->arena, name);

	for (char *c = upper; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	for (size_t i = 0; i < g->methods.n; i++)
		if (strcmp(g->methods.names[i], upper) == 0)
			return;
	if (g->methods.n < METHODS && *upper &&
	    strspn(upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(upper))
		g->methods.names[g->methods.n++] = upper;
}

static void
methods_in(struct registration *g, struct unit *u, uint32_t list)
{
	struct symbol s;

	if (list && (ir_is(u->ir, list, IR_NAME) || ir_is(u->ir, list,
	    IR_MEMBER))) {
		s = resolve(g->p, u, list);
		if (s.type != SYMBOL_VALUE)
			return;
		u = s.unit;
		list = s.node;
	}
	if (list)
		for (uint32_t c = list; c < u->ir->nodes[list].stop; c++)
			if (ir_is(u->ir, c, IR_STRING))
				method(g, ir_atom(u->ir, c, NULL));
}

/* those given; else those of the entry, unless a view class has its own */
static void
find_methods(struct registration *g, bool defaults)
{
	struct json_iter it;

	g->methods.n = 0;
	methods_in(g, g->unit, framework_argument(g->unit->ir, g->call,
		json_get(g->entry, "methods")));
	if (g->methods.n || !defaults)
		return;
	for (json_each(&it, json_get(g->entry, "default")); json_next(&it); )
		method(g, json_str(it.value) ? json_str(it.value) : "");
}

/* --- making routes --------------------------------------------------------------------- */

static void
name_route(struct project *p, struct route *r)
{
	const char *base = r->func->id;
	char *id;

	r->id = base;
	if (!r->func->nroutes)
		return;
	id = arena_printf(p->arena, "%s#%s %s", base, r->method, r->path);
	base = id;
	for (unsigned i = 2; map_has(p->ids, id); i++)
		id = arena_printf(p->arena, "%s~%u", base, i);
	map_put(p->ids, id, r);
	r->id = id;
}

static bool
known(const struct func *f, const struct route *r)
{
	for (size_t i = 0; i < f->nroutes; i++)
		if (strcmp(f->routes[i]->method, r->method) == 0 &&
		    strcmp(f->routes[i]->path, r->path) == 0)
			return true;
	return false;
}

static void
make(struct registration *g, struct func *f, const char *verb,
	const struct way *way, bool served)
{
	struct project *p = g->p;
	struct route *r = arena_alloc(p->arena, sizeof(*r));
	unsigned line, col;

	r->func = f;
	r->framework = g->router->framework;
	r->router = g->router;
	r->method = verb;
	r->unit = g->unit;
	r->node = g->call;
	r->served = served;
	r->mount = way->mount;
	set_path(p, r, router_join(p, r->framework, way->prefix, g->path));
	if (known(f, r))
		return;
	name_route(p, r);
	ir_position(g->unit->ir, g->unit->ir->nodes[g->call].start, &line,
		&col);
	r->why = arena_printf(p->arena, served ? "route of %s at %s:%u" :
		"route of %s at %s:%u that is registered on no application",
		framework_name(r->framework), g->unit->path, line);
	f->routes = vec_grow(f->routes, f->nroutes, &f->routes_cap, sizeof(r));
	f->routes[f->nroutes++] = r;
	p->routes = vec_grow(p->routes, p->nroutes, &p->routes_cap, sizeof(r));
	p->routes[p->nroutes++] = r;
}

static void
multiply(struct registration *g, struct func *f, const char *verb)
{
	struct way ways[WAYS];
	struct router *r = g->router;
	size_t n = routers_ways(g->rs, r, ways, WAYS);
	bool served = n > 0;

	if (!n) {
		/* without an application in sight, it is a library of routes */
		served = !routers_rooted(g->rs, r->framework);
		ways[n++] = (struct way){ r->prefix, NULL };
	}
	for (size_t i = 0; i < n; i++)
		make(g, f, verb, &ways[i], served);
}

static void
handled_by_function(struct registration *g, struct unit *u, uint32_t node)
{
	struct func *f = func_make(g->p, u, node);

	find_methods(g, true);
	for (size_t i = 0; i < g->methods.n; i++)
		multiply(g, f, g->methods.names[i]);
}

static bool
wanted(const struct registration *g, const char *verb)
{
	for (size_t i = 0; i < g->methods.n; i++)
		if (strcasecmp(g->methods.names[i], verb) == 0)
			return true;
	return !g->methods.n;
}

/* def get(self), def post(self), ... */
static void
handled_by_class(struct registration *g, struct symbol class)
{
	struct json_iter it;
	const char *verb;
	struct symbol s;
	char *upper;

	find_methods(g, false);
	for (json_each(&it, framework_get(g->router->framework,
	    "view_methods")); json_next(&it); ) {
		verb = json_str(it.value);
		if (!verb || !wanted(g, verb))
			continue;
		s = resolve_member(g->p, class, verb);
		if (s.type != SYMBOL_FUNCTION)
			continue;
		upper = arena_strdup(g->p->arena, verb);
		for (char *c = upper; *c; c++)
			*c = (char)(*c - 'a' + 'A');
		multiply(g, func_make(g->p, s.unit, s.node), upper);
	}
}

/* a function, a class, Class.as_view("name"), or a variable with one */
static void
handled_by(struct registration *g, struct unit *u, uint32_t view)
{
	const char *as_view = json_str(framework_get(g->router->framework,
		"as_view"));
	struct symbol s = resolve(g->p, u, view);
	uint32_t f;

	if (s.type == SYMBOL_VALUE && as_view && ir_is(s.unit->ir, s.node,
	    IR_CALL)) {
		f = ir_child(s.unit->ir, s.node, IR_F_FUNCTION);
		if (f && ir_is(s.unit->ir, f, IR_MEMBER) &&
		    ir_named(s.unit->ir, ir_child(s.unit->ir, f,
		    IR_F_ATTRIBUTE), as_view))
			s = resolve(g->p, s.unit, ir_child(s.unit->ir, f,
				IR_F_OBJECT));
	}
	if (s.type == SYMBOL_FUNCTION)
		handled_by_function(g, s.unit, s.node);
	else if (s.type == SYMBOL_CLASS)
		handled_by_class(g, s);
}

/* --- finding registrations -------------------------------------------------------------- */

static bool
receiver(struct registration *g, enum framework_verb verb, const char **name)
{
	const struct ir *ir = g->unit->ir;
	uint32_t f = ir_child(ir, g->call, IR_F_FUNCTION);

	if (!f || !ir_is(ir, f, IR_MEMBER))
		return false;
	*name = ir_atom(ir, ir_child(ir, f, IR_F_ATTRIBUTE), NULL);
	if (!frameworks_may(routers_frameworks(g->rs), verb, *name))
		return false;
	g->router = routers_trace(g->rs, g->unit, ir_child(ir, f,
		IR_F_OBJECT));
	return g->router != NULL;
}

/* traced to a framework, but not to be called: nobody knows its path */
static void
pathless(struct registration *g)
{
	struct unit *u = g->unit;
	unsigned line, col;
	struct err err;

	g->p->pathless++;
	ir_position(u->ir, u->ir->nodes[g->call].start, &line, &col);
	err_at(&err, u->path, line, col,
		"a route whose path is not constant is left out");
	diag_warn_err(&err);
}

static bool
path_of(struct registration *g, uint32_t arg)
{
	struct str text;
	bool found;

	str_init(&text, STR_LINE);
	found = arg && constant_string(g->p, g->unit, arg, false, &text);
	if (found)
		g->path = arena_strdup(g->p->arena, str_s(&text));
	else
		pathless(g);
	str_release(&text);
	return found;
}

static void
decorated(struct registration *g, uint32_t node)
{
	struct unit *u = g->unit;
	const char *name;
	uint32_t d;

	for (unsigned i = 0; (d = func_decorator(u, node, i)); i++) {
		g->call = d;
		if (!ir_is(u->ir, d, IR_CALL) || !receiver(g,
		    VERB_DECORATOR, &name))
			continue;
		g->entry = framework_decorator(g->router->framework, name);
		if (!g->entry || !path_of(g, framework_argument(u->ir, d,
		    json_get(g->entry, "path"))))
			continue;
		if (ir_is(u->ir, node, IR_CLASS))
			handled_by_class(g, (struct symbol){ SYMBOL_CLASS, u,
				node });
		else
			handled_by_function(g, u, node);
	}
}

static void
called(struct registration *g, uint32_t n)
{
	const struct ir *ir = g->unit->ir;
	const char *name;
	uint32_t view, arg;
	int64_t first;

	g->call = n;
	if (!receiver(g, VERB_CALL, &name))
		return;
	g->entry = framework_call(g->router->framework, name);
	view = framework_argument(ir, n, json_get(g->entry, "view"));
	if (!g->entry || !view)
		return;
	if (!json_int(json_get(g->entry, "paths"), &first)) {
		if (path_of(g, framework_argument(ir, n, json_get(g->entry,
		    "path"))))
			handled_by(g, g->unit, view);
		return;
	}
	for (; (arg = ir_argument(ir, n, (unsigned)first)); first++)
		if (path_of(g, arg))
			handled_by(g, g->unit, view);
}

void
routes_find(struct project *p, struct routers *rs)
{
	struct registration g = { .p = p, .rs = rs };
	const struct ir *ir;

	if (!routers_count(rs))
		return;
	for (size_t i = 0; i < p->nunits; i++) {
		g.unit = p->units[i];
		ir = g.unit->ir;
		if (!ir || !g.unit->module)
			continue;
		for (uint32_t n = 1; n < ir->n; n++) {
			if (ir_is(ir, n, IR_FUNCTION) || ir_is(ir, n, IR_CLASS))
				decorated(&g, n);
			else if (ir_is(ir, n, IR_CALL) && !ir_is(ir,
			    ir->nodes[n].parent, IR_DECORATOR))
				called(&g, n);
		}
	}
}
