#include "data/overlay.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/jsonpath.h"
#include "data/jsonpathtree.h"
#include "data/rewrite.h"

struct overlay {
	struct document *d;
	const struct document *overlay;
	const char *name;
	unsigned file;
	void (*warn)(const struct err *);
	size_t work;
	struct err *err;

	/* the action */
	const struct json *target;
	const struct json *update;	/* NULL: remove */

	/* those that wait to be carried out together */
	struct map selected;		/* value of d -> struct change */
	struct map written;		/* value and name -> the value that is
					 * updated, as deep as it is merged */
	struct arena memory;
	size_t waiting;
	bool clash;			/* the action sees what one of them
					 * makes */
	struct rewrite r;
};

/* What is done to one value, in order. */
struct change {
	struct change *next;		/* of the same value */
	struct change *last;		/* in the first: of all */
	const struct json *update;	/* NULL: removed */
};

/* What is merged into a value, in order. */
struct patch {
	const struct json *v;		/* of the overlay */
	bool entry;			/* append v itself to the array */
};

struct patches {
	struct patch *v;
	size_t n;
};

/* Actions that are carried out together, at most. */
enum { WAITING = 4096 };

static int
fail(struct overlay *o, const struct json *at, const char *what)
{
	unsigned line, col;

	document_position(o->overlay, at, &line, &col);
	return err_at(o->err, o->name, line, col, "%s", what);
}

static const struct change *
changes_of(const struct overlay *o, const struct json *v)
{
	const struct map_entry *e = map_find(&o->selected, (const char *)&v,
		sizeof(v));

	return e ? e->value : NULL;
}

static bool
is_removed(const struct overlay *o, const struct json *v)
{
	const struct change *c = changes_of(o, v);

	return c && !c->update;
}

static bool
spent(struct overlay *o, size_t work)
{
	o->work += work;
	return o->work > OVERLAY_WORK || rewrite_full(&o->r);
}

/* The member of each patch; v of d may itself be a target. */
static struct patches
patches_below(struct overlay *o, const struct patches *p,
	const struct json *key, const struct json *v)
{
	const struct change *first = v ? changes_of(o, v) : NULL, *c;
	struct patches out = { NULL, p->n + 1 };
	size_t i;

	for (c = first; c; c = c->next)
		out.n++;
	o->work += out.n;
	out.v = xcalloc(out.n, sizeof(*out.v));
	out.n = 0;
	for (i = 0; key && i < p->n; i++) {
		const struct json *found = json_getn(p->v[i].v, json_str(key),
			json_len(key));

		o->work += json_size(p->v[i].v);
		if (found)
			out.v[out.n++] = (struct patch){ found, false };
	}
	for (c = first; c && c->update; c = c->next)
		out.v[out.n++] = (struct patch){ c->update,
			json_is(v, JSON_ARRAY) };
	return out;
}

static void put(struct overlay *o, const struct json *v, bool own,
	struct patches p);

static void
from(struct overlay *o, bool own)
{
	if (own)
		rewrite_from(&o->r, o->d, 0);
	else
		rewrite_from(&o->r, o->overlay, o->file);
}

/* Has v or an earlier patch this member? */
static bool
had(struct overlay *o, const struct json *v, const struct patches *p,
	size_t before, const struct json *key)
{
	size_t i;

	o->work += json_size(v) + before;
	if (json_getn(v, json_str(key), json_len(key)))
		return true;
	for (i = 0; i < before; i++)
		if (json_getn(p->v[i].v, json_str(key), json_len(key)))
			return true;
	return false;
}

static void
put_object(struct overlay *o, const struct json *v, bool own,
	const struct patches *p)
{
	struct json_iter it;
	struct patches rest;
	size_t i;

	rewrite_object(&o->r);
	for (json_each(&it, v); json_next(&it) && !spent(o, 1); ) {
		if (own && is_removed(o, it.value))
			continue;
		from(o, own);
		rewrite_same(&o->r, it.key);
		put(o, it.value, own, patches_below(o, p, it.key,
			own ? it.value : NULL));
	}
	for (i = 0; i < p->n; i++)
		for (json_each(&it, p->v[i].v); json_next(&it) &&
		    !spent(o, 1); ) {
			if (had(o, v, p, i, it.key))
				continue;
			from(o, false);
			rewrite_same(&o->r, it.key);
			rest = (struct patches){ p->v + i + 1, p->n - i - 1 };
			put(o, it.value, false,
				patches_below(o, &rest, it.key, NULL));
		}
	rewrite_end(&o->r);
}

static void
put_array(struct overlay *o, const struct json *v, bool own,
	const struct patches *p)
{
	static const struct patches none = { NULL, 0 };
	struct json_iter it;
	size_t i;

	rewrite_array(&o->r);
	for (json_each(&it, v); json_next(&it) && !spent(o, 1); ) {
		if (own && is_removed(o, it.value))
			continue;
		put(o, it.value, own, patches_below(o, &none, NULL,
			own ? it.value : NULL));
	}
	for (i = 0; i < p->n; i++) {
		from(o, false);
		if (p->v[i].entry)
			rewrite_value(&o->r, p->v[i].v);
		for (json_each(&it, p->v[i].entry ? NULL : p->v[i].v);
		    json_next(&it) && !spent(o, 1); )
			rewrite_value(&o->r, it.value);
	}
	rewrite_end(&o->r);
}

/*
 * v with all of p, which is freed.  own: v is of the document.  The levels are
 * bounded by rewrite_full().
 */
static void
put(struct overlay *o, const struct json *v, bool own, struct patches p)
{
	struct patches left = { p.v, p.n };
	size_t i;

	for (i = 0; i < p.n; i++) {
		enum json_type type = json_type(p.v[i].v);

		if (p.v[i].entry ? json_is(v, JSON_ARRAY) :
		    type >= JSON_ARRAY && type == json_type(v))
			continue;
		/* of another type: it replaces what was there */
		v = p.v[i].v;
		own = false;
		left = (struct patches){ p.v + i + 1, p.n - i - 1 };
	}
	from(o, own);
	if (spent(o, 1) || json_type(v) < JSON_ARRAY)
		rewrite_value(&o->r, v);
	else if (json_is(v, JSON_OBJECT))
		put_object(o, v, own, &left);
	else
		put_array(o, v, own, &left);
	free(p.v);
}

static int
check_node(struct overlay *o, const struct json *v)
{
	if (!o->update)
		return v == document_root(o->d) ? fail(o, o->target,
			"the whole document can not be removed") : 0;
	if (json_type(v) < JSON_ARRAY)
		return fail(o, o->target, "the target is neither object nor "
			"array: select what it is in, and update that");
	if (json_is(v, JSON_OBJECT) && !json_is(o->update, JSON_OBJECT))
		return fail(o, o->target, "the target is an object, the "
			"update is none");
	return 0;
}

/* --- actions that wait --- */

/* The key of what stands under a name in v; without one, of its entries. */
static void
written_key(struct str *out, const struct json *v, const char *name,
	size_t len)
{
	str_clear(out);
	str_add(out, &v, sizeof(v));
	str_putc(out, name ? '.' : '*');
	str_add(out, name ? name : "", name ? len : 0);
}

static const struct json *
writer(const struct overlay *o, const struct json *v, const char *name,
	size_t len)
{
	const struct map_entry *e;
	struct str key;

	str_init(&key, STR_RECORD);
	written_key(&key, v, name, len);
	e = map_find(&o->written, str_s(&key), key.len);
	str_release(&key);
	return e ? e->value : NULL;
}

/* A selection looks at a value: is it what it will be? */
static void
look(void *arg, const struct json *v, const struct jsonpath_step *step,
	const struct json *value)
{
	struct overlay *o = arg;
	struct json_iter it;

	o->clash |= !v || (value && is_removed(o, value));
	if (!v || o->clash || (!step && value))
		return;
	if (step && step->name)
		o->clash = writer(o, v, step->name, step->len) != NULL;
	/* an index that is there stays what it is, unless some go */
	else if (!step || !value || step->index < 0)
		o->clash = writer(o, v, NULL, 0) != NULL;
	for (json_each(&it, step && !step->name ? v : NULL); json_next(&it); )
		o->clash |= is_removed(o, it.value);
}

static void
note(struct overlay *o, const struct json *v, const struct json *key,
	const struct json *target, bool mark)
{
	const struct json *other = writer(o, v, json_str(key), json_len(key));
	struct str name;

	/* those of one target are done in their order */
	o->clash |= other && other != target;
	if (!mark || other)
		return;
	str_init(&name, STR_RECORD);
	written_key(&name, v, json_str(key), json_len(key));
	map_add(&o->written, str_s(&name), name.len, NULL)->value =
		(void *)(uintptr_t)target;
	str_release(&name);
}

/*
 * What merging update into v writes: with mark noted down, else compared with
 * what was.  As deep as the update is.
 */
static void
note_update(struct overlay *o, const struct json *v,
	const struct json *update, const struct json *target, bool mark)
{
	const struct json *child;
	struct json_iter it;

	if (!json_is(v, JSON_OBJECT)) {
		note(o, v, NULL, target, mark);
		return;
	}
	for (json_each(&it, update); json_next(&it) &&
	    o->work <= OVERLAY_WORK; ) {
		child = json_getn(v, json_str(it.key), json_len(it.key));
		o->work += 1 + json_size(v);
		if (child && child != target && changes_of(o, child))
			o->clash = true;
		if (json_is(child, JSON_OBJECT) &&
		    json_is(it.value, JSON_OBJECT)) {
			note_update(o, child, it.value, target, mark);
		} else if (json_is(child, JSON_ARRAY) &&
		    json_is(it.value, JSON_ARRAY)) {
			note(o, child, NULL, target, mark);
		} else {
			note(o, v, it.key, target, mark);
			/* what waits inside would be lost, or not */
			o->clash |= json_type(child) >= JSON_ARRAY &&
				o->selected.n > 0 && !mark;
		}
	}
	/* seen by who looks at all members */
	if (mark)
		note(o, v, NULL, target, true);
}

static void
add_change(struct overlay *o, const struct json *v, bool wait)
{
	struct change *c = arena_alloc(&o->memory, sizeof(*c)), *first;
	struct map_entry *e = map_add(&o->selected, (const char *)&v,
		sizeof(v), NULL);

	c->update = o->update;
	first = e->value;
	if (first)
		first->last->next = c;
	else
		e->value = first = c;
	first->last = c;
	o->waiting++;
	if (o->update && wait)
		note_update(o, v, o->update, v, true);
}

static int
select_nodes(struct overlay *o, const struct json ***nodes, size_t *n)
{
	struct jsonpath path;
	struct err err;
	int rc;

	*nodes = NULL;
	*n = 0;
	o->clash = false;
	rc = jsonpath_parse(&path, json_str(o->target), json_len(o->target),
		&err);
	if (o->selected.n) {
		path.look = look;
		path.arg = o;
	}
	if (rc == 0)
		rc = jsonpath_select(&path, document_root(o->d), nodes, n,
			&err);
	if (rc < 0)
		fail(o, o->target, err.text);
	o->work += 16 * path.visits;
	jsonpath_release(&path);
	return rc;
}

/* Would those that wait be seen by this action, or it by them? */
static bool
clashes(struct overlay *o, const struct json *const *nodes, size_t n)
{
	size_t i;

	for (i = 0; i < n && !o->clash && o->selected.n; i++) {
		if (o->update)
			note_update(o, nodes[i], o->update, nodes[i], false);
		else
			o->clash |= changes_of(o, nodes[i]) != NULL;
	}
	return o->clash;
}

static void
say_nothing_selected(struct overlay *o)
{
	struct err err, *was = o->err;

	o->err = &err;
	fail(o, o->target, "the target selects nothing");
	o->err = was;
	if (o->warn)
		o->warn(&err);
}

static void
forget(struct overlay *o)
{
	map_release(&o->selected);
	map_release(&o->written);
	arena_release(&o->memory);
	memset(&o->selected, 0, sizeof(o->selected));
	memset(&o->written, 0, sizeof(o->written));
	memset(&o->memory, 0, sizeof(o->memory));
	o->waiting = 0;
}

/* Carry out what waits. */
static int
change(struct overlay *o)
{
	static const struct patches none = { NULL, 0 };
	struct err err;
	int rc = 0;

	if (!o->selected.n)
		return 0;
	rewrite_init(&o->r, o->d);
	put(o, document_root(o->d), true, patches_below(o, &none, NULL,
		document_root(o->d)));
	o->work += o->r.text->len;
	if (o->work > OVERLAY_WORK) {
		rewrite_release(&o->r);
		rc = fail(o, o->target, "the actions are too much work");
	} else if (rewrite_finish(&o->r, o->d, o->name, &err) < 0) {
		rc = fail(o, o->target,
			"the document grows too large or too deep");
	}
	forget(o);
	return rc;
}

static int
act(struct overlay *o, const struct json *action)
{
	const struct json *remove = json_get(action, "remove");
	const struct json **nodes;
	size_t n, i;
	int rc;

	o->target = json_get(action, "target");
	o->update = json_get(action, "update");
	if (!json_is(o->target, JSON_STRING))
		return fail(o, o->target ? json_key_of(o->target) : NULL,
			"an action needs a target, a JSONPath");
	if (json_get(action, "copy"))
		return fail(o, json_key_of(json_get(action, "copy")),
			"'copy' is not of Overlay 1.0");
	if (json_bool(remove, false))
		o->update = NULL;
	else if (!o->update)
		return fail(o, o->target, "an action needs 'update', or "
			"'remove: true'");
	rc = select_nodes(o, &nodes, &n);
	if (rc == 0 && o->waiting && (o->waiting + n > WAITING ||
	    clashes(o, nodes, n))) {
		free(nodes);
		nodes = NULL;
		rc = change(o);
		if (rc == 0)
			rc = select_nodes(o, &nodes, &n);
	}
	if (rc == 0 && o->work > OVERLAY_WORK)
		rc = fail(o, o->target, "the actions are too much work");
	if (rc == 0 && n == 0 && !json_get_bool(action, "x-smelt-optional",
	    false))
		say_nothing_selected(o);
	for (i = 0; i < n && rc == 0; i++) {
		rc = check_node(o, nodes[i]);
		if (rc == 0)
			add_change(o, nodes[i], n <= WAITING);
	}
	free(nodes);
	/* so many are not looked through for what others see of them */
	if (rc == 0 && n > WAITING)
		rc = change(o);
	return rc;
}

static int
check_overlay(struct overlay *o, const struct json *root)
{
	const struct json *version = json_get(root, "overlay");
	const struct json *actions = json_get(root, "actions");

	if (!version)
		return err_at(o->err, o->name, 1, 1,
			"not an overlay: no key 'overlay'");
	if (!json_str(version) || !str_starts(json_str(version), "1.0."))
		return fail(o, version, "of OpenAPI Overlay, only version "
			"\"1.0.x\" is read");
	if (!json_is(actions, JSON_ARRAY) || !json_size(actions))
		return fail(o, actions ? json_key_of(actions) : version,
			"an overlay needs a list of actions");
	return 0;
}

int
overlay_apply(struct document *d, const struct document *overlay,
	const char *name, unsigned file, void (*warn)(const struct err *),
	struct err *err)
{
	struct overlay o = { .d = d, .overlay = overlay, .name = name,
		.file = file, .warn = warn, .err = err };
	const struct json *root = document_root(overlay);
	struct json_iter it;
	int rc = check_overlay(&o, root);

	for (json_each(&it, json_get(root, "actions")); rc == 0 &&
	    json_next(&it); )
		rc = act(&o, it.value);
	if (rc == 0)
		rc = change(&o);
	forget(&o);
	return rc;
}
