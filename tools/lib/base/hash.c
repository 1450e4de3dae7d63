#include "base/hash.h"

/*
 * The plain functions of OpenSSL, deprecated or not: EVP starts providers,
 * which takes longer than most hashing here and crashes without memory.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"

void
sha256_init(struct sha256 *h)
{
	h->ctx = xmalloc(sizeof(SHA256_CTX));
	if (SHA256_Init(h->ctx) != 1)
		die("cannot start SHA-256");
}

void
sha256_add(struct sha256 *h, const void *p, size_t n)
{
	if (n && SHA256_Update(h->ctx, p, n) != 1)
		die("cannot compute SHA-256");
}

void
sha256_field(struct sha256 *h, const char *text)
{
	char head[32];
	size_t n = strlen(text);

	snprintf(head, sizeof(head), "%zu:", n);
	sha256_add(h, head, strlen(head));
	sha256_add(h, text, n);
}

void
sha256_final(struct sha256 *h, unsigned char out[SHA256_SIZE])
{
	if (SHA256_Final(out, h->ctx) != 1)
		die("cannot compute SHA-256");
	free(h->ctx);
	h->ctx = NULL;
}

static void
to_hex(const unsigned char d[SHA256_SIZE], char out[SHA256_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < SHA256_SIZE; i++) {
		out[2 * i] = digits[d[i] >> 4];
		out[2 * i + 1] = digits[d[i] & 15];
	}
	out[SHA256_HEX] = '\0';
}

void
sha256_final_hex(struct sha256 *h, char out[SHA256_HEX + 1])
{
	unsigned char d[SHA256_SIZE];

	sha256_final(h, d);
	to_hex(d, out);
}

void
sha256(const void *p, size_t n, unsigned char out[SHA256_SIZE])
{
	SHA256_CTX ctx;

	/* SHA256() itself goes by EVP */
	if (SHA256_Init(&ctx) != 1 || (n && SHA256_Update(&ctx, p, n) != 1) ||
	    SHA256_Final(out, &ctx) != 1)
		die("cannot compute SHA-256");
}

void
sha256_hex(const void *p, size_t n, char out[SHA256_HEX + 1])
{
	unsigned char d[SHA256_SIZE];

	sha256(p, n, d);
	to_hex(d, out);
}
