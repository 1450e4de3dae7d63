/*
 * Dimension description-clarity: the words of each tool's description.  Length
 * is a band, never a reward.
 */
#ifndef SCORE_CLARITY_H
#define SCORE_CLARITY_H

struct marks;

void clarity_look(struct marks *m);

#endif
