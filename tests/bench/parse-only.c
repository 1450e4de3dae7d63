/*
 * parse-only LANGUAGE FILE...: what parsing alone costs.  Reads the files,
 * parses each once with the same tree-sitter and grammar that smelt-ast is
 * linked with, and prints bytes and CPU seconds of the parsing.  The floor
 * that smelt-ast is held against (tests/bench/ast.sh).
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tree_sitter/api.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"

const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const TSLanguage *
language(const char *name)
{
	if (strcmp(name, "python") == 0)
		return tree_sitter_python();
	if (strcmp(name, "javascript") == 0)
		return tree_sitter_javascript();
	if (strcmp(name, "typescript") == 0)
		return tree_sitter_typescript();
	die("no such language: %s", name);
}

int
main(int argc, char **argv)
{
	TSParser *parser = ts_parser_new();
	double seconds = 0, start;
	size_t bytes = 0;
	struct str text;
	struct err err;
	TSTree *tree;

	diag_init("parse-only");
	if (argc < 3)
		die("usage: parse-only LANGUAGE FILE...");
	if (!ts_parser_set_language(parser, language(argv[1])))
		die("the grammar does not fit the core");
	str_init(&text, IO_MAX);
	for (int i = 2; i < argc; i++) {
		str_clear(&text);
		if (io_read(argv[i], &text, &err) < 0)
			die_err(&err);
		start = now();
		tree = ts_parser_parse_string(parser, NULL, str_s(&text),
			(uint32_t)text.len);
		ts_tree_delete(tree);
		seconds += now() - start;
		bytes += text.len;
	}
	printf("%zu bytes %.3f s\n", bytes, seconds);
	str_release(&text);
	ts_parser_delete(parser);
	return 0;
}
