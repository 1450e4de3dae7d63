/*
 * struct runtime: the constant files of a target, from
 * share/smelt/runtime/TARGET, as its manifest.json lists them.
 *
 * These files are smelt's own; they are copied as they are.  One of them, the
 * handler, is copied once for each tool, "<tool>" in its path replaced by the
 * tool's name.  What both targets have is in share/smelt/runtime/common.
 */
#ifndef CODEGEN_RUNTIME_H
#define CODEGEN_RUNTIME_H

struct err;
struct model;
struct sha256;
struct str;
struct tree;

/* stands for the tool's name in the handler's path */
#define RUNTIME_TOOL	"<tool>"

struct runtime {
	struct tree *files;	/* path in the server, constant text */
	struct str *handler;
	char *handler_path;	/* with <tool> in it */
	struct str *readme;	/* template, see readme.h */
	struct str *limits;	/* JSON object */
};

int runtime_load(struct runtime *r, const char *target, struct err *err);
void runtime_release(struct runtime *r);
/* Everything that shapes the output, for the stage's config digest. */
void runtime_digest(const struct runtime *r, struct sha256 *h);
/* Add the files and a handler for each tool. */
int runtime_add(struct runtime *r, struct tree *t, const struct model *m,
	struct err *err);

#endif
