/*
 * Constant expressions of the source as JSON values.
 */
#ifndef AST_LITERAL_H
#define AST_LITERAL_H

#include <stdbool.h>
#include <stdint.h>

struct emit;
struct ir;

/* Can n be written as JSON: numbers, strings, True, None, lists, dicts with
 * string keys of such?  Bytes and what holds more than 256 nodes can not. */
bool literal_is(const struct ir *ir, uint32_t n);
/* Write it; n passed literal_is(). */
void literal_emit(const struct ir *ir, uint32_t n, struct emit *e);
/* The JSON Schema type of a literal ("integer"), or NULL for None and others. */
const char *literal_type(const struct ir *ir, uint32_t n);

#endif
