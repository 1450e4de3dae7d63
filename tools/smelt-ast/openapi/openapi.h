/*
 * struct openapi: the OpenAPI 2.0 and 3 documents of one artifact, and the
 * unit, type and callable records that come of them.
 *
 * Every JSON and YAML file record is added, because a document may refer to
 * any of them by relative path; those whose language is "openapi" are the
 * documents.  openapi_analyse() works everything out, openapi_write() gives
 * the records.
 *
 * Only schemas that an operation reaches become type records.  A schema is
 * never inlined: every $ref becomes "#/$defs/<ID>", cycles stay.
 *
 * One bad operation costs itself: it is reported, and stands in the artifact as
 * a callable with "invalid":TEXT, which smelt-tooldef turns into a skip.
 * Refused as a whole (-1): a document that can not be read, a $ref to another
 * host or to a URL, and documents in which every operation is bad.  Where the
 * documents were not named but found in a tree of files, each of these costs
 * its document alone, and a document that another one refers to is not read
 * for itself (documents.h).
 *
 * Sources: OpenAPI 2.0 (swagger.h), 3.0.4, 3.1.2 and 3.2.0, JSON Schema 2020-12,
 * RFC 6901, RFC 3986.
 */
#ifndef SMELT_AST_OPENAPI_H
#define SMELT_AST_OPENAPI_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct err;
struct json;
struct json_doc;
struct loc;
struct map;
struct openapi_place;
struct openapi_resource;
struct openapi_resources;
struct openapi_type;
struct stage;
struct str;

enum {
	OPENAPI_OVERLAYS = 100,
	OPENAPI_METHODS = 9		/* that path items have by name */
};

/* One file that can be described or referred to. */
struct openapi_doc {
	char *path;
	struct json_doc *record;	/* the file record, owns text */
	const char *text;
	size_t len;
	struct document *tree;		/* NULL until it is needed */
	bool description;		/* an OpenAPI document */
	int minor;			/* of 3.x, if description */
	bool siblings;			/* 3.1: keywords beside $ref count */
	bool swagger;			/* 2.0: tree was written anew */
	bool insecure;			/* it came by http: */
	const struct openapi *set;	/* that it is of */
	bool plain_ids;			/* its components keep their names */
	char *url;			/* that it was fetched from, or NULL */
	size_t beside;			/* keywords ignored beside a $ref */
	const struct json *first_beside;
	bool names;			/* $id and the like may be in it */
	bool named;			/* they were looked for */
	struct openapi_resource *resource;	/* all of it; NULL: no names */
	bool ready;			/* tree is as it is read */
	struct err *bad;		/* it can not be read, and so; or NULL */
	const char *location;		/* the URL that it came from, or NULL */
	size_t operations;		/* good or bad */
	bool seen;			/* by documents_choose() */
	const struct openapi_doc *part_of;	/* not read for itself */
	bool copy;			/* it says the same as that one */
	char *slug;			/* its name among several, or NULL */
	char *prefix;			/* of its security schemes, or NULL */
};

/* Types that something refers to, as indexes of openapi.types; a set as long
 * as sets of one kind are filled one after the other. */
struct openapi_deps {
	size_t *v;
	size_t n;
	size_t cap;
	size_t stamp;			/* 0: not begun */
	bool direct;			/* the kind: all, or direct ones */
};

struct openapi_operation {
	struct openapi_place *place;
	char *line;			/* the callable record */
	size_t len;
	struct err *why;		/* it is bad, and so; or NULL */
	struct openapi_deps *deps;
	bool deprecated, internal, auth;
	char *duplicate;		/* id of what the same call is, or NULL */
};

/* What the summary on stderr says. */
struct openapi_counts {
	size_t documents;
	size_t bad;			/* of them, not read at all */
	size_t operations;		/* good ones */
	size_t dropped;
	size_t deprecated;
	size_t internal;
	size_t auth;			/* that require a credential */
	size_t types;
	size_t methods[OPENAPI_METHODS];		/* as openapi_methods[] */
	size_t others;			/* of other methods */
};

struct openapi {
	struct openapi_doc **docs;
	size_t ndocs, docs_cap;
	struct map *paths;		/* path -> struct openapi_doc */
	struct map *refs;		/* document and $ref -> target */
	struct openapi_resources *resources;	/* by URI and anchor */
	struct map *heirs;		/* schema -> those that build on it */
	size_t looks;			/* discriminator.h */
	size_t scoped;			/* types in a scope: resource.h */
	int depth, steps;		/* of $refs that need others */
	struct map *values;		/* schema -> struct openapi_type */
	struct map *indexes;		/* large object -> its members */
	struct map *ids;		/* type ids in use */
	struct map *names;		/* operationId -> times, as pointer */
	struct openapi_type **types;
	size_t ntypes, types_cap;
	struct openapi_operation *ops;
	size_t nops, ops_cap;
	char *location;			/* of the source, if it is a URL */
	char *entry;			/* path of the source's main document */
	struct map *locations;		/* of several: path -> URL, or "" */
	bool found;			/* no document was named */
	bool several;			/* documents have slugs */
	const char *code_prefix;	/* of the schemes of code, then */
	struct map *plain;		/* stems that say nothing */
	char **overlays;		/* paths, that change the entry */
	size_t noverlays;
	size_t stamps;			/* given to deps so far */
	bool refused;			/* the last error is one for all */
	struct openapi_counts counts;
};

extern const char *const openapi_methods[OPENAPI_METHODS];

void openapi_init(struct openapi *o);
void openapi_release(struct openapi *o);
/* The source record: where relative server URLs start from. */
void openapi_source(struct openapi *o, const struct json *source);
/* A JSON or YAML file record; takes the document over, also on failure. */
void openapi_add(struct openapi *o, struct json_doc *record);
/* code: the artifact has routes of code, too, which documents are told from. */
int openapi_analyse(struct openapi *o, bool code, struct err *err);
/* Units, types (by id), callables (in the order of the documents). */
void openapi_write(struct openapi *o, struct stage *stage);

/* The text of d as a tree, parsed on the first call. */
int openapi_doc_parse(struct openapi_doc *d, struct err *err);
/* The tree of d, with overlays and as OpenAPI 3. */
int openapi_doc_read(struct openapi_doc *d, struct err *err);
const struct json *openapi_doc_root(const struct openapi_doc *d);
/* Where the key or scalar v of d stands; in an overlay, where one put it. */
void openapi_locate(const struct openapi_doc *d, const struct json *v,
	struct loc *loc);
/* Fill err with text at v, a key or scalar of d.  Returns -1. */
int openapi_at(struct err *err, const struct openapi_doc *d,
	const struct json *v, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The same as a warning on stderr. */
void openapi_warn(const struct openapi_doc *d, const struct json *v,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

void openapi_deps_add(struct openapi *o, struct openapi_deps *deps,
	size_t type);

#endif
