/*
 * struct rewrite: a document written anew from the values of others, which
 * knows of every value where it came from.
 *
 *	rewrite_init(&r, d);
 *	rewrite_object(&r);
 *	rewrite_key(&r, "openapi", key);	// has the place of key
 *	rewrite_value(&r, value);		// a copy; all places kept
 *	rewrite_end(&r);
 *	rc = rewrite_finish(&r, d, name, &err);
 *
 * document_position() of the finished document gives places in the texts of
 * the old ones.  A place that is NULL is that of the key or scalar before.
 *
 * Limits: REWRITE_MAX bytes, JSON_DEPTH levels.  Over one of them nothing more
 * is written, rewrite_full() is true, and rewrite_finish() fails.  Whoever
 * walks a document recursively stops when it is.
 */
#ifndef DATA_REWRITE_H
#define DATA_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct document_mark;
struct emit;
struct err;
struct json;
struct str;

#define REWRITE_MAX	((size_t)64 * 1024 * 1024)

struct rewrite {
	struct str *text;
	struct emit *e;
	const struct document *from;	/* whose values come next */
	unsigned file;			/* their document_mark.file */
	struct document_mark *marks;
	size_t nmarks, cap;
	bool full;
};

/* Values are d's until rewrite_from() says otherwise. */
void rewrite_init(struct rewrite *r, const struct document *d);
void rewrite_from(struct rewrite *r, const struct document *d, unsigned file);
bool rewrite_full(const struct rewrite *r);

void rewrite_object(struct rewrite *r);
void rewrite_array(struct rewrite *r);
void rewrite_end(struct rewrite *r);
void rewrite_key(struct rewrite *r, const char *key, const struct json *at);
/* The same key. */
void rewrite_same(struct rewrite *r, const struct json *key);
void rewrite_str(struct rewrite *r, const char *text, const struct json *at);
void rewrite_bool(struct rewrite *r, bool b);
/* A copy, all the way down. */
void rewrite_value(struct rewrite *r, const struct json *v);
/* Key and copy; nothing when v is NULL. */
void rewrite_pair(struct rewrite *r, const char *key, const struct json *v);

/*
 * Replace what is in d, which may be the document that was read, by what was
 * written.  d's lines are gone, its yaml stays.  -1: d is as it was.  Ends r in
 * both cases.
 */
int rewrite_finish(struct rewrite *r, struct document *d, const char *name,
	struct err *err);
/* Drop what was written. */
void rewrite_release(struct rewrite *r);

#endif
