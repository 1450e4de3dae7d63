/*
 * Dimension naming-consistency: tool and parameter names, each by itself and
 * against the rest of the server.
 */
#ifndef SCORE_NAMING_H
#define SCORE_NAMING_H

struct marks;

void naming_look(struct marks *m);

#endif
