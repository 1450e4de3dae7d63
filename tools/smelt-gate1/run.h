/*
 * One run of gate1: prepare rules and files, enter the sandbox, read, scan,
 * judge, write.
 */
#ifndef GATE1_RUN_H
#define GATE1_RUN_H

struct err;
struct opt_common;
struct opt_tool;
struct options;

/* 0: nothing blocks; 1: something does; -1: trouble, nothing was written. */
int run(const struct options *o, const struct opt_tool *tool,
	const struct opt_common *common, struct err *err);

#endif
