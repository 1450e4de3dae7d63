#include "overlap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "marks.h"
#include "rubric.h"
#include "server.h"
#include "words.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"

/* What of a tool is compared. */
struct sketch {
	struct words description, name, parameters;
	int nearest;
	double likeness;
};

static void
drop_stops(const struct rubric *r, struct words *w)
{
	size_t i, n = 0;

	for (i = 0; i < w->n; i++)
		if (!map_has(r->stop, w->v[i]))
			w->v[n++] = w->v[i];
	w->n = n;
}

static void
sketch(struct sketch *s, const struct marks *m, const struct tool *t)
{
	struct arena *arena = m->server->arena;
	struct words names = { 0 };
	struct json_iter it;

	memset(s, 0, sizeof(*s));
	s->nearest = -1;
	s->description = words_set(arena, t->description_words);
	drop_stops(m->rubric, &s->description);
	s->name = words_set(arena, t->name_words);
	names.v = arena_array(arena, json_size(t->properties) + 1,
		sizeof(*names.v));
	for (json_each(&it, t->properties); json_next(&it); )
		names.v[names.n++] = json_str(it.key);
	s->parameters = words_set(arena, &names);
}

/* Two tools without parameters are alike in that. */
static double
likeness(const struct sketch *a, const struct sketch *b)
{
	double parameters = a->parameters.n + b->parameters.n == 0 ? 1 :
		words_shared(&a->parameters, &b->parameters);

	return 0.45 * words_shared(&a->description, &b->description) +
		0.35 * words_shared(&a->name, &b->name) + 0.2 * parameters;
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
	size_t i, k;

	for (i = 0; i < s->ntools; i++)
		sketch(&v[i], m, &s->tools[i]);
	for (i = 0; i < s->ntools; i++)
		for (k = i + 1; k < s->ntools; k++) {
			double like = likeness(&v[i], &v[k]);

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
