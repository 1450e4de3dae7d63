/*
 * --key: one digest that changes when the source does.
 *
 * It covers what a run of intake would read: the bytes of a document (and of
 * the files it refers to), text, archive and of --docs; of a directory the
 * paths and contents of its files and the commit of HEAD; of a commit its
 * name.  Files that the stat cache knows are not read again.  A remote
 * repository is asked for the name of its commit, unless --ref is one.
 */
#ifndef INTAKE_KEY_H
#define INTAKE_KEY_H

struct err;
struct origin;
struct pages;
struct request;
struct sha256;
struct source;
struct statcache;

/* Add the origin and the pages to h. */
int key_add(struct sha256 *h, struct source *s, struct origin *o,
	const struct pages *pages, const struct request *q,
	struct statcache *cache, struct err *err);

#endif
