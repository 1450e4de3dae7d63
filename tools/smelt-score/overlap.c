#include "smelt-score/overlap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"
#include "smelt-score/words.h"

/* A set of words as numbers, ascending. */
struct ids {
	uint32_t *v;
	size_t n;
};

/* What of a tool is compared. */
struct sketch {
	struct ids description, name, parameters;
	int nearest;
	double likeness;
};

static int
by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* set is sorted and unique; stop words are left out when stops is given. */
static struct ids
number(struct marks *m, struct map *known, const struct words *set,
	const struct map *stops)
{
	struct ids ids = { 0 };
	struct map_entry *entry;
	bool added;
	size_t i;

	ids.v = arena_array(m->server->arena, set->n + 1, sizeof(*ids.v));
	for (i = 0; i < set->n; i++) {
		if (stops && map_has(stops, set->v[i]))
			continue;
		entry = map_add(known, set->v[i], strlen(set->v[i]), &added);
		if (added)
			entry->value = (void *)(uintptr_t)known->n;
		ids.v[ids.n++] = (uint32_t)(uintptr_t)entry->value;
	}
	if (ids.n)
		qsort(ids.v, ids.n, sizeof(*ids.v), by_number);
	return ids;
}

static void
sketch(struct sketch *s, struct marks *m, struct map *known,
	const struct tool *t)
{
	struct arena *arena = m->server->arena;
	struct words names = { 0 }, set;
	struct json_iter it;

	memset(s, 0, sizeof(*s));
	s->nearest = -1;
	set = words_set(arena, t->description_words);
	s->description = number(m, known, &set, m->rubric->stop);
	set = words_set(arena, t->name_words);
	s->name = number(m, known, &set, NULL);
	names.v = arena_array(arena, json_size(t->properties) + 1,
		sizeof(*names.v));
	for (json_each(&it, t->properties); json_next(&it); )
		names.v[names.n++] = json_str(it.key);
	set = words_set(arena, &names);
	s->parameters = number(m, known, &set, NULL);
}

/* Shared part of two sets, 0 to 1. */
static double
shared(const struct ids *a, const struct ids *b)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a->n && j < b->n) {
		uint32_t x = a->v[i], y = b->v[j];

		both += x == y;
		i += x <= y;
		j += x >= y;
	}
	if (a->n + b->n == 0)
		return 0;
	return (double)both / (double)(a->n + b->n - both);
}

/* Two tools without parameters are alike in that.  The descriptions are only
 * read when they can make the two as alike as least. */
static double
likeness(const struct sketch *a, const struct sketch *b, double least)
{
	double like = 0.35 * shared(&a->name, &b->name) + 0.2 *
		(a->parameters.n + b->parameters.n == 0 ? 1 :
		shared(&a->parameters, &b->parameters));

	if (like + 0.45 < least)
		return 0;
	return like + 0.45 * shared(&a->description, &b->description);
}

static void
note(struct sketch *s, size_t other, double like)
{
	if (like > s->likeness) {
		s->likeness = like;
		s->nearest = (int)other;
	}
}

static void
look_pairs(struct marks *m)
{
	const struct server *s = m->server;
	double same = rubric_bound(m->rubric, "same");
	double near = rubric_bound(m->rubric, "near");
	struct sketch *v = xcalloc(s->ntools + 1, sizeof(*v));
	struct map known = { 0 };
	size_t i, k;

	for (i = 0; i < s->ntools; i++)
		sketch(&v[i], m, &known, &s->tools[i]);
	map_release(&known);
	for (i = 0; i < s->ntools; i++)
		for (k = i + 1; k < s->ntools; k++) {
			double like = likeness(&v[i], &v[k], near);

			note(&v[i], k, like);
			note(&v[k], i, like);
		}
	for (i = 0; i < s->ntools; i++)
		if (v[i].likeness >= near)
			marks_add(m, v[i].likeness >= same ? "overlap-same" :
				"overlap-near", (int)i, 1,
				s->tools[v[i].nearest].name);
	free(v);
}

static void
look_count(struct marks *m)
{
	double n = (double)m->server->ntools;
	const char *detail = arena_printf(m->server->arena, "%zu",
		m->server->ntools);

	if (n > rubric_bound(m->rubric, "flood"))
		marks_add(m, "overlap-flood", WHOLE_SERVER, 1, detail);
	else if (n > rubric_bound(m->rubric, "crowded"))
		marks_add(m, "overlap-crowded", WHOLE_SERVER, 1, detail);
	else if (n > rubric_bound(m->rubric, "heavy"))
		marks_add(m, "overlap-heavy", WHOLE_SERVER, 1, detail);
}

void
overlap_look(struct marks *m)
{
	look_pairs(m);
	look_count(m);
}
