/*
 * The inside of struct lang, for lang.c and ir.c only.
 */
#ifndef CODE_GRAMMAR_H
#define CODE_GRAMMAR_H

#include <stdbool.h>
#include <stdint.h>

struct TSLanguage;

enum grammar_action {
	GRAMMAR_TOKEN,		/* punctuation: no node */
	GRAMMAR_NODE,
	GRAMMAR_DROP,
	GRAMMAR_COMMENT,
	GRAMMAR_UNWRAP,
	GRAMMAR_SPLICE,
	GRAMMAR_MERGE,
	GRAMMAR_LEAF,
	GRAMMAR_STRING,
	GRAMMAR_CONTENT,	/* part of a string */
	GRAMMAR_INTERPOLATION,
	GRAMMAR_CONCATENATED
};

enum grammar_escapes {
	ESCAPES_NONE,
	ESCAPES_C,		/* unknown ones are the character itself */
	ESCAPES_PYTHON		/* unknown ones keep the backslash */
};

struct grammar_symbol {
	uint16_t kind;
	uint8_t action;
	uint8_t flags;		/* enum ir_flag, set on the parent */
	bool operator;		/* its first bare token is its atom */
	bool raw;		/* a string without escapes */
};

struct lang {
	const char *name;
	const struct TSLanguage *ts;
	struct grammar_symbol *symbols;	/* by the grammar's symbol */
	uint32_t nsymbols;
	uint8_t *fields;		/* by the grammar's field */
	uint32_t nfields;
	enum grammar_escapes escapes;
	bool prefixes;			/* string prefixes r, b, u, f */
	char *visible;			/* the table's "public" */
};

#endif
