#include "smelt-gate1/run.h"

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
#include "data/json.h"
#include "data/stage.h"
#include "form/finding.h"
#include "form/policy.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "form/verdict.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/dependency/dependency.h"
#include "smelt-gate1/dependency/osv.h"
#include "smelt-gate1/gate.h"
#include "smelt-gate1/options.h"
#include "smelt-gate1/poison/poison.h"
#include "smelt-gate1/sast.h"
#include "smelt-gate1/secret/history.h"
#include "smelt-gate1/secret/secret.h"
#include "sys/box.h"

static const char *const owns[] = { "finding", "verdict", NULL };
static const char *const drops[] = { "file", NULL };
static const struct stage_spec spec = { "smelt-gate1", "gate1", "tooldef",
	owns, drops };

/* Everything of one run that is released at its end. */
struct run {
	const struct options *o;
	const struct opt_tool *tool;
	struct gate gate;
	struct policy policy;
	struct secret *secret;
	struct poison *poison;
	struct osv *osv;
	struct dependency *dependency;
	struct history history;
	struct stage stage;
	struct outfile sarif;
	bool opened, sarif_opened;
};

/* Own packs of the user, in the same YAML; they are code rules. */
static int
load_own(struct gate *g, const struct opt_list *own, struct err *err)
{
	for (size_t i = 0; i < own->n; i++)
		if (rules_load(g->rules, "sast", own->items[i], err) < 0)
			return -1;
	return 0;
}

static int
load_rules(struct gate *g, const struct opt_list *own, struct err *err)
{
	static const char *const scanners[][2] = {
		{ "sast", "rules/sast" },
		{ "secret", "rules/secrets" },
		{ "poison", "rules/poison" },
		{ "dependency", "rules/dependency" },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 &&
	    i < sizeof(scanners) / sizeof(*scanners); i++) {
		char *path = share_path(scanners[i][1]);

		rc = rules_load(g->rules, scanners[i][0], path, err);
		free(path);
	}
	return rc < 0 ? -1 : load_own(g, own, err);
}

static int
config_digest(const struct run *r, char out[SHA256_HEX + 1], struct err *err)
{
	struct sha256 h;
	int rc;

	sha256_init(&h);
	opt_digest(r->tool, &h);
	rc = lang_digest(&h, err);
	sha256_field(&h, r->gate.rules->digest);
	sha256_field(&h, secret_digest(r->secret));
	sha256_field(&h, r->policy.digest);
	sha256_field(&h, r->osv ? osv_digest(r->osv) : "");
	sha256_final_hex(&h, out);
	return rc;
}

/* All that is read from share/smelt and compiled, before any input. */
static int
prepare(struct run *r, struct err *err)
{
	if (load_rules(&r->gate, r->o->rules, err) < 0 ||
	    policy_load(&r->policy, r->o->policy, r->o->waivers, err) < 0 ||
	    policy_set_day(&r->policy, r->o->today, err) < 0)
		return -1;
	r->secret = secret_new(&r->gate, err);
	r->poison = r->secret ? poison_new(&r->gate, err) : NULL;
	if (!r->poison || (r->o->osv && !(r->osv = osv_open(r->o->osv, err))))
		return -1;
	r->dependency = dependency_new(&r->gate, r->osv, err);
	return r->dependency ? 0 : -1;
}

static int
open_files(struct run *r, const struct opt_common *common, struct err *err)
{
	const char *in = common->noperands ? common->operands[0] : NULL;
	char config[SHA256_HEX + 1];

	if (config_digest(r, config, err) < 0 ||
	    stage_open(&r->stage, &spec, in, common->output, config, err) < 0)
		return -1;
	r->opened = true;
	if (r->o->sarif) {
		if (outfile_open(&r->sarif, r->o->sarif, err) < 0)
			return -1;
		r->sarif_opened = true;
	}
	if (corpus_first(r->gate.corpus, &r->stage, err) < 0)
		return -1;
	return history_find(&r->history, r->o->repo, r->gate.corpus->source, err);
}

static int
enter_box(const struct run *r, const struct opt_common *common,
	struct err *err)
{
	struct box box = { .profile = BOX_FILTER, .cpu_seconds = 900,
		.memory_mib = 6144 };

	box_output(&box, common->output);
	box_output(&box, r->o->sarif);
	box_read(&box, r->history.gitdir);
	if (r->osv)
		osv_box(r->osv, &box);
	return box_enter(&box, err);
}

/* Secrets first: what they find is masked for all that come after. */
static int
scan(struct run *r, struct err *err)
{
	secret_scan(r->secret);
	history_scan(&r->history, &r->gate, r->secret);
	sast_scan(&r->gate);
	if (dependency_scan(r->dependency, err) < 0)
		return -1;
	poison_scan(r->poison);
	secret_redact(r->secret);
	findings_unique(r->gate.findings);
	return 0;
}

static struct sarif_artifact *
artifacts(const struct gate *g)
{
	struct sarif_artifact *list = xcalloc(g->corpus->nfiles + 1,
		sizeof(*list));

	for (size_t i = 0; i < g->corpus->nfiles; i++) {
		list[i].path = g->corpus->files[i].path;
		list[i].sha256 = g->corpus->files[i].sha256;
	}
	return list;
}

static int
write_sarif(struct run *r, struct err *err)
{
	struct gate *g = &r->gate;
	struct sarif_artifact *files = artifacts(g);
	const struct sarif s = {
		.tool = r->tool->name,
		.title = r->tool->summary,
		.category = "smelt/gate1/",
		.github = r->o->github,
		.fallback = "tools.json",
		.rules = g->rules,
		.findings = g->findings,
		.artifacts = files,
		.nartifacts = g->corpus->nfiles,
		.notes = g->notes,
		.nnotes = g->nnotes
	};
	int rc = sarif_put(&r->sarif, &s, err);

	free(files);
	return rc;
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
commit(struct run *r, struct err *err)
{
	r->opened = false;
	if (stage_close(&r->stage, err) < 0)
		return -1;
	if (!r->sarif_opened)
		return 0;
	r->sarif_opened = false;
	return outfile_commit(&r->sarif, err);
}

/*
 * An artifact that went through gate1 has no files any more.  What was found
 * stays as it is, as long as it was judged by the same policy.
 */
static int
again(struct run *r, struct err *err)
{
	const struct corpus *c = r->gate.corpus;
	const struct json *verdict = c->own[c->nown - 1];
	const char *policy = json_get_str(verdict, "policy");
	struct str line;

	if (r->o->sarif || !policy || !str_starts(policy, "sha256:") ||
	    strcmp(policy + 7, r->policy.digest) != 0)
		return err_set(err, "this artifact went through smelt-gate1, "
			"which dropped the files: give it the output of "
			"smelt-codegen");
	str_init(&line, STR_RECORD);
	for (size_t i = 0; i < c->nown; i++) {
		str_clear(&line);
		json_write(&line, c->own[i]);
		stage_put(&r->stage, &line);
	}
	str_release(&line);
	if (commit(r, err) < 0)
		return -1;
	diag_say("scanned before; nothing changed");
	return json_str_is(json_get(verdict, "result"), "fail");
}

static int
whole(struct run *r, const struct opt_common *common, struct err *err)
{
	struct gate *g = &r->gate;
	struct verdict v;

	if (prepare(r, err) < 0 || open_files(r, common, err) < 0 ||
	    enter_box(r, common, err) < 0 ||
	    corpus_read(g->corpus, &r->stage, err) < 0)
		return -1;
	if (corpus_is_scanned(g->corpus))
		return again(r, err);
	if (scan(r, err) < 0)
		return -1;
	not_scanned_notes(g);
	policy_judge(&r->policy, "gate1", g->findings, g->rules, g->scanned,
		g->nscanned, &v);
	verdict_put(&v, g->findings, &r->stage);
	if ((r->o->sarif && write_sarif(r, err) < 0) || commit(r, err) < 0)
		return -1;
	verdict_report(&v, g->findings);
	return strcmp(v.result, "fail") == 0;
}

static void
release(struct run *r)
{
	if (r->opened)
		stage_abort(&r->stage);
	if (r->sarif_opened)
		outfile_abort(&r->sarif);
	dependency_free(r->dependency);
	osv_close(r->osv);
	poison_free(r->poison);
	secret_free(r->secret);
	history_release(&r->history);
	gate_release(&r->gate);
	policy_release(&r->policy);
}

int
run(const struct options *o, const struct opt_tool *tool,
	const struct opt_common *common, struct err *err)
{
	struct run r = { .o = o, .tool = tool };
	int rc;

	gate_init(&r.gate);
	rc = whole(&r, common, err);
	release(&r);
	return rc;
}
