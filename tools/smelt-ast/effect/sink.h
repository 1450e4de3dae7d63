/*
 * struct sinks: the table of calls that have effects.
 */
#ifndef AST_SINK_H
#define AST_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ir;
struct json;
struct knowledge_file;
struct sinks;

struct sink_method {
	const struct json *receivers;	/* NULL: any */
	bool anywhere;
	int sql;			/* argument with the statement, -1 */
	unsigned effects;
};

/* The position and keyword of an opener's mode. */
struct sink_mode {
	unsigned position;
	const char *keyword;
};

struct sinks *sinks_new(const struct knowledge_file *f, struct err *err);
void sinks_free(struct sinks *s);

/* Effects of calling this dotted name, 0: none known. */
unsigned sinks_call(const struct sinks *s, const char *dotted, bool builtin);
/* Effects of looking at it. */
unsigned sinks_read(const struct sinks *s, const char *dotted);
/* Could a member of this name be one that sinks_read() knows? */
bool sinks_may_read(const struct sinks *s, const char *last);
const struct sink_mode *sinks_mode(const struct sinks *s, const char *dotted);
/* The i-th entry for methods of this name, or NULL. */
const struct sink_method *sinks_method(const struct sinks *s,
	const char *name, size_t i);
/* Does a receiver expression fit the entry? */
bool sinks_receiver(const struct sink_method *m, const struct ir *ir,
	uint32_t receiver);
/* Is text (with one of these effects) about a secret? */
bool sinks_secret(const struct sinks *s, unsigned effects, const char *text);

const char *sinks_name(unsigned effect);

#endif
