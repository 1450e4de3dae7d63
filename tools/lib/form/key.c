#include "form/key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/str.h"
#include "form/cosignkey.h"

enum {
	PEM_MAX = 64 * 1024,
	PBKDF2_ROUNDS = 600000,
	SALT = 16
};

/* the order n of P-256's base point (FIPS 186-4, D.1.2.3) */
static const char order_hex[] =
	"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

struct passphrase {
	const char *text;
	bool asked;
};

static void
library(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

static bool
is_p256(EVP_PKEY *pkey)
{
	char group[64];
	size_t n;

	return EVP_PKEY_is_a(pkey, "EC") &&
		EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) &&
		strcmp(group, "prime256v1") == 0;
}

static int
adopt(struct key *k, EVP_PKEY *pkey, bool private, const char *name,
	struct err *err)
{
	if (!is_p256(pkey)) {
		EVP_PKEY_free(pkey);
		return err_at(err, name, 0, 0, "not an ECDSA P-256 key, the "
			"only kind that smelt signs and verifies with");
	}
	k->pkey = pkey;
	k->private = private;
	return 0;
}

int
key_generate(struct key *k, struct err *err)
{
	EVP_PKEY *pkey;

	memset(k, 0, sizeof(*k));
	library();
	pkey = EVP_EC_gen("P-256");
	if (!pkey)
		return err_set(err, "cannot generate a P-256 key");
	return adopt(k, pkey, true, NULL, err);
}

static int
give_passphrase(char *buf, int size, int writing, void *data)
{
	struct passphrase *pass = data;
	size_t n;

	(void)writing;
	pass->asked = true;
	if (!pass->text)
		return -1;
	n = strlen(pass->text);
	if (size < 0 || n > (size_t)size)
		return -1;
	memcpy(buf, pass->text, n);
	return (int)n;
}

static bool
holds(const struct str *text, const char *what)
{
	return text->len && strstr(str_s(text), what) != NULL;
}

static int
parse_cosign(struct key *k, const struct str *text, const char *pass,
	const char *name, struct err *err)
{
	const unsigned char *at;
	EVP_PKEY *pkey = NULL;
	struct str der;
	int rc;

	if (!pass)
		return err_at(err, name, 0, 0,
			"an encrypted key, and no passphrase is given");
	str_init(&der, PEM_MAX);
	rc = cosignkey_open(&der, str_s(text), pass, name, err);
	if (rc == 0) {
		at = (const unsigned char *)str_s(&der);
		pkey = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
		ERR_clear_error();
	}
	if (der.buf)
		OPENSSL_cleanse(der.buf, der.cap);
	str_release(&der);
	if (rc == 0 && !pkey)
		rc = err_at(err, name, 0, 0, "no private key is in it");
	return rc == 0 ? adopt(k, pkey, true, name, err) : rc;
}

static int
parse_private(struct key *k, const struct str *text, const char *pass,
	const char *name, struct err *err)
{
	struct passphrase phrase = { pass, false };
	EVP_PKEY *pkey;
	BIO *bio;

	if (cosignkey_is(str_s(text)))
		return parse_cosign(k, text, pass, name, err);
	bio = BIO_new_mem_buf(str_s(text), (int)text->len);
	if (!bio)
		die("out of memory");
	pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &phrase);
	BIO_free(bio);
	ERR_clear_error();
	if (pkey)
		return adopt(k, pkey, true, name, err);
	if (!phrase.asked)
		return err_at(err, name, 0, 0, "not a private key in PEM "
			"(PKCS#8 or SEC1)");
	return err_at(err, name, 0, 0, pass ?
		"the passphrase does not open this key" :
		"an encrypted key, and no passphrase is given");
}

int
key_read_private(struct key *k, const char *path, const char *pass,
	struct err *err)
{
	struct str text;
	int rc;

	memset(k, 0, sizeof(*k));
	library();
	str_init(&text, PEM_MAX);
	rc = io_read(path, &text, err);
	if (rc == 0)
		rc = parse_private(k, &text, pass, path, err);
	if (text.buf)
		OPENSSL_cleanse(text.buf, text.cap);
	str_release(&text);
	return rc;
}

int
key_parse_public(struct key *k, const char *pem, size_t len, const char *name,
	struct err *err)
{
	EVP_PKEY *pkey;
	BIO *bio;

	memset(k, 0, sizeof(*k));
	library();
	if (len > PEM_MAX)
		return err_at(err, name, 0, 0, "too large for a key");
	bio = BIO_new_mem_buf(pem, (int)len);
	if (!bio)
		die("out of memory");
	pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (!pkey)
		return err_at(err, name, 0, 0,
			"not a public key in PEM (PUBLIC KEY)");
	return adopt(k, pkey, false, name, err);
}

int
key_read_public(struct key *k, const char *path, struct err *err)
{
	struct str text;
	int rc;

	memset(k, 0, sizeof(*k));
	str_init(&text, PEM_MAX);
	rc = io_read(path, &text, err);
	if (rc == 0 && (holds(&text, "PRIVATE KEY-----")))
		rc = err_at(err, path, 0, 0,
			"a private key; verifying takes the public one");
	if (rc == 0)
		rc = key_parse_public(k, str_s(&text), text.len, path, err);
	if (text.buf)
		OPENSSL_cleanse(text.buf, text.cap);
	str_release(&text);
	return rc;
}

void
key_release(struct key *k)
{
	EVP_PKEY_free(k->pkey);
	memset(k, 0, sizeof(*k));
}

void
key_hint(const struct key *k, struct str *out)
{
	unsigned char digest[SHA256_SIZE], *der = NULL;
	int n = i2d_PUBKEY(k->pkey, &der);

	if (n <= 0)
		die("cannot encode a public key");
	sha256(der, (size_t)n, digest);
	OPENSSL_free(der);
	base64_encode(out, digest, sizeof(digest));
}

/* Append what a BIO holds, wiping it there. */
static void
drain(BIO *bio, struct str *out)
{
	char *text;
	long n = BIO_get_mem_data(bio, &text);

	if (n <= 0)
		die("cannot encode a key");
	str_add(out, text, (size_t)n);
	OPENSSL_cleanse(text, (size_t)n);
	BIO_free(bio);
}

void
key_public_pem(const struct key *k, struct str *out)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (!bio || PEM_write_bio_PUBKEY(bio, k->pkey) != 1)
		die("cannot encode a public key");
	drain(bio, out);
}

static X509_SIG *
encrypt(PKCS8_PRIV_KEY_INFO *plain, const char *pass)
{
	X509_ALGOR *how = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), PBKDF2_ROUNDS,
		NULL, SALT, NULL, NID_hmacWithSHA256);
	X509_SIG *sig;

	if (!how)
		return NULL;
	sig = PKCS8_set0_pbe(pass, (int)strlen(pass), plain, how);
	if (!sig)
		X509_ALGOR_free(how);
	return sig;
}

void
key_private_pem(const struct key *k, const char *pass, struct str *out)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(k->pkey);
	BIO *bio = BIO_new(BIO_s_mem());
	X509_SIG *sig = NULL;
	int done = 0;

	if (!plain || !bio)
		die("cannot encode a private key");
	if (pass) {
		sig = encrypt(plain, pass);
		if (sig)
			done = PEM_write_bio_PKCS8(bio, sig);
	} else {
		done = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, plain);
	}
	if (done != 1)
		die("cannot encode a private key");
	X509_SIG_free(sig);
	PKCS8_PRIV_KEY_INFO_free(plain);
	drain(bio, out);
}

/* n - s when s is above n/2, else NULL. */
static BIGNUM *
negated(const BIGNUM *s)
{
	BIGNUM *n = NULL, *rest = BN_new();

	if (!BN_hex2bn(&n, order_hex) || !rest || !BN_sub(rest, n, s))
		die("out of memory");
	BN_free(n);
	if (BN_cmp(s, rest) > 0)
		return rest;
	BN_free(rest);
	return NULL;
}

/* Replace s by n - s where that is the smaller one. */
static void
lower(ECDSA_SIG *sig)
{
	const BIGNUM *r, *s;
	BIGNUM *low;

	ECDSA_SIG_get0(sig, &r, &s);
	low = negated(s);
	if (low && ECDSA_SIG_set0(sig, BN_dup(r), low) != 1)
		die("out of memory");
}

void
key_sign(const struct key *k, const void *p, size_t n, struct str *der)
{
	unsigned char buf[128], *out = NULL;
	const unsigned char *at = buf;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = sizeof(buf);
	ECDSA_SIG *sig;
	int outlen;

	if (!ctx || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL,
	    k->pkey) != 1 || EVP_DigestSign(ctx, buf, &len, p, n) != 1)
		die("cannot sign");
	EVP_MD_CTX_free(ctx);
	sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	if (!sig)
		die("cannot sign");
	lower(sig);
	outlen = i2d_ECDSA_SIG(sig, &out);
	if (outlen <= 0)
		die("cannot sign");
	str_add(der, out, (size_t)outlen);
	OPENSSL_free(out);
	ECDSA_SIG_free(sig);
}

/* The one DER form of a low-s signature? */
static bool
is_canonical(const unsigned char *sig, size_t siglen)
{
	const unsigned char *at = sig;
	unsigned char *again = NULL;
	const BIGNUM *r, *s;
	BIGNUM *low;
	ECDSA_SIG *parsed;
	bool good;
	int n;

	if (siglen > 128)
		return false;
	parsed = d2i_ECDSA_SIG(NULL, &at, (long)siglen);
	if (!parsed)
		return false;
	n = i2d_ECDSA_SIG(parsed, &again);
	ECDSA_SIG_get0(parsed, &r, &s);
	low = negated(s);
	good = !low && n > 0 && (size_t)n == siglen &&
		memcmp(again, sig, siglen) == 0;
	BN_free(low);
	OPENSSL_free(again);
	ECDSA_SIG_free(parsed);
	return good;
}

bool
key_verify(const struct key *k, const void *p, size_t n, const void *sig,
	size_t siglen)
{
	EVP_MD_CTX *ctx;
	bool good;

	if (!is_canonical(sig, siglen)) {
		ERR_clear_error();
		return false;
	}
	ctx = EVP_MD_CTX_new();
	if (!ctx)
		die("out of memory");
	good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL,
		k->pkey) == 1 &&
		EVP_DigestVerify(ctx, sig, siglen, p, n) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}
