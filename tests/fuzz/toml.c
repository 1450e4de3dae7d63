/*
 * smelt-intake's TOML: any text.  Every value has a place in the text.
 */
#include "base/err.h"
#include "base/mem.h"
#include "fuzz.h"
#include "smelt-intake/deps/toml.h"

static void
visit(const struct toml *t, int depth)
{
	FUZZ_MUST(depth <= TOML_DEPTH + 2);
	for (const struct toml *c = t->first; c; c = c->next) {
		FUZZ_MUST((t->type == TOML_TABLE) == (c->key != NULL));
		FUZZ_MUST(c->line && c->col);
		visit(c, depth + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct toml *root;
	struct err err;

	if (toml_parse(&a, (const char *)data, size, "input", &root,
	    &err) == 0)
		visit(root, 0);
	else
		FUZZ_MUST(err.line && err.text[0]);
	arena_release(&a);
	return 0;
}
