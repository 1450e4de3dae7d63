#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/str.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-codegen/bundle.h"
#include "smelt-codegen/check.h"
#include "smelt-codegen/docs.h"
#include "smelt-codegen/dynamic.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/packages.h"
#include "smelt-codegen/place/place.h"
#include "smelt-codegen/records.h"
#include "smelt-codegen/runtime.h"
#include "smelt-codegen/tables.h"
#include "smelt-codegen/tree.h"
#include "sys/box.h"

static const char *target_name = "python", *mode_name = "static";
static const char *dir;
static bool check;
static struct bundle bundle = { .author = "smelt" };

static const struct opt opts[] = {
	{ OPT_STR, 't', "target", "LANG",
	  "python (default) or typescript", &target_name, true },
	{ OPT_STR, 'm', "mode", "MODE",
	  "static (default), or dynamic: meta-tools find and call the tools",
	  &mode_name, true },
	{ OPT_STR, 'd', "dir", "DIR",
	  "write the server's files there, too", &dir, false },
	{ OPT_FLAG, 0, "check", NULL,
	  "write nothing: say where DIR is not what would be written",
	  &check, false },
	{ OPT_STR, 0, "author", "NAME",
	  "who manifest.json says made the bundle (default: smelt)",
	  &bundle.author, true },
	{ OPT_STR, 0, "registry-name", "NAME",
	  "name in the MCP registry, as io.github.me/petstore: write server.json",
	  &bundle.registry, true },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-codegen",
	.summary = "generate an MCP server from tool definitions",
	.operands = "[ARTIFACT]",
	.min_operands = 0,
	.max_operands = 1,
	.opts = opts,
	.verdict = true
};

static const char *const owns[] = { "emit", NULL };
static const char *const drops[] = { "tool", NULL };
/* typescript can not keep every tool: it writes those again that stay */
static const struct stage_spec specs[] = {
	[TARGET_PYTHON] = { "smelt-codegen", "codegen", "tooldef", owns, NULL },
	[TARGET_TYPESCRIPT] = { "smelt-codegen", "codegen", "tooldef", owns,
	  drops }
};

static enum target
target_of(const char *name)
{
	if (strcmp(name, "python") == 0)
		return TARGET_PYTHON;
	if (strcmp(name, "typescript") != 0)
		die("--target: '%s' is neither python nor typescript", name);
	return TARGET_TYPESCRIPT;
}

static bool
is_dynamic(const char *name)
{
	if (strcmp(name, "static") == 0)
		return false;
	if (strcmp(name, "dynamic") != 0)
		die("--mode: '%s' is neither static nor dynamic", name);
	return true;
}

static void
config_digest(const struct runtime *r, const struct dynamic *d,
	char out[SHA256_HEX + 1])
{
	struct sha256 h;

	sha256_init(&h);
	opt_digest(&tool, &h);
	runtime_digest(r, &h);
	if (d)
		dynamic_digest(d, &h);
	sha256_final_hex(&h, out);
}

static int
read_model(struct model *m, struct stage *s, const char *in, struct err *err)
{
	struct rec rec;
	int rc;

	while ((rc = stage_next(s, &rec, err)) == 1)
		if (model_take(m, s, &rec, err) < 0)
			return -1;
	if (rc == 0 && !m->ntools)
		return err_at(err, in ? in : "<stdin>", 0, 0, m->nskips ?
			"no tool is left: all of them are Python functions, "
			"use --target python" :
			"no tool definitions in this artifact");
	return rc;
}

static int
make_tree(struct tree *t, struct runtime *r, const struct model *m,
	struct err *err)
{
	bool packages;

	if (tables_add(t, m, str_s(r->limits), err) < 0 ||
	    runtime_add(r, t, m, err) < 0 ||
	    packages_add(t, m, &packages, err) < 0)
		return -1;
	docs_add(t, m, r->readme, packages);
	bundle_add(t, m, &bundle);
	tables_add_manifest(t, m);
	tree_sort(t);
	return check_tree(t, r, m, err);
}

static void
say(const struct model *m, const struct tree *t)
{
	diag_say("%s server '%s': %zu tools%s, %zu files%s%s",
		m->target == TARGET_PYTHON ? "Python" : "TypeScript", m->name,
		m->ntools, m->dynamic ? " behind meta-tools" : "", t->n,
		dir ? " in " : "", dir ? dir : "");
	if (m->nskips)
		diag_say("%zu tools left out: Python functions", m->nskips);
}

static struct place place;

static void
forget_place(void)
{
	place_close(&place);
}

static int
open_place(struct err *err)
{
	if (!dir)
		return 0;
	return check ? place_look(&place, dir, err) :
		place_open(&place, dir, err);
}

static int
enter_box(const char *output, struct err *err)
{
	struct box box = { .profile = BOX_FILTER };

	if (open_place(err) < 0)
		return -1;
	box_output(&box, output);
	if (check)
		box_read(&box, place.dir);
	else if (dir)
		box_write(&box, place.fresh ? place.fresh : place.dir);
	if (place.fresh)
		box_move(&box, place.fresh);
	return box_enter(&box, err);
}

static int
open_stage(struct stage *s, const struct stage_spec *spec, const char *in,
	const char *out, const char *config, struct err *err)
{
	return check ? stage_read(s, spec, in, err) :
		stage_open(s, spec, in, out, config, err);
}

/* All that is put out; the answer is the number of what a person must see. */
static int
put_out(struct stage *s, const struct model *m, const struct tree *t,
	size_t *wrong, struct err *err)
{
	*wrong = 0;
	if (check)
		return place_compare(&place, t, wrong, err);
	records_put(s, m, t);
	return dir ? place_fill(&place, t, wrong, err) : 0;
}

static void
say_wrong(size_t wrong)
{
	if (check && !wrong)
		diag_say("'%s' is what would be generated", dir);
	else if (check)
		diag_say("'%s': %zu differences", dir, wrong);
	else if (wrong)
		diag_say("%zu edited handlers are not merged: look at them",
			wrong);
}

static void
check_options(const struct opt_common *common)
{
	if (check && !dir)
		die("--check wants --dir");
	if (check && common->output)
		die("--check writes nothing: it has no --output");
	if (bundle.registry && !bundle_is_registry_name(bundle.registry))
		die("--registry-name: '%s' is not as io.github.me/petstore",
			bundle.registry);
	if (!bundle.author[0] || !utf8_valid(bundle.author,
	    strlen(bundle.author)))
		die("--author: '%s' is no name", bundle.author);
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct dynamic dynamic = { 0 };
	struct opt_common common;
	struct runtime runtime;
	struct model model;
	struct stage stage;
	struct tree tree;
	struct err err;
	const char *in;
	size_t wrong;

	opt_parse(&tool, argc, argv, &common);
	check_options(&common);
	in = common.noperands ? common.operands[0] : NULL;
	model_init(&model, target_of(target_name),
		is_dynamic(mode_name) ? &dynamic : NULL);
	tree_init(&tree);
	if (runtime_load(&runtime, target_name, &err) < 0 ||
	    (model.dynamic && dynamic_load(&dynamic, &err) < 0) ||
	    check_prepare(&runtime, &err) < 0)
		die_err(&err);
	config_digest(&runtime, model.dynamic, config);
	if (open_stage(&stage, &specs[model.target], in, common.output,
	    config, &err) < 0)
		die_err(&err);
	atexit(forget_place);
	if (enter_box(common.output, &err) < 0)
		die_err(&err);
	model.name = arena_strdup(model.mem, stage.name);
	if (read_model(&model, &stage, in, &err) < 0 ||
	    make_tree(&tree, &runtime, &model, &err) < 0 ||
	    put_out(&stage, &model, &tree, &wrong, &err) < 0 ||
	    stage_close(&stage, &err) < 0)
		die_err(&err);
	if (!check)
		say(&model, &tree);
	say_wrong(wrong);
	tree_release(&tree);
	model_release(&model);
	runtime_release(&runtime);
	dynamic_release(&dynamic);
	return wrong && !common.no_fail;
}
