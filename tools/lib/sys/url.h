/*
 * URLs as text.
 */
#ifndef SYS_URL_H
#define SYS_URL_H

#include <stdbool.h>

struct str;

/* Does it start with http:// or https://? */
bool url_is_http(const char *text);
/* Append the URL without user name and password. */
void url_safe(struct str *out, const char *url);

/*
 * Append the one form that all spellings of an http or https URL have: scheme
 * and host in lower case, without the port that is its default, without
 * fragment, no dot segments, unreserved characters not encoded.  False: it is
 * no such URL, or one that is easily read as another: with a user name, blanks,
 * controls, other than ASCII, a backslash, an encoded slash or backslash.
 */
bool url_canonical(struct str *out, const char *text);
/* The same in place, if it is one that has such a form. */
void url_normal(struct str *uri);
/* Is url at prefix or below it?  Both are canonical; "/a" is not below "/ab",
 * and a prefix that ends with "/" has no more than what is below. */
bool url_within(const char *url, const char *prefix);

#endif
