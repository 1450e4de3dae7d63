/*
 * Where a generated server looks for the credentials of a security scheme:
 * environment variables <SERVER>_<SCHEME>_<WHAT>, in capitals, with one _ for
 * each character that is no letter or digit of ASCII. Both runtimes go by the same names
 * (smelt-server(7)).
 */
#ifndef SMELT_CREDENTIAL_H
#define SMELT_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct str;

struct credential {
	const char *what;	/* TOKEN, API_KEY, CERT_FILE ... */
	bool secret;		/* also as <NAME>_FILE; else a path or a word */
	bool needed;		/* false: instead of the others, or beside them */
};

/*
 * The variables of an OpenAPI Security Scheme Object, needed ones first; *n is
 * 0 for a scheme that servers can not use. The array is constant.
 */
const struct credential *credential_of(const struct json *scheme, size_t *n);

/* Appends LIBRARY_API_KEY_TOKEN for "library", "api-key", "TOKEN". */
void credential_name(struct str *out, const char *server, const char *scheme,
	const char *what);

#endif
