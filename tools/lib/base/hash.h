/*
 * SHA-256 (FIPS 180-4) by OpenSSL's libcrypto: no configuration file, no provider.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>

struct str;

enum { SHA256_SIZE = 32, SHA256_HEX = 64 };

struct sha256 {
	void *ctx;
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *p, size_t n);
/* A field that can not run into the next: its length, then the bytes. */
void sha256_field(struct sha256 *h, const char *text);
/* Releases h. */
void sha256_final(struct sha256 *h, unsigned char out[SHA256_SIZE]);
/* Releases h; 64 hex digits and a NUL. */
void sha256_final_hex(struct sha256 *h, char out[SHA256_HEX + 1]);

void sha256(const void *p, size_t n, unsigned char out[SHA256_SIZE]);
void sha256_hex(const void *p, size_t n, char out[SHA256_HEX + 1]);

#endif
