/*
 * Running another program, or a part of this one, in a child process under
 * limits of time and output.  No shell is involved.
 */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

struct proc {
	const char *const *argv;	/* argv[0] is looked for in PATH */
	const char *const *set;		/* "NAME=value", NULL-terminated; beside
					 * the inherited environment; "NAME"
					 * alone unsets it */
	unsigned seconds;		/* 0: no limit */
	bool detached;			/* a session of its own, so that it
					 * can not ask on the terminal */
};

/*
 * Run to the end with stdin empty, appending stdout to out and stderr to
 * errors up to their maxima (what is more is read and dropped); errors NULL:
 * our stderr.  The exit status; -1 with err when it can not be started, is
 * ended by a signal or takes too long.
 */
int proc_run(const struct proc *p, struct str *out, struct str *errors,
	struct err *err);

/*
 * Fork, let work() write its result to fd in the child, and append that to
 * out; -1 with err when there is more than out's maximum, the child does not
 * end with 0, or it takes too long.
 */
int proc_fork(void (*work)(void *arg, int fd), void *arg, unsigned seconds,
	struct str *out, struct err *err);

#endif
