#include "smelt-score/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"

void
marks_init(struct marks *m, const struct rubric *r, const struct server *s)
{
	memset(m, 0, sizeof(*m));
	m->rubric = r;
	m->server = s;
	m->scratch = xcalloc(s->ntools + 1, sizeof(*m->scratch));
	m->firsts = xcalloc(1, sizeof(*m->firsts));
}

void
marks_release(struct marks *m)
{
	free(m->v);
	free(m->scratch);
	free(m->tools);
	map_release(m->firsts);
	free(m->firsts);
	memset(m, 0, sizeof(*m));
}

static const char *
fill(struct arena *arena, const char *text, const char *detail)
{
	static const char word[] = "{detail}";
	const char *at = strstr(text, word);

	if (!at || !detail)
		return text;
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, detail,
		at + strlen(word));
}

void
marks_add(struct marks *m, const char *rule, int tool, double share,
	const char *detail)
{
	const struct json *facts = rubric_rule(m->rubric, rule);
	double points = 0;
	struct mark *mark;

	json_num(json_get(facts, "points"), &points);
	/* tenths: what is printed is what is counted */
	points = (double)(long)(points * share * 10 + 0.5) / 10;
	if (points <= 0)
		return;
	m->v = vec_grow(m->v, m->n, &m->cap, sizeof(*m->v));
	mark = &m->v[m->n++];
	mark->rule = rule;
	mark->facts = facts;
	mark->dimension = rubric_dimension_of(m->rubric,
		json_get_str(facts, "dimension"));
	mark->tool = tool;
	mark->points = points;
	mark->text = fill(m->server->arena, json_get_str(facts, "text"),
		detail);
}

static double
combine(const struct rubric *r, const double *v, size_t n)
{
	double sum = 0, worst = 100;
	size_t i;

	if (!n)
		return 100;
	for (i = 0; i < n; i++) {
		sum += v[i];
		if (v[i] < worst)
			worst = v[i];
	}
	return r->mean * sum / (double)n + r->worst * worst;
}

double
marks_dimension(const struct marks *m, size_t dimension,
	const struct map *without)
{
	double server = 0, score;
	size_t i;

	for (i = 0; i < m->server->ntools; i++)
		m->scratch[i] = 100;
	for (i = 0; i < m->n; i++) {
		const struct mark *mark = &m->v[i];

		if (mark->dimension != dimension ||
		    (without && map_has(without, mark->rule)))
			continue;
		if (mark->tool == WHOLE_SERVER) {
			server += mark->points;
			continue;
		}
		m->scratch[mark->tool] -= mark->points;
		if (m->scratch[mark->tool] < 0)
			m->scratch[mark->tool] = 0;
	}
	score = combine(m->rubric, m->scratch, m->server->ntools) - server;
	return score < 0 ? 0 : score;
}

double
marks_total(const struct marks *m, const struct map *without)
{
	double v[DIMENSIONS];
	size_t i;

	for (i = 0; i < DIMENSIONS; i++)
		v[i] = marks_dimension(m, i, without);
	return combine(m->rubric, v, DIMENSIONS);
}

void
marks_finish(struct marks *m)
{
	size_t i, n = m->server->ntools * DIMENSIONS;

	m->tools = xcalloc(n + 1, sizeof(*m->tools));
	for (i = 0; i < n; i++)
		m->tools[i] = 100;
	for (i = 0; i < m->n; i++) {
		const struct mark *mark = &m->v[i];
		double *score;

		if (mark->tool == WHOLE_SERVER)
			continue;
		score = &m->tools[(size_t)mark->tool * DIMENSIONS +
			mark->dimension];
		*score = *score > mark->points ? *score - mark->points : 0;
	}
}

double
marks_tool(const struct marks *m, size_t dimension, int tool)
{
	return m->tools[(size_t)tool * DIMENSIONS + dimension];
}

/* Rules that have marks, with the sum of their points and their tools. */
struct tally {
	const char *rule;
	double points;
	size_t tools;
};

static size_t
tally(const struct marks *m, struct tally *t, size_t max)
{
	size_t i, k, n = 0;

	for (i = 0; i < m->n; i++) {
		for (k = 0; k < n; k++)
			if (strcmp(t[k].rule, m->v[i].rule) == 0)
				break;
		if (k == max)
			continue;
		if (k == n) {
			memset(&t[k], 0, sizeof(t[k]));
			t[n++].rule = m->v[i].rule;
		}
		t[k].points += m->v[i].points;
		t[k].tools += m->v[i].tool != WHOLE_SERVER;
	}
	return n;
}

/* The tally that gains most on top of what is done; ties go to more points. */
static size_t
best(const struct marks *m, const struct tally *t, size_t n,
	const struct map *done, double now, double *gain)
{
	size_t i, k, chosen = n;
	double most = -1;

	for (i = 0; i < n; i++) {
		struct map tried = { 0 };
		double g;

		if (map_has(done, t[i].rule))
			continue;
		for (k = 0; k < done->n; k++)
			map_put(&tried, done->entries[k].key, &tried);
		map_put(&tried, t[i].rule, &tried);
		g = marks_total(m, &tried) - now;
		map_release(&tried);
		if (g > most + 1e-9 || (g > most - 1e-9 && chosen < n &&
		    t[i].points > t[chosen].points)) {
			most = g;
			chosen = i;
		}
	}
	*gain = most;
	return chosen;
}

size_t
marks_fixes(const struct marks *m, struct fix fixes[FIXES_MAX],
	double *potential)
{
	double wanted = FIXES_MAX, now = marks_total(m, NULL), gain;
	struct map done = { 0 };
	struct tally t[128];
	size_t n = tally(m, t, 128), k, count = 0;

	json_num(json_get(m->rubric->root, "fixes"), &wanted);
	while (count < FIXES_MAX && count < (size_t)wanted) {
		k = best(m, t, n, &done, now, &gain);
		if (k == n)
			break;
		map_put(&done, t[k].rule, &done);
		fixes[count].rule = t[k].rule;
		fixes[count].tools = t[k].tools;
		fixes[count++].gain = gain;
		now += gain;
	}
	*potential = now;
	map_release(&done);
	return count;
}
