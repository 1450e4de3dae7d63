/*
 * One document over https, by libcurl.  The only code that knows libcurl.
 *
 * The transfer is done by a child process in a sandbox (BOX_FETCH) that parses
 * nothing; the caller gets bytes.  Refused: schemes other than https (http
 * when allowed, or for loopback), hosts whose address is not public
 * (sys/address.h) unless the host is named in allow_hosts, or is a loopback
 * name in the first URL; more than HTTP_REDIRECTS redirects, each of which is
 * held against the same rules.  Credentials in the URL are sent to its own
 * host only.  Where the environment names a proxy, the proxy sees to names and
 * addresses, and only addresses written in the URL are checked.
 *
 * SSL_CERT_FILE names certificates to trust instead of the system's.
 */
#ifndef SYS_HTTP_H
#define SYS_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

enum { HTTP_REDIRECTS = 5 };

struct http_request {
	const char *url;
	size_t max;			/* bytes, uncompressed */
	unsigned seconds;		/* for all of it */
	bool allow_http;
	const char *const *hosts;	/* allowed whatever their address */
	size_t nhosts;
};

/* Append the body of a 2xx reply and its media type.  -1: a message that
 * calls the URL without credentials. */
int http_get(const struct http_request *r, struct str *body,
	struct str *media_type, struct err *err);

/* Append the URL without user name and password. */
void http_safe_url(struct str *out, const char *url);
/* Does it start with http:// or https://? */
bool http_is_url(const char *text);

#endif
