/*
 * One source as several servers, by tag (--split-by-tag).
 *
 * intake and ast run once; then the rest of the chain runs for each tag into
 * DIR/SLUG, and for what has no tag into DIR/NAME, as smelt-tooldef --list-tags
 * says.  A tag of which no tool can be made gets no server.  The servers of an
 * earlier run, which stand in DIR/.servers, that are none any more lose what was
 * signed.
 */
#ifndef SMELT_SPLIT_H
#define SMELT_SPLIT_H

struct err;
struct order;
struct place;

/* As build_server(), for the worst of them; the first that breaks is the last
 * one. */
int split_run(const struct order *o, const struct place *p,
	struct err *err);
/* The servers of an earlier run are none any more. */
int split_clear(const struct place *p, struct err *err);

#endif
