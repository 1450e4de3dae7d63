#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt/build.h"
#include "smelt/order.h"
#include "smelt/place.h"
#include "smelt/split.h"

static struct opt_list docs, overlays, tags, extra;
static struct order order = { .docs = &docs, .overlays = &overlays,
	.tags = &tags, .extra = &extra };

static const struct opt opts[] = {
	{ OPT_STR, 'o', "output", "DIR", "directory to write (required)",
	  &order.out_dir, false },
	{ OPT_STR, 'n', "name", "NAME", "name of the server", &order.name,
	  false },
	{ OPT_STR, 't', "target", "LANG", "python (default) or typescript",
	  &order.target, false },
	{ OPT_STR, 'm', "mode", "MODE", "static (default) or dynamic",
	  &order.mode, false },
	{ OPT_STR, 0, "text", "WORDS", "describe the server in words",
	  &order.text, false },
	{ OPT_LIST, 0, "docs", "FILE", "documentation for --text", &docs,
	  false },
	{ OPT_LIST, 0, "overlay", "FILE",
	  "change the OpenAPI document by this overlay", &overlays, false },
	{ OPT_STR, 0, "fix-overlay", "FILE",
	  "write an overlay that mends the OpenAPI document", &order.fixes,
	  false },
	{ OPT_STR, 0, "ref", "REF", "git revision to read", &order.ref,
	  false },
	{ OPT_STR, 'c', "config", "FILE", "smelt.yaml for smelt-tooldef",
	  &order.config, false },
	{ OPT_INT, 0, "max-tokens", "N",
	  "at most N tokens in all: shorten, then leave out",
	  &order.max_tokens, false },
	{ OPT_INT, 0, "max-tools", "N", "at most N tools", &order.max_tools,
	  false },
	{ OPT_LIST, 0, "tag", "NAME",
	  "only what has this tag first; may be repeated", &tags, false },
	{ OPT_FLAG, 0, "untagged", NULL, "only what has no tag, and --tag",
	  &order.untagged, false },
	{ OPT_FLAG, 0, "split-by-tag", NULL, "a server for each tag",
	  &order.split, false },
	{ OPT_STR, 0, "policy", "FILE", "what blocks at the gates",
	  &order.policy, false },
	{ OPT_STR, 0, "waivers", "FILE", "findings to suppress",
	  &order.waivers, false },
	{ OPT_STR, 0, "osv", "PATH", "OSV database, directory or zip",
	  &order.osv, false },
	{ OPT_STR, 0, "sarif-profile", "NAME", "full (default) or github",
	  &order.profile, false },
	{ OPT_STR, 0, "min-grade", "GRADE", "exit 1 below this grade",
	  &order.min_grade, false },
	{ OPT_STR, 'k', "key", "FILE", "signing key (default: $SMELT_KEY)",
	  &order.key, false },
	{ OPT_FLAG, 0, "unsigned", NULL, "write no signatures",
	  &order.unsigned_run, false },
	{ OPT_LIST, 'W', "stage", "STAGE,OPT", "give OPT to smelt-STAGE",
	  &extra, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	"smelt", "turn a source into a gated, scored and signed MCP server",
	"[SOURCE ...]", 0, 1000, opts, true, true
};

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

static void
check_order(void)
{
	if (!order.nsources && !order.text)
		die("no SOURCE and no --text (see smelt --help)");
	if (order.nsources && order.text)
		die("SOURCE and --text exclude each other");
	if (!order.out_dir)
		die("no output directory: give -o DIR");
	if (order.split && (tags.n || order.untagged))
		die("--split-by-tag and --%s exclude each other", tags.n ?
			"tag" : "untagged");
	check_extra();
}

static void
summary(const struct place *p, int rc)
{
	bool ts = order.target && strcmp(order.target, "typescript") == 0;

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

static int
run(struct place *p, struct err *err)
{
	struct part all = { 0 };
	int rc;

	if (order.split)
		rc = split_run(&order, p, err);
	else
		rc = split_clear(p, err) < 0 ? -1 :
			build_server(&order, p, &all, err);
	if (rc < 0 || rc == 2)
		place_undo(p);
	if (rc >= 0 && !order.split)
		summary(p, rc);
	return rc;
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	struct place place;
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	order.sources = common.operands;
	order.nsources = common.noperands;
	order.jobs = common.jobs;
	check_order();
	order.programs = place_programs();
	if (!order.unsigned_run && !order.key)
		order.key = place_key();
	if (!order.unsigned_run)
		build_key(&order);
	if (place_open(&place, order.out_dir, &err) < 0)
		die_err(&err);
	rc = run(&place, &err);
	if (rc < 0)
		die_err(&err);
	return rc == 1 && common.no_fail ? 0 : rc;
}
