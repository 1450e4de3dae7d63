#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "code/lang.h"
#include "data/document.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "form/finding.h"
#include "form/policy.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "form/verdict.h"
#include "smelt-gate2/code.h"
#include "smelt-gate2/definition.h"
#include "smelt-gate2/drift.h"
#include "smelt-gate2/emitted.h"
#include "smelt-gate2/judge.h"
#include "smelt-gate2/model.h"
#include "sys/box.h"

static const char *policy_path, *waivers, *day, *sarif_path, *profile;
static bool only_verdict, github;

static const struct opt opts[] = {
	{ OPT_STR, 0, "policy", "FILE", "what blocks (default: smelt's own)",
	  &policy_path, false },
	{ OPT_STR, 0, "waivers", "FILE", "findings to suppress", &waivers,
	  false },
	{ OPT_STR, 0, "today", "DATE", "day that waivers are held against",
	  &day, false },
	{ OPT_STR, 0, "sarif", "FILE", "write findings as SARIF 2.1.0",
	  &sarif_path, false },
	{ OPT_STR, 0, "sarif-profile", "NAME", "full (default) or github",
	  &profile, false },
	{ OPT_FLAG, 0, "verdict", NULL, "only judge what the artifact says",
	  &only_verdict, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	"smelt-gate2", "hold a server's definitions against its behaviour",
	"[ARTIFACT]", 0, 1, opts, true, false
};

static const char *const owns[] = { "finding", "verdict", NULL };
static const struct stage_spec spec = { "smelt-gate2", "gate2", "gate1",
	owns, NULL };

struct gate {
	struct rules rules;
	struct policy policy;
	struct document words;
	struct str words_text;
	struct json_doc meta;
	struct findings findings;
	struct model model;
	struct code code;
	struct outfile sarif;
	char config[SHA256_HEX + 1];
};

static void
load_rules(struct gate *g, struct err *err)
{
	static const char *const packs[][2] = {
		{ "drift", "rules/drift/drift.yaml" },
		{ "permission", "rules/drift/permission.yaml" },
		{ "emitted", "rules/emitted/emitted.yaml" },
		{ "emitted", "rules/emitted/python.yaml" },
		{ "emitted", "rules/emitted/typescript.yaml" }
	};
	char *path;
	size_t i;

	for (i = 0; i < sizeof(packs) / sizeof(*packs); i++) {
		path = share_path(packs[i][1]);
		if (rules_load(&g->rules, packs[i][0], path, err) < 0)
			die_err(err);
		free(path);
	}
	str_init(&g->words_text, IO_MAX);
	if (document_share(&g->words, &g->words_text, "drift.yaml", err) < 0)
		die_err(err);
}

static void
load_meta_tools(struct gate *g, struct sha256 *h, struct err *err)
{
	static const char path[] = "runtime/common/dynamic.json";
	struct str text;

	str_init(&text, IO_MAX);
	if (io_read_share(path, &text, err) < 0 ||
	    json_parse(&g->meta, str_s(&text), text.len, path, err) < 0)
		die_err(err);
	sha256_add(h, str_s(&text), text.len);
	str_release(&text);
}

static void
load(struct gate *g, struct err *err)
{
	struct sha256 h;

	memset(g, 0, sizeof(*g));
	load_rules(g, err);
	if (policy_load(&g->policy, policy_path, waivers, err) < 0 ||
	    policy_set_day(&g->policy, day, err) < 0)
		die_err(err);
	model_init(&g->model);
	sha256_init(&h);
	opt_digest(&tool, &h);
	if (code_load(&g->code, &g->rules, err) < 0 || lang_digest(&h, err) < 0)
		die_err(err);
	sha256_field(&h, g->rules.digest);
	sha256_field(&h, g->policy.digest);
	sha256_add(&h, str_s(&g->words_text), g->words_text.len);
	load_meta_tools(g, &h, err);
	sha256_final_hex(&h, g->config);
}

static void
enter_box(const struct opt_common *common, struct err *err)
{
	struct box box = { .profile = BOX_FILTER };

	box_output(&box, common->output);
	box_output(&box, sarif_path);
	if (box_enter(&box, err) < 0)
		die_err(err);
}

static void
judge_all(struct gate *g)
{
	struct judge j = { &g->findings, &g->rules,
		document_root(&g->words) };
	const struct json *callable;
	size_t i;

	for (i = 0; i < g->model.ntools; i++) {
		callable = model_callable(&g->model, g->model.tools[i]);
		definition_check(&j, &g->model, g->model.tools[i], callable);
		if (callable)
			drift_check(&j, &g->model, g->model.tools[i],
				callable);
	}
	emitted_check(&j, &g->model, json_get(json_root(&g->meta), "tools"));
	code_check(&g->code, &j, &g->model);
	findings_unique(&g->findings);
}

static void
put_sarif(struct gate *g, struct err *err)
{
	struct sarif s = { 0 };

	s.tool = "smelt-gate2";
	s.title = "Descriptions and permissions of MCP tools against code";
	s.category = "smelt/gate2/";
	s.github = github;
	s.fallback = "tools.json";
	s.rules = &g->rules;
	s.findings = &g->findings;
	if (sarif_put(&g->sarif, &s, err) < 0 ||
	    outfile_commit(&g->sarif, err) < 0)
		die_err(err);
}

static void
say_tools(const struct verdict *v)
{
	size_t i, j, n[3] = { 0, 0, 0 };

	for (i = 0; i < v->ntools; i++) {
		n[v->tools[i].result[0] == 'p' ? 0 :
			v->tools[i].result[0] == 'w' ? 1 : 2]++;
		for (j = 0; j < v->tools[i].nreasons; j++)
			diag_note("%s: %s: %s", v->tools[i].name,
				v->tools[i].result, v->tools[i].reasons[j]);
	}
	diag_say("%zu tools: %zu pass, %zu warn, %zu fail (judge: static)",
		v->ntools, n[0], n[1], n[2]);
}

static int
run(struct gate *g, struct stage *s, struct err *err)
{
	struct scanned scanned[] = {
		{ "drift", true, "effects of the source, no language model" },
		{ "permission", true, "routes, hosts, scopes, effects" },
		{ "emitted", true, NULL }
	};
	struct judge j = { &g->findings, &g->rules, NULL };
	struct verdict v = { 0 };
	struct str emitted;
	struct rec rec;
	int rc;

	while ((rc = stage_next(s, &rec, err)) == 1)
		if (model_add(&g->model, s, &rec, err) < 0)
			return -1;
	if (rc < 0)
		return -1;
	judge_all(g);
	str_init(&emitted, STR_LINE);
	code_tell(&g->code, &emitted);
	scanned[2].text = str_s(&emitted);
	policy_judge(&g->policy, "gate2", &g->findings, &g->rules, scanned, 3,
		&v);
	v.tools = judge_results(&j, g->model.tools, g->model.ntools);
	v.ntools = g->model.ntools;
	verdict_put(&v, &g->findings, s);
	if (sarif_path)
		put_sarif(g, err);
	if (stage_close(s, err) < 0)
		return -1;
	say_tools(&v);
	verdict_report(&v, &g->findings);
	str_release(&emitted);
	code_release(&g->code);
	model_release(&g->model);
	json_release(&g->meta);
	return strcmp(v.result, "fail") == 0;
}

static int
judge_boxed(const char *artifact, struct err *err)
{
	struct box box = { .profile = BOX_FILTER };

	if (artifact && strcmp(artifact, "-") && access(artifact, F_OK) < 0)
		die("%s: cannot open:", artifact);
	box_read(&box, artifact);
	if (box_enter(&box, err) < 0)
		return -1;
	return verdict_check(artifact, tool.name, "gate2", err);
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	static struct gate g;
	struct stage s;
	struct err err;
	const char *in;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	in = common.noperands ? common.operands[0] : NULL;
	if (sarif_profile(profile, &github, &err) < 0)
		die_err(&err);
	if (only_verdict) {
		rc = judge_boxed(in, &err);
		if (rc < 0)
			die_err(&err);
		return rc && common.no_fail ? 0 : rc;
	}
	if (getenv("SMELT_LLM_URL"))
		die("SMELT_LLM_URL is set, but this version judges by static "
			"analysis only: unset it");
	load(&g, &err);
	if (sarif_path && outfile_open(&g.sarif, sarif_path, &err) < 0)
		die_err(&err);
	if (stage_open(&s, &spec, in, common.output, g.config, &err) < 0)
		die_err(&err);
	enter_box(&common, &err);
	rc = run(&g, &s, &err);
	if (rc < 0)
		die_err(&err);
	return rc && common.no_fail ? 0 : rc;
}
