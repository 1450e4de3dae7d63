/* Patterns over the flat form: what matches what, by the text of the match. */
#include <stdlib.h>

#include "base/err.h"
#include "base/regex.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/formula.h"
#include "code/ir.h"
#include "code/lang.h"
#include "code/match.h"
#include "code/pattern.h"
#include "data/document.h"
#include "tap.h"

static struct atoms *atoms;
static struct ir_parser *parser;

/* All texts that the pattern matches, with "|" behind each. */
static const char *
matches(const char *language, const char *pattern, const char *code)
{
	static struct str out;
	struct matches all = { 0 };
	struct match_target target;
	struct pattern p;
	struct err err;
	struct ir ir;

	if (!out.max)
		str_init(&out, STR_LINE);
	str_clear(&out);
	if (pattern_compile(&p, parser, lang_get(language, &err), pattern,
	    &err) < 0)
		return err.text[0] ? "does not parse" : "";
	if (ir_parse(parser, lang_get(language, &err), code, strlen(code),
	    &ir, &err) < 0)
		return "code does not parse";
	match_target_init(&target, &ir);
	match_all(&target, &p, NULL, MATCH_ANYWHERE, &all);
	for (size_t i = 0; i < all.n; i++)
		str_addf(&out, "%.*s|",
			(int)(all.items[i].end - all.items[i].start),
			code + all.items[i].start);
	matches_release(&all);
	match_target_release(&target);
	ir_release(&ir);
	pattern_release(&p);
	return str_s(&out);
}

static const struct {
	const char *language, *pattern, *code, *want;
} rows[] = {
	{ "python", "f($X)", "f(1)\nf(1, 2)\nf()", "f(1)|" },
	{ "python", "f(...)", "f(1)\nf(1, 2)\nf()", "f(1)|f(1, 2)|f()|" },
	{ "python", "f(..., 2)", "f(1, 2)\nf(2, 1)", "f(1, 2)|" },
	{ "python", "f($X, $X)", "f(a, a)\nf(a, b)", "f(a, a)|" },
	{ "python", "f(..., k=1, ...)", "f(k=1)\nf(2, j=3, k=1)\nf(k=2)",
		"f(k=1)|f(2, j=3, k=1)|" },
	{ "python", "f($X)", "f(k=1)", "" },
	{ "python", "f(\"...\")", "f('a')\nf(x)\nf('a' 'b')\nf(f'{x}')",
		"f('a')|f('a' 'b')|" },
	{ "python", "f(\"...\")", "a = 'x'\nf(a)", "f(a)|" },
	{ "python", "f(f\"...{$X}...\")", "f(f'a{b}c')\nf('a')\nf(f'{b}')",
		"f(f'a{b}c')|f(f'{b}')|" },
	{ "python", "f(<... g ...>)", "f(1 + g)\nf(g)\nf(h)",
		"f(1 + g)|f(g)|" },
	{ "python", "f(<... g.$A ...>)", "a = g.b + 1\nf('x' + a)\nf(c)",
		"f('x' + a)|" },
	{ "python", "f(<... g ...>)", "a = g\na = 1\nf(a)", "" },
	{ "python", "os.system(...)", "import os\nos.system(1)",
		"os.system(1)|" },
	{ "python", "os.system(...)", "from os import system as s\ns(1)",
		"s(1)|" },
	{ "python", "os.system(...)", "import mine as os\nos.system(1)", "" },
	{ "python", "os.path.join(...)", "from os.path import join\njoin(1)",
		"join(1)|" },
	{ "python", "eval($X)", "def f(eval):\n    eval(1)", "" },
	{ "python", "req.args", "def f(req):\n    req.args", "req.args|" },
	{ "python", "$X = f(...)", "a = f(1)\nb: int = f(2)\nc = g()",
		"a = f(1)|b: int = f(2)|" },
	{ "python", "$X = open(...)\n...\n$X.read()",
		"a = open(1)\nif b:\n    c()\n    a.read()\n",
		"a = open(1)\nif b:\n    c()\n    a.read()|" },
	{ "python", "@$A.route(...)\ndef $F(...):\n    ...",
		"@app.route('/')\n@auth\ndef f(a, b):\n    pass\n"
		"def g():\n    pass",
		"@app.route('/')\n@auth\ndef f(a, b):\n    pass|" },
	{ "python", "{..., \"a\": 1, ...}", "{'b': 2, 'a': 1}\n{'a': 2}",
		"{'b': 2, 'a': 1}|" },
	{ "python", "[..., \"none\", ...]", "['a', 'none']\n['a']",
		"['a', 'none']|" },
	{ "python", "f($...ARGS, 1)", "f(2, 3, 1)", "f(2, 3, 1)|" },
	{ "python", "f(", "f(1)", "does not parse" },
	{ "javascript", "child_process.exec(...)",
		"const { exec } = require('child_process'); exec(a);",
		"exec(a)|" },
	{ "javascript", "fs.readFile(...)",
		"import { readFile as r } from 'node:fs'; r(a);", "r(a)|" },
	{ "javascript", "f({..., a: true, ...})",
		"f({ b, a: true }); f({ a: false });", "f({ b, a: true })|" },
	{ "javascript", "$X = f()", "const a = f(); a = f();",
		"a = f()|a = f()|" },
	{ "javascript", "f(`...${$X}...`)", "f(`a${b}c`); f(`a`);",
		"f(`a${b}c`)|" },
	{ "typescript", "eval($X)", "const a: string = eval(b) as string;",
		"eval(b)|" },
};

static void *
no_regex(const char *text, struct err *err)
{
	(void)text;
	err_set(err, "none here");
	return NULL;
}

static bool
no_find(void *regex, const char *text, size_t len, size_t *start, size_t *end)
{
	(void)regex;
	(void)text;
	(void)len;
	(void)start;
	(void)end;
	return false;
}

/* What formula_new() says of a rule's YAML. */
static const char *
refusal(const char *yaml)
{
	static const struct regex_engine regex = { no_regex, no_find, NULL };
	static struct err err;
	const struct json *at;
	struct document d;
	struct formula *f;
	bool unsupported = false;
	const char *said = "";

	if (document_parse(&d, yaml, strlen(yaml), "rule", &err) < 0)
		return "no YAML";
	f = formula_new(document_root(&d), lang_get("python", &err), parser,
		atoms, &regex, &unsupported, &at, &err);
	if (!f)
		said = unsupported ? "unsupported" : err.text;
	formula_free(f);
	document_release(&d);
	return said;
}

int
main(void)
{
	char name[300];

	atoms = atoms_new(NULL);
	parser = ir_parser_new(atoms);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(name, sizeof(name), "%s: %s", rows[i].language,
			rows[i].pattern);
		for (char *p = name; *p; p++)
			if (*p == '\n')
				*p = ' ';
		is(matches(rows[i].language, rows[i].pattern, rows[i].code),
			rows[i].want, name);
	}
	is(refusal("pattern: f()"), "", "a rule");
	is(refusal("{mode: taint, pattern: f()}"), "unsupported", "taint");
	is(refusal("patterns: [{pattern: f()}, {metavariable-type: x}]"),
		"unsupported", "an operator that we have not");
	is(refusal("patterns: [{pattern-not: f()}]"),
		"nothing but exclusions in 'patterns'", "only exclusions");
	is(refusal("languages: [python]"), "rule without 'pattern'",
		"nothing to look for");
	ir_parser_free(parser);
	atoms_free(atoms);
	return done_testing();
}
