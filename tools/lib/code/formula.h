/*
 * struct formula: the search part of a rule (Semgrep's YAML): pattern,
 * patterns, pattern-either, pattern-inside, pattern-not, pattern-not-inside,
 * pattern-regex, pattern-not-regex, metavariable-regex, focus-metavariable.
 *
 * Anything else (mode: taint, metavariable-pattern, …) makes the rule
 * unsupported: formula_new() says what, and the caller reports it.
 *
 * How sets combine: of two patterns the narrower range stays, with the
 * variables of both; pattern-not removes equal ranges, -not-inside contained
 * ones, each only when their variables agree.
 */
#ifndef CODE_FORMULA_H
#define CODE_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

struct atoms;
struct err;
struct formula;
struct ir_parser;
struct json;
struct lang;
struct match_target;
struct matches;
struct regex_engine;

/*
 * Compile the rule for one language.  NULL: err says why; *unsupported tells
 * an operator that we do not have from a mistake.  *at is the member to blame,
 * or NULL.  atoms are the parser's; regex stays the caller's, as long as the
 * formula lives.
 */
struct formula *formula_new(const struct json *rule, const struct lang *lang,
	struct ir_parser *parser, struct atoms *atoms,
	const struct regex_engine *regex, bool *unsupported,
	 const struct json **at, struct err *err);
void formula_free(struct formula *f);

/* Append the matches in a file, by position, equal ranges once. */
void formula_match(const struct formula *f, struct match_target *t,
	struct matches *out);

#endif
