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

#endif
