/*
 * struct box: the sandbox that a tool enters before it reads hostile bytes.
 *
 *	struct box box = { .profile = BOX_FILTER };
 *
 *	... parse options, load share/smelt, open inputs and outputs ...
 *	box_output(&box, common.output);	// renamed at the end: -o
 *	box_output(&box, sarif);		// open already, as -o
 *	box_write(&box, dir);			// made and filled later: --dir
 *	if (box_enter(&box, &err) < 0)
 *		die_err(&err);
 *	... now read, parse, write ...
 *
 * After box_enter() the process has no new privileges, can not start
 * programs or processes (threads it can), has no sockets, sends no signals but
 * to itself, maps no new code and sees only the named paths; the forbidden
 * calls fail with an errno, nothing is killed.  File descriptors that are open
 * keep working; inherited ones above 2 (those without close-on-exec) are
 * closed.  Three layers, each by itself: rlimits, Landlock (all rights the
 * running kernel knows), seccomp (libseccomp).
 *
 * A tool without named paths opens no file at all afterwards, so what it needs
 * from share/smelt it loads before, or names with box_read().  A regular
 * expression engine's JIT must compile before, too (no PROT_EXEC).
 *
 * SMELT_SANDBOX=require: a missing layer is an error.  off: nothing is done.
 * auto (default): what is missing is said on stderr, once in a chain (not when
 * SMELT_SANDBOX_TOLD is set, which the driver does for its children).  Builds
 * with AddressSanitizer and runs under valgrind have no box: their run time
 * needs what it forbids; box_state() then says so.
 */
#ifndef SYS_BOX_H
#define SYS_BOX_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum box_profile {
	BOX_FILTER,	/* bytes in, bytes out: everything is forbidden but a
			 * list of harmless calls */
	BOX_FETCH	/* the child that talks to the network and parses
			 * nothing: sockets, and reading /etc, /usr, /lib, /run
			 * for names, certificates and libraries */
};

enum { BOX_PATHS = 2048 };

struct box {
	enum box_profile profile;
	unsigned cpu_seconds;		/* 0: 60 */
	unsigned memory_mib;		/* address space; 0: 2048 */
	unsigned file_mib;		/* largest file written; 0: 1024 */
	size_t npaths;
	struct box_path {
		const char *path;	/* the caller's, until box_enter() */
		int use;
	} paths[BOX_PATHS];
};

/* Reading path (file or directory) and what is beneath.  NULL, "" and "-"
 * are nothing, here and below. */
void box_read(struct box *b, const char *path);
/* Reading, writing, making and removing files and directories beneath dir,
 * which must exist. */
void box_write(struct box *b, const char *dir);
/* file was opened by outfile_open() or stage_open() before, and will be
 * renamed into place: making and removing names of files beneath its directory
 * (Landlock has no smaller unit), not reading or writing other files there. */
void box_output(struct box *b, const char *file);

/* dir was made just now, to be filled (box_write() too): removing it again, as
 * long as it is empty (and, Landlock having no smaller unit, other empty
 * directories beside it). */
void box_undo(struct box *b, const char *dir);
/* dir was made just now, to be filled (box_write() too) and renamed within its
 * directory: making and removing names of directories there. */
void box_move(struct box *b, const char *dir);

/* 0; -1 when a named path is not there, or a layer is missing and
 * SMELT_SANDBOX=require.  Called once, before threads are made. */
int box_enter(struct box *b, struct err *err);

/*
 * What is in force, for the attestation and -v: "landlock=7 seccomp=yes" (7 is
 * the kernel's Landlock ABI), "landlock=no seccomp=yes", "off", "off
 * (sanitizer build)", "off (valgrind)"; "none" before box_enter().
 */
const char *box_state(void);

#endif
