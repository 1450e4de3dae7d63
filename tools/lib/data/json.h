/*
 * JSON values, read-only.  The only code that knows yyjson (with json.c).
 *
 * A struct json_doc owns the text and all values; a const struct json * is
 * valid until json_release().  Strings are UTF-8, NUL-terminated, and may hold
 * NULs themselves (json_len tells the length).  Numbers keep the text that
 * they were written with, so copying one changes nothing.
 *
 * All accessors take NULL and the wrong type and answer "absent" (NULL, false,
 * 0), so chains like json_str(json_get(json_get(v, "a"), "b")) are safe.
 *
 * Limits: nesting JSON_DEPTH; input must be UTF-8; duplicate keys are accepted
 * (the first wins); json_duplicate() finds them.
 */
#ifndef DATA_JSON_H
#define DATA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;
struct json;

enum { JSON_DEPTH = 256 };

enum json_type {
	JSON_ABSENT,
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json_doc {
	void *impl;
	char *text;
	size_t len;
};

/* Parse a copy of text.  name is for the error's file; line and column are
 * those of the text.  On -1 the doc is empty (release is harmless). */
int json_parse(struct json_doc *doc, const char *text, size_t len,
	const char *name, struct err *err);
void json_release(struct json_doc *doc);
const struct json *json_root(const struct json_doc *doc);

enum json_type json_type(const struct json *v);
/* "object", "array", … for messages. */
const char *json_type_name(const struct json *v);
bool json_is(const struct json *v, enum json_type type);

const char *json_str(const struct json *v);
/* Bytes of a string; 0 for anything else. */
size_t json_len(const struct json *v);
bool json_str_is(const struct json *v, const char *text);
bool json_bool(const struct json *v, bool otherwise);
/* True and *out when v is a number without fraction in range. */
bool json_int(const struct json *v, int64_t *out);
bool json_num(const struct json *v, double *out);
/* The number as it was written (not NUL-terminated). */
const char *json_num_text(const struct json *v, size_t *len);

/* Members of an object, elements of an array; 0 for the rest. */
size_t json_size(const struct json *v);
const struct json *json_get(const struct json *obj, const char *key);
const struct json *json_getn(const struct json *obj, const char *key,
	size_t len);
/* Linear: use an iterator to visit all. */
const struct json *json_at(const struct json *arr, size_t i);
/* Shorthands. */
const char *json_get_str(const struct json *obj, const char *key);
bool json_get_bool(const struct json *obj, const char *key, bool otherwise);
/* Is the string one of the list's? */
bool json_lists(const struct json *list, const char *text);

/*
 * Visit an object (key and value) or an array (value; key NULL):
 *	for (json_each(&it, v); json_next(&it); ) use(it.key, it.value);
 * key is itself a JSON string value (json_str, json_len, json_offset).
 */
struct json_iter {
	const struct json *key;
	const struct json *value;
	const void *next;
	size_t left;
	bool object;
};

void json_each(struct json_iter *it, const struct json *v);
bool json_next(struct json_iter *it);

/* The key of a value that is a member of an object (no array, no root). */
const struct json *json_key_of(const struct json *member);

/* RFC 6901 pointer ("" is v itself), or NULL. */
const struct json *json_pointer(const struct json *v, const char *pointer);
/* Same value: objects in any order, numbers by text or equal double. */
bool json_equal(const struct json *a, const struct json *b);

/* Byte offset in the text of a string's (also a key's) or number's content;
 * SIZE_MAX for other values. */
size_t json_offset(const struct json_doc *doc, const struct json *v);

/* The first key that its object has already, or NULL. */
const struct json *json_duplicate(const struct json *v);

/* Append v as compact JSON.  Key order and number text are kept. */
void json_write(struct str *out, const struct json *v);
/* Keys sorted by bytes, integers and strings in one form: equal values give
 * equal bytes (for digests and comparison). */
void json_write_canonical(struct str *out, const struct json *v);
/* Append "text" quoted and escaped.  Bytes that are not UTF-8 become U+FFFD. */
void json_write_str(struct str *out, const char *text, size_t len);

#endif
