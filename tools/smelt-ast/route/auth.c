#include "smelt-ast/route/auth.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/emit.h"
#include "data/glob.h"
#include "data/json.h"
#include "smelt-ast/func.h"
#include "smelt-ast/knowledge.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/route/router.h"

enum { DEPTH = 4 };

struct hook {
	struct router *router;
	struct func *func;
	bool everywhere;	/* of an application */
};

struct auths {
	struct project *project;
	struct routers *routers;
	const struct json *root;
	struct map decorators, calls, security;
	struct map refusals;	/* functions to where they refuse */
	struct hook *hooks;
	size_t nhooks, cap;
	struct str name;
};

/* --- the table -------------------------------------------------------------------- */

static void
index_names(struct map *m, const struct json *list)
{
	struct json_iter it, names;

	for (json_each(&it, list); json_next(&it); )
		for (json_each(&names, json_get(it.value, "names"));
		    json_next(&names); )
			if (json_str(names.value))
				map_put(m, json_str(names.value),
					(void *)(uintptr_t)it.value);
}

/* "*_required": * stands for any text */
static bool
any_matches(const struct json *patterns, const char *text)
{
	struct json_iter it;

	for (json_each(&it, patterns); json_next(&it); )
		if (json_str(it.value) && glob_text(json_str(it.value), text))
			return true;
	return false;
}

static const struct json *
by_word(const struct auths *a, const char *word)
{
	struct json_iter it;

	for (json_each(&it, json_get(a->root, "words")); json_next(&it); )
		if (any_matches(json_get(it.value, "match"), word))
			return it.value;
	return NULL;
}

/* --- evidence ------------------------------------------------------------------------ */

static void
found(struct auth *out, struct unit *u, uint32_t n,
	const char *scheme)
{
	const struct ir_node *node = &u->ir->nodes[n];

	out->required = true;
	if (!out->scheme)
		out->scheme = scheme ? scheme : "bearer";
	if (out->nevidence < AUTH_EVIDENCE)
		out->evidence[out->nevidence++] = (struct auth_evidence){ u,
			node->start, node->end };
}

static void
scopes(struct auth *out, const struct ir *ir, uint32_t call)
{
	const char *text;
	uint32_t arg;

	if (!ir_is(ir, call, IR_CALL))
		return;
	for (unsigned i = 0; (arg = ir_argument(ir, call, i)); i++) {
		text = ir_string(ir, arg, NULL);
		if (text && out->nscopes < AUTH_SCOPES)
			out->scopes[out->nscopes++] = text;
	}
}

/* --- turning callers away ------------------------------------------------------------ */

/* abort(401), HTTPException(status_code=403, ...), raise Unauthorized */
static bool
refusal(struct auths *a, struct unit *u, uint32_t n)
{
	const struct json *r = json_get(a->root, "refusals");
	const struct ir *ir = u->ir;
	bool call = ir_is(ir, n, IR_CALL);
	uint32_t status;

	if (!resolve_external(a->project, u, call ? ir_child(ir, n,
	    IR_F_FUNCTION) : n, &a->name, NULL))
		return false;
	if (json_lists(json_get(r, "errors"), str_s(&a->name)))
		return true;
	if (!call || !json_lists(json_get(r, "names"), str_s(&a->name)))
		return false;
	status = ir_keyword(ir, n, "status_code");
	if (!status)
		status = ir_argument(ir, n, 0);
	/* status.HTTP_401_UNAUTHORIZED, too */
	if (status && ir_is(ir, status, IR_MEMBER))
		status = ir_child(ir, status, IR_F_ATTRIBUTE);
	if (status && ir_is(ir, status, IR_NAME))
		return strstr(ir_atom(ir, status, NULL), "_401_") ||
			strstr(ir_atom(ir, status, NULL), "_403_");
	return status && json_lists(json_get(r, "statuses"), ir_atom(ir, status,
		NULL));
}

static uint32_t
find_refusal(struct auths *a, struct unit *u, uint32_t function)
{
	const struct ir *ir = u->ir;

	for (uint32_t n = function + 1; n < ir->nodes[function].stop; n++)
		if ((ir_is(ir, n, IR_CALL) || ir_is(ir, ir->nodes[n].parent,
		    IR_RAISE)) && refusal(a, u, n))
			return n;
	return 0;
}

/* where a function turns callers away, or 0 */
static uint32_t
refuses(struct auths *a, struct unit *u, uint32_t function)
{
	char *key = xasprintf("%s:%u", u->path, function);
	struct map_entry *e;
	bool added;

	e = map_add(&a->refusals, key, strlen(key), &added);
	free(key);
	if (added)
		e->value = (void *)(uintptr_t)find_refusal(a, u, function);
	return (uint32_t)(uintptr_t)e->value;
}

/* --- decorators ------------------------------------------------------------------------ */

static const struct json *
decorator_entry(struct auths *a, struct unit *u, uint32_t d)
{
	const struct ir *ir = u->ir;
	uint32_t name = ir_is(ir, d, IR_CALL) ? ir_child(ir, d,
		IR_F_FUNCTION) : d;
	const struct json *e = NULL;

	if (resolve_external(a->project, u, name, &a->name, NULL))
		e = map_get(&a->decorators, str_s(&a->name));
	if (e)
		return e;
	if (ir_is(ir, name, IR_MEMBER))
		name = ir_child(ir, name, IR_F_ATTRIBUTE);
	return name && ir_is(ir, name, IR_NAME) ? by_word(a, ir_atom(ir, name,
		NULL)) : NULL;
}

static void
decorator(struct auths *a, struct unit *u, uint32_t d, struct auth *out)
{
	const struct json *e = decorator_entry(a, u, d);
	const char *keyword = json_get_str(e, "optional");
	uint32_t optional;
	struct symbol s;

	if (!e) {
		s = resolve(a->project, u, ir_is(u->ir, d, IR_CALL) ?
			ir_child(u->ir, d, IR_F_FUNCTION) : d);
		if (s.type == SYMBOL_FUNCTION && refuses(a, s.unit, s.node))
			found(out, u, d, json_get_str(json_get(a->root,
				"refusals"), "scheme"));
		return;
	}
	optional = keyword && ir_is(u->ir, d, IR_CALL) ?
		ir_keyword(u->ir, d, keyword) : 0;
	if (optional && ir_is(u->ir, optional, IR_TRUE))
		return;
	found(out, u, d, json_get_str(e, "scheme"));
	if (json_get_bool(e, "scopes", false))
		scopes(out, u->ir, d);
}

static void
decorators(struct auths *a, struct unit *u, uint32_t node, struct auth *out)
{
	uint32_t d;

	for (unsigned i = 0; (d = func_decorator(u, node, i)); i++)
		decorator(a, u, d, out);
}

/* class View(MethodView): decorators = [login_required] */
static void
class_attribute(struct auths *a, struct unit *u, uint32_t class,
	struct auth *out)
{
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, class, IR_F_BODY), list;

	if (!body)
		return;
	IR_EACH(ir, c, body) {
		if (!ir_is(ir, c, IR_ASSIGN) || !ir_named(ir, ir_child(ir, c,
		    IR_F_LEFT), "decorators"))
			continue;
		list = ir_child(ir, c, IR_F_RIGHT);
		if (list && (ir_is(ir, list, IR_LIST) || ir_is(ir, list,
		    IR_TUPLE)))
			IR_EACH(ir, d, list)
				decorator(a, u, d, out);
	}
}

/* --- calls in a body --------------------------------------------------------------------- */

static void
body_calls(struct auths *a, struct func *f, struct auth *out)
{
	const struct ir *ir = f->unit->ir;
	uint32_t body = ir_child(ir, f->node, IR_F_BODY);
	const struct json *e;

	for (uint32_t n = body; n && n < ir->nodes[body].stop; n++) {
		if (!ir_is(ir, n, IR_CALL) || !resolve_external(a->project,
		    f->unit, ir_child(ir, n, IR_F_FUNCTION), &a->name, NULL))
			continue;
		e = map_get(&a->calls, str_s(&a->name));
		if (e)
			found(out, f->unit, n, json_get_str(e, "scheme"));
	}
}

/* --- hooks ----------------------------------------------------------------------------------- */

static bool
is_hook(const struct auths *a, const char *name)
{
	return json_lists(json_get(a->root, "hooks"), name);
}

static void
add_hook(struct auths *a, struct unit *u, uint32_t node, uint32_t d)
{
	const struct ir *ir = u->ir;
	const char *name;
	struct router *r;

	if (!ir_is(ir, d, IR_MEMBER))
		return;
	name = ir_atom(ir, ir_child(ir, d, IR_F_ATTRIBUTE), NULL);
	if (!is_hook(a, name))
		return;
	r = routers_trace(a->routers, u, ir_child(ir, d, IR_F_OBJECT));
	if (!r)
		return;
	a->hooks = vec_grow(a->hooks, a->nhooks, &a->cap, sizeof(*a->hooks));
	a->hooks[a->nhooks++] = (struct hook){ r, func_make(a->project, u,
		node), r->root || strstr(name, "app_") != NULL };
}

static void
find_hooks(struct auths *a, struct unit *u)
{
	uint32_t d;

	for (uint32_t n = 1; n < u->ir->n; n++)
		if (ir_is(u->ir, n, IR_FUNCTION))
			for (unsigned k = 0; (d = func_decorator(u, n, k));
			    k++)
				add_hook(a, u, n, d);
}

static void
hooks(struct auths *a, const struct route *route, struct auth *out)
{
	struct hook *h;
	uint32_t n;

	for (h = a->hooks; h < a->hooks + a->nhooks; h++) {
		if (!h->everywhere && h->router != route->router)
			continue;
		decorators(a, h->func->unit, h->func->node, out);
		body_calls(a, h->func, out);
		n = refuses(a, h->func->unit, h->func->node);
		if (n)
			found(out, h->func->unit, n, json_get_str(json_get(
				a->root, "refusals"), "scheme"));
	}
}

/* --- dependencies -------------------------------------------------------------------------- */

static void function_dependencies(struct auths *a, struct func *f,
	const struct framework *fw, struct auth *out, int depth);

/* Depends(x) */
static void
dependency(struct auths *a, struct unit *u, uint32_t call,
	const struct framework *fw, struct auth *out, int depth)
{
	const struct ir *ir = u->ir;
	uint32_t what = ir_argument(ir, call, 0), word;
	const struct json *e;
	struct symbol s;
	size_t before = out->nevidence;

	if (!what || depth <= 0)
		return;
	if (resolve_external(a->project, u, what, &a->name, NULL) &&
	    a->name.len > 2) {
		/* the object was made by a call: "X()" */
		if (str_ends(str_s(&a->name), "()"))
			a->name.buf[a->name.len - 2] = '\0';
		e = map_get(&a->security, str_s(&a->name));
		if (e) {
			found(out, u, call, json_get_str(e, "scheme"));
			return;
		}
	}
	s = resolve(a->project, u, what);
	if (s.type == SYMBOL_FUNCTION && func_at(s.unit, s.node))
		function_dependencies(a, func_at(s.unit, s.node), fw, out,
			depth - 1);
	word = ir_is(ir, what, IR_MEMBER) ? ir_child(ir, what,
		IR_F_ATTRIBUTE) : what;
	if (out->nevidence == before && s.type == SYMBOL_FUNCTION &&
	    refuses(a, s.unit, s.node))
		found(out, u, call, json_get_str(a->root,
			"dependency_scheme"));
	if (out->nevidence == before && word && ir_is(ir, word, IR_NAME) &&
	    any_matches(json_get(a->root, "dependencies"), ir_atom(ir, word,
	    NULL)))
		found(out, u, call, json_get_str(a->root,
			"dependency_scheme"));
}

/* all Depends() below a node: a signature, a dependencies=[...] */
static void
dependencies(struct auths *a, struct unit *u, uint32_t node,
	const struct framework *fw, struct auth *out, int depth)
{
	const struct ir *ir = u->ir;
	struct symbol s;

	for (uint32_t n = node; node && n < ir->nodes[node].stop; n++) {
		/* CurrentUser = Annotated[User, Depends(get_current_user)] */
		if (ir->nodes[n].field == IR_F_TYPE && depth > 0 &&
		    (ir_is(ir, n, IR_NAME) || ir_is(ir, n, IR_MEMBER))) {
			s = resolve(a->project, u, n);
			if (s.type == SYMBOL_VALUE && ir_is(s.unit->ir,
			    s.node, IR_INDEX))
				dependencies(a, s.unit, s.node, fw, out,
					depth - 1);
		}
		if (!ir_is(ir, n, IR_CALL) || !resolve_external(a->project, u,
		    ir_child(ir, n, IR_F_FUNCTION), &a->name, NULL))
			continue;
		if (framework_lists(fw, "depends", str_s(&a->name)))
			dependency(a, u, n, fw, out, depth);
	}
}

static void
function_dependencies(struct auths *a, struct func *f,
	const struct framework *fw, struct auth *out, int depth)
{
	dependencies(a, f->unit, ir_child(f->unit->ir, f->node,
		IR_F_PARAMETERS), fw, out, depth);
}

static void
mount_dependencies(struct auths *a, const struct mount *m, struct auth *out,
	int depth)
{
	const struct router *parent = m->parent;

	dependencies(a, m->unit, ir_keyword(m->unit->ir, m->node,
		"dependencies"), parent->framework, out, DEPTH);
	dependencies(a, parent->unit, ir_keyword(parent->unit->ir,
		parent->node, "dependencies"), parent->framework, out, DEPTH);
	for (size_t i = 0; depth > 0 && i < parent->nmounts; i++)
		mount_dependencies(a, &parent->mounts[i], out, depth - 1);
}

/* dependencies=[...] where a router is made and mounted */
static void
router_dependencies(struct auths *a, const struct route *route,
	struct auth *out)
{
	const struct router *r = route->router;

	dependencies(a, r->unit, ir_keyword(r->unit->ir, r->node,
		"dependencies"), r->framework, out, DEPTH);
	if (route->mount)
		mount_dependencies(a, route->mount, out, DEPTH);
}

/* --- public ----------------------------------------------------------------------------------- */

struct auths *
auths_new(struct project *p, struct routers *rs, struct err *err)
{
	const struct json *root = knowledge_root(p->knowledge, "auth",
		"python.yaml");
	struct auths *a;

	if (!root) {
		err_set(err, "share/smelt/auth/python.yaml is missing");
		return NULL;
	}
	a = xcalloc(1, sizeof(*a));
	a->project = p;
	a->routers = rs;
	a->root = root;
	str_init(&a->name, STR_LINE);
	index_names(&a->decorators, json_get(root, "decorators"));
	index_names(&a->calls, json_get(root, "calls"));
	index_names(&a->security, json_get(root, "security"));
	for (size_t i = 0; p->nroutes && i < p->nunits; i++)
		if (p->units[i]->ir && p->units[i]->module)
			find_hooks(a, p->units[i]);
	return a;
}

void
auths_free(struct auths *a)
{
	if (!a)
		return;
	map_release(&a->decorators);
	map_release(&a->calls);
	map_release(&a->security);
	map_release(&a->refusals);
	str_release(&a->name);
	free(a->hooks);
	free(a);
}

void
auths_routes(struct auths *a)
{
	struct project *p = a->project;

	for (size_t i = 0; i < p->nroutes; i++) {
		p->routes[i]->auth = arena_alloc(p->arena,
			sizeof(*p->routes[i]->auth));
		auths_find(a, p->routes[i]->func, p->routes[i],
			p->routes[i]->auth);
	}
}

void
auths_find(struct auths *a, struct func *f, const struct route *route,
	struct auth *out)
{
	memset(out, 0, sizeof(*out));
	decorators(a, f->unit, f->node, out);
	if (!route)
		return;
	if (f->class) {
		decorators(a, f->unit, f->class, out);
		class_attribute(a, f->unit, f->class, out);
	}
	body_calls(a, f, out);
	hooks(a, route, out);
	if (framework_get(route->framework, "depends")) {
		function_dependencies(a, f, route->framework, out, DEPTH);
		dependencies(a, route->unit, ir_keyword(route->unit->ir,
			route->node, "dependencies"), route->framework, out,
			DEPTH);
		router_dependencies(a, route, out);
	}
}

void
auth_emit(const struct auths *a, const struct auth *auth, struct emit *e)
{
	const char *prefix = a->project->prefix;
	struct loc loc;
	struct str text;

	emit_object(e);
	emit_pair_bool(e, "required", auth->required);
	emit_key(e, "requirements");
	emit_array(e);
	if (auth->required) {
		str_init(&text, STR_LINE);
		str_addf(&text, "%s%s", prefix ? prefix : "", auth->scheme);
		emit_object(e);
		emit_pair_list(e, str_s(&text), auth->scopes, auth->nscopes);
		emit_end(e);
		str_release(&text);
	}
	emit_end(e);
	if (auth->nevidence) {
		emit_key(e, "evidence");
		emit_array(e);
		for (size_t i = 0; i < auth->nevidence; i++) {
			const struct auth_evidence *v = &auth->evidence[i];

			str_init(&text, STR_LINE);
			ir_span(v->unit->ir, v->start, v->end, v->unit->path,
				&loc);
			func_text(v->unit, v->start, v->end, &text);
			emit_object(e);
			emit_pair_loc(e, "loc", &loc);
			emit_pair(e, "text", str_s(&text));
			emit_end(e);
			str_release(&text);
		}
		emit_end(e);
	}
	emit_end(e);
}

bool
auths_emit_schemes(const struct auths *a, const struct unit *u,
	struct emit *e)
{
	const struct project *p = a->project;
	struct map used = { NULL, 0, 0, NULL, 0 };
	struct json_iter it;
	struct str name;
	bool any;

	for (size_t i = 0; i < p->nroutes; i++)
		if (p->routes[i]->func->unit == u && p->routes[i]->auth &&
		    p->routes[i]->auth->required)
			map_put(&used, p->routes[i]->auth->scheme, &used);
	any = used.n > 0;
	if (any) {
		emit_key(e, "securitySchemes");
		emit_object(e);
	}
	for (json_each(&it, json_get(a->root, "schemes")); any &&
	    json_next(&it); )
		if (map_has(&used, json_str(it.key))) {
			str_init(&name, STR_LINE);
			str_addf(&name, "%s%s", p->prefix ? p->prefix : "",
				json_str(it.key));
			emit_key(e, str_s(&name));
			emit_json(e, it.value);
			str_release(&name);
		}
	if (any)
		emit_end(e);
	map_release(&used);
	return any;
}
