/*
 * smelt-gate1: what is wrong with the source, the server made from it and its
 * tool definitions.  Reads an artifact of smelt-codegen, adds findings and a
 * verdict.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "code/lang.h"
#include "data/stage.h"
#include "form/finding.h"
#include "form/policy.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "smelt-gate1/gate.h"
#include "smelt-gate1/poison.h"
#include "smelt-gate1/sast.h"
#include "smelt-gate1/secret.h"

static struct {
	const char *sarif, *profile, *policy, *waivers, *today;
	bool verdict;
} o;

static const struct opt options[] = {
	{ OPT_STR, 0, "sarif", "FILE", "write the findings as SARIF", &o.sarif,
		false },
	{ OPT_STR, 0, "sarif-profile", "NAME", "full (default) or github",
		&o.profile, false },
	{ OPT_STR, 0, "policy", "FILE", "what blocks", &o.policy, false },
	{ OPT_STR, 0, "waivers", "FILE", "findings to let pass, with dates",
		&o.waivers, false },
	{ OPT_STR, 0, "today", "YYYY-MM-DD", "day that waivers are held "
		"against", &o.today, false },
	{ OPT_FLAG, 0, "verdict", NULL, "only judge an artifact that was "
		"scanned", &o.verdict, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-gate1",
	.summary = "scan source, server and tool definitions",
	.operands = "[ARTIFACT]",
	.max_operands = 1,
	.opts = options,
	.verdict = true
};

static const char *const owns[] = { "finding", "verdict", NULL };
static const char *const drops[] = { "file", NULL };
static const struct stage_spec spec = { "smelt-gate1", "gate1", "tooldef",
	owns, drops };

static int
load_rules(struct gate *g, struct err *err)
{
	static const char *const scanners[][2] = {
		{ "sast", "rules/sast" },
		{ "secret", "rules/secrets" },
		{ "poison", "rules/poison" },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 &&
	    i < sizeof(scanners) / sizeof(*scanners); i++) {
		char *path = share_path(scanners[i][1]);

		rc = rules_load(g->rules, scanners[i][0], path, err);
		free(path);
	}
	return rc;
}

static int
config_digest(const struct gate *g, const struct policy *p,
	char out[SHA256_HEX + 1], struct err *err)
{
	struct sha256 h;
	int rc;

	sha256_init(&h);
	opt_digest(&tool, &h);
	rc = lang_digest(&h, err);
	sha256_field(&h, g->rules->digest);
	sha256_field(&h, p->digest);
	sha256_final_hex(&h, out);
	return rc;
}

/* Secrets first: what they find is masked for all that come after. */
static int
scan(struct gate *g, struct err *err)
{
	struct secret *secret = secret_new(g, err);
	struct poison *poison = secret ? poison_new(g, err) : NULL;

	if (poison) {
		secret_scan(secret);
		sast_scan(g);
		poison_scan(poison);
		secret_redact(secret);
		findings_unique(g->findings);
	}
	poison_free(poison);
	secret_free(secret);
	return poison ? 0 : -1;
}

static struct sarif_artifact *
artifacts(const struct gate *g)
{
	struct sarif_artifact *list = xcalloc(g->corpus.nfiles + 1,
		sizeof(*list));

	for (size_t i = 0; i < g->corpus.nfiles; i++) {
		list[i].path = g->corpus.files[i].path;
		list[i].sha256 = g->corpus.files[i].sha256;
	}
	return list;
}

static int
write_sarif(const struct gate *g, struct err *err)
{
	struct sarif_artifact *files = artifacts(g);
	const struct sarif s = {
		.tool = tool.name,
		.title = tool.summary,
		.category = "smelt/gate1/",
		.github = o.profile && strcmp(o.profile, "github") == 0,
		.fallback = "tools.json",
		.rules = g->rules,
		.findings = g->findings,
		.artifacts = files,
		.nartifacts = g->corpus.nfiles,
		.notes = g->notes,
		.nnotes = g->nnotes
	};
	struct str out;
	int rc;

	str_init(&out, STR_RECORD);
	rc = sarif_write(&out, &s, err);
	if (rc == 0)
		rc = io_write(o.sarif, str_s(&out), out.len, err);
	str_release(&out);
	free(files);
	return rc;
}

static void
put_records(struct stage *s, const struct gate *g, const struct verdict *v)
{
	struct str line;

	str_init(&line, STR_RECORD);
	for (size_t i = 0; i < g->findings->n; i++) {
		str_clear(&line);
		finding_write(&line, g->findings->items[i]);
		stage_put(s, &line);
	}
	str_clear(&line);
	verdict_write(&line, v);
	stage_put(s, &line);
	str_release(&line);
}

static void
not_scanned_notes(struct gate *g)
{
	for (size_t i = 0; i < g->nscanned; i++)
		if (!g->scanned[i].done)
			gate_note(g, "warning", NULL, "not scanned: %s: %s",
				g->scanned[i].scanner, g->scanned[i].text);
}

static int
run(struct gate *g, struct policy *p, const struct opt_common *common,
	struct err *err)
{
	const char *in = common->noperands ? common->operands[0] : NULL;
	char config[SHA256_HEX + 1];
	struct verdict v;
	struct stage s;

	if (load_rules(g, err) < 0 ||
	    policy_load(p, o.policy, o.waivers, err) < 0 ||
	    policy_set_day(p, o.today, err) < 0 ||
	    config_digest(g, p, config, err) < 0)
		return -1;
	if (stage_open(&s, &spec, in, common->output, config, err) < 0)
		return -1;
	if (corpus_read(&g->corpus, &s, err) < 0 || scan(g, err) < 0) {
		stage_abort(&s);
		return -1;
	}
	not_scanned_notes(g);
	policy_judge(p, "gate1", g->findings, g->rules, g->scanned,
		g->nscanned, &v);
	put_records(&s, g, &v);
	if (o.sarif && write_sarif(g, err) < 0) {
		stage_abort(&s);
		return -1;
	}
	if (stage_close(&s, err) < 0)
		return -1;
	verdict_report(&v, g->findings);
	return strcmp(v.result, "fail") == 0;
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	struct policy policy = { 0 };
	struct gate g;
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	if (o.profile && strcmp(o.profile, "github") &&
	    strcmp(o.profile, "full"))
		die("unknown SARIF profile '%s'", o.profile);
	if (o.verdict) {
		rc = verdict_check(common.noperands ? common.operands[0] :
			NULL, tool.name, "gate1", &err);
	} else {
		gate_init(&g);
		rc = run(&g, &policy, &common, &err);
		gate_release(&g);
		policy_release(&policy);
	}
	if (rc < 0)
		die_err(&err);
	return common.no_fail ? 0 : rc;
}
