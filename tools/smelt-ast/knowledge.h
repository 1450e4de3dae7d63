/*
 * struct knowledge: what share/smelt says about languages' libraries and
 * frameworks: the YAML files of auth/, effects/, frameworks/ and types/.
 *
 * knowledge_load() reads the texts (before the sandbox closes) and adds them
 * to the config digest; knowledge_parse() parses them, once, when there is a
 * file to analyse.
 */
#ifndef AST_KNOWLEDGE_H
#define AST_KNOWLEDGE_H

#include <stddef.h>

struct document;
struct err;
struct json;
struct sha256;

struct knowledge_file {
	char *folder;		/* "frameworks" */
	char *name;		/* "flask.yaml" */
	char *path;
	char *text;
	size_t len;
	struct document *doc;	/* NULL: not parsed yet */
};

struct knowledge {
	struct knowledge_file *files;	/* sorted by folder and name */
	size_t n, cap;
};

int knowledge_load(struct knowledge *k, struct sha256 *config,
	struct err *err);
int knowledge_parse(struct knowledge *k, struct err *err);
void knowledge_release(struct knowledge *k);
/* The i-th file of a folder, or NULL. */
const struct knowledge_file *knowledge_get(const struct knowledge *k,
	const char *folder, size_t i);
/* The root of folder/name, or NULL. */
const struct json *knowledge_root(const struct knowledge *k,
	const char *folder, const char *name);
/* A located error at v in file f.  Always -1. */
int knowledge_bad(const struct knowledge_file *f, const struct json *v,
	const char *text, struct err *err);

#endif
