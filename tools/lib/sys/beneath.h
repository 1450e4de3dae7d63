/*
 * Opening names beneath a directory of somebody else's: no symbolic link is
 * followed anywhere in the name, and ".." is refused, so that what is opened
 * lies beneath the directory.
 */
#ifndef SYS_BENEATH_H
#define SYS_BENEATH_H

#include <stddef.h>

struct err;
struct str;

/*
 * A descriptor (close-on-exec), or -1 with errno: ELOOP for a link, EACCES for
 * "..", an empty or absolute name.  path "." is the directory itself.  Opening
 * never blocks on a fifo.
 */
int beneath_open(int dir, const char *path, int flags);

/*
 * Append a regular file's bytes.  -1 with a message that calls it name;
 * larger than out's maximum is an error.
 */
int beneath_read(int dir, const char *path, const char *name, struct str *out,
	struct err *err);

#endif
