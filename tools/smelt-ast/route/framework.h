/*
 * struct framework: one table of share/smelt/frameworks/, looked up by name.
 */
#ifndef AST_FRAMEWORK_H
#define AST_FRAMEWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct framework;
struct frameworks;
struct ir;
struct json;
struct knowledge;

struct frameworks *frameworks_new(const struct knowledge *k, struct err *err);
void frameworks_free(struct frameworks *fs);

/* Could a call of something with this last name make a router? */
bool frameworks_may_make(const struct frameworks *fs, const char *last);
/* Does any framework know a mount, decorator or call of this name? */
enum framework_verb { VERB_MOUNT = 1, VERB_DECORATOR = 2, VERB_CALL = 4 };
bool frameworks_may(const struct frameworks *fs, enum framework_verb verb,
	const char *last);
/* The entry of "objects" for a dotted constructor, and its framework. */
const struct json *frameworks_object(const struct frameworks *fs,
	const char *dotted, const struct framework **which);

/* The framework's own name and tables. */
const char *framework_name(const struct framework *f);
const struct json *framework_get(const struct framework *f, const char *key);
/* Entries by the attribute's name; NULL when there is none. */
const struct json *framework_mount(const struct framework *f,
	const char *name);
const struct json *framework_decorator(const struct framework *f,
	const char *name);
const struct json *framework_call(const struct framework *f,
	const char *name);
/* Paths are joined with one slash, not just put together. */
bool framework_slash(const struct framework *f);
/* Does the list (key) of names hold this one? */
bool framework_lists(const struct framework *f, const char *key,
	const char *name);

/* {position: 0, keyword: rule} of a call; 0: not given. */
uint32_t framework_argument(const struct ir *ir, uint32_t call,
	const struct json *where);

#endif
