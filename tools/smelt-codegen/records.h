/*
 * The records that codegen adds to an artifact: tools that stay (of a target
 * that can not carry all), skips, then emit records, smelt.json first and the
 * others by path.
 */
#ifndef CODEGEN_RECORDS_H
#define CODEGEN_RECORDS_H

struct model;
struct stage;
struct tree;

void records_put(struct stage *s, const struct model *m, const struct tree *t);

#endif
