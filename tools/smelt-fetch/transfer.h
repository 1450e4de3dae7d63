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

struct err;
struct http_request;	/* sys/http.h */
struct str;

/* Append the body of a 2xx reply (which holds max bytes at least) and its
 * media type.  -1: a message without the URL. */
int transfer_get(const struct http_request *r, struct str *body,
	struct str *media_type, struct err *err);

#endif
