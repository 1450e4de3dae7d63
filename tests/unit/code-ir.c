/* code/ir: the flat form of every language. */
#include "code/ir.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/lang.h"
#include "data/emit.h"
#include "tap.h"

static struct atoms *atoms;
static struct ir_parser *parser;

static bool
parse(const char *language, const char *text, struct ir *ir)
{
	const struct lang *lang;
	struct err err;

	lang = lang_get(language, &err);
	if (lang && ir_parse(parser, lang, text, strlen(text), ir, &err) == 0)
		return true;
	tap_show("error:", err.text);
	return false;
}

static void
dump_is(const char *language, const char *text, const char *want,
	const char *name)
{
	struct str out;
	struct ir ir;

	str_init(&out, STR_RECORD);
	if (!ok(parse(language, text, &ir), "it parses"))
		return;
	ir_dump(&ir, &out);
	is(str_s(&out), want, name);
	ir_release(&ir);
	str_release(&out);
}

/* parents, siblings and ends agree with each other */
static bool
sound(const struct ir *ir)
{
	for (uint32_t n = 0; n < ir->n; n++) {
		uint32_t at = n + 1;

		if (ir->nodes[n].stop <= n || ir->nodes[n].stop > ir->n)
			return false;
		IR_EACH(ir, c, n) {
			if (c != at || ir->nodes[c].parent != n)
				return false;
			at = ir->nodes[c].stop;
		}
		if (at != ir->nodes[n].stop)
			return false;
	}
	return true;
}

static void
python(void)
{
	dump_is("python", "x = (1 + 2)  # why\n",
		"module\n"
		"  assign\n"
		"    left: name [x]\n"
		"    right: binary [+]\n"
		"      left: integer [1]\n"
		"      right: integer [2]\n",
		"no parentheses, comments, statements");
	dump_is("python", "a is not b < c\n",
		"module\n"
		"  compare [is not <]\n"
		"    name [a]\n"
		"    name [b]\n"
		"    name [c]\n", "operators are the atom");
	dump_is("python", "'a\\x41' \"b\\n\" r'\\n'; b'x'; f'{y}!'\n",
		"module\n"
		"  string [aAb\n\\n]\n"
		"  string [x] bytes\n"
		"  template\n"
		"    interpolation\n"
		"      expression: name [y]\n"
		"    string [!]\n", "strings are their content");
	dump_is("python", "@d(1)\nasync def f(a: int = 2): ...\n",
		"module\n"
		"  function async\n"
		"    decorator\n"
		"      call\n"
		"        function: name [d]\n"
		"        arguments: arguments\n"
		"          integer [1]\n"
		"    name: name [f]\n"
		"    parameters: parameters\n"
		"      typed_default_parameter\n"
		"        name: name [a]\n"
		"        type: name [int]\n"
		"        value: integer [2]\n"
		"    body: block\n"
		"      ellipsis [...]\n", "a decorated function is the function");
}

static void
others(void)
{
	static const char *const texts[][2] = {
		{ "javascript", "export async function f(a) { g(`x${a}`); }" },
		{ "typescript", "export function f(a: string): void { g(a!); }" },
		{ "tsx", "const f = (a: string) => <b c={a}>x</b>;" },
		{ "go", "package p\nfunc F(a int) error { return g(\"x\") }" },
		{ "java", "class A { public int f(int a) { return g(\"x\"); } }" },
		{ "ruby", "def f(a)\n  g(\"x#{a}\")\nend" },
		{ "php", "<?php function f($a) { return g('x'); }" },
		{ "csharp", "class A { public int F(int a) { return G(\"x\"); } }" },
		{ "rust", "pub fn f(a: u8) -> u8 { g(\"x\") }" },
		{ "kotlin", "fun f(a: Int): Int { return g(\"x\") }" },
		{ "c", "static int f(int a) { return g(\"x\"); }" },
	};
	const char *const *all = lang_list();
	struct ir ir;
	struct err err;
	size_t i, k, calls, strings;

	for (i = 0; all[i]; i++)
		ok(lang_get(all[i], &err) != NULL, all[i]);
	ok(!lang_known("cobol") && !lang_get("cobol", &err),
		"an unknown language is none");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!ok(parse(texts[i][0], texts[i][1], &ir), texts[i][0]))
			continue;
		ok(!ir.errors, "it parses cleanly");
		ok(sound(&ir), "its nodes are sound");
		for (k = calls = strings = 0; k < ir.n; k++) {
			calls += ir.nodes[k].kind == IR_CALL;
			strings += ir.nodes[k].kind == IR_STRING;
		}
		if (strcmp(texts[i][0], "tsx") != 0)
			is_int((long long)calls, 1, "it has one call");
		if (strcmp(texts[i][0], "typescript") != 0 &&
		    strcmp(texts[i][0], "tsx") != 0)
			is_int((long long)strings, 1, "and one string");
		ir_release(&ir);
	}
}

static void
accessors(void)
{
	static const char text[] =
		"\"\"\"Doc.\"\"\"\n"
		"f(a, *b, k=\"v\", **c)\n"
		"# one\n# two\nx = '\xc3\xa9\xf0\x9f\x98\x80' + y\n";
	struct ir ir;
	struct str out;
	struct loc loc;
	uint32_t call, plus;
	size_t len;

	if (!ok(parse("python", text, &ir), "it parses"))
		return;
	is(ir_string(&ir, ir_docstring(&ir, 0), &len), "Doc.", "docstring");
	call = ir_nth(&ir, 0, 1);
	ok(ir_is(&ir, call, IR_CALL), "the call");
	ok(ir_named(&ir, ir_argument(&ir, call, 0), "a"), "first argument");
	is_int(ir_argument(&ir, call, 1), 0, "none behind *");
	is(ir_string(&ir, ir_keyword(&ir, call, "k"), NULL), "v", "keyword");
	is_int(ir_keyword(&ir, call, "z"), 0, "no such keyword");
	is_int(ir_count(&ir, ir_child(&ir, call, IR_F_ARGUMENTS)), 4, "count");
	str_init(&out, STR_LINE);
	ok(ir_doc_comment(&ir, ir_nth(&ir, 0, 2), &out), "there is a comment");
	is(str_s(&out), "one\ntwo", "its text");
	ok(!ir_doc_comment(&ir, call, &out), "no comment above the call");
	plus = ir_child(&ir, ir_nth(&ir, 0, 2), IR_F_RIGHT);
	ir_loc(&ir, ir_child(&ir, plus, IR_F_RIGHT), "f.py", &loc);
	is_int(loc.line, 5, "line");
	is_int(loc.col, 13, "column in UTF-16 units");
	is_int(ir_above(&ir, plus, IR_ASSIGN), ir_nth(&ir, 0, 2), "above");
	is(ir_atom(&ir, plus, NULL), "+", "atom");
	ir_release(&ir);
	str_release(&out);
}

static void
hostile(void)
{
	struct str text;
	struct ir ir;

	str_init(&text, STR_RECORD);
	str_puts(&text, "x = ");
	for (int i = 0; i < 20000; i++)
		str_putc(&text, '[');
	ok(parse("python", str_s(&text), &ir), "20000 open brackets");
	ok(ir.errors && sound(&ir), "are an error, in a sound form");
	ir_release(&ir);
	str_clear(&text);
	for (int i = 0; i < 9000; i++)
		str_putc(&text, '(');
	str_putc(&text, '1');
	for (int i = 0; i < 9000; i++)
		str_putc(&text, ')');
	ok(parse("python", str_s(&text), &ir), "9000 parentheses");
	is_int(ir.n, 2, "are one number");
	ir_release(&ir);
	str_clear(&text);
	for (int i = 0; i < 9000; i++)
		str_puts(&text, "a.");
	str_puts(&text, "b");
	ok(parse("python", str_s(&text), &ir), "9000 members");
	ok(ir.cut && sound(&ir), "are cut off, and it says so");
	ir_release(&ir);
	ok(parse("python", "def f(:\n  x = = 1\n", &ir), "broken code parses");
	ok(ir.errors && sound(&ir), "and says so");
	ir_release(&ir);
	ok(parse("python", "x = '\xff'\n", &ir), "bytes that are not UTF-8");
	is_int(ir.errors ? ir.error_at : 0, 5, "are an error where they are");
	ir_release(&ir);
	ok(parse("python", "", &ir), "no text");
	ok(!ir.errors && ir.n == 1, "is an empty module");
	ir_release(&ir);
	str_release(&text);
}

static void
interning(void)
{
	struct atoms *base = atoms_new(NULL), *over;
	uint32_t a = atoms_add(base, "alpha", 5), b, c;
	char name[16];
	size_t len;

	over = atoms_new(base);
	is_int(atoms_add(over, "alpha", 5), a, "texts of the base keep theirs");
	b = atoms_add(over, "beta", 4);
	ok(b != a && atoms_find(base, "beta", 4) == 0, "the base is unchanged");
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		atoms_add(over, name, strlen(name));
	}
	is_int(atoms_find(over, "beta", 4), b, "found among thousands");
	is(atoms_text(over, b, &len), "beta", "text");
	is_int((long long)len, 4, "length");
	c = atoms_add(over, "a\0b", 3);
	ok(c && c != atoms_add(over, "a", 1), "a NUL is a byte");
	is_int(atoms_add(over, "", 0), 1, "the empty text is 1");
	is(atoms_text(over, 0, NULL), "", "no atom has no text");
	atoms_free(over);
	atoms_free(base);
}

int
main(void)
{
	atoms = atoms_new(NULL);
	parser = ir_parser_new(atoms);
	python();
	others();
	accessors();
	hostile();
	interning();
	ir_parser_free(parser);
	atoms_free(atoms);
	return done_testing();
}
