#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-tooldef/budget/budget.h"
#include "smelt-tooldef/budget/compact.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/define.h"
#include "smelt-tooldef/rules.h"
#include "smelt-tooldef/tag.h"
#include "smelt-tooldef/toolname.h"
#include "smelt-tooldef/words/lexicon.h"
#include "smelt-tooldef/words/manual.h"
#include "sys/box.h"

static const char *config_file;
static const char *tools_file;
static const char *server_name;
static bool include_deprecated, untagged, list_tags;
static struct opt_list wanted_tags;
static long max_tokens, max_tools;

static const struct opt opts[] = {
	{ OPT_STR, 'c', "config", "FILE",
	  "what to include, exclude, rename and describe (smelt.yaml)",
	  &config_file, false },
	{ OPT_FLAG, 0, "include-deprecated", NULL,
	  "make tools of deprecated callables, too", &include_deprecated,
	  true },
	{ OPT_INT, 0, "max-tokens", "N",
	  "at most N tokens in all: shorten, then leave out", &max_tokens,
	  true },
	{ OPT_INT, 0, "max-tools", "N", "at most N tools", &max_tools, true },
	{ OPT_LIST, 0, "tag", "NAME",
	  "only what has this tag first; may be repeated", &wanted_tags,
	  true },
	{ OPT_FLAG, 0, "untagged", NULL, "only what has no tag, and --tag",
	  &untagged, true },
	{ OPT_STR, 'n', "name", "NAME", "another name for the server",
	  &server_name, true },
	{ OPT_FLAG, 0, "list-tags", NULL, "print the tags, no more",
	  &list_tags, false },
	{ OPT_STR, 0, "tools", "FILE",
	  "write the tool definitions that clients see there, too",
	  &tools_file, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-tooldef",
	.summary = "define MCP tools for what can be called",
	.operands = "[ARTIFACT]",
	.max_operands = 1,
	.opts = opts
};

static const char *const owns[] = { "tool", "skip", NULL };
static const struct stage_spec spec = { "smelt-tooldef", "tooldef", "ast",
	owns, NULL };

static int
read_all(struct catalog *c, struct stage *s, struct err *err)
{
	struct rec rec;
	int rc;

	while ((rc = stage_next(s, &rec, err)) == 1)
		if (catalog_take(c, s, &rec, err) < 0)
			return -1;
	return rc;
}

static void
put_records(struct stage *s, const struct definitions *d)
{
	struct str line;
	size_t i;
	int skips;

	str_init(&line, STR_RECORD);
	for (skips = 0; skips < 2; skips++)
		for (i = 0; i < d->n; i++) {
			if (!d->v[i].line ||
			    (d->v[i].object == 0) != (skips == 1))
				continue;
			str_clear(&line);
			str_add(&line, d->v[i].line, d->v[i].len);
			stage_put(s, &line);
		}
	str_release(&line);
}

/* {"tools":[…]}, for people and for codegen's tools.json */
static void
put_tools(struct outfile *out, const struct definitions *d)
{
	struct str text, object;
	struct json_doc doc;
	struct emit e;
	struct err err;
	size_t i;

	str_init(&text, STR_RECORD);
	str_init(&object, STR_RECORD);
	emit_init(&e, &text);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_key(&e, "tools");
	emit_array(&e);
	for (i = 0; i < d->n; i++) {
		if (!d->v[i].object)
			continue;
		str_clear(&object);
		str_putc(&object, '{');
		str_add(&object, d->v[i].line + d->v[i].object,
			d->v[i].object_len);
		str_putc(&object, '}');
		if (json_parse(&doc, object.buf, object.len, d->v[i].name,
		    &err) < 0)
			die_err(&err);
		emit_json(&e, json_root(&doc));
		json_release(&doc);
	}
	emit_end(&e);
	emit_end(&e);
	str_putc(&text, '\n');
	outfile_write(out, text.buf, text.len);
	str_release(&text);
	str_release(&object);
}

static void
add_part(struct str *line, size_t n, const char *what)
{
	if (n)
		str_addf(line, "%s%zu %s", line->len ? ", " : "", n, what);
}

/* what was made smaller to fit, in all and, with -v, of which tool */
static void
say_compacted(const struct definitions *d)
{
	struct str all, one;
	size_t i, n;
	int step;

	str_init(&all, STR_LINE);
	str_init(&one, STR_LINE);
	for (step = 0; step < COMPACTIONS; step++) {
		for (i = n = 0; i < d->n; i++)
			n += !d->v[i].reason && d->v[i].compacted >> step & 1;
		add_part(&all, n, compact_name((enum compaction)step));
	}
	if (all.len)
		diag_say("compacted to fit, by tools: %s", str_s(&all));
	for (i = 0; i < d->n; i++) {
		str_clear(&one);
		for (step = 0; step < COMPACTIONS; step++)
			if (!d->v[i].reason && d->v[i].compacted >> step & 1)
				str_addf(&one, "%s%s", one.len ? ", " : "",
					compact_name((enum compaction)step));
		if (one.len)
			diag_note("compacted %s: %s", d->v[i].name,
				str_s(&one));
	}
	str_release(&all);
	str_release(&one);
}

static void
say_skips(const struct definitions *d, struct str *line)
{
	static const char *const reasons[] = { "invalid", "internal",
		"deprecated", "excluded", "unsupported", "no-handler",
		"duplicate", "limit" };
	size_t i, k, n;

	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		for (k = n = 0; k < d->n; k++)
			n += d->v[k].reason &&
				strcmp(d->v[k].reason, reasons[i]) == 0;
		add_part(line, n, reasons[i]);
	}
}

static void
say(const struct definitions *d)
{
	struct str line;
	size_t k;

	str_init(&line, STR_LINE);
	say_skips(d, &line);
	diag_say("%zu tools, about %zu tokens (%zu without outputSchemas); "
		"%zu skipped%s%s", d->tools, d->tokens, d->tokens - d->outputs,
		d->n - d->tools, line.len ? ": " : "", str_s(&line));
	if (d->cut || d->eased || d->plain)
		diag_say("too long: %zu descriptions were cut, %zu inputSchemas "
			"eased, %zu outputSchemas left out", d->cut, d->eased,
			d->plain);
	say_compacted(d);
	for (k = 0; k < d->n; k++)
		if (d->v[k].reason)
			diag_note("skipped %s (%s): %s", d->v[k].name,
				d->v[k].reason, d->v[k].text);
		else
			diag_note("tool %s: %zu tokens", d->v[k].name,
				d->v[k].tokens);
	str_release(&line);
}

static void
make_config(struct rules *rules, struct lexicon *lexicon,
	char out[SHA256_HEX + 1])
{
	struct sha256 h;
	struct err err;

	rules_init(rules);
	lexicon_init(lexicon);
	if (lexicon_load(lexicon, &err) < 0)
		die_err(&err);
	if (config_file && rules_load(rules, config_file, &err) < 0)
		die_err(&err);
	rules->deprecated |= include_deprecated;
	sha256_init(&h);
	opt_digest(&tool, &h);
	rules_digest(rules, &h);
	lexicon_digest(lexicon, &h);
	sha256_final_hex(&h, out);
}

/* a source in which there is nothing to call is no source of tools */
static int
check_callables(const struct catalog *c, struct err *err)
{
	const char *location = json_get_str(c->source, "location");

	if (c->ncallables)
		return 0;
	return err_at(err, location && *location ? location : "source", 0, 0,
		"nothing in this source can be called: no operation, route or "
		"function");
}

static int
make_tools(struct definitions *d, struct catalog *c, struct rules *rules,
	struct err *err)
{
	if (list_tags)
		return define_all(d, c, rules, err);
	if (define_all(d, c, rules, err) < 0)
		return -1;
	if ((max_tokens || max_tools) && budget_fit(d, c, (size_t)max_tokens,
	    (size_t)max_tools, err) < 0)
		return -1;
	budget_warn_bytes(d, c);
	return 0;
}

static void
check_server_name(const char *name)
{
	if (strlen(name) + TOOLNAME_MIN > TOOLNAME_WITH_SERVER)
		diag_warn("server name '%s' is long: with a tool's name it "
			"passes the 52 characters that some clients take",
			name);
}

static int
open_stage(struct stage *s, const struct opt_common *common,
	const char *config, struct err *err)
{
	const char *in = common->noperands ? common->operands[0] : NULL;

	if (server_name && !path_is_server_name(server_name))
		die("--name: '%s' is not [a-z0-9][a-z0-9-]*", server_name);
	if (list_tags)
		return stage_read(s, &spec, in, err);
	return stage_open_as(s, &spec, in, common->output, config,
		server_name, err);
}

static void
print_tags(struct tags *tags, const struct definitions *d,
	struct outfile *out)
{
	struct str text;
	struct err err;

	str_init(&text, STR_RECORD);
	tags_list(tags, d, &text);
	outfile_write(out, str_s(&text), text.len);
	if (outfile_commit(out, &err) < 0)
		die_err(&err);
	str_release(&text);
}

static void
finish(struct stage *stage, const struct definitions *d,
	struct outfile *tools)
{
	struct err err;

	check_server_name(stage->name);
	put_records(stage, d);
	if (tools_file) {
		put_tools(tools, d);
		if (outfile_commit(tools, &err) < 0)
			die_err(&err);
	}
	if (stage_close(stage, &err) < 0)
		die_err(&err);
	if (!d->tools)
		diag_warn("no tool: everything was skipped, -v says why");
	say(d);
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct definitions definitions;
	struct opt_common common;
	struct outfile tools, list;
	struct catalog catalog;
	struct lexicon lexicon;
	struct rules rules;
	struct stage stage;
	struct tags tags;
	struct err err;
	struct box box = { .profile = BOX_FILTER };

	opt_parse(&tool, argc, argv, &common);
	make_config(&rules, &lexicon, config);
	tags_init(&tags, &wanted_tags, untagged);
	rules.tags = &tags;
	if (open_stage(&stage, &common, config, &err) < 0 ||
	    (tools_file && outfile_open(&tools, tools_file, &err) < 0) ||
	    (list_tags && outfile_open(&list, common.output, &err) < 0))
		die_err(&err);
	box_output(&box, common.output);
	box_output(&box, tools_file);
	catalog_init(&catalog);
	catalog.server = stage.name;
	definitions_init(&definitions);
	catalog.wants_units = max_tokens || max_tools;
	/* what --tools is to show or may not fit must be kept */
	definitions.direct = tools_file || max_tokens || max_tools ||
		list_tags ? NULL : &stage;
	if (box_enter(&box, &err) < 0 ||
	    read_all(&catalog, &stage, &err) < 0 ||
	    (catalog_is_text(&catalog) &&
	    (lexicon_parse(&lexicon, &err) < 0 ||
	    manual_find(&catalog, &lexicon, &err) < 0)) ||
	    check_callables(&catalog, &err) < 0 ||
	    tags_find(&tags, &catalog, &err) < 0 ||
	    make_tools(&definitions, &catalog, &rules, &err) < 0)
		die_err(&err);
	if (list_tags)
		print_tags(&tags, &definitions, &list);
	else
		finish(&stage, &definitions, &tools);
	tags_release(&tags);
	definitions_release(&definitions);
	catalog_release(&catalog);
	rules_release(&rules);
	lexicon_release(&lexicon);
	return 0;
}
