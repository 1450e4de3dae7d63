/*
 * Secrets in a git repository's history: every blob of the object store, each
 * once, reachable or not, with the rules of secret.h.  A finding is placed at
 * the oldest commit and path that has the blob.  What the tree has already is
 * not told again.
 */
#ifndef GATE1_HISTORY_H
#define GATE1_HISTORY_H

struct box;
struct err;
struct gate;
struct history;
struct secret;

/* repo NULL: where the source record says, when that can be used. */
struct history *history_open(const char *repo, struct err *err);
void history_box(const struct history *h, struct box *box);
/* Adds findings and what was scanned, or why it was not, to the gate. */
void history_scan(struct history *h, struct gate *g, struct secret *s);
void history_free(struct history *h);

#endif
