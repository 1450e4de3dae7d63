/*
 * Running another program in a child process under limits of time and output.
 * No shell is involved.
 */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

/* what any pipe takes without a reader */
enum { PROC_INPUT = 4096 };

struct proc {
	const char *const *argv;	/* argv[0] is looked for in PATH */
	const char *const *set;		/* "NAME=value", NULL-terminated; beside
					 * the inherited environment; "NAME"
					 * alone unsets it */
	const char *input;		/* its stdin, at most PROC_INPUT bytes;
					 * NULL: empty */
	unsigned seconds;		/* 0: no limit */
	bool detached;			/* a session of its own, so that it
					 * can not ask on the terminal */
};

/*
 * Run to the end, appending stdout to out and stderr to
 * errors up to their maxima (what is more is read and dropped); errors NULL:
 * our stderr.  The exit status; -1 with err when it can not be started, is
 * ended by a signal or takes too long.
 */
int proc_run(const struct proc *p, struct str *out, struct str *errors,
	struct err *err);

#endif
