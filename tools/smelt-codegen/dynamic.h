/*
 * struct dynamic: the meta-tools of --mode dynamic, from
 * share/smelt/runtime/common: dynamic.json (their definitions, which
 * tools/list serves; the instructions for clients; the words of the search)
 * and readme-dynamic.md (a section of the server's README.md).
 *
 * They are smelt's own texts and the same for every server.
 */
#ifndef CODEGEN_DYNAMIC_H
#define CODEGEN_DYNAMIC_H

struct err;
struct json;
struct json_doc;
struct sha256;
struct str;

struct dynamic {
	struct json_doc *doc;
	struct str *readme;
	const struct json *tools;	/* array of Tool objects */
	const struct json *search;	/* for bindings.json */
	const char *instructions;
};

int dynamic_load(struct dynamic *d, struct err *err);
/* Also of one that is all zero. */
void dynamic_release(struct dynamic *d);
/* Everything that shapes the output. */
void dynamic_digest(const struct dynamic *d, struct sha256 *h);

#endif
