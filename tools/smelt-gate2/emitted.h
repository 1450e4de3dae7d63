/*
 * The emitted server against the definitions: tools.json and bindings.json
 * hold exactly what the tool records say, each tool has its handler, each
 * file matches its digest.
 */
#ifndef GATE2_EMITTED_H
#define GATE2_EMITTED_H

struct judge;
struct model;

void emitted_check(struct judge *j, const struct model *m);

#endif
