#include "smelt/build.h"

#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt/chain.h"
#include "smelt/order.h"
#include "smelt/place.h"

/* -W gate1,--import=x.sarif: each comma-separated part is one argument */
static void
add_extra(struct chain_stage *s, const struct order *o)
{
	const char *stage = s->tool + strlen("smelt-"), *at, *end;
	size_t i, n = strlen(stage);

	for (i = 0; i < o->extra->n; i++) {
		at = o->extra->items[i];
		if (strncmp(at, stage, n) != 0 || at[n] != ',')
			continue;
		for (at += n; *at == ','; at = end) {
			at++;
			end = at + strcspn(at, ",");
			chain_arg(s, xstrndup(at, (size_t)(end - at)));
		}
	}
}

static struct chain_stage *
add(struct chain *c, const char *tool)
{
	struct chain_stage *s = chain_add(c, tool);

	if (diag_get_level() == DIAG_QUIET)
		chain_arg(s, "-q");
	if (diag_get_level() == DIAG_VERBOSE)
		chain_arg(s, "-v");
	return s;
}

static void
add_list(struct chain_stage *s, const char *opt, const struct opt_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		chain_opt(s, opt, list->items[i]);
}

static void
add_number(struct chain_stage *s, const char *opt, long n)
{
	chain_opt(s, opt, n ? xasprintf("%ld", n) : NULL);
}

/* the one source, where there is one */
static const char *
single(const struct order *o)
{
	return o->nsources == 1 ? o->sources[0] : NULL;
}

static void
add_intake(struct chain *c, const struct order *o, const struct place *p)
{
	struct chain_stage *s = add(c, "smelt-intake");
	size_t i;

	chain_opt(s, "--name", o->name);
	chain_opt(s, "--ref", o->ref);
	chain_opt(s, "--text", o->text);
	add_list(s, "--docs", o->docs);
	add_list(s, "--overlay", o->overlays);
	chain_opt(s, "--fix-overlay", o->fixes);
	if (single(o))
		chain_opt(s, "--exclude", place_inside(p, single(o)));
	add_extra(s, o);
	if (o->nsources)
		chain_arg(s, "--");
	for (i = 0; i < o->nsources; i++)
		chain_arg(s, o->sources[i]);
}

static void
add_ast(struct chain *c, const struct order *o)
{
	struct chain_stage *s = add(c, "smelt-ast");

	add_number(s, "-j", o->jobs > 1 ? o->jobs : 0);
	add_extra(s, o);
}

static void
add_tooldef(struct chain *c, const struct order *o, const struct place *p,
	const struct part *part)
{
	struct chain_stage *s = add(c, "smelt-tooldef");

	chain_opt(s, "--config", o->config);
	add_number(s, "--max-tokens", o->max_tokens);
	add_number(s, "--max-tools", o->max_tools);
	chain_opt(s, "--name", part->name);
	chain_opt(s, "--tag", part->tag);
	if (!part->artifact)
		add_list(s, "--tag", o->tags);
	if (part->untagged || (!part->artifact && o->untagged))
		chain_arg(s, "--untagged");
	chain_opt(s, "--tools", place_file(p, "tools.json"));
	add_extra(s, o);
	chain_opt(s, "--", part->artifact);
}

static void
add_gates(struct chain *c, const struct order *o, const struct place *p)
{
	struct chain_stage *s = add(c, "smelt-gate1");

	add_number(s, "-j", o->jobs > 1 ? o->jobs : 0);
	chain_opt(s, "--policy", o->policy);
	chain_opt(s, "--waivers", o->waivers);
	chain_opt(s, "--osv", o->osv);
	chain_opt(s, "--sarif-profile", o->profile);
	chain_opt(s, "--sarif", place_file(p, "gate1.sarif"));
	if (single(o) && place_is_repository(single(o)))
		chain_opt(s, "--repo", single(o));
	add_extra(s, o);

	s = add(c, "smelt-gate2");
	chain_opt(s, "--policy", o->policy);
	chain_opt(s, "--waivers", o->waivers);
	chain_opt(s, "--sarif-profile", o->profile);
	chain_opt(s, "--sarif", place_file(p, "gate2.sarif"));
	add_extra(s, o);
}

static void
add_rest(struct chain *c, const struct order *o, const struct place *p)
{
	struct chain_stage *s = add(c, "smelt-codegen");

	chain_opt(s, "--target", o->target);
	chain_opt(s, "--mode", o->mode);
	chain_opt(s, "--dir", place_file(p, "server"));
	add_extra(s, o);
	add_gates(c, o, p);
	s = add(c, "smelt-score");
	chain_opt(s, "--min-grade", o->min_grade);
	chain_opt(s, "--report", place_file(p, "report.html"));
	chain_opt(s, "-o", place_file(p, "artifact.jsonl"));
	add_extra(s, o);
}

/* Signing waits for the verdicts: nothing is signed when one of them is no,
 * and the artifact is there all the same. */
static void
add_attest(struct chain *c, const struct order *o, const struct place *p)
{
	struct chain_stage *s = add(c, "smelt-attest");

	if (o->unsigned_run)
		chain_arg(s, "--unsigned");
	chain_opt(s, "--key", o->unsigned_run ? NULL : o->key);
	chain_opt(s, "--out", place_file(p, "dist"));
	chain_opt(s, "-o", place_file(p, "artifact.jsonl"));
	add_extra(s, o);
	chain_arg(s, "--");
	chain_arg(s, place_file(p, "artifact.jsonl"));
}

int
build_server(const struct order *o, const struct place *p,
	const struct part *part, struct err *err)
{
	struct chain c = { .dir = o->programs }, attest = c;
	int rc;

	if (!part->artifact) {
		add_intake(&c, o, p);
		add_ast(&c, o);
	}
	add_tooldef(&c, o, p, part);
	add_rest(&c, o, p);
	rc = chain_run(&c, err);
	if (rc != 0)
		return rc;
	add_attest(&attest, o, p);
	return chain_run(&attest, err);
}

int
build_artifact(const struct order *o, const struct place *p,
	const char *file, struct err *err)
{
	struct chain c = { .dir = o->programs };

	add_intake(&c, o, p);
	add_ast(&c, o);
	chain_opt(&c.stages[c.n - 1], "-o", place_file(p, file));
	return chain_run(&c, err);
}

int
build_tags(const struct order *o, const struct place *p, const char *file,
	const char *list, struct err *err)
{
	struct chain c = { .dir = o->programs };
	struct chain_stage *s = chain_add(&c, "smelt-tooldef");

	chain_arg(s, "-q");
	chain_arg(s, "--list-tags");
	chain_opt(s, "--config", o->config);
	chain_opt(s, "-o", place_file(p, list));
	add_extra(s, o);
	chain_opt(s, "--", place_file(p, file));
	return chain_run(&c, err);
}

void
build_key(const struct order *o)
{
	struct chain c = { .dir = o->programs };
	struct err err;

	if (access(o->key, F_OK) == 0)
		return;
	diag_say("no signing key: making %s", o->key);
	chain_opt(chain_add(&c, "smelt-attest"), "--gen-key", o->key);
	if (chain_run(&c, &err) != 0)
		die("cannot make the signing key %s", o->key);
}
