/*
 * struct scan: many regular expressions over many texts.  libhs finds the
 * literals that every match must contain, PCRE2 (with JIT) confirms around
 * them and captures.  The only code that knows either library.
 *
 *	scan_init(&s);
 *	scan_add(&s, &(struct scan_pattern){ .regex = …, … }, &err);
 *	scan_ready(&s, &err);
 *	scan_run(&s, text, len, found, ctx);
 *	scan_release(&s);
 *
 * Expressions are PCRE2 in bytes unless SCAN_UTF; $ is the very end.  Each match
 * is limited in steps and depth; a pattern that meets the limit on a text is
 * reported by scan_exhausted(), not dropped.
 * After scan_ready() a scan may be used by one thread only; texts are at most
 * 4 GiB - 1.
 */
#ifndef SYS_SCAN_H
#define SYS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct regex_engine;

enum scan_flags {
	SCAN_CASELESS = 1,
	SCAN_EXTENDED = 2,	/* white space and # comments are ignored */
	SCAN_WHOLE = 4,		/* confirm over the whole text, not around
				 * the literal */
	SCAN_UTF = 8		/* UTF-8, with Unicode's letters and case */
};

struct scan_pattern {
	const char *regex;
	const char *const *literals;	/* of 2 bytes or more, any case; none:
					 * confirm over every text */
	size_t nliterals;
	unsigned flags;
	size_t before, after;	/* bytes of the line looked at around a
				 * literal; 0: 256 and 512.  after may pass
				 * line ends when multiline */
	bool multiline;
};

enum { SCAN_GROUPS = 10 };

struct scan_match {
	size_t pattern;		/* index by order of scan_add() */
	size_t start, end;	/* in the text */
	size_t ngroups;		/* with group 0 */
	struct {
		size_t start, end;	/* equal SIZE_MAX: not set */
	} groups[SCAN_GROUPS];
};

typedef void scan_found(const struct scan_match *m, void *ctx);

struct scan {
	struct scan_impl *impl;
};

void scan_init(struct scan *s);
/* -1: the regular expression is wrong (err has no file; line 0). */
int scan_add(struct scan *s, const struct scan_pattern *p, struct err *err);
int scan_ready(struct scan *s, struct err *err);
/* Calls found for every match of every pattern: patterns in order, matches of
 * one by position, not overlapping. */
void scan_run(struct scan *s, const char *text, size_t len,
	scan_found *found, void *ctx);
/* Times that a step limit cut a match short since scan_init(). */
size_t scan_exhausted(const struct scan *s);
void scan_release(struct scan *s);

/* One expression, no literals: does it match text? */
struct scan_regex;
struct scan_regex *scan_regex_new(const char *regex, unsigned flags,
	struct err *err);
bool scan_regex_match(const struct scan_regex *r, const char *text,
	size_t len, size_t *start, size_t *end);
void scan_regex_free(struct scan_regex *r);

/* The same without flags, as base/regex.h has it. */
extern const struct regex_engine scan_engine;

#endif
