/* Regular expressions and token counts of smelt-tooldef. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "smelt-tooldef/budget/tokens.h"
#include "smelt-tooldef/pattern.h"
#include "tap.h"

static bool
portable(const char *pattern)
{
	return pattern_portable(pattern, strlen(pattern));
}

static void
test_patterns(void)
{
	static const char *const good[] = { "", "^$", "^[a-z]+$", "a|b",
		"(a|b)?c", "(?:ab){2,3}", "^(?=x)(?!y)z$", "[^\\]\\\\]",
		"\\d{4}-\\d{2}", "[\\d.-]", "[a\\-z]", "[-a]", "[\\t-\\r]", "[\xc3\xa9-\xc3\xbc]", "\\u00e9\\x41",
		"\\/\\*", "a*?b+?c??", "\xc3\xa9+", "x{0,999}", "(a{2,}b)",
		"^(a+|b)$", NULL };
	static const char *const bad[] = { "(", ")", "[", "]", "{", "}", "a{",
		"a{1", "a{3,2}", "*a", "+", "a**", "a+*", "a{2}{3}", "^*",
		"(?=a)*", "\\b+", "\\", "\\p{L}", "\\_", "\\1", "\\k<a>",
		"\\-", "\\u{1F600}", "\\u12", "\\xg0", "(?<=a)b", "(?<a>b)",
		"(?i)a", "(?P<a>b)", "[z-a-\\d]", "[\\w-.]", "[a-\\d]", "[]a]",
		"[[a]]", "[\xc3\xbc-\xc3\xa9]", "[\\x61-A]", "[a&&b]", "[a--b]", "(a+)+", "(a*)*b", "(a|b)+",
		"((a|b)c)*", "([a-z]+x)*", "a{1000}", "a{1,1000}",
		"(?:(?:a*))+", NULL };
	size_t i;

	for (i = 0; good[i]; i++)
		ok(portable(good[i]), good[i]);
	for (i = 0; bad[i]; i++)
		ok(!portable(bad[i]), bad[i]);
	ok(!pattern_portable("a\0b", 3), "NUL");
}

static void
test_limits(void)
{
	char deep[200], wide[1500];

	memset(deep, '(', 50);
	memset(deep + 50, ')', 50);
	ok(!pattern_portable(deep, 100), "50 groups deep");
	memset(wide, 'a', sizeof(wide));
	ok(!pattern_portable(wide, sizeof(wide)), "1500 bytes");
	ok(pattern_portable(wide, 900), "900 bytes");
}

static void
test_tokens(void)
{
	is_int((long long)tokens_estimate("", 0), 0, "nothing");
	is_int((long long)tokens_estimate("list books", 10), 2, "two words");
	is_int((long long)tokens_estimate("listBooks", 9), 2, "camel case");
	is_int((long long)tokens_estimate("{\"a\":1234}", 10), 6,
		"marks by four, digits by three");
	is_int((long long)tokens_estimate("internationalization", 20), 2,
		"a long word");
}

int
main(void)
{
	test_patterns();
	test_limits();
	test_tokens();
	return done_testing();
}
