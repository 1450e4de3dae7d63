/*
 * Diagnostics on stderr, as compilers write them, and the ends of a process.
 *
 * Everything printed goes through diag_escape(): control characters, bidi
 * controls and invalid UTF-8 become \xNN or \u{N}, so text from a source can
 * not drive the terminal.  Lines are written with one write(2) each.
 *
 * Only tools call die(); library code returns errors (base/err.h), except for
 * exhausted memory and broken invariants.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

enum diag_level {
	DIAG_QUIET,	/* -q: errors only */
	DIAG_NORMAL,	/* errors, warnings, the summary */
	DIAG_VERBOSE	/* -v: notes too */
};

/* Name printed before messages without a file.  Kept, not copied. */
void diag_init(const char *progname);
void diag_set_level(enum diag_level level);
enum diag_level diag_get_level(void);

/*
 * Run before the process ends by die() or by a signal diag handles: removes
 * temporary files.  One hook only; async-signal-safe code only.
 */
void diag_at_exit(void (*hook)(void));

/* "progname: error: text" and exit 2.  fmt ending in ":" adds strerror. */
void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));
/* "file:line:col: error: text [rule]" and exit 2. */
void die_err(const struct err *err) __attribute__((noreturn));

void diag_err(const struct err *err);
void diag_warn_err(const struct err *err);
void diag_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void diag_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Summary line, not shown with -q. */
void diag_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Shown with -v only. */
void diag_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A live line for long work: shown only when stderr is a terminal and the
 * level is not quiet; replaced by the next one and cleared by any message.
 */
void diag_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Append text[0..len) to out with everything unprintable escaped. */
void diag_escape(struct str *out, const char *text, size_t len);

#endif
