/*
 * Dimension schema-completeness: input and output schemas and annotations.
 * Local references are followed; depth and nodes are bounded.
 */
#ifndef SCORE_SCHEMA_H
#define SCORE_SCHEMA_H

struct marks;

void schema_look(struct marks *m);

#endif
