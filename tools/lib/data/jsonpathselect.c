#include "data/jsonpath.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/jsonpathtree.h"

/* Values, each once. */
struct nodes {
	const struct json **v;
	size_t n, cap;
	struct map seen;
};

struct walk {
	const struct jsonpath *path;
	const struct json *root;
	struct nodes *out;
	size_t visits;
};

static void
add(struct walk *w, const struct json *v)
{
	struct nodes *out = w->out;
	bool added;

	if (!v)
		return;
	map_add(&out->seen, (const char *)&v, sizeof(v), &added);
	if (!added)
		return;
	if (out->n == JSONPATH_NODES)
		w->visits = JSONPATH_VISITS + 1;
	out->v = vec_grow(out->v, out->n, &out->cap, sizeof(*out->v));
	out->v[out->n++] = v;
}

static void
look(const struct walk *w, const struct json *v,
	const struct jsonpath_step *step, const struct json *value)
{
	if (w->path->look)
		w->path->look(w->path->arg, v, step, value);
}

static const struct json *
find_child(struct walk *w, const struct json *v,
	const struct jsonpath_step *step)
{
	int64_t size = (int64_t)json_size(v), i = step->index;

	if (step->name) {
		w->visits += (size_t)size;
		return json_is(v, JSON_OBJECT) ?
			json_getn(v, step->name, step->len) : NULL;
	}
	if (!json_is(v, JSON_ARRAY))
		return NULL;
	w->visits += (size_t)size;
	i = i < 0 ? size + i : i;
	return i >= 0 && i < size ? json_at(v, (size_t)i) : NULL;
}

static const struct json *
child(struct walk *w, const struct json *v, const struct jsonpath_step *step)
{
	const struct json *found = find_child(w, v, step);

	look(w, v, step, found);
	return found;
}

static const struct json *
value_of(struct walk *w, const struct json *v,
	const struct jsonpath_operand *o)
{
	const struct jsonpath_step *step;

	if (o->nliteral)
		return json_root(&w->path->literals[o->nliteral - 1]);
	if (o->root)
		v = w->root;
	for (step = o->steps; v && step; step = step->next)
		v = child(w, v, step);
	return v;
}

static bool
equal(struct walk *w, const struct json *v, const struct jsonpath_expr *e)
{
	const struct json *a = value_of(w, v, &e->a);
	const struct json *b = value_of(w, v, &e->b);

	if (!a || !b)
		return a == b;
	if (json_type(a) >= JSON_ARRAY && json_type(b) >= JSON_ARRAY)
		look(w, NULL, NULL, NULL);
	return json_equal(a, b);
}

/* as deep as the query has parts, at most */
static bool
holds(struct walk *w, const struct json *v, const struct jsonpath_expr *e,
	int depth)
{
	if (depth > JSONPATH_TERMS + JSONPATH_DEPTH)
		return false;
	w->visits++;
	switch (e->op) {
	case OP_OR:
		return holds(w, v, e->left, depth + 1) ||
			holds(w, v, e->right, depth + 1);
	case OP_AND:
		return holds(w, v, e->left, depth + 1) &&
			holds(w, v, e->right, depth + 1);
	case OP_NOT:
		return !holds(w, v, e->left, depth + 1);
	case OP_EXISTS:
		return value_of(w, v, &e->a) != NULL;
	case OP_EQUAL:
		return equal(w, v, e);
	case OP_DIFFER:
		return !equal(w, v, e);
	}
	return false;
}

static void
select_children(struct walk *w, const struct json *v,
	const struct jsonpath_selector *s)
{
	struct json_iter it;

	for (; s && w->visits <= JSONPATH_VISITS; s = s->next) {
		if (s->type == SELECT_NAME || s->type == SELECT_INDEX) {
			add(w, child(w, v, &s->step));
			continue;
		}
		if (json_type(v) < JSON_ARRAY)
			continue;
		look(w, v, NULL, NULL);
		for (json_each(&it, v); json_next(&it) &&
		    w->visits <= JSONPATH_VISITS; ) {
			w->visits++;
			look(w, v, NULL, it.value);
			if (s->type == SELECT_ALL ||
			    holds(w, it.value, s->filter, 0))
				add(w, it.value);
		}
	}
}

static void
descend(struct walk *w, const struct json *v,
	const struct jsonpath_selector *s, int depth)
{
	struct json_iter it;

	if (json_type(v) < JSON_ARRAY || depth > JSON_DEPTH)
		return;
	select_children(w, v, s);
	look(w, v, NULL, NULL);
	for (json_each(&it, v); json_next(&it) &&
	    w->visits <= JSONPATH_VISITS; ) {
		w->visits++;
		look(w, v, NULL, it.value);
		descend(w, it.value, s, depth + 1);
	}
}

static void
step(struct walk *w, const struct nodes *from,
	const struct jsonpath_segment *segment)
{
	size_t i;

	for (i = 0; i < from->n && w->visits <= JSONPATH_VISITS; i++)
		if (segment->deep)
			descend(w, from->v[i], segment->selectors, 0);
		else
			select_children(w, from->v[i], segment->selectors);
}

static void
nodes_release(struct nodes *n)
{
	free(n->v);
	map_release(&n->seen);
	memset(n, 0, sizeof(*n));
}

int
jsonpath_select(struct jsonpath *p, const struct json *root,
	const struct json ***nodes, size_t *n, struct err *err)
{
	const struct jsonpath_segment *segment;
	struct nodes from = { 0 }, to = { 0 };
	struct walk w = { p, root, &from, 0 };

	add(&w, root);
	for (segment = p->segments; segment; segment = segment->next) {
		w.out = &to;
		step(&w, &from, segment);
		nodes_release(&from);
		from = to;
		memset(&to, 0, sizeof(to));
	}
	*nodes = from.v;
	*n = from.n;
	from.v = NULL;
	nodes_release(&from);
	p->visits = w.visits;
	if (w.visits <= JSONPATH_VISITS)
		return 0;
	free(*nodes);
	*nodes = NULL;
	return err_set(err, "JSONPath that looks at more than %d values, or "
		"selects more than %d", JSONPATH_VISITS, JSONPATH_NODES);
}
