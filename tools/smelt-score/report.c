#include "smelt-score/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-score/grade.h"
#include "smelt-score/html.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/security.h"
#include "smelt-score/server.h"
#include "smelt-score/surface.h"

enum { CHIPS = 6, ROWS = 200, SHOWN = 200 };

static const char *
fact(const struct json *v, const char *key)
{
	const char *text = json_get_str(v, key);

	return text ? text : "";
}

static void
tagged(struct str *out, const char *open, const char *text, const char *close)
{
	str_puts(out, open);
	html_text(out, text);
	str_puts(out, close);
}

static void
put_head(struct str *out, const struct server *s, const struct str *style)
{
	str_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		"<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta name=\"color-scheme\" content=\"light dark\"/>\n");
	tagged(out, "<title>", s->name, ": score of an MCP server</title>\n");
	str_puts(out, "<style>\n");
	str_add(out, str_s(style), style->len);
	str_puts(out, "</style>\n</head>\n<body>\n<main>\n");
}

static void
put_top(struct str *out, const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	const struct server *s = g->marks->server;
	const char *labels[DIMENSIONS];
	size_t i;

	for (i = 0; i < DIMENSIONS; i++)
		labels[i] = fact(rubric_dimension(r, i), "title");
	str_puts(out, "<header>\n<div class=\"grade\">");
	html_ring(out, g->letter, g->score);
	str_puts(out, "</div>\n<div class=\"about\">\n");
	str_puts(out, "<p class=\"kicker\">Score of an MCP server</p>\n");
	tagged(out, "<h1>", s->title, "</h1>\n");
	tagged(out, "<p class=\"facts\"><span>", s->name, "</span>");
	if (*s->version)
		tagged(out, "<span>version ", s->version, "</span>");
	if (*s->target)
		tagged(out, "<span>", s->target, "</span>");
	str_addf(out, "<span>%zu tool%s</span></p>\n", s->ntools,
		s->ntools == 1 ? "" : "s");
	html_bar(out, g->letter, g->score, g->potential);
	if (g->potential > g->score)
		str_addf(out, "<p><strong>%.0f</strong> of 100 now, "
			"<strong>%.0f</strong> with the fixes below "
			"(<strong>+%.0f</strong>).</p>\n", g->score,
			g->potential, g->potential - g->score);
	else
		str_addf(out, "<p><strong>%.0f</strong> of 100.</p>\n",
			g->score);
	str_puts(out, "</div>\n<div class=\"shape\">");
	html_radar(out, labels, g->dimensions, DIMENSIONS);
	str_puts(out, "</div>\n</header>\n");
}

static size_t
count_marks(const struct marks *m, size_t dimension)
{
	size_t i, n = 0;

	for (i = 0; i < m->n; i++)
		n += m->v[i].dimension == dimension;
	return n;
}

static void
put_dimensions(struct str *out, const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	size_t i, n;

	str_puts(out, "<section>\n<h2>Quality</h2>\n<div class=\"cards\">\n");
	for (i = 0; i < DIMENSIONS; i++) {
		const struct json *d = rubric_dimension(r, i);
		const char *letter = rubric_grade(r, g->dimensions[i]);

		n = count_marks(g->marks, i);
		tagged(out, "<a class=\"card\" href=\"#", fact(d, "id"),
			"\">");
		tagged(out, "<span class=\"line\"><strong>", fact(d, "title"),
			"</strong>");
		html_badge(out, letter);
		str_puts(out, "</span>");
		html_bar(out, letter, g->dimensions[i], -1);
		str_addf(out, "<span class=\"line small\"><span>%.0f of 100"
			"</span><span>%zu deduction%s</span></span>",
			g->dimensions[i], n, n == 1 ? "" : "s");
		tagged(out, "<span class=\"small dim\">", fact(d, "about"),
			"</span></a>\n");
	}
	str_puts(out, "</div>\n</section>\n");
}

static void
put_chips(struct str *out, const struct marks *m, const struct fix *fix)
{
	size_t i, n = 0;

	if (!fix->tools) {
		str_puts(out, "<span class=\"chip whole\">whole server</span>");
		return;
	}
	for (i = 0; i < m->n && n < CHIPS; i++) {
		if (strcmp(m->v[i].rule, fix->rule) != 0 ||
		    m->v[i].tool == WHOLE_SERVER)
			continue;
		tagged(out, "<code class=\"chip\">",
			m->server->tools[m->v[i].tool].name, "</code> ");
		n++;
	}
	if (fix->tools > n)
		str_addf(out, "<span class=\"chip whole\">and %zu more</span>",
			fix->tools - n);
}

/* "4.2", "5"; what is too small to show is a fix that others wait for */
static void
put_gain(struct str *out, double gain)
{
	if (gain < 0.05)
		str_puts(out, "<span class=\"gain none\">+0</span>");
	else if (gain < 9.95)
		str_addf(out, "<span class=\"gain\">+%.1f</span>", gain);
	else
		str_addf(out, "<span class=\"gain\">+%.0f</span>", gain);
}

static void
put_fixes(struct str *out, const struct grade *g)
{
	const struct marks *m = g->marks;
	size_t i;

	str_puts(out, "<section>\n<h2>What to do first</h2>\n");
	if (!g->nfixes) {
		str_puts(out, "<p>Nothing: no point is missing.</p>\n"
			"</section>\n");
		return;
	}
	str_puts(out, "<ol class=\"fixes\">\n");
	for (i = 0; i < g->nfixes; i++) {
		const struct json *rule = rubric_rule(m->rubric,
			g->fixes[i].rule);

		str_puts(out, "<li>");
		put_gain(out, g->fixes[i].gain);
		tagged(out, "<div><p>", fact(rule, "fix"), "</p><p>");
		put_chips(out, m, &g->fixes[i]);
		str_puts(out, "</p></div></li>\n");
	}
	str_puts(out, "</ol>\n<p class=\"small dim\">Points of the whole "
		"score, each on top of those before it.</p>\n</section>\n");
}

static void
put_count(struct str *out, const struct category *c)
{
	if (strcmp(c->grade, "-") == 0)
		str_puts(out, "not scanned");
	else if (!c->findings)
		str_puts(out, "no finding");
	else
		str_addf(out, "%zu finding%s", c->findings,
			c->findings == 1 ? "" : "s");
}

static void
put_evidence(struct str *out, const struct category *c)
{
	size_t i;

	if (!c->nevidence)
		return;
	tagged(out, "<h4>", c->title, "</h4>\n<ul class=\"small\">\n");
	for (i = 0; i < c->nevidence; i++)
		tagged(out, "<li>", c->evidence[i], "</li>\n");
	str_puts(out, "</ul>\n");
}

static void
put_security(struct str *out, const struct grade *g)
{
	size_t i, evidence = 0;

	str_puts(out, "<section>\n<h2>Security</h2>\n"
		"<div class=\"cards five\">\n");
	for (i = 0; i < CATEGORIES; i++) {
		const struct category *c = &g->security[i];

		str_puts(out, "<div class=\"card\">");
		tagged(out, "<span class=\"line\"><strong>", c->title,
			"</strong>");
		html_badge(out, c->grade);
		str_puts(out, "</span><span class=\"small dim\">");
		put_count(out, c);
		str_puts(out, "</span></div>\n");
		evidence += c->nevidence;
	}
	str_puts(out, "</div>\n<p class=\"small dim\">From the gates' "
		"findings, which decide by themselves what blocks; these "
		"grades are not part of the score.</p>\n");
	if (evidence)
		str_puts(out, "<details><summary><span>What the gates say"
			"</span></summary>\n");
	for (i = 0; i < CATEGORIES; i++)
		put_evidence(out, &g->security[i]);
	str_puts(out, evidence ? "</details>\n</section>\n" :
		"</section>\n");
}

/* --- tools ----------------------------------------------------------------- */

struct row {
	size_t tool;
	double sum;
};

static int
by_sum(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->sum < b->sum || a->sum > b->sum)
		return a->sum < b->sum ? -1 : 1;
	return a->tool < b->tool ? -1 : a->tool > b->tool;
}

static void
put_row(struct str *out, const struct grade *g, size_t tool)
{
	const struct marks *m = g->marks;
	size_t d;

	tagged(out, "<tr><th scope=\"row\"><code>",
		m->server->tools[tool].name, "</code></th>");
	for (d = 0; d + 1 < DIMENSIONS; d++) {
		double score = marks_tool(m, d, (int)tool);

		str_addf(out, "<td class=\"%s\">%.0f</td>", html_class(
			rubric_grade(m->rubric, score)), score);
	}
	str_puts(out, "</tr>\n");
}

static void
put_tools(struct str *out, const struct grade *g)
{
	const struct marks *m = g->marks;
	size_t n = m->server->ntools, i, d;
	struct row *rows = xcalloc(n, sizeof(*rows));

	for (i = 0; i < n; i++) {
		rows[i].tool = i;
		for (d = 0; d < DIMENSIONS; d++)
			rows[i].sum += marks_tool(m, d, (int)i);
	}
	qsort(rows, n, sizeof(*rows), by_sum);
	str_puts(out, "<section>\n<h2>Tools</h2>\n<div class=\"scroll\">"
		"<table>\n<thead><tr><th scope=\"col\">worst first</th>");
	for (d = 0; d + 1 < DIMENSIONS; d++)
		tagged(out, "<th scope=\"col\"><span>", fact(rubric_dimension(
			m->rubric, d), "title"), "</span></th>");
	str_puts(out, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < n && i < ROWS; i++)
		put_row(out, g, rows[i].tool);
	str_puts(out, "</tbody>\n</table></div>\n");
	if (n > ROWS)
		str_addf(out, "<p class=\"small dim\">%zu better tools are not "
			"listed.</p>\n", n - ROWS);
	str_puts(out, "</section>\n");
	free(rows);
}

/* --- deductions ------------------------------------------------------------ */

static void
put_mark(struct str *out, const struct server *s, const struct mark *mark)
{
	struct loc loc;

	str_addf(out, "<li><span class=\"points\">−%g</span><div><p>",
		mark->points);
	if (mark->tool == WHOLE_SERVER)
		str_puts(out, "<span class=\"chip whole\">whole server</span> ");
	else
		tagged(out, "<code class=\"chip\">",
			s->tools[mark->tool].name, "</code> ");
	html_text(out, mark->text);
	tagged(out, "</p><p class=\"small dim\">", fact(mark->facts, "fix"),
		"");
	tagged(out, " <code>", mark->rule, "</code>");
	if (mark->tool != WHOLE_SERVER && loc_read(&loc,
	    json_get(s->tools[mark->tool].root, "loc"))) {
		tagged(out, " <code>", loc.file, "");
		str_addf(out, ":%u</code>", loc.line);
	}
	str_puts(out, "</p></div></li>\n");
}

/* What was seen to be there, for the rules that look at the server's code. */
static void
put_sightings(struct str *out, const struct marks *m, size_t dimension)
{
	struct json_iter it;
	bool open = false;

	for (json_each(&it, json_get(m->rubric->root, "rules"));
	    json_next(&it); ) {
		const char *signal = json_get_str(it.value, "signal");
		struct sighting seen;

		if (!signal || rubric_dimension_of(m->rubric, json_get_str(
		    it.value, "dimension")) != dimension)
			continue;
		seen = surface_find(m->rubric, m->server, signal);
		if (!seen.file)
			continue;
		str_puts(out, open ? "" :
			"<h4>Seen in the server</h4><ul class=\"small\">");
		open = true;
		tagged(out, "<li>", signal, ": ");
		tagged(out, "<code>", seen.what, "</code> in ");
		tagged(out, "<code>", seen.file, "");
		if (seen.line)
			str_addf(out, ":%u", seen.line);
		str_puts(out, "</code></li>");
	}
	if (open)
		str_puts(out, "</ul>\n");
}

static void
put_dimension(struct str *out, const struct grade *g, size_t d)
{
	const struct marks *m = g->marks;
	const struct json *facts = rubric_dimension(m->rubric, d);
	size_t *at = xcalloc(m->n + 1, sizeof(*at)), i, n;

	n = grade_marks(g, d, at, m->n);
	tagged(out, "<details id=\"", fact(facts, "id"), "\"");
	str_puts(out, n && g->dimensions[d] < 90 ? " open=\"open\"" : "");
	tagged(out, "><summary><span>", fact(facts, "title"), "</span>");
	str_addf(out, "<span class=\"small dim\">%zu deduction%s</span>", n,
		n == 1 ? "" : "s");
	html_badge(out, rubric_grade(m->rubric, g->dimensions[d]));
	str_puts(out, "</summary>\n");
	if (n)
		str_puts(out, "<ul class=\"marks\">\n");
	for (i = 0; i < n && i < SHOWN; i++)
		put_mark(out, m->server, &m->v[at[i]]);
	str_puts(out, n ? "</ul>\n" : "<p>No point is missing.</p>\n");
	if (n > SHOWN)
		str_addf(out, "<p class=\"small dim\">%zu smaller ones are not "
			"listed.</p>\n", n - SHOWN);
	put_sightings(out, m, d);
	str_puts(out, "</details>\n");
	free(at);
}

static void
put_foot(struct str *out, const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	const char *comma = "";
	struct json_iter it;
	double bound;

	str_addf(out, "<footer>\n<p>In each dimension a tool starts at 100 and "
		"loses the points above. A dimension is %g × the mean of its "
		"tools + %g × the worst of them, less what is wanting in the "
		"whole server; the score is the same of the six dimensions. ",
		r->mean, r->worst);
	str_puts(out, "Letters: ");
	for (json_each(&it, json_get(r->root, "cutoffs")); json_next(&it); ) {
		json_num(it.value, &bound);
		str_puts(out, comma);
		html_text(out, json_str(it.key));
		str_addf(out, " from %g", bound);
		comma = ", ";
	}
	str_puts(out, ".</p>\n<p>smelt-score " SMELT_VERSION "</p>\n"
		"</footer>\n");
}

void
report_write(struct str *out, const struct grade *g, const struct str *style)
{
	size_t i;

	put_head(out, g->marks->server, style);
	put_top(out, g);
	put_dimensions(out, g);
	put_fixes(out, g);
	put_security(out, g);
	put_tools(out, g);
	str_puts(out, "<section>\n<h2>Every deduction</h2>\n");
	for (i = 0; i < DIMENSIONS; i++)
		put_dimension(out, g, i);
	str_puts(out, "</section>\n");
	put_foot(out, g);
	str_puts(out, "</main>\n</body>\n</html>\n");
}
