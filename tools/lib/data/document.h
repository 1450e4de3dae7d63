/*
 * struct document: one JSON or YAML text as JSON values that know where in
 * the text they stand.
 *
 * YAML is read by libyaml's event interface and turned into JSON text by the
 * YAML 1.2 core schema (true/false/null/numbers; yes, no, on, off and dates
 * stay strings).  Refused, with position: more than JSON_DEPTH levels, more
 * than DOCUMENT_NODES nodes, aliases that expand to more than
 * DOCUMENT_ALIAS_NODES nodes or DOCUMENT_ALIAS_BYTES bytes in all, duplicate
 * keys, keys that are not scalars, several documents, unknown aliases, cyclic
 * aliases, tags other than the core ones, merge keys, UTF-16.  JSON with
 * duplicate keys is refused too.
 */
#ifndef DATA_DOCUMENT_H
#define DATA_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json;
struct json_doc;
struct lines;
struct str;

enum {
	DOCUMENT_NODES = 8 * 1000 * 1000,	/* written out */
	DOCUMENT_ALIAS_NODES = 250 * 1000,	/* added by aliases */
	DOCUMENT_ALIAS_BYTES = 16 * 1024 * 1024	/* of JSON text, by aliases */
};

struct document_mark {
	size_t offset;		/* in the JSON text */
	unsigned line, col;
	unsigned file;		/* 0: the document's own text; else whoever
				 * wrote it anew knows (data/rewrite.h) */
};

struct document {
	struct json_doc *json;
	bool yaml;
	struct document_mark *marks;	/* one a scalar, ascending: of YAML
					 * and of what was written anew */
	size_t nmarks;
	struct lines *lines;		/* JSON: of the caller's text */
};

/*
 * Parse text, which must stay while positions are asked.  JSON when the first
 * byte that is not white space is '{' or '[' and the text is JSON; else YAML
 * (a text that starts with '{' and is neither gets the JSON error).
 */
int document_parse(struct document *d, const char *text, size_t len,
	const char *name, struct err *err);
/*
 * Read a file and parse it.  Its bytes are appended to text, which is
 * initialised and empty and belongs to the caller; document_share() finds the
 * file below share/smelt.  On -1 there is nothing to release but text.
 */
int document_read(struct document *d, struct str *text, const char *path,
	struct err *err);
int document_share(struct document *d, struct str *text, const char *name,
	struct err *err);
void document_release(struct document *d);
const struct json *document_root(const struct document *d);

/*
 * Where a key or a scalar stands.  For other values ask with the key that
 * leads to them.  1:1 when unknown.
 */
void document_position(const struct document *d, const struct json *v,
	unsigned *line, unsigned *col);
/* The same with the file; false when unknown. */
bool document_origin(const struct document *d, const struct json *v,
	struct document_mark *mark);

#endif
