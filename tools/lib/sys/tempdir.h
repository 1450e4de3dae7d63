/*
 * A temporary directory that goes away with the process, however it ends.
 *
 * A child process waits for the end of this one (a pipe closes) and then
 * removes the directory with all that is in it, so that nobody needs the right
 * to do so inside the sandbox.
 */
#ifndef SYS_TEMPDIR_H
#define SYS_TEMPDIR_H

#include <sys/types.h>

struct err;

struct tempdir {
	char *path;
	int pipe;
	pid_t keeper;
};

/* Below $TMPDIR, else /tmp; mode 0700. */
int tempdir_make(struct tempdir *t, struct err *err);
/* Remove it now, and wait until it is gone.  Harmless on a zeroed t. */
void tempdir_remove(struct tempdir *t);

#endif
