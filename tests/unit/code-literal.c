/* code/literal: escapes in strings. */
#include "code/literal.h"

#include <string.h>

#include "base/str.h"
#include "tap.h"

static const struct {
	enum literal_escapes escapes;
	bool bytes;
	const char *text, *want;
} rows[] = {
	{ LITERAL_RAW, false, "a\\nb", "a\\nb" },
	{ LITERAL_C, false, "a\\n\\t\\\\\\\"\\'", "a\n\t\\\"'" },
	{ LITERAL_C, false, "\\q\\/", "q/" },
	{ LITERAL_PYTHON, false, "\\q\\/\\d", "\\q\\/\\d" },
	{ LITERAL_PYTHON, false, "\\x41\\u00e9\\U0001F600", "A\xc3\xa9"
		"\xf0\x9f\x98\x80" },
	{ LITERAL_PYTHON, true, "\\xff\\x00", "\xff" },
	{ LITERAL_C, false, "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
	{ LITERAL_C, false, "\\ud83dx", "\xef\xbf\xbdx" },
	{ LITERAL_C, false, "\\u{1F600}", "\xf0\x9f\x98\x80" },
	{ LITERAL_C, false, "\\u{110000}", "\xef\xbf\xbd" },
	{ LITERAL_PYTHON, false, "\\101\\7", "A\a" },
	{ LITERAL_PYTHON, false, "a\\\nb", "ab" },
	{ LITERAL_PYTHON, false, "\\xg1", "\\xg1" },
	{ LITERAL_C, false, "end\\", "end\\" },
	{ LITERAL_C, false, "", "" },
};

int
main(void)
{
	struct str out;

	str_init(&out, STR_LINE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_clear(&out);
		literal_decode(&out, rows[i].text, strlen(rows[i].text),
			rows[i].escapes, rows[i].bytes);
		is(str_s(&out), rows[i].want, rows[i].text[0] ? "escapes" :
			"nothing");
	}
	str_release(&out);
	return done_testing();
}
