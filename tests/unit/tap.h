/*
 * TAP for the unit tests: tests/unit/NAME.c is a program, linked with
 * libsmelt.a, whose main() ends with "return done_testing();".  A program that
 * dies before has printed no plan, and prove counts it as failed.
 */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_tests, tap_failures;

/* A string on one line, safe for TAP and for a terminal. */
static inline void
tap_show(const char *label, const char *s)
{
	fprintf(stderr, "#   %s ", label);
	if (!s) {
		fputs("(null)\n", stderr);
		return;
	}
	for (; *s; s++) {
		if (*s == '\n')
			fputs("\\n", stderr);
		else if ((unsigned char)*s < ' ' || *s == 127)
			fprintf(stderr, "\\x%02x", (unsigned char)*s);
		else
			fputc(*s, stderr);
	}
	fputc('\n', stderr);
}

static inline bool
tap_ok(bool good, const char *file, int line, const char *name)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_tests, name);
	fflush(stdout);
	if (!good) {
		tap_failures++;
		fprintf(stderr, "# failed at %s:%d\n", file, line);
	}
	return good;
}

static inline bool
tap_is(const char *got, const char *want, const char *file, int line,
	const char *name)
{
	bool same = got && want ? !strcmp(got, want) : got == want;

	if (!tap_ok(same, file, line, name)) {
		tap_show("got: ", got);
		tap_show("want:", want);
	}
	return same;
}

static inline bool
tap_is_int(long long got, long long want, const char *file, int line,
	const char *name)
{
	if (!tap_ok(got == want, file, line, name))
		fprintf(stderr, "#   got:  %lld\n#   want: %lld\n", got, want);
	return got == want;
}

/* Each says whether it passed, so that what hangs on it can be left out. */
#define ok(good, name) tap_ok((good), __FILE__, __LINE__, (name))
#define is(got, want, name) tap_is((got), (want), __FILE__, __LINE__, (name))
#define is_int(got, want, name) \
	tap_is_int((got), (want), __FILE__, __LINE__, (name))
#define skip(name, why) \
	printf("ok %d - %s # SKIP %s\n", ++tap_tests, (name), (why))

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures || fflush(stdout) ? 1 : 0;
}

#endif
