/*
 * Dimension overlap: how alike any two tools are, and how many there are.
 */
#ifndef SCORE_OVERLAP_H
#define SCORE_OVERLAP_H

struct marks;

void overlap_look(struct marks *m);

#endif
