#include "smelt-gate1/sast.h"

#include <stdbool.h>
#include <stdint.h>
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
#include "form/finding.h"
#include "form/rule.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/gate.h"
#include "sys/scan.h"

enum { LANGUAGES = 4, ARGUMENT = 80 };

struct sast_rule {
	const struct rule *rule;
	struct formula *formula;
};

struct language {
	const char *name;
	const struct lang *lang;
	struct sast_rule *rules;
	size_t nrules, cap;
	bool tried;
};

struct sast {
	struct gate *g;
	struct atoms *atoms;
	struct ir_parser *parser;
	struct language languages[LANGUAGES];
	size_t files, errors, failed, exhausted, unsupported;
};

/* --- rules --------------------------------------------------------------- */

/* What a rule calls the languages; tsx is typescript to it. */
static bool
named(const char *rule_language, const char *name)
{
	static const char *const names[][2] = {
		{ "python", "python" }, { "py", "python" },
		{ "javascript", "javascript" }, { "js", "javascript" },
		{ "typescript", "typescript" }, { "ts", "typescript" },
		{ "typescript", "tsx" }, { "ts", "tsx" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i][0], rule_language) == 0 &&
		    strcmp(names[i][1], name) == 0)
			return true;
	return false;
}

static bool
rule_is_for(const struct rule *r, const char *name)
{
	struct json_iter it;

	for (json_each(&it, json_get(r->body, "languages")); json_next(&it); )
		if (json_str(it.value) && named(json_str(it.value), name))
			return true;
	return false;
}

static void
refused(struct sast *s, const struct rule *r, const char *language,
	bool unsupported, const struct json *at, const struct err *err)
{
	unsigned line, col;

	rule_position(s->g->rules, r, at, &line, &col);
	s->unsupported++;
	gate_note(s->g, "warning", r->id, "rule '%s' (%s:%u:%u) does not run "
		"on %s: %s%s", r->id, path_base(r->file), line, col, language,
		unsupported ? "unsupported " : "", err->text);
}

static void
load_language(struct sast *s, struct language *l)
{
	struct err err;

	l->tried = true;
	l->lang = lang_get(l->name, &err);
	if (!l->lang) {
		gate_note(s->g, "error", NULL, "no %s: %s", l->name, err.text);
		return;
	}
	for (size_t i = 0; i < rules_count(s->g->rules); i++) {
		const struct rule *r = rules_at(s->g->rules, i);
		const struct json *at = NULL;
		struct sast_rule own = { r, NULL };
		bool unsupported = false;

		if (strcmp(r->scanner, "sast") || !rule_is_for(r, l->name))
			continue;
		own.formula = formula_new(r->body, l->lang, s->parser,
			s->atoms, &scan_engine, &unsupported, &at, &err);
		if (!own.formula) {
			refused(s, r, l->name, unsupported, at, &err);
			continue;
		}
		l->rules = vec_grow(l->rules, l->nrules, &l->cap, sizeof(own));
		l->rules[l->nrules++] = own;
	}
}

static struct language *
language_of(struct sast *s, const struct corpus_file *f)
{
	static const char *const extensions[][2] = {
		{ "py", "python" }, { "js", "javascript" },
		{ "mjs", "javascript" }, { "cjs", "javascript" },
		{ "jsx", "javascript" }, { "ts", "typescript" },
		{ "mts", "typescript" }, { "tsx", "tsx" },
	};
	const char *name = f->language;

	for (size_t i = 0; !name &&
	    i < sizeof(extensions) / sizeof(*extensions); i++)
		if (strcmp(path_ext(f->path), extensions[i][0]) == 0)
			name = extensions[i][1];
	for (size_t i = 0; name && i < LANGUAGES; i++)
		if (strcmp(name, s->languages[i].name) == 0) {
			if (!s->languages[i].tried)
				load_language(s, &s->languages[i]);
			return s->languages[i].lang ? &s->languages[i] : NULL;
		}
	return NULL;
}

/* paths: {include: [globs], exclude: [globs]} */
static bool
path_taken(const struct rule *r, const char *path)
{
	const struct json *paths = json_get(r->body, "paths");
	const struct json *include = json_get(paths, "include");
	struct json_iter it;
	bool taken = !json_size(include);

	for (json_each(&it, include); json_next(&it); )
		taken |= json_str(it.value) &&
			glob_match(json_str(it.value), path);
	for (json_each(&it, json_get(paths, "exclude")); json_next(&it); )
		if (json_str(it.value) && glob_match(json_str(it.value), path))
			return false;
	return taken;
}

/* --- findings ------------------------------------------------------------ */

/* Source text on one line, cut at a character. */
static void
one_line(struct str *out, const char *text, size_t len, size_t max)
{
	bool blank = false;

	for (size_t i = 0; i < len; i++) {
		if (out->len >= max && ((unsigned char)text[i] & 0xC0) !=
		    0x80) {
			str_puts(out, "…");
			return;
		}
		if ((unsigned char)text[i] <= ' ') {
			blank = out->len > 0;
			continue;
		}
		if (blank)
			str_putc(out, ' ');
		blank = false;
		str_putc(out, text[i]);
	}
}

static void
report(struct sast *s, const struct rule *r, struct ir *ir,
	struct corpus_file *f, const struct match *m)
{
	const char *args[RULE_ARGS];
	struct str texts[RULE_ARGS], content;
	struct loc loc;

	for (size_t i = 0; i < r->nargs; i++) {
		uint32_t var = atoms_find(s->atoms, r->args[i],
			strlen(r->args[i]));
		const struct match_var *v = match_find(m, var);

		str_init(&texts[i], STR_LINE);
		if (var && v)
			one_line(&texts[i], ir->text + v->start,
				v->end - v->start, ARGUMENT);
		else
			str_puts(&texts[i], r->args[i]);
		args[i] = str_s(&texts[i]);
	}
	str_init(&content, STR_RECORD);
	one_line(&content, ir->text + m->start, m->end - m->start,
		STR_RECORD);
	ir_span(ir, m->start, m->end, f->path, &loc);
	gate_find(s->g, r, &loc, f, args, r->nargs, str_s(&content));
	for (size_t i = 0; i < r->nargs; i++)
		str_release(&texts[i]);
	str_release(&content);
}

static void
run_rules(struct sast *s, const struct language *l, struct ir *ir,
	struct corpus_file *f)
{
	struct match_target target;
	struct matches found = { 0 };

	match_target_init(&target, ir);
	for (size_t i = 0; i < l->nrules; i++) {
		const struct sast_rule *r = &l->rules[i];

		if (!path_taken(r->rule, f->path))
			continue;
		target.steps = MATCH_STEPS;
		target.exhausted = false;
		formula_match(r->formula, &target, &found);
		for (size_t k = 0; k < found.n; k++)
			report(s, r->rule, ir, f, &found.items[k]);
		matches_release(&found);
		if (target.exhausted) {
			s->exhausted++;
			gate_note(s->g, "warning", r->rule->id, "%s: step "
				"budget of rule '%s' exceeded; not matched "
				"to the end", f->path, r->rule->id);
		}
	}
	match_target_release(&target);
}

static void
scan_file(struct sast *s, struct corpus_file *f)
{
	const struct language *l = f->copy ? NULL : language_of(s, f);
	struct err err;
	struct loc loc;
	struct ir ir;

	if (!l)
		return;
	if (ir_parse(s->parser, l->lang, f->text, f->len, &ir, &err) < 0) {
		s->failed++;
		gate_note(s->g, "warning", NULL, "%s: not scanned by code "
			"rules: %s", f->path, err.text);
		return;
	}
	s->files++;
	if (ir.errors || ir.cut) {
		ir_span(&ir, ir.error_at, ir.error_at, f->path, &loc);
		s->errors++;
		gate_note(s->g, "note", NULL, "%s:%u:%u: does not parse "
			"cleanly as %s; scanned around it", f->path, loc.line,
			loc.col, l->name);
	}
	run_rules(s, l, &ir, f);
	ir_release(&ir);
}

/* Code for which there are no rules. */
static void
tell_others(const struct sast *s, struct str *text)
{
	static const char *const others[] = { "go", "java", "ruby", "php",
		"csharp", "rust", "kotlin", "c" };
	bool first = true;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		size_t n = 0;

		for (size_t k = 0; k < s->g->corpus->nfiles; k++) {
			const char *l = s->g->corpus->files[k].language;

			n += l && strcmp(l, others[i]) == 0;
		}
		if (n)
			str_addf(text, "%s %s %zu", first ?
				"; no rules for:" : ",", others[i], n);
		first = first && !n;
	}
}

static void
tell(struct sast *s)
{
	size_t rules = 0;
	struct str text;

	for (size_t i = 0; i < rules_count(s->g->rules); i++)
		rules += !strcmp(rules_at(s->g->rules, i)->scanner, "sast");
	str_init(&text, STR_LINE);
	str_addf(&text, "%zu files of python, javascript and typescript, "
		"%zu rules", s->files, rules);
	if (s->unsupported)
		str_addf(&text, "; %zu rules did not run", s->unsupported);
	if (s->errors)
		str_addf(&text, "; %zu files do not parse cleanly", s->errors);
	if (s->failed)
		str_addf(&text, "; %zu files not scanned", s->failed);
	if (s->exhausted)
		str_addf(&text, "; %zu searches cut short", s->exhausted);
	tell_others(s, &text);
	gate_scanned(s->g, "sast", true, "%s", str_s(&text));
	str_release(&text);
}

void
sast_scan(struct gate *g)
{
	struct sast s = { .g = g, .languages = { { .name = "python" },
		{ .name = "javascript" }, { .name = "typescript" },
		{ .name = "tsx" } } };

	s.atoms = atoms_new(NULL);
	s.parser = ir_parser_new(s.atoms);
	for (size_t i = 0; i < g->corpus->nfiles; i++)
		scan_file(&s, &g->corpus->files[i]);
	tell(&s);
	for (size_t i = 0; i < LANGUAGES; i++) {
		for (size_t k = 0; k < s.languages[i].nrules; k++)
			formula_free(s.languages[i].rules[k].formula);
		free(s.languages[i].rules);
	}
	ir_parser_free(s.parser);
	atoms_free(s.atoms);
}
