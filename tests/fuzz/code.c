/*
 * code/: any text in any language: the tree, names, doc comments, dump.  The
 * first byte says which language.
 */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"
#include "code/names.h"
#include "fuzz.h"

static const char *const endings[][2] = {
	{ ".py", "python" }, { ".js", "javascript" }, { ".mjs", "javascript" },
	{ ".ts", "typescript" }, { ".tsx", "tsx" }, { ".java", "java" },
	{ ".go", "go" }, { ".rb", "ruby" }, { ".rs", "rust" },
	{ ".php", "php" }, { ".cs", "csharp" }, { ".kt", "kotlin" },
	{ ".c", "c" }
};

static unsigned char
number(const char *name)
{
	const char *const *list = lang_list();
	unsigned char i;

	for (i = 0; list[i]; i++)
		if (strcmp(list[i], name) == 0)
			return i;
	return 0;
}

void
fuzz_seed(const char *path, const char *bytes, size_t len, struct str *input)
{
	const char *name = "python";
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(path, endings[i][0]))
			name = endings[i][1];
	str_putc(input, (char)number(name));
	str_add(input, bytes, len);
}

static void
look(struct ir *ir)
{
	struct names *names = names_new(ir);
	struct str out;
	unsigned line, col;
	uint32_t i;

	str_init(&out, STR_RECORD);
	for (i = 0; i < ir->n; i++) {
		const struct ir_node *n = &ir->nodes[i];

		FUZZ_MUST(n->start <= n->end && n->end <= ir->len);
		FUZZ_MUST(n->stop > i && n->stop <= ir->n);
		FUZZ_MUST(n->parent < i || i == 0);
		FUZZ_MUST(n->next == 0 || n->next >= n->stop);
		str_clear(&out);
		names_dotted(names, i, &out, NULL);
		ir_doc_comment(ir, i, &out);
		ir_docstring(ir, i);
	}
	for (i = 0; i < 4; i++)
		ir_position(ir, (uint32_t)(ir->len * i / 3), &line, &col);
	str_clear(&out);
	ir_dump(ir, &out);
	str_release(&out);
	names_free(names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const *list = lang_list();
	const struct lang *lang;
	struct ir_parser *parser;
	struct atoms *atoms;
	struct err err;
	struct ir ir;
	size_t n;

	for (n = 0; list[n]; n++)
		continue;
	if (!size)
		return 0;
	lang = lang_get(list[data[0] % n], &err);
	FUZZ_MUST(lang != NULL);
	atoms = atoms_new(NULL);
	parser = ir_parser_new(atoms);
	if (ir_parse(parser, lang, (const char *)data + 1, size - 1, &ir,
	    &err) == 0)
		look(&ir);
	ir_release(&ir);
	ir_parser_free(parser);
	atoms_free(atoms);
	return 0;
}
