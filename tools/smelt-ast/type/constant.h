/*
 * Strings that can be told without running the code.
 */
#ifndef AST_CONSTANT_H
#define AST_CONSTANT_H

#include <stdbool.h>
#include <stdint.h>

struct project;
struct str;
struct unit;

/*
 * Append the text of n: a literal, a variable with one value (also of another
 * file), "+", an f-string, the first argument of a call such as text("...").
 * With partial set, parts that are not known are left out and the rest counts;
 * without, false and nothing appended when any part is not known.
 */
bool constant_string(struct project *p, struct unit *u, uint32_t n,
	bool partial, struct str *out);

#endif
