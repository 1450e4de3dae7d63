/*
 * smelt-score: six dimensions of quality and five of security, as grades, with
 * what to do about each point that is missing.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-score/clarity.h"
#include "smelt-score/grade.h"
#include "smelt-score/marks.h"
#include "smelt-score/naming.h"
#include "smelt-score/overlap.h"
#include "smelt-score/report.h"
#include "smelt-score/rubric.h"
#include "smelt-score/schema.h"
#include "smelt-score/security.h"
#include "smelt-score/server.h"
#include "smelt-score/surface.h"
#include "sys/box.h"

static const char *min_grade, *report_path;

static const struct opt opts[] = {
	{ OPT_STR, 0, "min-grade", "LETTER", "exit 1 when the grade is worse",
	  &min_grade, false },
	{ OPT_STR, 0, "report", "FILE", "write a page for people, in HTML",
	  &report_path, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-score",
	.summary = "grade a server's quality",
	.operands = "[ARTIFACT]",
	.max_operands = 1,
	.opts = opts,
	.verdict = true
};

static void
config(const struct rubric *r, char hex[SHA256_HEX + 1])
{
	struct sha256 h;

	sha256_init(&h);
	opt_digest(&tool, &h);
	sha256_field(&h, r->digest);
	sha256_final_hex(&h, hex);
}

static void
enter_box(const char *output)
{
	struct box box = { .profile = BOX_FILTER };
	struct err err;

	box_output(&box, output);
	box_output(&box, report_path);
	if (box_enter(&box, &err) < 0)
		die_err(&err);
}

static void
look(struct marks *m)
{
	clarity_look(m);
	schema_look(m);
	naming_look(m);
	overlap_look(m);
	surface_look(m);
	marks_finish(m);
}

static void
say(const struct grade *g)
{
	const struct rubric *r = g->marks->rubric;
	size_t i, k, marks;

	for (i = 0; i < DIMENSIONS; i++) {
		for (marks = 0, k = 0; k < g->marks->n; k++)
			marks += g->marks->v[k].dimension == i;
		diag_say("  %-22s %3.0f  %s  %zu deduction%s", json_get_str(
			rubric_dimension(r, i), "title"), g->dimensions[i],
			rubric_grade(r, g->dimensions[i]), marks,
			marks == 1 ? "" : "s");
	}
	for (i = 0; i < CATEGORIES; i++) {
		const struct category *c = &g->security[i];

		if (strcmp(c->grade, "-") == 0)
			diag_say("  %-22s   -  -  not scanned", c->title);
		else
			diag_say("  %-22s %3.0f  %s", c->title, c->score,
				c->grade);
	}
	for (i = 0; i < g->nfixes; i++)
		diag_note("+%.1f: %s [%s]", g->fixes[i].gain, json_get_str(
			rubric_rule(r, g->fixes[i].rule), "fix"),
			g->fixes[i].rule);
	diag_say("%s: %zu tools, grade %s, %.0f of 100; the fixes that are "
		"listed give +%.0f", g->marks->server->name,
		g->marks->server->ntools, g->letter, g->score,
		g->potential - g->score);
}

static bool
is_below(const struct rubric *r, const struct grade *g)
{
	if (!min_grade || g->score + 1 >= rubric_cutoff(r, min_grade))
		return false;
	diag_error("%s: grade %s is below %s", g->marks->server->name,
		g->letter, min_grade);
	return true;
}

/* Before the sandbox. */
static void
load_style(struct str *style)
{
	struct err err;

	str_init(style, STR_LINE);
	if (report_path && io_read_share("score.css", style, &err) < 0)
		die_err(&err);
}

static void
write_report(struct outfile *o, const struct grade *g,
	const struct str *style)
{
	struct str html;
	struct err err;

	if (!report_path)
		return;
	str_init(&html, STR_RECORD);
	report_write(&html, g, style);
	if (str_over(&html))
		die("%s: the report is too large", report_path);
	outfile_write(o, html.buf, html.len);
	if (outfile_commit(o, &err) < 0)
		die_err(&err);
	str_release(&html);
}

static void
read_all(struct server *server, struct stage *s, struct outfile *report)
{
	struct rec rec;
	struct err err;
	int rc;

	server_init(server, s->name);
	while ((rc = stage_next(s, &rec, &err)) == 1) {
		rc = server_add(server, s, &rec, &err);
		if (rc < 0)
			break;
	}
	if (rc < 0 || server_finish(server, &err) < 0) {
		stage_abort(s);
		if (report_path)
			outfile_abort(report);
		die_err(&err);
	}
}

static int
score(const struct opt_common *common, const struct rubric *r)
{
	static const char *const owns[] = { "grade", NULL };
	static const struct stage_spec spec = {
		.tool = "smelt-score", .stage = "score", .after = "gate2",
		.owns = owns
	};
	char digest[SHA256_HEX + 1];
	struct outfile report;
	struct server server;
	struct marks marks;
	struct grade g;
	struct stage s;
	struct str line, style;
	struct err err;
	int rc;

	config(r, digest);
	load_style(&style);
	if (stage_open(&s, &spec, common->noperands ? common->operands[0] :
	    NULL, common->output, digest, &err) < 0 ||
	    (report_path && outfile_open(&report, report_path, &err) < 0))
		die_err(&err);
	enter_box(common->output);
	read_all(&server, &s, &report);
	marks_init(&marks, r, &server);
	look(&marks);
	grade_make(&g, &marks);
	str_init(&line, STR_RECORD);
	grade_write(&line, &g);
	stage_put(&s, &line);
	write_report(&report, &g, &style);
	if (stage_close(&s, &err) < 0)
		die_err(&err);
	say(&g);
	rc = is_below(r, &g);
	str_release(&line);
	str_release(&style);
	grade_release(&g);
	marks_release(&marks);
	server_release(&server);
	return rc && !common->no_fail;
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	struct rubric rubric;
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	if (rubric_load(&rubric, &err) < 0)
		die_err(&err);
	if (min_grade && rubric_cutoff(&rubric, min_grade) <= 0)
		die("--min-grade: '%s' is not a grade (A, B, C, D, F)",
			min_grade);
	rc = score(&common, &rubric);
	rubric_release(&rubric);
	return rc;
}
