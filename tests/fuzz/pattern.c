/*
 * code/pattern and code/match: any text as a pattern (before the first NUL or
 * the first line "---") and as the code it is held against.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"
#include "code/match.h"
#include "code/pattern.h"
#include "fuzz.h"

static void
hold(const struct pattern *p, const struct ir *ir)
{
	struct match_target t;
	struct matches found = { 0 };

	match_target_init(&t, ir);
	t.steps = 200 * 1000;
	match_possible(&t, p);
	match_all(&t, p, NULL, MATCH_ANYWHERE, &found);
	for (size_t i = 0; i < found.n; i++) {
		FUZZ_MUST(found.items[i].start <= found.items[i].end);
		FUZZ_MUST(found.items[i].end <= ir->len);
		FUZZ_MUST(found.items[i].nvars <= MATCH_VARS);
	}
	matches_release(&found);
	match_target_release(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	char *code = strstr(text, "---\n");
	struct atoms *atoms = atoms_new(NULL);
	struct ir_parser *parser = ir_parser_new(atoms);
	struct err err;
	const struct lang *lang = lang_get(size & 1 ? "python" : "javascript",
		&err);
	struct pattern p;
	struct ir ir;

	FUZZ_MUST(lang != NULL);
	if (code) {
		*code = '\0';
		code += 4;
	} else {
		code = text;
	}
	if (pattern_compile(&p, parser, lang, text, &err) == 0) {
		if (ir_parse(parser, lang, code, strlen(code), &ir, &err) == 0)
			hold(&p, &ir);
		ir_release(&ir);
		pattern_release(&p);
	}
	ir_parser_free(parser);
	atoms_free(atoms);
	free(text);
	return 0;
}
