/*
 * One document over https, by libcurl.  The only code that knows libcurl.
 *
 * Nothing is parsed here.  Refused: schemes other than https (http when
 * allowed, or for loopback), hosts whose address is not public (sys/address.h)
 * unless the host is named in hosts, or is a loopback name in the first URL;
 * more than five redirects, each of which is held against the same rules.
 * With prefixes, every URL must be within one of them, and loopback needs to be
 * named: then it is no person who has written the URL.
 * Credentials in the URL are sent to its own host only.  Where the environment
 * names a proxy, the proxy sees to names and addresses, and only addresses
 * written in the URL are checked.
 *
 * SSL_CERT_FILE names certificates to trust instead of the system's.
 */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

struct transfer {
	const char *url;
	size_t max;			/* bytes, uncompressed */
	unsigned seconds;		/* for all of it */
	bool allow_http;
	const char *const *hosts;	/* allowed whatever their address */
	size_t nhosts;
	const char *const *within;	/* canonical prefixes (sys/url.h) */
	size_t nwithin;
};

/* Append the body of a 2xx reply (which holds max bytes at least) and its
 * media type.  -1: a message without the URL. */
int transfer_get(const struct transfer *t, struct str *body,
	struct str *media_type, struct err *err);

#endif
