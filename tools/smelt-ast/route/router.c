#include "smelt-ast/route/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "code/names.h"
#include "data/json.h"
#include "smelt-ast/project.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/framework.h"
#include "smelt-ast/type/constant.h"

enum { DEPTH = 8, STEPS = 10000 };

struct routers {
	struct project *project;
	struct frameworks *frameworks;
	struct router **items;
	size_t n, cap;
	struct map passed;	/* unit and parameter to router */
	struct str name;
	int steps;		/* left for one look-up of prefixes */
};

/* the last word of a callee */
static const char *
last_word(const struct ir *ir, uint32_t call)
{
	uint32_t f = ir_child(ir, call, IR_F_FUNCTION);

	if (f && ir_is(ir, f, IR_MEMBER))
		f = ir_child(ir, f, IR_F_ATTRIBUTE);
	return f && ir_is(ir, f, IR_NAME) ? ir_atom(ir, f, NULL) : "";
}

static bool
is_python(const struct unit *u)
{
	return u->names && u->module;
}

/* --- making --------------------------------------------------------------------- */

static const char *
constant(struct routers *rs, struct unit *u, uint32_t n)
{
	const char *copy = NULL;
	struct str text;

	str_init(&text, STR_LINE);
	if (n && constant_string(rs->project, u, n, false, &text))
		copy = arena_strdup(rs->project->arena, str_s(&text));
	str_release(&text);
	return copy;
}

static struct router *
add(struct routers *rs, const struct framework *f, const struct json *object,
	struct unit *u, uint32_t n)
{
	struct router *r = arena_alloc(rs->project->arena, sizeof(*r));
	const struct json *other = json_get(object, "default_prefix");

	r->framework = f;
	r->object = object;
	r->unit = u;
	r->node = n;
	r->root = json_get_bool(object, "root", false);
	r->prefix = constant(rs, u, framework_argument(u->ir, n,
		json_get(object, "prefix")));
	if (!r->prefix && other && constant(rs, u, framework_argument(u->ir,
	    n, other)))
		r->prefix = arena_printf(rs->project->arena, "/%s",
			constant(rs, u, framework_argument(u->ir, n, other)));
	if (!r->root)
		r->tag = constant(rs, u, ir_argument(u->ir, n, 0));
	rs->items = vec_grow(rs->items, rs->n, &rs->cap, sizeof(r));
	rs->items[rs->n++] = r;
	return r;
}

static void
find_routers(struct routers *rs, struct unit *u)
{
	const struct framework *f;
	const struct json *object;
	uint32_t function;

	for (uint32_t n = 1; n < u->ir->n; n++) {
		if (!ir_is(u->ir, n, IR_CALL) || !frameworks_may_make(
		    rs->frameworks, last_word(u->ir, n)))
			continue;
		function = ir_child(u->ir, n, IR_F_FUNCTION);
		if (!resolve_external(rs->project, u, function, &rs->name,
		    NULL))
			continue;
		object = frameworks_object(rs->frameworks, str_s(&rs->name),
			&f);
		if (object)
			add(rs, f, object, u, n);
	}
}

/* --- tracing ---------------------------------------------------------------------- */

static struct router *trace(struct routers *rs, struct unit *u, uint32_t n,
	int depth);

static struct router *
made_at(const struct routers *rs, const struct unit *u, uint32_t n)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->items[i]->unit == u && rs->items[i]->node == n)
			return rs->items[i];
	return NULL;
}

/* def create_app(): ... return app */
static struct router *
returned(struct routers *rs, struct unit *u, uint32_t function, int depth)
{
	const struct ir *ir = u->ir;
	uint32_t body = ir_child(ir, function, IR_F_BODY);
	struct router *r;

	for (uint32_t n = body; n && n < ir->nodes[body].stop; n++) {
		if (ir_is(ir, n, IR_FUNCTION)) {
			n = ir->nodes[n].stop - 1;
			continue;
		}
		if (!ir_is(ir, n, IR_RETURN) || !ir_first(ir, n))
			continue;
		r = trace(rs, u, ir_first(ir, n), depth - 1);
		if (r)
			return r;
	}
	return NULL;
}

/* the place of a parameter's name in its function's signature, or -1 */
static int
position(const struct ir *ir, uint32_t name, uint32_t *function)
{
	uint32_t node = name, list;
	int i = 0;

	while (node && ir->nodes[node].field != IR_F_PARAMETERS &&
	    !ir_is(ir, ir->nodes[node].parent, IR_PARAMETERS))
		node = ir->nodes[node].parent;
	list = ir->nodes[node].parent;
	if (!node || !ir_is(ir, list, IR_PARAMETERS))
		return -1;
	*function = ir->nodes[list].parent;
	IR_EACH(ir, c, list) {
		if (c == node)
			return i;
		i++;
	}
	return -1;
}

/* what the callers of a function give it */
static struct router *
find_passed(struct routers *rs, struct unit *u, uint32_t name, int depth)
{
	struct project *p = rs->project;
	uint32_t function = 0, arg;
	int i = position(u->ir, name, &function);
	const char *called;
	struct router *r;
	struct symbol s;

	if (i < 0 || !ir_is(u->ir, function, IR_FUNCTION))
		return NULL;
	called = ir_atom(u->ir, ir_child(u->ir, function, IR_F_NAME), NULL);
	for (size_t k = 0; k < p->nunits; k++) {
		struct unit *v = p->units[k];

		for (uint32_t n = 1; is_python(v) && n < v->ir->n; n++) {
			if (!ir_is(v->ir, n, IR_CALL) ||
			    strcmp(last_word(v->ir, n), called) != 0)
				continue;
			s = resolve(p, v, ir_child(v->ir, n, IR_F_FUNCTION));
			if (s.type != SYMBOL_FUNCTION || s.unit != u ||
			    s.node != function)
				continue;
			arg = ir_argument(v->ir, n, (unsigned)i);
			if (!arg)
				arg = ir_keyword(v->ir, n, ir_atom(u->ir,
					name, NULL));
			r = arg ? trace(rs, v, arg, depth - 1) : NULL;
			if (r)
				return r;
		}
	}
	return NULL;
}

static struct router *
passed(struct routers *rs, struct unit *u, uint32_t name, int depth)
{
	char *key = xasprintf("%s:%u", u->path, name);
	struct router *r;
	bool added;

	/* none, while it is being looked for */
	r = map_add(&rs->passed, key, strlen(key), &added)->value;
	if (added) {
		r = find_passed(rs, u, name, depth);
		map_put(&rs->passed, key, r);
	}
	free(key);
	return r;
}

/* for bp in (a, b): the first one; callers that mount ask for all */
static uint32_t
looped_over(const struct unit *u, uint32_t n)
{
	const struct names_entry *e = names_lookup(u->names,
		u->ir->nodes[n].atom, n);
	uint32_t loop, list;

	if (!e || e->type != NAMES_LOCAL)
		return 0;
	loop = u->ir->nodes[e->node].parent;
	list = loop && ir_is(u->ir, loop, IR_FOR) ? ir_child(u->ir, loop,
		IR_F_RIGHT) : 0;
	return list && (ir_is(u->ir, list, IR_LIST) || ir_is(u->ir, list,
		IR_TUPLE)) ? list : 0;
}

static struct router *
trace(struct routers *rs, struct unit *u, uint32_t n, int depth)
{
	struct router *r;
	struct symbol s;

	if (!n || depth <= 0)
		return NULL;
	r = made_at(rs, u, n);
	if (r)
		return r;
	s = resolve(rs->project, u, n);
	if (s.type == SYMBOL_PARAMETER)
		return passed(rs, s.unit, s.node, depth);
	if (s.type != SYMBOL_VALUE)
		return NULL;
	r = made_at(rs, s.unit, s.node);
	if (r || !ir_is(s.unit->ir, s.node, IR_CALL))
		return r;
	s = resolve(rs->project, s.unit, ir_child(s.unit->ir, s.node,
		IR_F_FUNCTION));
	return s.type == SYMBOL_FUNCTION ? returned(rs, s.unit, s.node,
		depth) : NULL;
}

struct router *
routers_trace(struct routers *rs, struct unit *u, uint32_t n)
{
	return trace(rs, u, n, DEPTH);
}

/* --- mounting ------------------------------------------------------------------------ */

static void
mount(struct router *child, struct router *parent, const char *prefix,
	bool replaces, struct unit *u, uint32_t n)
{
	if (!child || !parent || child == parent)
		return;
	child->mounts = vec_grow(child->mounts, child->nmounts, &child->cap,
		sizeof(*child->mounts));
	child->mounts[child->nmounts++] = (struct mount){ parent, prefix,
		replaces, u, n };
}

static void
mount_call(struct routers *rs, struct unit *u, uint32_t n, uint32_t receiver,
	const char *name)
{
	struct router *parent = routers_trace(rs, u, receiver);
	const struct json *m = parent ? framework_mount(parent->framework,
		name) : NULL;
	uint32_t arg, list;
	const char *prefix;
	bool replaces;

	if (!m)
		return;
	prefix = constant(rs, u, framework_argument(u->ir, n, json_get(m,
		"prefix")));
	replaces = json_get_bool(m, "replaces", false);
	/* api.init_app(app): the receiver is the child */
	if (json_get(m, "self")) {
		mount(parent, routers_trace(rs, u, framework_argument(u->ir,
			n, json_get(m, "self"))), prefix, replaces, u, n);
		return;
	}
	arg = framework_argument(u->ir, n, json_get(m, "child"));
	if (!arg)
		return;
	list = ir_is(u->ir, arg, IR_NAME) ? looped_over(u, arg) : 0;
	if (!list) {
		mount(routers_trace(rs, u, arg), parent, prefix, replaces, u,
			n);
		return;
	}
	IR_EACH(u->ir, c, list)
		mount(routers_trace(rs, u, c), parent, prefix, replaces, u, n);
}

static void
find_mounts(struct routers *rs, struct unit *u)
{
	const char *name;
	uint32_t f;

	for (uint32_t n = 1; n < u->ir->n; n++) {
		if (!ir_is(u->ir, n, IR_CALL))
			continue;
		f = ir_child(u->ir, n, IR_F_FUNCTION);
		name = last_word(u->ir, n);
		if (f && ir_is(u->ir, f, IR_MEMBER) &&
		    frameworks_may(rs->frameworks, VERB_MOUNT, name))
			mount_call(rs, u, n, ir_child(u->ir, f, IR_F_OBJECT),
				name);
	}
}

/* Api(app): mounted as it is made */
static void
mount_made(struct routers *rs, struct router *r)
{
	uint32_t arg = framework_argument(r->unit->ir, r->node,
		json_get(r->object, "on"));

	if (arg)
		mount(r, routers_trace(rs, r->unit, arg), NULL, false,
			r->unit, r->node);
}

struct routers *
routers_new(struct project *p, struct err *err)
{
	struct routers *rs = xcalloc(1, sizeof(*rs));

	rs->project = p;
	str_init(&rs->name, STR_LINE);
	rs->frameworks = frameworks_new(p->knowledge, err);
	if (!rs->frameworks) {
		routers_free(rs);
		return NULL;
	}
	for (size_t i = 0; i < p->nunits; i++)
		if (is_python(p->units[i]))
			find_routers(rs, p->units[i]);
	for (size_t i = 0; rs->n && i < p->nunits; i++)
		if (is_python(p->units[i]))
			find_mounts(rs, p->units[i]);
	for (size_t i = 0; i < rs->n; i++)
		mount_made(rs, rs->items[i]);
	return rs;
}

void
routers_free(struct routers *rs)
{
	if (!rs)
		return;
	for (size_t i = 0; i < rs->n; i++)
		free(rs->items[i]->mounts);
	frameworks_free(rs->frameworks);
	map_release(&rs->passed);
	str_release(&rs->name);
	free(rs->items);
	free(rs);
}

const struct frameworks *
routers_frameworks(const struct routers *rs)
{
	return rs->frameworks;
}

size_t
routers_count(const struct routers *rs)
{
	return rs->n;
}

bool
routers_rooted(const struct routers *rs, const struct framework *f)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->items[i]->root && rs->items[i]->framework == f &&
		    !rs->items[i]->unit->test)
			return true;
	return false;
}

/* --- prefixes ---------------------------------------------------------------------------- */

const char *
router_join(struct project *p, const struct framework *f, const char *prefix,
	const char *path)
{
	size_t n;

	if (!prefix || !path)
		return prefix ? prefix : path;
	if (!framework_slash(f))
		return arena_printf(p->arena, "%s%s", prefix, path);
	if (!*path)
		return prefix;
	n = strlen(prefix);
	while (n && prefix[n - 1] == '/')
		n--;
	while (*path == '/')
		path++;
	return arena_printf(p->arena, "%.*s/%s", (int)n, prefix, path);
}

static size_t
ways(struct routers *rs, const struct router *r, struct way *out, size_t max,
	int depth)
{
	struct way above[16];
	const struct mount *m;
	const char *own;
	size_t n = 0, k, found;

	if (r->root && n < max)
		out[n++] = (struct way){ r->prefix, NULL };
	if (depth <= 0 || rs->steps-- <= 0)
		return n;
	for (m = r->mounts; m < r->mounts + r->nmounts; m++) {
		found = ways(rs, m->parent, above, 16, depth - 1);
		if (m->prefix && m->replaces)
			own = m->prefix;
		else
			own = router_join(rs->project, r->framework,
				m->prefix, r->prefix);
		for (k = 0; k < found && n < max; k++)
			out[n++] = (struct way){ router_join(rs->project,
				r->framework, above[k].prefix, own), m };
	}
	return n;
}

size_t
routers_ways(struct routers *rs, const struct router *r, struct way *out,
	size_t max)
{
	rs->steps = STEPS;
	return ways(rs, r, out, max, DEPTH);
}
