#include "smelt-gate2/code.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/formula.h"
#include "code/ir.h"
#include "code/lang.h"
#include "code/match.h"
#include "data/emit.h"
#include "data/glob.h"
#include "data/json.h"
#include "form/rule.h"
#include "smelt-gate2/judge.h"
#include "smelt-gate2/model.h"
#include "sys/scan.h"

struct code_rule {
	const struct rule *rule;
	struct formula *formula;
};

static bool
is_for(const struct rule *r, const char *language)
{
	return strcmp(r->scanner, "emitted") == 0 &&
		json_lists(json_get(r->body, "languages"), language);
}

static int
load_language(struct code *c, struct code_language *l,
	const struct rules *rules, struct err *err)
{
	size_t i, n = rules_count(rules);

	l->lang = lang_get(l->name, err);
	if (!l->lang)
		return -1;
	l->rules = xcalloc(n, sizeof(*l->rules));
	for (i = 0; i < n; i++) {
		const struct rule *r = rules_at(rules, i);
		const struct json *at = NULL;
		unsigned line, col;
		bool unsupported;
		struct err why;

		if (!is_for(r, l->name))
			continue;
		l->rules[l->nrules].rule = r;
		l->rules[l->nrules].formula = formula_new(r->body, l->lang,
			c->parser, c->atoms, &scan_engine, &unsupported, &at,
			&why);
		if (!l->rules[l->nrules].formula) {
			rule_position(rules, r, at, &line, &col);
			return err_at(err, r->file, line, col, "%s", why.text);
		}
		l->nrules++;
	}
	return 0;
}

int
code_load(struct code *c, const struct rules *rules, struct err *err)
{
	static const char *const names[CODE_LANGUAGES][2] = {
		{ "python", "py" }, { "typescript", "ts" },
		{ "typescript", "mjs" }
	};
	size_t i;

	memset(c, 0, sizeof(*c));
	c->atoms = atoms_new(NULL);
	c->parser = ir_parser_new(c->atoms);
	for (i = 0; i < CODE_LANGUAGES; i++) {
		c->languages[i].name = names[i][0];
		c->languages[i].extension = names[i][1];
		if (load_language(c, &c->languages[i], rules, err) < 0)
			return -1;
	}
	return 0;
}

void
code_release(struct code *c)
{
	size_t i, k;

	for (i = 0; i < CODE_LANGUAGES; i++) {
		for (k = 0; k < c->languages[i].nrules; k++)
			formula_free(c->languages[i].rules[k].formula);
		free(c->languages[i].rules);
	}
	ir_parser_free(c->parser);
	atoms_free(c->atoms);
}

static bool
excluded(const struct rule *r, const char *path)
{
	struct json_iter it;

	for (json_each(&it, json_get(json_get(r->body, "paths"), "exclude"));
	    json_next(&it); )
		if (json_str(it.value) && glob_match(json_str(it.value), path))
			return true;
	return false;
}

static void
run_rules(struct code *c, const struct code_language *l, struct judge *j,
	const char *path, struct ir *ir)
{
	struct match_target target;
	struct matches found = { 0 };
	struct loc loc;
	size_t i, k;

	match_target_init(&target, ir);
	for (i = 0; i < l->nrules; i++) {
		if (excluded(l->rules[i].rule, path))
			continue;
		target.steps = MATCH_STEPS;
		target.exhausted = false;
		formula_match(l->rules[i].formula, &target, &found);
		for (k = 0; k < found.n; k++) {
			ir_span(ir, found.items[k].start, found.items[k].end,
				path, &loc);
			judge_code(j, l->rules[i].rule->id, &loc, ir->text,
				ir->len, ir->text + found.items[k].start,
				found.items[k].end - found.items[k].start);
		}
		matches_release(&found);
		c->cut += target.exhausted;
	}
	match_target_release(&target);
}

static void
check_file(struct code *c, struct judge *j, const struct json *emit)
{
	const char *path = json_get_str(emit, "path");
	const struct json *text = json_get(emit, "text");
	const struct code_language *l = NULL;
	struct err err;
	struct ir ir;
	size_t i;

	for (i = 0; i < CODE_LANGUAGES; i++)
		if (strcmp(path_ext(path), c->languages[i].extension) == 0)
			l = &c->languages[i];
	if (!l || !json_str_is(json_get(emit, "encoding"), "utf-8") ||
	    !json_str(text) || ir_parse(c->parser, l->lang, json_str(text),
	    json_len(text), &ir, &err) < 0) {
		c->other++;
		return;
	}
	c->files++;
	c->odd += ir.errors || ir.cut;
	run_rules(c, l, j, path, &ir);
	ir_release(&ir);
}

void
code_check(struct code *c, struct judge *j, const struct model *m)
{
	size_t i;

	for (i = 0; i < m->nemits; i++) {
		const struct json *role = json_get(m->emits[i], "role");

		if (json_str_is(role, "runtime") ||
		    json_str_is(role, "handler"))
			check_file(c, j, m->emits[i]);
	}
}

void
code_tell(const struct code *c, struct str *out)
{
	size_t i, rules = 0;

	for (i = 0; i < CODE_LANGUAGES; i++)
		rules += c->languages[i].nrules;
	str_addf(out, "definitions, bindings, digests; %zu files of code, "
		"%zu rules", c->files, rules);
	if (c->odd)
		str_addf(out, "; %zu files do not parse cleanly", c->odd);
	if (c->cut)
		str_addf(out, "; %zu searches cut short", c->cut);
	if (c->other)
		str_addf(out, "; %zu files of code not scanned", c->other);
}
