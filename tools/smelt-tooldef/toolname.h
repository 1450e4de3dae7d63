/*
 * Names of tools: ^[a-z][a-z0-9_]*$, at most 40 characters, and at most 52
 * together with the server's name.
 *
 * A name comes from what the document calls the tool, the operationId or the
 * function's name, in snake case, or from method and path where there is none.  What is too long is cut at a word
 * and ends in digits of the digest of the callable's id.  Of several callables
 * that want one name, the one that is called exactly so in the source keeps
 * it; routes are then called after their method, functions after their module,
 * operations of several documents after their document, and what is still
 * equal gets digits: nothing depends on the order of things.  What is called
 * otherwise already (a duplicate) takes no name from others.
 */
#ifndef SMELT_TOOLDEF_TOOLNAME_H
#define SMELT_TOOLDEF_TOOLNAME_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct str;

enum { TOOLNAME_MAX = 40, TOOLNAME_WITH_SERVER = 52, TOOLNAME_MIN = 16 };

/* Longest name of a tool of this server: between TOOLNAME_MIN and _MAX. */
size_t toolname_limit(const char *server);
bool toolname_valid(const char *name);

/* What the source calls it: the document's own name for the tool (x-mcp), if
 * there is a letter or digit in it, else the callable's name. */
const struct json *toolname_given(const struct json *callable);
/* out = the name that callable asks for, at most limit long. */
void toolname_wanted(struct str *out, const struct json *callable,
	size_t limit);
/* out = name with method or module before it; for operations their document,
 * where there are several, else nothing. */
void toolname_qualified(struct str *out, const struct json *callable,
	const char *name);
/* text as words in snake case: "listBooks by-ID" gives "list_books_by_id". */
void toolname_words(struct str *out, const char *text, size_t len);
/* Cut name to limit with digits of id's digest behind it. */
void toolname_digest(struct str *name, const struct json *id, size_t limit,
	size_t digits);

#endif
