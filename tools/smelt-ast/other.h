/*
 * The functions of languages other than python: name, place, doc comment,
 * the names of the parameters, and visibility where the language says.
 *
 * Types, routes and effects of these languages are not analysed.
 */
#ifndef AST_OTHER_H
#define AST_OTHER_H

struct func;
struct project;
struct str;
struct unit;

/* Fill unit.funcs, unit.functions and unit.classes, with visibility. */
void other_collect(struct project *p, struct unit *u);
/* The callable record. */
void other_record(struct func *f, struct str *out);

#endif
