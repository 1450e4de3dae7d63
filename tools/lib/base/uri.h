/*
 * URI references (RFC 3986): taken apart, and resolved against a base.
 *
 * Texts are looked at as bytes; nothing is decoded.  What is no URI at all
 * still has parts (everything is a path then), so nothing here fails.
 */
#ifndef BASE_URI_H
#define BASE_URI_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Pieces of one text; p NULL: the piece and its delimiter are not there. */
struct uri_part {
	const char *p;
	size_t n;
};

struct uri {
	struct uri_part scheme;		/* without ":" */
	struct uri_part authority;	/* without "//" */
	struct uri_part path;		/* never NULL, may be empty */
	struct uri_part query;		/* without "?" */
	struct uri_part fragment;	/* without "#" */
};

void uri_split(struct uri *u, const char *text, size_t n);
/* Has it a scheme?  Of two letters or more: "C:" is a drive. */
bool uri_is_absolute(const char *text, size_t n);
/*
 * Append ref, n bytes, resolved against base, which is absolute: without
 * fragment, scheme and authority in lower case, dot segments removed.
 */
void uri_resolve(struct str *out, const char *base, const char *ref, size_t n);

#endif
