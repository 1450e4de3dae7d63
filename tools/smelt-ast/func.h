/*
 * The functions and methods of python units, and whether others may call
 * them (struct func in project.h).
 */
#ifndef AST_FUNC_H
#define AST_FUNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct func;
struct loc;
struct project;
struct str;
struct unit;

/* Fill unit.funcs, unit.functions and unit.classes. */
void func_collect(struct project *p, struct unit *u);
/* The func at this function node, or NULL. */
struct func *func_at(struct unit *u, uint32_t node);
/* The func at this node, made when it is a nested function without one. */
struct func *func_make(struct project *p, struct unit *u, uint32_t node);

/* Set func.visibility and why; for all funcs of the unit. */
void func_visibility(struct project *p, struct unit *u);

/* From "def" (or "class") to the end, without decorators. */
void func_loc(struct unit *u, uint32_t node, struct loc *loc);
/* The i-th decorator's expression, or 0. */
uint32_t func_decorator(const struct unit *u, uint32_t node, unsigned i);
/* Is there a decorator with this last name ("staticmethod")? */
bool func_decorated(const struct unit *u, uint32_t node, const char *name);

/* Append text with white space made one blank. */
void func_line(const char *text, size_t len, struct str *out);
/* Append at most 80 characters of source on one line. */
void func_text(const struct unit *u, uint32_t start, uint32_t end,
	struct str *out);

#endif
