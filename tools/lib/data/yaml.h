/*
 * YAML text to JSON text, with a mark for every scalar.  Used by
 * data/document.h, which has the rules and limits.
 */
#ifndef DATA_YAML_H
#define DATA_YAML_H

#include <stddef.h>

struct document_mark;
struct err;
struct str;

/*
 * Append the JSON form of the one document in text to out, and allocate the
 * marks (ascending by offset in out).  -1: a located error; nothing allocated.
 */
int yaml_to_json(const char *text, size_t len, const char *name,
	struct str *out, struct document_mark **marks, size_t *nmarks,
	struct err *err);

#endif
