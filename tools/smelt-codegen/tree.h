/*
 * struct tree: the files of a generated server, before they are written.
 *
 * Paths are relative, clean (path_is_clean) and unique; tree_sort() puts them
 * in byte order.  The tree owns paths and texts.
 */
#ifndef CODEGEN_TREE_H
#define CODEGEN_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct map;
struct str;

/* What a file is for; the word is written to smelt.json and emit records. */
enum role {
	ROLE_RUNTIME,	/* constant code */
	ROLE_DATA,	/* tools.json, bindings.json */
	ROLE_HANDLER,	/* constant code, a person's to edit */
	ROLE_CONFIG,	/* requirements, Dockerfile … */
	ROLE_DOC,
	ROLE_SOURCE	/* copied from the analysed source */
};

struct tree_file {
	char *path;
	enum role role;
	bool executable;
	struct str *text;
	char sha256[65];	/* hex */
};

struct tree {
	struct tree_file *files;
	size_t n;
	size_t cap;
	struct map *paths;	/* entry i is file i */
};

const char *role_name(enum role role);
/* False for a word that is no role. */
bool role_parse(const char *name, enum role *role);

void tree_init(struct tree *t);
void tree_release(struct tree *t);
/* Takes the content of text (text is empty then).  NULL when the path is not
 * clean or is there already. */
struct tree_file *tree_add(struct tree *t, const char *path, enum role role,
	struct str *text);
struct tree_file *tree_find(const struct tree *t, const char *path);
void tree_sort(struct tree *t);

#endif
