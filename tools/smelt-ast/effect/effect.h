/*
 * What functions do to the world: effects with their evidence, from the table
 * share/smelt/effects/python.yaml, and through calls inside the project.
 */
#ifndef AST_EFFECT_H
#define AST_EFFECT_H

#include <stdint.h>

struct effects;
struct emit;
struct err;
struct func;
struct project;
struct unit;

enum effect {
	EFFECT_NET = 1,
	EFFECT_FS_READ = 2,
	EFFECT_FS_WRITE = 4,
	EFFECT_PROC = 8,
	EFFECT_DB_READ = 16,
	EFFECT_DB_WRITE = 32,
	EFFECT_ENV = 64,
	EFFECT_SECRET = 128,
	EFFECT_TIME = 256,
	EFFECT_RANDOM = 512,
	EFFECT_LOG = 1024
};

struct evidence {
	uint32_t start, end;	/* in the func's unit */
	unsigned effects;
};

struct effects *effects_new(struct project *p, struct err *err);
void effects_free(struct effects *x);

/* Find what the funcs of u do themselves, and which funcs they call. */
void effects_scan(struct effects *x, struct unit *u);
/* Carry effects from callees to callers, in all units. */
void effects_spread(struct project *p);
/* The record's "effects" array as a value. */
void effects_emit(struct func *f, struct emit *e);

#endif
