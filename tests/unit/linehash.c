#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "form/linehash.h"
#include "base/str.h"
#include "tap.h"

/* All lines' hashes, one blank between. */
static const char *
all(const char *text, size_t n)
{
	static struct str out;
	struct linehash h;
	char one[LINEHASH_SIZE];

	if (!out.max)
		str_init(&out, STR_LINE);
	str_clear(&out);
	linehash_init(&h, text, n);
	for (unsigned line = 1; line <= h.n; line++) {
		linehash_get(&h, line, one);
		str_addf(&out, "%s%s", line > 1 ? " " : "", one);
	}
	linehash_release(&h);
	return str_s(&out);
}

static void
check(const char *text, const char *want, const char *name)
{
	is(all(text, strlen(text)), want, name);
}

int
main(void)
{
	struct str lorem;
	struct linehash h;
	char one[LINEHASH_SIZE];

	check("", "c129715d7a2bc9a3:1", "empty text");
	check(" a\nb\n  \t\tc\n d", "271789c17abda88f:1 54703d4cd895b18:1 "
		"180aee12dab6264:1 a23a3dc5e078b07b:1", "blanks are left out");
	str_init(&lorem, STR_LINE);
	for (int i = 0; i < 10; i++)
		str_puts(&lorem, "Lorem ipsum dolor sit amet.\n");
	is(all(lorem.buf, lorem.len), "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 "
		"a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5 "
		"a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 "
		"55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1",
		"equal lines are counted");
	check("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
		"e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 "
		"5c482a0f8b35ea28:1 54517377da7028d2:1 2c644846cb18d53e:1 "
		"f1b89f20de0d133:1 c129715d7a2bc9a3:1", "statements");
	is(all("\xc3\xa9\xf0\x9f\x98\x80\n", 7),
		"16a367e7bde89037:1 c129715d7a2bc9a3:1", "UTF-16 code units");
	is(all("\xef\xbb\xbf" "a\n", 5),
		"25afd31b599dedcd:1 c129715d7a2bc9a3:1", "a BOM is a symbol");
	check("a\r \nb", "67c066a59e652f5e:1 cc4c43d77869440f:1 "
		"8ee5a81e681643c1:1", "a blank between CR and LF");
	linehash_init(&h, "a\n", 2);
	linehash_get(&h, 3, one);
	is(one, "", "no such line");
	linehash_get(&h, 0, one);
	is(one, "", "no line 0");
	linehash_release(&h);
	str_release(&lorem);
	return done_testing();
}
