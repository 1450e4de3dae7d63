/*
 * One document over https.
 *
 * The transfer is done by smelt-fetch(1), beside the running program, in a
 * sandbox of its own (BOX_FETCH): no other program links a network library.
 * The caller gets bytes.  What is refused stands in that manual.
 */
#ifndef SYS_HTTP_H
#define SYS_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

struct http_request {
	const char *url;
	size_t max;			/* bytes, uncompressed */
	unsigned seconds;		/* for all of it */
	bool allow_http;
	const char *const *hosts;	/* allowed whatever their address */
	size_t nhosts;
	const char *const *within;	/* URLs must be at or below one of
					 * these; then nothing is taken for a
					 * person's own URL */
	size_t nwithin;
};

/* Append the body of a 2xx reply and its media type.  -1: a message that
 * calls the URL without credentials. */
int http_get(const struct http_request *r, struct str *body,
	struct str *media_type, struct err *err);

#endif
