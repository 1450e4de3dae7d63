/*
 * smelt-gate1: what is wrong with the source, the server made from it and its
 * tool definitions.  Reads an artifact of smelt-codegen, adds findings and a
 * verdict.
 */
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/opt.h"
#include "form/sarif.h"
#include "form/verdict.h"
#include "smelt-gate1/options.h"
#include "smelt-gate1/run.h"
#include "sys/box.h"

static struct opt_list rules;
static struct options o = { .rules = &rules };
static const char *profile;

static const struct opt options[] = {
	{ OPT_STR, 0, "sarif", "FILE", "write the findings as SARIF", &o.sarif,
		false },
	{ OPT_STR, 0, "sarif-profile", "NAME", "full (default) or github",
		&profile, false },
	{ OPT_STR, 0, "repo", "DIR", "git repository whose history is "
		"scanned", &o.repo, false },
	{ OPT_STR, 0, "osv", "PATH", "database of advisories: a directory or "
		"zip", &o.osv, false },
	{ OPT_LIST, 0, "rules", "PATH", "further code rules", &rules,
		false },
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

static int
judge(const char *artifact, struct err *err)
{
	struct box box = { .profile = BOX_FILTER };

	if (artifact && strcmp(artifact, "-") && access(artifact, F_OK) < 0)
		die("%s: cannot open:", artifact);
	box_read(&box, artifact);
	if (box_enter(&box, err) < 0)
		return -1;
	return verdict_check(artifact, tool.name, "gate1", err);
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	if (sarif_profile(profile, &o.github, &err) < 0)
		die_err(&err);
	if (o.verdict)
		rc = judge(common.noperands ? common.operands[0] : NULL, &err);
	else
		rc = run(&o, &tool, &common, &err);
	if (rc < 0)
		die_err(&err);
	return common.no_fail ? 0 : rc;
}
