/*
 * Three-way merge of texts by lines: what a person made of a text (yours) and
 * what is generated now, both from what was generated before (base).
 *
 * Chunks are those of diff3 (S. Khanna, K. Kunal, B. C. Pierce, "A Formal
 * Investigation of Diff3", FSTTCS 2007): where base has lines that stand in
 * both others all are stable; between them the side that changed wins; both
 * changed alike is one change; both changed otherwise is a conflict, which is
 * written whole:
 *
 *	<<<<<<< yours
 *	||||||| generated before
 *	=======
 *	>>>>>>> generated now
 *
 * Changes that touch, without a stable line between them, are one chunk.  A
 * line is what ends in LF; a CR before it is part of it, but a text of yours
 * whose every line ends in CRLF is merged as if the others' did, too.  Without
 * a base nothing tells who changed what: every difference is a conflict.
 *
 * The texts may be any bytes but NUL (merge_is_text()), up to MERGE_MAX each.
 */
#ifndef DATA_MERGE_H
#define DATA_MERGE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum { MERGE_MAX = 16 * 1024 * 1024 };

struct merge {
	unsigned *lines;	/* of the conflicts' first marks, from 1 */
	size_t n;
	size_t cap;
};

bool merge_is_text(const struct str *text);
/*
 * Write the merged text to out, which is empty, and add the lines of its
 * conflicts to m, which starts as zero.  base NULL: it is not known.
 */
void merge_texts(struct merge *m, struct str *out, const struct str *yours,
	const struct str *base, const struct str *now);
/* Marks that an earlier merge left in text: their lines, of each conflict the
 * first. */
void merge_find_marks(struct merge *m, const struct str *text);
void merge_release(struct merge *m);

#endif
