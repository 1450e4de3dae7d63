/*
 * Puts a tree of files into a directory.
 *
 * A new directory is made beside its place and renamed into it: it appears
 * whole or not at all.  One that is there already must be ours (it has our
 * smelt.json); then only what differs is written, file by file, smelt.json
 * last.  Never lost: a handler that a person edited is kept; any other edited
 * or unknown file in the way is moved to FILE.orig; both are said on stderr.
 * Files that an earlier run made and this one does not are removed, unless
 * edited.  No symbolic link inside the directory is followed.
 */
#ifndef CODEGEN_PLACE_H
#define CODEGEN_PLACE_H

struct err;
struct tree;

int place_tree(const char *dir, const struct tree *t, struct err *err);

#endif
