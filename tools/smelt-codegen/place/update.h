/*
 * Brings a directory that an earlier run has filled up to date.
 *
 * Only what differs is written, file by file, smelt.json last.  A handler that
 * a person edited is merged with what is generated now (data/merge.h), from
 * the base that .smelt holds.  Any other edited or unknown file in the way, a
 * handler that can not be merged (no text, larger than MERGE_MAX), and an
 * edited file that is no longer made are moved to FILE.orig; all is said on
 * stderr.  Other files that are no longer made are removed.
 */
#ifndef CODEGEN_UPDATE_H
#define CODEGEN_UPDATE_H

#include <stddef.h>

struct err;
struct folder;
struct tree;

/* *conflicts: handlers that a person must look at, each place said on stderr
 * as an error.  -1: not ours, or not written. */
int update_tree(struct folder *folder, const struct tree *t,
	size_t *conflicts, struct err *err);

#endif
