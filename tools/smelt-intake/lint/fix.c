#include "smelt-intake/lint/fix.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/lint/yamlout.h"

void
fixes_init(struct fixes *f)
{
	memset(f, 0, sizeof(*f));
	f->memory = xcalloc(1, sizeof(*f->memory));
	f->text = xcalloc(1, sizeof(*f->text));
	f->emit = xcalloc(1, sizeof(*f->emit));
	str_init(f->text, FIX_UPDATE);
}

void
fixes_release(struct fixes *f)
{
	if (!f->memory)
		return;
	arena_release(f->memory);
	str_release(f->text);
	free(f->memory);
	free(f->text);
	free(f->emit);
	free(f->list);
	memset(f, 0, sizeof(*f));
}

struct fix *
fix_new(struct fixes *f, const char *rule, const char *place)
{
	struct fix *fix = arena_alloc(f->memory, sizeof(*fix));

	f->list = vec_grow(f->list, f->n, &f->cap, sizeof(*f->list));
	fix->rule = arena_strdup(f->memory, rule);
	fix->place = arena_strdup(f->memory, place);
	fix->last = &fix->actions;
	fix->number = f->n;
	f->list[f->n++] = fix;
	return fix;
}

static struct fix *
open_fix(const struct fixes *f)
{
	return f->list[f->n - 1];
}

static void
add(struct fixes *f, const char *target, const char *update, bool optional)
{
	struct fix *fix = open_fix(f);
	struct fix_action *a = arena_alloc(f->memory, sizeof(*a));

	*a = (struct fix_action){ NULL, target, update, optional };
	*fix->last = a;
	fix->last = &a->next;
}

/* the path of p, member name and filter, each NULL for none; NULL: too long */
static const char *
target_of(struct fixes *f, const struct place *p, const char *name,
	const char *filter)
{
	const char *kept = NULL;
	struct str path;

	str_init(&path, FIX_TARGET);
	place_path(&path, p);
	if (name)
		place_name(&path, name, strlen(name));
	if (filter)
		str_addf(&path, "[?%s]", filter);
	if (!str_over(&path))
		kept = arena_strdup(f->memory, str_s(&path));
	else
		open_fix(f)->bad = true;
	str_release(&path);
	return kept;
}

struct emit *
fix_update_all(struct fixes *f, const char *target)
{
	str_clear(f->text);
	f->target = target ? arena_strdup(f->memory, target) : NULL;
	emit_init(f->emit, f->text);
	emit_object(f->emit);
	return f->emit;
}

struct emit *
fix_update(struct fixes *f, const struct place *target)
{
	return fix_update_all(f, target_of(f, target, NULL, NULL));
}

void
fix_close(struct fixes *f)
{
	emit_end(f->emit);
	if (str_over(f->text))
		open_fix(f)->bad = true;
	else if (f->target)
		add(f, f->target, arena_strndup(f->memory, str_s(f->text),
			f->text->len), false);
}

void
fix_set(struct fixes *f, const struct place *target, const char *name,
	const char *text)
{
	emit_pair(fix_update(f, target), name, text);
	fix_close(f);
}

static void
moves(struct fixes *f, unsigned depth)
{
	struct fix *fix = open_fix(f);

	fix->moves = true;
	if (depth > fix->depth)
		fix->depth = depth;
}

static void
remove_target(struct fixes *f, const char *target, bool optional,
	unsigned depth)
{
	moves(f, depth);
	if (target)
		add(f, target, NULL, optional);
}

void
fix_remove(struct fixes *f, const struct place *p, const char *name)
{
	remove_target(f, target_of(f, p, name, NULL), false,
		place_depth(p) + (name != NULL));
}

void
fix_clear(struct fixes *f, const struct place *p, const char *name)
{
	remove_target(f, target_of(f, p, name, NULL), true,
		place_depth(p) + 1);
}

void
fix_remove_where(struct fixes *f, const struct place *p, const char *filter,
	bool optional)
{
	remove_target(f, target_of(f, p, NULL, filter), optional,
		place_depth(p) + 1);
}

void
fix_remove_all(struct fixes *f, const char *target, bool optional)
{
	remove_target(f, arena_strdup(f->memory, target), optional, 1);
}

void
fix_first(struct fixes *f)
{
	open_fix(f)->first = true;
}

void
fix_last(struct fixes *f)
{
	open_fix(f)->moves = true;
	open_fix(f)->depth = 0;
}

void
fix_placeholder(struct fixes *f, const char *what)
{
	open_fix(f)->placeholder = arena_strdup(f->memory, what);
}

static void
put_action(struct emit *e, const struct fix_action *a)
{
	emit_object(e);
	emit_pair(e, "target", a->target);
	if (a->update) {
		emit_key(e, "update");
		emit_raw(e, a->update, strlen(a->update));
	} else {
		emit_pair_bool(e, "remove", true);
	}
	if (a->optional)
		emit_pair_bool(e, "x-smelt-optional", true);
	emit_end(e);
}

void
fix_json(struct str *out, const struct fix *fix)
{
	bool several = fix->actions && fix->actions->next;
	const struct fix_action *a;
	struct emit e;

	emit_init(&e, out);
	if (several)
		emit_array(&e);
	for (a = fix->actions; a; a = a->next)
		put_action(&e, a);
	if (several)
		emit_end(&e);
}

/* Those with the same first target take turns: what comes of one is seen by
 * the next, and the overlay is applied in few steps all the same. */
static void
count_turns(struct fixes *f)
{
	struct map seen = { 0 };
	struct map_entry *e;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct fix_action *a = f->list[i]->actions;

		while (a && a->next)
			a = a->next;
		if (!a || !f->list[i]->moves)
			continue;
		e = map_add(&seen, a->target, strlen(a->target), NULL);
		f->list[i]->turn = (size_t)e->value;
		e->value = (void *)((size_t)e->value + 1);
	}
	map_release(&seen);
}

static int
by_effect(const void *a, const void *b)
{
	const struct fix *x = *(struct fix *const *)a;
	const struct fix *y = *(struct fix *const *)b;

	if (x->first != y->first)
		return x->first ? -1 : 1;
	if (x->moves != y->moves)
		return x->moves ? 1 : -1;
	if (x->moves && x->depth != y->depth)
		return x->depth > y->depth ? -1 : 1;
	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static void
write_action(struct str *out, const struct fix_action *a)
{
	struct json_doc doc;
	struct err ignored;

	str_puts(out, "  - target: ");
	yamlout_str(out, a->target, strlen(a->target));
	if (!a->update)
		str_puts(out, "\n    remove: true\n");
	if (a->optional)
		str_puts(out, "    x-smelt-optional: true\n");
	if (!a->update)
		return;
	str_puts(out, "\n    update:");
	if (json_parse(&doc, a->update, strlen(a->update), "", &ignored) == 0)
		yamlout_value(out, json_root(&doc), 6);
	json_release(&doc);
}

static void
write_fix(struct str *out, const struct fix *fix)
{
	const struct fix_action *a;

	str_puts(out, "  # ");
	yamlout_comment(out, fix->rule);
	str_puts(out, ", ");
	yamlout_comment(out, fix->place);
	if (fix->placeholder) {
		str_puts(out, "\n  # placeholder, to be filled in: ");
		yamlout_comment(out, fix->placeholder);
	}
	str_putc(out, '\n');
	for (a = fix->actions; a; a = a->next)
		write_action(out, a);
}

void
fixes_write(struct fixes *f, struct str *out, const char *title)
{
	size_t i, written = 0;

	count_turns(f);
	if (f->n)
		qsort(f->list, f->n, sizeof(*f->list), by_effect);
	str_puts(out, "overlay: 1.0.0\ninfo:\n  title: ");
	yamlout_str(out, title, strlen(title));
	str_puts(out, "\n  version: 1.0.0\nactions:\n");
	for (i = 0; i < f->n; i++) {
		if (f->list[i]->bad || !f->list[i]->actions)
			continue;
		write_fix(out, f->list[i]);
		written++;
	}
	if (!written)
		str_puts(out, "  # nothing to mend\n"
			"  - target: $\n    update: {}\n");
}
