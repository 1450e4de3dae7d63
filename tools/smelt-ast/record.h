/*
 * The unit and callable records of source files.
 */
#ifndef AST_RECORD_H
#define AST_RECORD_H

struct func;
struct project;
struct route;
struct str;
struct unit;

void record_unit(struct project *p, struct unit *u, struct str *out);
/* route NULL: the function itself. */
void record_func(struct project *p, struct func *f, struct route *route,
	struct str *out);

#endif
