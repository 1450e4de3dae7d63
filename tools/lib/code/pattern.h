/*
 * struct pattern: one code pattern of a rule, in the language that it looks
 * for, with Semgrep's marks:
 *
 *	$X	any expression, name, …; the same everywhere in the rule; $_ any
 *	...	any arguments, statements, elements, a method chain's middle
 *	$...X	any arguments, kept
 *	"..."	any constant string; "$X" a constant string, kept
 *	<... P ...>	P anywhere below, also in the one value of a name there
 *
 * The marks are rewritten to names, the text is parsed as any other file, and
 * the matcher (code/match.h) gives these names their meaning.
 */
#ifndef CODE_PATTERN_H
#define CODE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ir;
struct ir_parser;
struct lang;

enum pattern_op {
	PATTERN_PLAIN,
	PATTERN_ANY,		/* ... */
	PATTERN_VAR,		/* $X */
	PATTERN_VARS,		/* $...X */
	PATTERN_DEEP,		/* <... P ...>: its first argument is P */
	PATTERN_STRING,		/* "..." */
	PATTERN_STRING_VAR	/* "$X" */
};

struct pattern {
	struct ir *ir;
	char *text;			/* rewritten */
	unsigned char *ops;		/* by node: enum pattern_op */
	uint32_t *vars;			/* by node: atom of "$X", 0 for $_ */
	uint32_t *dotted;		/* by node: atom of a literal dotted
					 * name ("os.system"), else 0 */
	uint32_t *stmts;		/* the statements */
	unsigned nstmts;
	uint32_t *required;		/* atoms that a file must have */
	size_t nrequired, required_cap;
};

/* -1: it does not parse; err has no position. */
int pattern_compile(struct pattern *p, struct ir_parser *parser,
	const struct lang *lang, const char *text, struct err *err);
void pattern_release(struct pattern *p);

#endif
