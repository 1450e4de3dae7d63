/*
 * struct err: one located error, filled by library code that meets outside
 * data.  Such code returns -1 and fills the err; it never exits.
 *
 * The printed form is "file:line:col: error: text [rule]"; absent parts are
 * left out (line 0, col 0, an empty file or rule).  Text has no capital and no
 * full stop.  Bytes that could drive a terminal are escaped when printed (see
 * base/diag.h), not here.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

struct err {
	char file[512];		/* name as the user knows it; cut if longer */
	unsigned line;		/* 1-based, 0 = unknown */
	unsigned col;		/* 1-based UTF-16 column, 0 = unknown */
	char text[1024];	/* cut if longer */
	char rule[64];		/* rule id or "" */
};

/* Set the text, clearing file and position.  Always returns -1. */
int err_set(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Set text and position.  file may be NULL.  Always returns -1. */
int err_at(struct err *err, const char *file, unsigned line, unsigned col,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Like err_set, with ": " and strerror(errno) behind the text. */
int err_errno(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
