/*
 * Bindings of one file, per language: the inside of struct names, for names.c
 * and bind*.c only.
 */
#ifndef CODE_BIND_H
#define CODE_BIND_H

#include <stdint.h>

struct ir;
struct names;

/* Find all bindings of the file and report each by the calls below. */
void bind_file(struct names *s, const struct ir *ir);
void bind_javascript(struct names *s, const struct ir *ir);

void bind_import(struct names *s, uint32_t atom, uint32_t scope, uint32_t node,
	const char *target);
void bind_value(struct names *s, uint32_t atom, uint32_t scope,
	uint32_t value);
void bind_local(struct names *s, uint32_t atom, uint32_t scope, uint32_t node);
void bind_attribute(struct names *s, uint32_t atom, uint32_t class,
	uint32_t value);

/* The function, class or module (0) that holds n, where n is evaluated:
 * decorators, defaults and annotations belong outside. */
uint32_t bind_scope(const struct ir *ir, uint32_t n);

#endif
