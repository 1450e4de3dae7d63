/*
 * Landlock(7) by its system calls, with our own constants: the headers of
 * older distributions lack what the running kernel knows.
 */
#ifndef SYS_LANDLOCK_H
#define SYS_LANDLOCK_H

#include <stdbool.h>

enum landlock_use {
	LANDLOCK_READ,		/* files and directories */
	LANDLOCK_WRITE,		/* and writing, making, removing */
	LANDLOCK_RENAME,	/* making and removing names of files */
	LANDLOCK_RMDIR,		/* removing empty directories in it */
	LANDLOCK_MOVE		/* making and removing directories in it */
};

/* ABI of the running kernel; 0: none. */
int landlock_abi(void);
/* A ruleset that handles every right of this ABI; network: TCP connections
 * stay allowed.  A descriptor, or -1 with errno. */
int landlock_create(int abi, bool network);
/* -1 with errno: ENOENT when path is not there. */
int landlock_allow(int ruleset, int abi, const char *path,
	enum landlock_use use);
/* Needs no_new_privs. */
int landlock_enter(int ruleset);

#endif
