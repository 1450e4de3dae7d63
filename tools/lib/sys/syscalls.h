/*
 * The seccomp filters of sys/box, by libseccomp.  A call that is not allowed
 * fails with EPERM (clone3 with ENOSYS, so that libc falls back to clone).
 */
#ifndef SYS_SYSCALLS_H
#define SYS_SYSCALLS_H

#include <stdbool.h>

/*
 * Everything but what a filter needs is refused; files: calls on names of
 * files are among what it needs.  0, or -1 when the kernel has no seccomp.
 */
int syscalls_filter(bool files);
/* Everything but what is never needed is allowed: sockets too. */
int syscalls_fetch(void);

#endif
