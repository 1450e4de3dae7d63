/*
 * struct emit: writes one JSON text into a struct str, member by member, in
 * the order of the calls (records have a fixed key order).
 *
 *	emit_init(&e, &out);
 *	emit_object(&e);
 *	emit_key(&e, "kind"); emit_str(&e, "tool");
 *	emit_pair(&e, "name", name);	  // key and string; NULL text: nothing
 *	emit_end(&e);			  // closes what is open
 *
 * Commas and colons are emit's.  A wrong call order (value without a key in an
 * object, end without begin) is a broken invariant and ends the process.
 * Sizes: the out string's maximum; nesting EMIT_DEPTH.
 */
#ifndef DATA_EMIT_H
#define DATA_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json;
struct str;

enum { EMIT_DEPTH = 512 };

struct emit {
	struct str *out;
	int depth;
	bool first;		/* nothing yet in the open container */
	bool keyed;		/* a key waits for its value */
	unsigned char object[EMIT_DEPTH];	/* per level: is an object */
	int indent;		/* 0: compact; else spaces a level */
};

void emit_init(struct emit *e, struct str *out);
/* For files that people read: n spaces a level, a space behind colons. */
void emit_pretty(struct emit *e, int n);

void emit_object(struct emit *e);
void emit_array(struct emit *e);
void emit_end(struct emit *e);
void emit_key(struct emit *e, const char *key);
void emit_keyn(struct emit *e, const char *key, size_t len);

void emit_str(struct emit *e, const char *text);
void emit_strn(struct emit *e, const char *text, size_t len);
void emit_int(struct emit *e, int64_t n);
/* Shortest decimal form with at most 2 digits behind the point. */
void emit_fixed(struct emit *e, double n);
void emit_bool(struct emit *e, bool b);
void emit_null(struct emit *e);
/* A value copied from elsewhere. */
void emit_json(struct emit *e, const struct json *v);
/* Text that is already one JSON value. */
void emit_raw(struct emit *e, const char *json, size_t len);

/* Key and value; nothing at all when text or v is NULL. */
void emit_pair(struct emit *e, const char *key, const char *text);
void emit_pair_json(struct emit *e, const char *key, const struct json *v);
void emit_pair_int(struct emit *e, const char *key, int64_t n);
void emit_pair_bool(struct emit *e, const char *key, bool b);
/* An array of strings; [] when there are none. */
void emit_pair_list(struct emit *e, const char *key, const char *const *list,
	size_t n);
/* "sha256:" and the hex digits. */
void emit_pair_sha256(struct emit *e, const char *key, const char *hex);

/* "loc": {"file","line","col","endLine","endCol"} under the given key. */
struct loc {
	const char *file;
	unsigned line, col, end_line, end_col;
};
void emit_pair_loc(struct emit *e, const char *key, const struct loc *loc);
/* Read one back.  file points into the document; false when it is not one. */
bool loc_read(struct loc *loc, const struct json *v);

#endif
