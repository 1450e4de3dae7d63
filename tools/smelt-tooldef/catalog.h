/*
 * struct catalog: what the artifact says about things that can be called, in
 * memory: units, types, callables, and the words of a text source.
 */
#ifndef SMELT_TOOLDEF_CATALOG_H
#define SMELT_TOOLDEF_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct json_doc;
struct map;
struct rec;
struct shape;
struct stage;

struct type {
	const char *id;
	const struct json *schema;
	const char *base;		/* what answers have of it, or NULL */
	struct shape *shapes[2];	/* for arguments, for answers */
};

struct catalog {
	const char *server;		/* the stage's name for the server */
	struct json_doc **docs;		/* all records kept */
	size_t ndocs, docs_cap;
	const struct json **callables;
	size_t ncallables, callables_cap;
	size_t routes;			/* callables that are routes */
	const struct json **texts;	/* doc records */
	size_t ntexts, texts_cap;
	const struct json *source;
	bool wants_units;		/* keep unit records, too */
	const struct json **units;
	size_t nunits, units_cap;
	struct map *types;		/* id -> struct type */
};

void catalog_init(struct catalog *c);
void catalog_release(struct catalog *c);
/* Keep the record if it is one that counts. */
int catalog_take(struct catalog *c, const struct stage *s,
	const struct rec *rec, struct err *err);
/* Add a callable that tooldef made itself; takes doc over. */
void catalog_add(struct catalog *c, struct json_doc *doc);
/* Is the source a description in words? */
bool catalog_is_text(const struct catalog *c);

/* The type that "#/$defs/ID" names, or NULL. */
struct type *catalog_type(const struct catalog *c, const struct json *ref);
/* Its schema for arguments, or for answers. */
const struct json *catalog_schema(const struct catalog *c,
	const struct type *t, bool output);
/* v, or where its $ref leads when it is nothing but a $ref. */
const struct json *catalog_follow(const struct catalog *c,
	const struct json *v);
/* The same, as answers have it. */
const struct json *catalog_answer(const struct catalog *c,
	const struct json *v);

#endif
