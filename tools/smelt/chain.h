/*
 * struct chain: the filters as one pipeline of processes, as a compiler
 * driver runs cpp | cc1 | as.
 *
 * Every child is reaped.  What a stage says on stderr is held until the
 * stages before it have ended well, so lines come in the order of the chain,
 * and what follows from an earlier failure ("artifact is cut off") is not
 * shown.  The first stage that ends with 2 or by a signal stops the others.
 *
 * The chain holds both ends of every pipe until the stage that uses it has
 * ended well: neighbours of a stage that fails see neither a closed pipe nor
 * the end of their input, so which one failed first is never in doubt.
 */
#ifndef SMELT_CHAIN_H
#define SMELT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct str;

enum { CHAIN_MAX = 12, CHAIN_ARGS = 4096 };

struct chain_stage {
	const char *tool;		/* "smelt-ast" */
	const char **argv;		/* NULL-terminated; argv[0] = tool */
	size_t argc, argv_cap;
	pid_t pid;
	int err_fd;			/* read end of its stderr, -1: closed */
	int in_fd, out_fd;		/* held ends of its pipes, -1: none */
	struct str *said;
	int status;			/* exit status; 128 + signal; -1: runs */
};

struct chain {
	struct chain_stage stages[CHAIN_MAX];
	size_t n;
	const char *dir;		/* where the programs are; NULL: PATH */
	const struct chain_stage *culprit;	/* the first that broke */
};

struct chain_stage *chain_add(struct chain *c, const char *tool);
/* Text is kept, not copied. */
void chain_arg(struct chain_stage *s, const char *arg);
/* Both, or nothing when value is NULL. */
void chain_opt(struct chain_stage *s, const char *opt, const char *value);

/*
 * Run all; 0 when each ended with 0, 1 when one ended with 1 and none worse,
 * 2 else.  -1: a process could not be started (nothing runs any more).
 */
int chain_run(struct chain *c, struct err *err);

#endif
