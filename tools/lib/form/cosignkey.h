/*
 * Private keys as cosign keeps them: PEM around JSON that says scrypt for the
 * passphrase and NaCl's secretbox (XSalsa20, Poly1305) for the PKCS#8 bytes.
 * Only reading.  OpenSSL has all of it but XSalsa20.
 *
 * Taken: scrypt with N 32768, 65536 or 131072, r 8, p 1, as cosign writes.
 */
#ifndef FORM_COSIGNKEY_H
#define FORM_COSIGNKEY_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

/* Has the PEM label of such a key? */
bool cosignkey_is(const char *pem);
/* Append the PKCS#8 DER bytes; the caller wipes them.  pass "" is one too. */
int cosignkey_open(struct str *der, const char *pem, const char *pass,
	const char *name, struct err *err);
/* The same for the JSON inside. */
int cosignkey_decrypt(struct str *plain, const char *json, size_t len,
	const char *pass, const char *name, struct err *err);

#endif
