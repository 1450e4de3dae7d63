#include "form/cosignkey.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/str.h"
#include "data/json.h"

enum { KEY = 32, NONCE = 24, TAG = 16, BLOCK = 64, SALT_MAX = 64 };

static const char *const labels[] = {
	"ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"
};

struct box {
	struct str salt, nonce, sealed;	/* sealed: tag, then ciphertext */
	int64_t n;
};

static uint32_t
load32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24;
}

static void
store32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
	p[2] = (unsigned char)(v >> 16);
	p[3] = (unsigned char)(v >> 24);
}

static uint32_t
rotate(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static void
quarter(uint32_t x[16], int a, int b, int c, int d)
{
	x[b] ^= rotate(x[a] + x[d], 7);
	x[c] ^= rotate(x[b] + x[a], 9);
	x[d] ^= rotate(x[c] + x[b], 13);
	x[a] ^= rotate(x[d] + x[c], 18);
}

/* Ten double rounds: columns, then rows. */
static void
rounds(uint32_t x[16])
{
	int i;

	for (i = 0; i < 10; i++) {
		quarter(x, 0, 4, 8, 12);
		quarter(x, 5, 9, 13, 1);
		quarter(x, 10, 14, 2, 6);
		quarter(x, 15, 3, 7, 11);
		quarter(x, 0, 1, 2, 3);
		quarter(x, 5, 6, 7, 4);
		quarter(x, 10, 11, 8, 9);
		quarter(x, 15, 12, 13, 14);
	}
}

/* in: 16 bytes, a nonce or a nonce and a counter */
static void
set_up(uint32_t x[16], const unsigned char key[KEY],
	const unsigned char in[16])
{
	static const unsigned char sigma[] = "expand 32-byte k";
	int i;

	for (i = 0; i < 4; i++) {
		x[5 * i] = load32(sigma + 4 * i);
		x[1 + i] = load32(key + 4 * i);
		x[6 + i] = load32(in + 4 * i);
		x[11 + i] = load32(key + 16 + 4 * i);
	}
}

static void
hsalsa20(unsigned char out[KEY], const unsigned char key[KEY],
	const unsigned char in[16])
{
	static const int taken[] = { 0, 5, 10, 15, 6, 7, 8, 9 };
	uint32_t x[16];
	int i;

	set_up(x, key, in);
	rounds(x);
	for (i = 0; i < 8; i++)
		store32(out + 4 * i, x[taken[i]]);
}

/* One block of the key stream. */
static void
salsa20(unsigned char out[BLOCK], const unsigned char key[KEY],
	const unsigned char nonce[8], uint32_t counter)
{
	unsigned char in[16] = { 0 };
	uint32_t start[16], x[16];
	int i;

	memcpy(in, nonce, 8);
	store32(in + 8, counter);
	set_up(start, key, in);
	memcpy(x, start, sizeof(x));
	rounds(x);
	for (i = 0; i < 16; i++)
		store32(out + 4 * i, x[i] + start[i]);
}

static bool
is_genuine(const unsigned char key[KEY], const unsigned char *tag,
	const unsigned char *p, size_t n)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	unsigned char own[TAG];
	size_t len = 0;
	bool good;

	good = ctx && EVP_MAC_init(ctx, key, KEY, NULL) == 1 &&
		EVP_MAC_update(ctx, p, n) == 1 &&
		EVP_MAC_final(ctx, own, &len, sizeof(own)) == 1 &&
		len == TAG && CRYPTO_memcmp(own, tag, TAG) == 0;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return good;
}

/* NaCl's crypto_secretbox_open: the first half block of the stream is the key
 * of the tag, the text begins at the second half. */
static int
unseal(struct str *plain, const unsigned char key[KEY], const struct box *b)
{
	const unsigned char *nonce = (const unsigned char *)b->nonce.buf;
	const unsigned char *tag = (const unsigned char *)b->sealed.buf;
	const unsigned char *text = tag + TAG;
	size_t n = b->sealed.len - TAG, i;
	unsigned char sub[KEY], stream[BLOCK];

	hsalsa20(sub, key, nonce);
	salsa20(stream, sub, nonce + 16, 0);
	if (!is_genuine(stream, tag, text, n)) {
		OPENSSL_cleanse(sub, sizeof(sub));
		OPENSSL_cleanse(stream, sizeof(stream));
		return -1;
	}
	for (i = 0; i < n; i++) {
		size_t at = (i + KEY) % BLOCK;

		if (at == 0)
			salsa20(stream, sub, nonce + 16,
				(uint32_t)((i + KEY) / BLOCK));
		str_putc(plain, (char)(text[i] ^ stream[at]));
	}
	OPENSSL_cleanse(sub, sizeof(sub));
	OPENSSL_cleanse(stream, sizeof(stream));
	return 0;
}

static bool
decode(struct str *out, const struct json *v)
{
	return json_is(v, JSON_STRING) &&
		base64_decode(out, json_str(v), json_len(v)) == 0;
}

static int
read_box(struct box *b, const struct json *root, const char *name,
	struct err *err)
{
	const struct json *kdf = json_get(root, "kdf");
	const struct json *params = json_get(kdf, "params");
	const struct json *cipher = json_get(root, "cipher");
	int64_t r, p;

	if (!json_str_is(json_get(kdf, "name"), "scrypt") ||
	    !json_str_is(json_get(cipher, "name"), "nacl/secretbox"))
		return err_at(err, name, 0, 0, "not scrypt and "
			"nacl/secretbox, as keys of cosign are");
	if (!json_int(json_get(params, "N"), &b->n) ||
	    !json_int(json_get(params, "r"), &r) || r != 8 ||
	    !json_int(json_get(params, "p"), &p) || p != 1 ||
	    (b->n != 32768 && b->n != 65536 && b->n != 131072))
		return err_at(err, name, 0, 0,
			"scrypt parameters that cosign does not use");
	if (!decode(&b->salt, json_get(kdf, "salt")) ||
	    !decode(&b->nonce, json_get(cipher, "nonce")) ||
	    !decode(&b->sealed, json_get(root, "ciphertext")) ||
	    b->nonce.len != NONCE || b->sealed.len < TAG ||
	    b->salt.len == 0 || b->salt.len > SALT_MAX)
		return err_at(err, name, 0, 0,
			"salt, nonce or ciphertext is not right");
	return 0;
}

int
cosignkey_decrypt(struct str *plain, const char *json, size_t len,
	const char *pass, const char *name, struct err *err)
{
	unsigned char key[KEY];
	struct json_doc doc;
	struct box b;
	int rc;

	str_init(&b.salt, STR_LINE);
	str_init(&b.nonce, STR_LINE);
	str_init(&b.sealed, STR_LINE);
	if (json_parse(&doc, json, len, name, err) < 0)
		return -1;
	rc = read_box(&b, json_root(&doc), name, err);
	/* 128 N r bytes, and some */
	if (rc == 0 && EVP_PBE_scrypt(pass, strlen(pass),
	    (const unsigned char *)b.salt.buf, b.salt.len, (uint64_t)b.n, 8, 1,
	    (uint64_t)256 << 20, key, sizeof(key)) != 1)
		rc = err_at(err, name, 0, 0, "scrypt failed");
	if (rc == 0 && unseal(plain, key, &b) < 0)
		rc = err_at(err, name, 0, 0,
			"the passphrase does not open this key");
	OPENSSL_cleanse(key, sizeof(key));
	json_release(&doc);
	str_release(&b.salt);
	str_release(&b.nonce);
	str_release(&b.sealed);
	return rc;
}

static const char *
label_of(const char *pem)
{
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strstr(pem, labels[i]))
			return labels[i];
	return NULL;
}

bool
cosignkey_is(const char *pem)
{
	return label_of(pem) != NULL;
}

/* The base64 between the lines, without its line ends. */
static int
unwrap(struct str *json, const char *pem)
{
	const char *label = label_of(pem), *p, *end;
	struct str text;
	int rc = -1;

	p = label ? strstr(pem, label) : NULL;
	p = p ? strstr(p, "-----") : NULL;
	end = p ? strstr(p + 5, "-----END ") : NULL;
	str_init(&text, STR_LINE);
	if (end) {
		for (p += 5; p < end; p++)
			if (*p != '\n' && *p != '\r')
				str_putc(&text, *p);
		rc = base64_decode(json, str_s(&text), text.len);
	}
	str_release(&text);
	return rc;
}

int
cosignkey_open(struct str *der, const char *pem, const char *pass,
	const char *name, struct err *err)
{
	struct str json;
	int rc;

	str_init(&json, STR_LINE);
	rc = unwrap(&json, pem) < 0 ? err_at(err, name, 0, 0,
		"not a key in PEM") : cosignkey_decrypt(der, str_s(&json),
		json.len, pass, name, err);
	str_release(&json);
	return rc;
}
