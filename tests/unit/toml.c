/* TOML as manifests have it: values and places; what is wrong is refused. */
#include "base/err.h"
#include "base/mem.h"
#include "smelt-intake/deps/toml.h"
#include "tap.h"

static struct arena arena;
static struct toml *root;
static struct err err;

static bool
parse(const char *text)
{
	arena_reset(&arena);
	return toml_parse(&arena, text, strlen(text), "t.toml", &root,
		&err) == 0;
}

static const char *
text_of(const char *path)
{
	const struct toml *t = toml_path(root, path);

	return t ? t->text : NULL;
}

static void
refused(const char *text, unsigned line, unsigned col)
{
	char name[64];
	size_t i;

	for (i = 0; text[i] && i + 1 < sizeof(name); i++)
		name[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
	name[i] = '\0';
	ok(!parse(text), name);
	is_int(err.line, line, "its line");
	is_int(err.col, col, "its column");
}

static void
test_values(void)
{
	const struct toml *t;

	ok(parse("# c\n[a.b]\nx = \"1\\t\\u00e9\\U0001F600\\\"\" # d\n"
		"'q u' = 'C:\\n'\r\nn = -1_0.5e3\nf = [ 1,\n 'two', # c\n]\n"
		"i = {k = true, d.e = 1979-05-27T07:32:00Z}\n"
		"m = \"\"\"\nl1 \\\n   l2\"q\"\"\"\"\nr = '''\n\\\\'''\n"
		"[[l]]\nv = 1\n[[l]]\n[l.s]\nw = inf\n[[l.t]]\n[x]\ny.z = 3\n"),
		"every kind of value");
	is(text_of("a.b.x"), "1\t\xc3\xa9\xf0\x9f\x98\x80\"", "escapes");
	is(toml_str(toml_get(toml_path(root, "a.b"), "q u")), "C:\\n",
		"a literal string, a quoted key");
	is(text_of("a.b.n"), "-1_0.5e3", "a number as it is written");
	is(text_of("a.b.i.k"), "true", "a boolean");
	is(text_of("a.b.i.d.e"), "1979-05-27T07:32:00Z", "a date");
	is(text_of("a.b.m"), "l1 l2\"q\"", "over lines");
	is(text_of("a.b.r"), "\\\\", "a literal one over lines");
	is(text_of("x.y.z"), "3", "a dotted key");
	t = toml_path(root, "a.b.f");
	ok(t && t->type == TOML_ARRAY && t->first &&
		t->first->type == TOML_OTHER && t->first->next &&
		strcmp(toml_str(t->first->next), "two") == 0, "an array");
	is_int(t ? t->line : 0, 6, "where it is");
	is_int(t ? t->end_line : 0, 8, "where it ends");
	t = toml_get(root, "l");
	ok(t && t->type == TOML_ARRAY && t->first && t->first->next &&
		!t->first->next->next, "tables in an array");
	is(t ? toml_get(toml_get(t->first->next, "s"), "w")->text : NULL,
		"inf", "the last is what is meant");
	ok(!toml_get(root, "nowhere") && !toml_path(root, "a.c.d") &&
		!toml_get(NULL, "a") && !toml_str(NULL), "what is not there");
}

int
main(void)
{
	char deep[400];
	size_t i;

	test_values();
	ok(parse(""), "nothing");
	ok(parse("\xef\xbb\xbf" "a = 1"), "a byte order mark");
	ok(parse("[a.b]\nx = 1\n[a]\ny = 2\n"), "a table after its own table");
	ok(parse("a.b = 1\na.c = 2\n"), "a table of dotted keys");
	refused("a = 1\na = 2", 2, 1);
	refused("[a]\n[a]", 2, 2);
	refused("a = 1\n[a]", 2, 2);
	refused("[a]\n[[a]]", 2, 3);
	refused("a = [{}]\n[[a]]", 2, 3);
	refused("a = {b = 1}\na.c = 2", 2, 1);
	refused("a = {b = 1,}", 1, 12);
	refused("a = [1 2]", 1, 8);
	refused("a = 1 b = 2", 1, 7);
	refused("a =", 1, 4);
	refused("= 1", 1, 1);
	refused("a = nonsense", 1, 5);
	refused("a = \"x", 1, 7);
	refused("a = \"x\ny\"", 1, 7);
	refused("a = \"\\q\"", 1, 7);
	refused("a = \"\\ud800\"", 1, 12);
	refused("a = 'x\x01'", 1, 7);
	refused("a = '\xff'", 1, 6);
	refused("[a", 1, 3);
	for (i = 0; i < sizeof(deep) - 1; i++)
		deep[i] = i < 4 ? "a = "[i] : '[';
	deep[i] = '\0';
	ok(!parse(deep), "arrays without end");
	ok(strstr(err.text, "too deep") != NULL, err.text);
	arena_release(&arena);
	return done_testing();
}
