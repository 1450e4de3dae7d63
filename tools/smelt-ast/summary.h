/*
 * The lines that tell a person what was found.
 */
#ifndef AST_SUMMARY_H
#define AST_SUMMARY_H

#include <stddef.h>

struct project;

void summary_say(const struct project *p);

#endif
