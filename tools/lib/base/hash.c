#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"

static void
library(void)
{
	static int done;

	if (!done) {
		OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
		done = 1;
	}
}

void
sha256_init(struct sha256 *h)
{
	EVP_MD_CTX *ctx;

	library();
	ctx = EVP_MD_CTX_new();
	if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		die("cannot start SHA-256");
	h->ctx = ctx;
}

void
sha256_add(struct sha256 *h, const void *p, size_t n)
{
	if (n && EVP_DigestUpdate(h->ctx, p, n) != 1)
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
	if (EVP_DigestFinal_ex(h->ctx, out, NULL) != 1)
		die("cannot compute SHA-256");
	EVP_MD_CTX_free(h->ctx);
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
	library();
	if (!EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL))
		die("cannot compute SHA-256");
}

void
sha256_hex(const void *p, size_t n, char out[SHA256_HEX + 1])
{
	unsigned char d[SHA256_SIZE];

	sha256(p, n, d);
	to_hex(d, out);
}
