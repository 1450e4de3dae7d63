/*
 * From a catalog to tool and skip records.
 */
#ifndef SMELT_TOOLDEF_DEFINE_H
#define SMELT_TOOLDEF_DEFINE_H

#include <stdbool.h>
#include <stddef.h>

struct catalog;
struct err;
struct json;
struct rules;
struct stage;
struct str;

/* One record, ready to write; and what the summary and --tools need. */
struct definition {
	char *line;		/* NULL: written already */
	size_t len;
	char *name;
	size_t object;		/* where the members that clients see begin
				 * in line, and their length; 0: a skip */
	size_t object_len;
	const char *reason;	/* of a skip */
	char *text;
	const struct json *callable;
	size_t tokens;		/* of what clients see */
	size_t outputs;		/* those of the outputSchema */
	size_t rank;		/* of the include pattern that names it */
	bool worded;		/* its description is someone's own words for
				 * the tool */
	unsigned compacted;	/* a bit for each enum compaction */
};

struct definitions {
	struct definition *v;
	size_t n, cap;
	size_t tools, tokens;
	size_t outputs;		/* tokens of the outputSchemas among them */
	size_t bytes;		/* of what clients see */
	size_t cut;		/* descriptions that were cut */
	size_t eased;		/* argument schemas that were too large */
	size_t plain;		/* answers whose schema was too large */
	struct stage *direct;	/* tools go there at once, or NULL: are kept */
};

void definitions_init(struct definitions *d);
void definitions_release(struct definitions *d);
/* Make a tool that is kept a skip. */
void definitions_drop(struct definitions *d, size_t i, const char *reason,
	const char *text);
/* In the order of the callables.  -1: the rules do not fit. */
int define_all(struct definitions *d, struct catalog *c,
	struct rules *rules, struct err *err);

#endif
