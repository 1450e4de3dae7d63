/*
 * README.md and .env.example of a generated server.
 *
 * The README is smelt's own template with these marks: @NAME@, the server's
 * name; @SOURCE@, how the source's own packages are installed, or nothing;
 * @MODE@, the section of dynamic mode, or nothing;
 * @VALUES@, a JSON text of what came from the source.  In that text every
 * character with a meaning in Markdown or HTML is written as \uXXXX, so it
 * can not end the code block that it stands in.
 *
 * .env.example has variable names only, made of [A-Z0-9_].
 */
#ifndef CODEGEN_DOCS_H
#define CODEGEN_DOCS_H

#include <stdbool.h>

struct model;
struct str;
struct tree;

void docs_add(struct tree *t, const struct model *m,
	const struct str *readme, bool packages);

#endif
