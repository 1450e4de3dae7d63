#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt/chain.h"
#include "smelt/place.h"

static const char *name, *target, *mode, *text, *ref, *config, *policy, *waivers,
	*osv, *min_grade, *key, *profile;
static struct opt_list docs, extra;
static bool unsigned_run;
static const char *out_dir;

static const struct opt opts[] = {
	{ OPT_STR, 'o', "output", "DIR", "directory to write (required)",
	  &out_dir, false },
	{ OPT_STR, 'n', "name", "NAME", "name of the server", &name, false },
	{ OPT_STR, 't', "target", "LANG", "python (default) or typescript",
	  &target, false },
	{ OPT_STR, 'm', "mode", "MODE", "static (default) or dynamic",
	  &mode, false },
	{ OPT_STR, 0, "text", "WORDS", "describe the server in words",
	  &text, false },
	{ OPT_LIST, 0, "docs", "FILE", "documentation for --text", &docs,
	  false },
	{ OPT_STR, 0, "ref", "REF", "git revision to read", &ref, false },
	{ OPT_STR, 'c', "config", "FILE", "smelt.yaml for smelt-tooldef",
	  &config, false },
	{ OPT_STR, 0, "policy", "FILE", "what blocks at the gates", &policy,
	  false },
	{ OPT_STR, 0, "waivers", "FILE", "findings to suppress", &waivers,
	  false },
	{ OPT_STR, 0, "osv", "PATH", "OSV database, directory or zip", &osv,
	  false },
	{ OPT_STR, 0, "sarif-profile", "NAME", "full (default) or github",
	  &profile, false },
	{ OPT_STR, 0, "min-grade", "GRADE", "exit 1 below this grade",
	  &min_grade, false },
	{ OPT_STR, 'k', "key", "FILE", "signing key (default: $SMELT_KEY)",
	  &key, false },
	{ OPT_FLAG, 0, "unsigned", NULL, "write no signatures",
	  &unsigned_run, false },
	{ OPT_LIST, 'W', "stage", "STAGE,OPT", "give OPT to smelt-STAGE",
	  &extra, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	"smelt", "turn a source into a gated, scored and signed MCP server",
	"[SOURCE]", 0, 1, opts, true, true
};

/* -W gate1,--import=x.sarif: each comma-separated part is one argument */
static void
add_extra(struct chain_stage *s)
{
	const char *stage = s->tool + strlen("smelt-"), *at, *end;
	size_t i, n = strlen(stage);

	for (i = 0; i < extra.n; i++) {
		at = extra.items[i];
		if (strncmp(at, stage, n) != 0 || at[n] != ',')
			continue;
		for (at += n; *at == ','; at = end) {
			at++;
			end = at + strcspn(at, ",");
			chain_arg(s, xstrndup(at, (size_t)(end - at)));
		}
	}
}

static void
check_extra(void)
{
	static const char *const stages[] = { "intake", "ast", "tooldef",
		"codegen", "gate1", "gate2", "score", "attest" };
	size_t i, j, n;

	for (i = 0; i < extra.n; i++) {
		n = strcspn(extra.items[i], ",");
		for (j = 0; j < 8; j++)
			if (mem_is(extra.items[i], n, stages[j]))
				break;
		if (j == 8 || extra.items[i][n] == '\0')
			die("--stage: '%s' is not STAGE,OPTION",
				extra.items[i]);
	}
}

static struct chain_stage *
add(struct chain *c, const char *tool_name)
{
	struct chain_stage *s = chain_add(c, tool_name);

	if (diag_get_level() == DIAG_QUIET)
		chain_arg(s, "-q");
	if (diag_get_level() == DIAG_VERBOSE)
		chain_arg(s, "-v");
	return s;
}

static void
add_jobs(struct chain_stage *s, long jobs)
{
	chain_opt(s, "-j", jobs > 1 ? xasprintf("%ld", jobs) : NULL);
}

static void
add_intake(struct chain *c, const struct place *p, const char *source)
{
	struct chain_stage *s = add(c, "smelt-intake");
	size_t i;

	chain_opt(s, "--name", name);
	chain_opt(s, "--ref", ref);
	chain_opt(s, "--text", text);
	for (i = 0; i < docs.n; i++)
		chain_opt(s, "--docs", docs.items[i]);
	if (source)
		chain_opt(s, "--exclude", place_inside(p, source));
	add_extra(s);
	if (source) {
		chain_arg(s, "--");
		chain_arg(s, source);
	}
}

static void
add_gates(struct chain *c, const struct place *p, const char *source,
	long jobs)
{
	struct chain_stage *s = add(c, "smelt-gate1");

	add_jobs(s, jobs);
	chain_opt(s, "--policy", policy);
	chain_opt(s, "--waivers", waivers);
	chain_opt(s, "--osv", osv);
	chain_opt(s, "--sarif-profile", profile);
	chain_opt(s, "--sarif", place_file(p, "gate1.sarif"));
	if (source && place_is_repository(source))
		chain_opt(s, "--repo", source);
	add_extra(s);

	s = add(c, "smelt-gate2");
	chain_opt(s, "--policy", policy);
	chain_opt(s, "--waivers", waivers);
	chain_opt(s, "--sarif-profile", profile);
	chain_opt(s, "--sarif", place_file(p, "gate2.sarif"));
	add_extra(s);
}

static void
build(struct chain *c, const struct place *p, const char *source, long jobs)
{
	struct chain_stage *s;

	add_intake(c, p, source);
	s = add(c, "smelt-ast");
	add_jobs(s, jobs);
	add_extra(s);
	s = add(c, "smelt-tooldef");
	chain_opt(s, "--config", config);
	chain_opt(s, "--tools", place_file(p, "tools.json"));
	add_extra(s);
	s = add(c, "smelt-codegen");
	chain_opt(s, "--target", target);
	chain_opt(s, "--mode", mode);
	chain_opt(s, "--dir", place_file(p, "server"));
	add_extra(s);
	add_gates(c, p, source, jobs);
	s = add(c, "smelt-score");
	chain_opt(s, "--min-grade", min_grade);
	chain_opt(s, "--report", place_file(p, "report.html"));
	chain_opt(s, "-o", place_file(p, "artifact.jsonl"));
	add_extra(s);
}

/* Signing waits for the verdicts: nothing is signed when one of them is no,
 * and the artifact is there all the same. */
static void
build_attest(struct chain *c, const struct place *p)
{
	struct chain_stage *s = add(c, "smelt-attest");

	if (unsigned_run)
		chain_arg(s, "--unsigned");
	chain_opt(s, "--key", unsigned_run ? NULL : key);
	chain_opt(s, "--out", place_file(p, "dist"));
	chain_opt(s, "-o", place_file(p, "artifact.jsonl"));
	add_extra(s);
	chain_arg(s, "--");
	chain_arg(s, place_file(p, "artifact.jsonl"));
}

static void
make_key(const char *dir)
{
	struct chain c = { 0 };
	struct err err;

	if (access(key, F_OK) == 0)
		return;
	c.dir = dir;
	diag_say("no signing key: making %s", key);
	chain_opt(chain_add(&c, "smelt-attest"), "--gen-key", key);
	if (chain_run(&c, &err) != 0)
		die("cannot make the signing key %s", key);
}

static void
summary(const struct place *p, int rc)
{
	bool ts = target && strcmp(target, "typescript") == 0;

	if (rc == 2)
		return;
	diag_say("server:  %s", place_file(p, "server"));
	if (ts)
		diag_say("start:   cd %s && npm ci && npm start",
			place_file(p, "server"));
	else
		diag_say("start:   cd %s && python3 -m venv .venv && "
			".venv/bin/pip install --require-hashes "
			"-r requirements.txt && .venv/bin/python server.py",
			place_file(p, "server"));
	diag_say("report:  %s", place_file(p, "report.html"));
	if (rc == 0)
		diag_say("signed:  %s", place_file(p, "dist"));
	else
		diag_say("signed:  nothing, because a gate or the score said "
			"no");
}

int
main(int argc, char **argv)
{
	const char *source;
	struct opt_common common;
	struct chain c = { 0 }, attest = { 0 };
	struct place place;
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	source = common.noperands ? common.operands[0] : NULL;
	if (!source && !text)
		die("no SOURCE and no --text (see smelt --help)");
	if (source && text)
		die("SOURCE and --text exclude each other");
	if (!out_dir)
		die("no output directory: give -o DIR");
	check_extra();
	c.dir = place_programs();
	if (!unsigned_run && !key)
		key = place_key();
	if (!unsigned_run)
		make_key(c.dir);
	if (place_open(&place, out_dir, &err) < 0)
		die_err(&err);
	build(&c, &place, source, common.jobs);
	rc = chain_run(&c, &err);
	if (rc == 0) {
		attest.dir = c.dir;
		build_attest(&attest, &place);
		rc = chain_run(&attest, &err);
	}
	if (rc < 0 || rc == 2)
		place_undo(&place);
	if (rc < 0)
		die_err(&err);
	summary(&place, rc);
	return rc == 1 && common.no_fail ? 0 : rc;
}
