#include "data/glob.h"
#include "tap.h"

static const struct {
	const char *pattern, *path;
	bool match;
} rows[] = {
	{ "*.py", "a.py", true },
	{ "*.py", "src/a.py", true },
	{ "*.py", "src/a.pyc", false },
	{ "src/*.py", "src/a.py", true },
	{ "src/*.py", "src/b/a.py", false },
	{ "src/**", "src/b/a.py", true },
	{ "src/**", "srcs/a.py", false },
	{ "src/**/a.py", "src/a.py", true },
	{ "src/**/a.py", "src/x/y/a.py", true },
	{ "src/**/a.py", "src/x/ba.py", false },
	{ "**/tests/*", "tests/a", true },
	{ "**/tests/*", "x/tests/a", true },
	{ "**/tests/*", "x/mytests/a", false },
	{ "**", "a/b", true },
	{ "tests/", "tests/unit/a.c", true },
	{ "tests/", "tests", false },
	{ "/a.py", "a.py", true },
	{ "/a.py", "b/a.py", false },
	{ "a?c", "abc", true },
	{ "x/a?c", "x/a/c", false },
	{ "[a-c]x", "bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[]]x", "]x", true },
	{ "[x", "[x", true },
	{ "a\\*b", "a*b", true },
	{ "a\\*b", "axb", false },
	{ "", "a", false },
	{ "***********************b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "a**b", "axxb", true },
};

static const struct {
	const char *pattern, *text;
	bool match;
} texts[] = {
	{ "*_required", "login_required", true },
	{ "*_required", "login_required_by", false },
	{ "a*b*c", "axxbyc/c", true },
	{ "GET /b?oks*", "GET /books/{id}", true },
	{ "", "", true }, { "*", "", true }, { "?", "", false },
	{ "[a]", "a", false }
};

int
main(void)
{
	char name[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(name, sizeof(name), "%s %s %s", rows[i].pattern,
			rows[i].match ? "matches" : "does not match",
			rows[i].path);
		ok(glob_match(rows[i].pattern, rows[i].path) == rows[i].match,
			name);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ok(glob_text(texts[i].pattern, texts[i].text) ==
			texts[i].match, texts[i].pattern);
	return done_testing();
}
