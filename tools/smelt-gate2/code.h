/*
 * struct code: own rules (share/smelt/rules/emitted, smelt-rules(5) "Code")
 * over the code that smelt-codegen made: files of role runtime and handler.
 * What was copied from the source (role source) is gate1's.
 *
 * Loaded before the sandbox closes, as language tables are files.
 */
#ifndef GATE2_CODE_H
#define GATE2_CODE_H

#include <stddef.h>

struct err;
struct judge;
struct model;
struct rules;
struct sha256;
struct str;

enum { CODE_LANGUAGES = 3 };

struct code {
	struct atoms *atoms;
	struct ir_parser *parser;
	struct code_language {
		const char *name, *extension;
		const struct lang *lang;
		struct code_rule *rules;
		size_t nrules;
	} languages[CODE_LANGUAGES];
	size_t files, odd, cut;	/* scanned; not clean; not to the end */
	size_t other;		/* code in no language that we know */
};

/* Compile the rules of scanner "emitted" that have a pattern.  One that can
 * not run is an error: they are ours. */
int code_load(struct code *c, const struct rules *rules, struct err *err);
void code_release(struct code *c);
/* Findings of all emitted files. */
void code_check(struct code *c, struct judge *j, const struct model *m);
/* What was scanned, in words. */
void code_tell(const struct code *c, struct str *out);

#endif
