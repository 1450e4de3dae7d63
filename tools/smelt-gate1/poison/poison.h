/*
 * Tool poisoning: every text of every tool definition against the rules of
 * share/smelt/rules/poison (smelt-rules(5), "Poisoning"), and the emitted
 * server's instructions.
 */
#ifndef GATE1_POISON_H
#define GATE1_POISON_H

struct err;
struct gate;

/* Rules must be loaded (scanner "poison") and compile; -1: one does not. */
struct poison;
struct poison *poison_new(struct gate *g, struct err *err);
void poison_scan(struct poison *p);
void poison_free(struct poison *p);

#endif
