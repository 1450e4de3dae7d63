/*
 * struct key: an ECDSA P-256 key that signs or verifies with SHA-256.
 *
 * Other key types are refused by name: P-256 is what every verifier of
 * Sigstore bundles takes.  Signatures are DER and low-s (s <= n/2): a second
 * valid signature can not be made from a first by negating s.  key_verify()
 * holds others to the same: canonical DER, low s.
 *
 * Private keys are PEM: PKCS#8, encrypted PKCS#8, SEC1, or cosign's own
 * (form/cosignkey.h).  Passphrases are
 * the caller's; nothing of a private key or a passphrase enters an error.
 */
#ifndef FORM_KEY_H
#define FORM_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

struct key {
	void *pkey;
	bool private;
};

int key_generate(struct key *k, struct err *err);
/* pass may be NULL: then an encrypted key is an error that says so. */
int key_read_private(struct key *k, const char *path, const char *pass,
	struct err *err);
/* "PUBLIC KEY" PEM; a private key is refused. */
int key_read_public(struct key *k, const char *path, struct err *err);
/* The same from text; name is for errors. */
int key_parse_public(struct key *k, const char *pem, size_t len,
	const char *name, struct err *err);
void key_release(struct key *k);

/* base64(SHA-256(SubjectPublicKeyInfo DER)): the publicKey.hint of bundles. */
void key_hint(const struct key *k, struct str *out);
void key_public_pem(const struct key *k, struct str *out);
/* PKCS#8; encrypted (PBES2, AES-256-CBC, PBKDF2-HMAC-SHA256) with pass. */
void key_private_pem(const struct key *k, const char *pass, struct str *out);

/* Append the DER signature of p[0..n). */
void key_sign(const struct key *k, const void *p, size_t n, struct str *der);
bool key_verify(const struct key *k, const void *p, size_t n, const void *sig,
	size_t siglen);

#endif
