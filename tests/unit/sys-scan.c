#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/scan.h"
#include "tap.h"

static struct str seen;

static void
found(const struct scan_match *m, void *ctx)
{
	const char *text = ctx;
	size_t g = m->ngroups > 1 && m->groups[1].start != SIZE_MAX ? 1 : 0;

	str_addf(&seen, "%zu:%.*s ", m->pattern,
		(int)(m->groups[g].end - m->groups[g].start),
		text + m->groups[g].start);
}

static const char *
run(struct scan *s, const char *text)
{
	str_clear(&seen);
	scan_run(s, text, strlen(text), found, (void *)(uintptr_t)text);
	return str_s(&seen);
}

static void
windows(void)
{
	static const char *const key[] = { "key=" };
	static const char *const begin[] = { "BEGIN" };
	const struct scan_pattern line = { .regex = "key=(\\w+)( end)?",
		.literals = key, .nliterals = 1, .after = 8 };
	const struct scan_pattern lines = { .regex = "BEGIN\\s(\\w+)\\sEND",
		.literals = begin, .nliterals = 1, .multiline = true };
	const struct scan_pattern always = { .regex = "^z+$" };
	struct scan s;
	struct err err;

	scan_init(&s);
	is_int(scan_add(&s, &line, &err), 0, "a pattern");
	is_int(scan_add(&s, &lines, &err), 0, "one over lines");
	is_int(scan_add(&s, &always, &err), 0, "one without literals");
	is_int(scan_ready(&s, &err), 0, "ready");
	is(run(&s, "a key=b KEY=c\nkey=d"), "0:b 0:d ",
		"all on a line; the expression decides on case");
	is(run(&s, "key=abcdefghijklm"), "0:abcdefgh ", "after is a limit");
	is(run(&s, "BEGIN\nx\nEND"), "1:x ", "over line ends");
	is(run(&s, "zzz"), "2:zzz ", "without literals everywhere");
	is(run(&s, "ke y=a"), "", "no literal, no match");
	is(run(&s, ""), "", "empty text");
	is_int((long long)scan_exhausted(&s), 0, "nothing was cut short");
	scan_release(&s);
}

static void
limits(void)
{
	const struct scan_pattern bad = { .regex = "(a+)+$" };
	static const char *const small[] = { "x" };
	const struct scan_pattern literal = { .regex = "x", .literals = small,
		.nliterals = 1 };
	const struct scan_pattern broken = { .regex = "(" };
	struct scan s;
	struct err err;
	char text[64];

	scan_init(&s);
	is_int(scan_add(&s, &literal, &err), -1, "a literal of one byte");
	is_int(scan_add(&s, &broken, &err), -1, "a broken expression");
	ok(strstr(err.text, "offset 1") != NULL, "says where");
	is_int(scan_add(&s, &bad, &err), 0, "a costly one");
	is_int(scan_ready(&s, &err), 0, "is ready");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 2] = '!';
	text[sizeof(text) - 1] = 0;
	run(&s, text);
	ok(scan_exhausted(&s) > 0, "and is told to be cut short");
	scan_release(&s);
}

static void
single(void)
{
	struct err err;
	struct scan_regex *r = scan_regex_new("\xc3\xa9+",
		SCAN_UTF | SCAN_CASELESS, &err);
	size_t start = 0, end = 0;

	ok(r && scan_regex_match(r, "x\xc3\x89", 3, &start, &end),
		"letters of Unicode, any case");
	is_int((long long)start, 1, "begin");
	is_int((long long)end, 3, "end");
	ok(!scan_regex_match(r, "\xff\xfe", 2, NULL, NULL),
		"bytes that are no UTF-8 match nothing");
	scan_regex_free(r);
}

int
main(void)
{
	str_init(&seen, STR_LINE);
	windows();
	limits();
	single();
	str_release(&seen);
	return done_testing();
}
