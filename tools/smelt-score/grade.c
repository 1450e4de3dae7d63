#include "smelt-score/grade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/security.h"
#include "smelt-score/server.h"

/* Deductions of one rule that are written one by one; the rest is a count. */
enum { PER_RULE = 25, TOOLS_NAMED = 50 };

static double
whole(double v)
{
	return floor(v + 0.5);
}

void
grade_make(struct grade *g, const struct marks *m)
{
	const struct rubric *r = m->rubric;
	size_t i;

	memset(g, 0, sizeof(*g));
	g->marks = m;
	g->score = whole(marks_total(m, NULL));
	g->letter = rubric_grade(r, g->score);
	for (i = 0; i < DIMENSIONS; i++)
		g->dimensions[i] = whole(marks_dimension(m, i, NULL));
	g->security = xcalloc(CATEGORIES, sizeof(*g->security));
	security_look(g->security, r, m->server);
	g->fixes = xcalloc(FIXES_MAX, sizeof(*g->fixes));
	g->nfixes = marks_fixes(m, g->fixes, &g->potential);
	g->potential = whole(g->potential);
}

void
grade_release(struct grade *g)
{
	free(g->security);
	free(g->fixes);
	memset(g, 0, sizeof(*g));
}

static const struct marks *sorting;

/* most points first, then as they were found */
static int
by_points(const void *x, const void *y)
{
	size_t a = *(const size_t *)x, b = *(const size_t *)y;
	double pa = sorting->v[a].points, pb = sorting->v[b].points;

	if (pa > pb || pa < pb)
		return pa > pb ? -1 : 1;
	return a < b ? -1 : a > b;
}

size_t
grade_marks(const struct grade *g, size_t dimension, size_t *at, size_t max)
{
	const struct marks *m = g->marks;
	size_t i, n = 0;

	for (i = 0; i < m->n && n < max; i++)
		if (m->v[i].dimension == dimension)
			at[n++] = i;
	sorting = m;
	if (n)
		qsort(at, n, sizeof(*at), by_points);
	return n;
}

static void
put_deduction(struct emit *e, const struct grade *g, const struct mark *mark)
{
	const struct server *s = g->marks->server;
	struct loc loc;

	emit_object(e);
	emit_key(e, "points");
	emit_fixed(e, mark->points);
	if (mark->tool != WHOLE_SERVER)
		emit_pair(e, "tool", s->tools[mark->tool].name);
	emit_pair(e, "rule", mark->rule);
	emit_pair(e, "text", mark->text);
	emit_pair(e, "fix", json_get_str(mark->facts, "fix"));
	if (mark->tool != WHOLE_SERVER && loc_read(&loc,
	    json_get(s->tools[mark->tool].root, "loc")))
		emit_pair_loc(e, "loc", &loc);
	emit_end(e);
}

/* Those beyond PER_RULE of one rule, as one. */
struct rest {
	const char *rule;
	const struct json *facts;
	double points;
	size_t n;
};

static void
put_rest(struct emit *e, const struct rest *rest)
{
	emit_object(e);
	emit_key(e, "points");
	emit_fixed(e, rest->points);
	emit_pair(e, "rule", rest->rule);
	emit_pair(e, "text", "the same in further tools");
	emit_pair(e, "fix", json_get_str(rest->facts, "fix"));
	emit_pair_int(e, "count", (int64_t)rest->n);
	emit_end(e);
}

static void
put_deductions(struct emit *e, const struct grade *g, size_t dimension)
{
	const struct marks *m = g->marks;
	size_t *at = xcalloc(m->n + 1, sizeof(*at)), i, n;
	struct map seen = { 0 };
	struct rest *rest;

	n = grade_marks(g, dimension, at, m->n);
	emit_key(e, "deductions");
	emit_array(e);
	for (i = 0; i < n; i++) {
		const struct mark *mark = &m->v[at[i]];
		struct map_entry *entry;
		bool added;

		entry = map_add(&seen, mark->rule, strlen(mark->rule), &added);
		if (added) {
			rest = xcalloc(1, sizeof(*rest));
			rest->rule = mark->rule;
			rest->facts = mark->facts;
			entry->value = rest;
		}
		rest = entry->value;
		if (++rest->n <= PER_RULE)
			put_deduction(e, g, mark);
		else
			rest->points += mark->points;
	}
	for (i = 0; i < seen.n; i++) {
		rest = seen.entries[i].value;
		if (rest->n > PER_RULE) {
			rest->n -= PER_RULE;
			put_rest(e, rest);
		}
		free(rest);
	}
	map_release(&seen);
	free(at);
	emit_end(e);
}

static void
put_dimensions(struct emit *e, const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	size_t i;

	emit_key(e, "dimensions");
	emit_array(e);
	for (i = 0; i < DIMENSIONS; i++) {
		emit_object(e);
		emit_pair_json(e, "id", json_get(rubric_dimension(r, i),
			"id"));
		emit_pair_int(e, "score", (int64_t)g->dimensions[i]);
		emit_pair(e, "grade", rubric_grade(r, g->dimensions[i]));
		put_deductions(e, g, i);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_security(struct emit *e, const struct grade *g)
{
	size_t i;

	emit_key(e, "security");
	emit_array(e);
	for (i = 0; i < CATEGORIES; i++) {
		const struct category *c = &g->security[i];

		emit_object(e);
		emit_pair(e, "id", c->id);
		emit_pair_int(e, "score", (int64_t)c->score);
		emit_pair(e, "grade", c->grade);
		emit_pair_list(e, "evidence", c->evidence, c->nevidence);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_fix(struct emit *e, const struct grade *g, const struct fix *fix)
{
	const struct marks *m = g->marks;
	size_t i, named = 0;

	emit_object(e);
	emit_pair_json(e, "text", json_get(rubric_rule(m->rubric, fix->rule),
		"fix"));
	emit_key(e, "gain");
	emit_fixed(e, fix->gain);
	emit_key(e, "tools");
	emit_array(e);
	for (i = 0; i < m->n && named < TOOLS_NAMED; i++) {
		if (strcmp(m->v[i].rule, fix->rule) != 0 ||
		    m->v[i].tool == WHOLE_SERVER)
			continue;
		emit_str(e, m->server->tools[m->v[i].tool].name);
		named++;
	}
	emit_end(e);
	emit_end(e);
}

void
grade_write(struct str *out, const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	struct emit e;
	size_t i;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "grade");
	emit_pair_int(&e, "score", (int64_t)g->score);
	emit_pair(&e, "grade", g->letter);
	emit_pair_int(&e, "potential", (int64_t)g->potential);
	put_dimensions(&e, g);
	put_security(&e, g);
	emit_pair_json(&e, "cutoffs", json_get(r->root, "cutoffs"));
	emit_key(&e, "fixes");
	emit_array(&e);
	for (i = 0; i < g->nfixes; i++)
		put_fix(&e, g, &g->fixes[i]);
	emit_end(&e);
	emit_end(&e);
}
