/*
 * --key: one digest a source that changes when the source does.
 *
 * It covers what a run of intake would read: the bytes of a document (and of
 * the files it refers to, and with --allow-ref the URLs), text, archive and of --docs; of a directory the
 * paths and contents of its files and the commit of HEAD; of a commit its
 * name.  Files that the stat cache knows are not read again.  A remote
 * repository is asked for the name of its commit, unless --ref is one.
 */
#ifndef INTAKE_KEY_H
#define INTAKE_KEY_H

#include <stddef.h>

struct err;
struct languages;
struct overlays;
struct pages;
struct request;

/*
 * Write "sha256:…" and a line end for each of the n sources to output, in
 * their order; all or none.  Enters the sandbox.  Without sources it is stdin
 * or --text.
 */
int key_print(const struct request *q, char *const *sources, size_t n,
	const struct languages *languages, const struct pages *pages,
	struct overlays *overlays, const char *output, struct err *err);

#endif
