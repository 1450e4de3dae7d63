#include "data/merge.h"
#include "tap.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/diff.h"

#define Y "<<<<<<< yours\n"
#define B "||||||| generated before\n"
#define M "=======\n"
#define N ">>>>>>> generated now\n"

static const struct {
	const char *name, *yours, *base, *now, *want;
	size_t conflicts;
} rows[] = {
	{ "nothing changed", "a\nb\n", "a\nb\n", "a\nb\n", "a\nb\n", 0 },
	{ "all empty", "", "", "", "", 0 },
	{ "yours changed", "a\nX\n", "a\nb\n", "a\nb\n", "a\nX\n", 0 },
	{ "generated changed", "a\nb\n", "a\nb\n", "Y\nb\n", "Y\nb\n", 0 },
	{ "both, far apart", "X\nb\nc\n", "a\nb\nc\n", "a\nb\nZ\n",
	  "X\nb\nZ\n", 0 },
	{ "both, alike", "X\nb\n", "a\nb\n", "X\nb\n", "X\nb\n", 0 },
	{ "the same line added", "a\nN\nb\n", "a\nb\n", "a\nN\nb\n",
	  "a\nN\nb\n", 0 },
	{ "a line deleted, another added", "b\nc\n", "a\nb\nc\n",
	  "a\nb\nc\nd\n", "b\nc\nd\n", 0 },
	{ "all deleted by yours", "", "a\n", "a\n", "", 0 },
	{ "both, otherwise", "X\nb\n", "a\nb\n", "Z\nb\n",
	  Y "X\n" B "a\n" M "Z\n" N "b\n", 1 },
	{ "changes that touch", "X\nb\n", "a\nb\n", "a\nZ\n",
	  Y "X\nb\n" B "a\nb\n" M "a\nZ\n" N, 1 },
	{ "deleted here, changed there", "b\n", "a\nb\n", "Z\nb\n",
	  Y B "a\n" M "Z\n" N "b\n", 1 },
	{ "two conflicts", "X\nb\nX\n", "a\nb\nc\n", "Z\nb\nZ\n",
	  Y "X\n" B "a\n" M "Z\n" N "b\n" Y "X\n" B "c\n" M "Z\n" N, 2 },
	{ "no end of line", "a\nX", "a\nb", "a\nb", "a\nX", 0 },
	{ "no end of line in a conflict", "X", "a", "Z",
	  Y "X\n" B "a\n" M "Z\n" N, 1 },
	{ "an end of line is a change", "a", "a\n", "a\n", "a", 0 },
	{ "CRLF everywhere", "a\r\nX\r\nc\r\n", "a\r\nb\r\nc\r\n",
	  "Z\r\nb\r\nc\r\n", Y, 1 },
	{ "an editor that writes CRLF", "a\r\nb\r\nX\r\n", "a\nb\nc\n",
	  "Z\nb\nc\n", "Z\r\nb\r\nX\r\n", 0 },
	{ "marks end as the lines do", "X\r\n", "a\n", "Z\n",
	  "<<<<<<< yours\r\nX\r\n||||||| generated before\r\na\r\n"
	  "=======\r\nZ\r\n>>>>>>> generated now\r\n", 1 },
	{ "mixed ends are lines that differ", "a\r\nb\nX\n", "a\nb\nc\n",
	  "a\nb\nc\n", "a\r\nb\nX\n", 0 },
	{ "no base, the same", "a\n", NULL, "a\n", "a\n", 0 },
	{ "no base: who changed is not known", "a\nX\nc\n", NULL,
	  "a\nc\nZ\n", "a\n" Y "X\n" B M N "c\n" Y B M "Z\n" N, 2 },
	{ "no base, nothing alike", "X\n", NULL, "Z\n",
	  Y "X\n" B M "Z\n" N, 1 },
};

static struct str
text_of(const char *s)
{
	struct str t;

	str_init(&t, MERGE_MAX);
	str_puts(&t, s);
	return t;
}

static void
test_rows(void)
{
	struct str yours, base, now, out;
	struct merge m;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		memset(&m, 0, sizeof(m));
		yours = text_of(rows[i].yours);
		base = text_of(rows[i].base ? rows[i].base : "");
		now = text_of(rows[i].now);
		str_init(&out, MERGE_MAX);
		merge_texts(&m, &out, &yours, rows[i].base ? &base : NULL,
			&now);
		if (strcmp(rows[i].name, "CRLF everywhere") == 0)
			ok(m.n == 1 && strstr(str_s(&out), "\r\n>>>>>>> gen"),
				rows[i].name);
		else
			is(str_s(&out), rows[i].want, rows[i].name);
		ok(m.n == rows[i].conflicts, "number of conflicts");
		ok((m.n == 0) == (strstr(str_s(&out), "<<<<<<<") == NULL),
			"marks stand for conflicts");
		merge_release(&m);
		merge_find_marks(&m, &out);
		ok(m.n == rows[i].conflicts, "and are found again");
		merge_release(&m);
		str_release(&yours);
		str_release(&base);
		str_release(&now);
		str_release(&out);
	}
}

static void
test_marks(void)
{
	struct str t = text_of("a\n=======\n<<<<<<< HEAD\nx <<<<<<< yours\n"
		"<<<<<<< yours2\n"), broken = text_of("a\n" Y "b\n" B "c\n" M
		"d\n" N "e\n" N "f\n" B "\n");
	struct merge m = { 0 };

	merge_find_marks(&m, &t);
	ok(m.n == 0, "what only looks like a mark is none");
	merge_find_marks(&m, &broken);
	ok(m.n == 3 && m.lines[0] == 2 && m.lines[1] == 10 &&
		m.lines[2] == 12, "marks that lost their partners are found");
	merge_release(&m);
	str_release(&t);
	str_release(&broken);
	t = text_of("a");
	ok(merge_is_text(&t), "text is text");
	str_add(&t, "\0b", 2);
	ok(!merge_is_text(&t), "NUL is not");
	str_release(&t);
}

/* --- random texts; the generator is our own, so that they are the same -- */

static uint64_t seed = 88172645463325252u;

static unsigned
dice(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static size_t
common_length(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t *row = xcalloc(nb + 1, sizeof(*row)), i, j, diagonal, was, n;

	for (i = 0; i < na; i++) {
		for (diagonal = 0, j = 1; j <= nb; j++, diagonal = was) {
			was = row[j];
			if (a[i] == b[j - 1])
				row[j] = diagonal + 1;
			else if (row[j - 1] > row[j])
				row[j] = row[j - 1];
		}
	}
	n = row[nb];
	free(row);
	return n;
}

static void
test_longest(void)
{
	uint32_t a[48], b[48], to[48];
	size_t na, nb, i, n, bad = 0, last;
	int round;

	for (round = 0; round < 20000; round++) {
		unsigned letters = 1 + dice(6);

		na = dice(48);
		nb = dice(48);
		for (i = 0; i < na; i++)
			a[i] = dice(letters);
		for (i = 0; i < nb; i++)
			b[i] = dice(letters);
		diff_match(a, na, b, nb, to);
		for (n = last = i = 0; i < na; i++) {
			if (to[i] == DIFF_NONE)
				continue;
			if (to[i] >= nb || a[i] != b[to[i]] ||
			    (n && to[i] <= last))
				bad++;
			last = to[i];
			n++;
		}
		bad += n != common_length(a, na, b, nb);
	}
	ok(bad == 0, "20000 sequences: a longest common subsequence");
}

/* What the steps of the diff do not reach is taken to differ, in bounded
 * time. */
static void
test_bounded(void)
{
	enum { SIZE = 400000 };
	uint32_t *a = xcalloc(SIZE, sizeof(*a)), *b = xcalloc(SIZE, sizeof(*b));
	uint32_t *to = xcalloc(SIZE, sizeof(*to));
	size_t i, n = 0;

	for (i = 0; i < SIZE; i++) {
		a[i] = dice(SIZE);
		b[i] = dice(SIZE);
	}
	b[0] = a[0];
	diff_match(a, SIZE, b, SIZE, to);
	for (i = 0; i < SIZE; i++)
		n += to[i] != DIFF_NONE && a[i] == b[to[i]];
	ok(n >= 1, "400000 lines of noise end");
	free(a);
	free(b);
	free(to);
}

/* --- against git merge-file ----------------------------------------------- */

enum { CASES = 400, LINES = 24 };

/* The lines of base, some deleted, changed, or with a new one before.  Both
 * sides make some changes alike: same tells at which lines. */
static void
write_side(struct str *out, const bool *same, unsigned n, char who,
	unsigned often, const char *end)
{
	unsigned i, what;

	for (i = 0; i <= n; i++) {
		what = dice(often);
		if (i < n && same[i]) {
			str_addf(out, "alike %u%s", i, end);
			continue;
		}
		if (what == 0)
			str_addf(out, "new %u %c%s", i, who, end);
		if (i < n && what == 1)
			str_addf(out, "line %u of %c%s", i, who, end);
		else if (i < n && what != 2)
			str_addf(out, "line %u%s", i, end);
	}
	if (dice(4) == 0 && str_ends(str_s(out), "\n") && end[0] == '\n')
		out->buf[--out->len] = '\0';
}

static void
write_case(const char *dir, int number, struct str texts[3])
{
	static const char *const names[] = { "yours", "base", "now" };
	bool same[LINES], none[LINES] = { false };
	unsigned n = dice(LINES), often = 4 + dice(30), i;
	const char *end = dice(5) ? "\n" : "\r\n";
	struct err err;
	char *path;

	for (i = 0; i < n; i++)
		same[i] = dice(12) == 0;
	for (i = 0; i < 3; i++) {
		str_init(&texts[i], MERGE_MAX);
		write_side(&texts[i], i == 1 ? none : same, n, "yon"[i],
			i == 1 ? 1000000 : often, end);
		path = xasprintf("%s/%03d.%s", dir, number, names[i]);
		if (io_write(path, str_s(&texts[i]), texts[i].len, &err) < 0)
			die_err(&err);
		free(path);
	}
}

static bool
agrees(const char *dir, int number, struct str texts[3], size_t *conflicts)
{
	char *path = xasprintf("%s/%03d.out", dir, number);
	struct str out, want;
	struct merge m = { 0 };
	struct err err;
	bool same;

	str_init(&out, MERGE_MAX);
	str_init(&want, MERGE_MAX);
	merge_texts(&m, &out, &texts[0], &texts[1], &texts[2]);
	same = io_read(path, &want, &err) == 0 && out.len == want.len &&
		memcmp(str_s(&out), str_s(&want), out.len) == 0;
	if (!same) {
		tap_show("yours", str_s(&texts[0]));
		tap_show("base ", str_s(&texts[1]));
		tap_show("now  ", str_s(&texts[2]));
		tap_show("got  ", str_s(&out));
		tap_show("git  ", str_s(&want));
	}
	*conflicts += m.n > 0;
	merge_release(&m);
	str_release(&out);
	str_release(&want);
	free(path);
	return same;
}

/* Lines are told apart, so there is one right answer: git's must be ours. */
static void
test_git(void)
{
	static const char script[] = "cd '%s' && for b in *.base; do "
		"n=${b%%.base}; git merge-file -q -p --diff3 -L yours -L "
		"'generated before' -L 'generated now' $n.yours $b $n.now "
		">$n.out; done; rm -f *.yours *.base *.now";
	static struct str texts[CASES][3];
	char dir[] = "/tmp/smelt-merge.XXXXXX", *command;
	size_t agreed = 0, conflicts = 0;
	int i;

	if (system("git --version >/dev/null 2>&1") != 0) {
		skip("the merge is git's", "no git");
		return;
	}
	if (!mkdtemp(dir))
		return;
	for (i = 0; i < CASES; i++)
		write_case(dir, i, texts[i]);
	command = xasprintf(script, dir);
	ok(system(command) == 0, "git merge-file ran");
	free(command);
	for (i = 0; i < CASES; i++) {
		agreed += agrees(dir, i, texts[i], &conflicts);
		str_release(&texts[i][0]);
		str_release(&texts[i][1]);
		str_release(&texts[i][2]);
	}
	ok(agreed == CASES, "400 merges are those of git merge-file");
	ok(conflicts > CASES / 8 && conflicts < CASES * 7 / 8,
		"with and without conflicts");
	command = xasprintf("rm -rf '%s'", dir);
	ok(system(command) == 0, "cleaned up");
	free(command);
}

int
main(void)
{
	test_rows();
	test_marks();
	test_longest();
	test_bounded();
	test_git();
	return done_testing();
}
