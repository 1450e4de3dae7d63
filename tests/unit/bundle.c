/*
 * form/{key,dsse,bundle,intoto}: what is signed verifies, and nothing else.
 */
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "form/bundle.h"
#include "form/dsse.h"
#include "form/intoto.h"
#include "form/key.h"
#include "tap.h"

enum { MUTATIONS = 2000 };

static const char order[] =
	"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
static const char digest[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/* a small generator with a fixed seed: every run makes the same mutants */
static uint64_t state = 20261120;

static uint32_t
next(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static void
make(struct str *text, const struct key *key)
{
	struct subject subject = { .name = "library-1.tar.gz" };
	struct str about, statement;
	struct bundle b;

	memcpy(subject.sha256, digest, 65);
	str_init(&about, STR_LINE);
	str_init(&statement, STR_LINE);
	str_puts(&about, "{\"a\":1}");
	statement_write(&statement, INTOTO_SLSA, &subject, 1, &about);
	bundle_sign(&b, key, statement.buf, statement.len);
	bundle_write(&b, text);
	bundle_release(&b);
	str_release(&about);
	str_release(&statement);
}

/* What --verify does with one bundle: form, signature, statement, subject. */
static bool
accepted(const char *text, size_t len, const struct key *key)
{
	struct statement st;
	struct bundle b;
	struct err err;
	bool good = false;

	if (bundle_read(&b, text, len, "bundle", &err) < 0)
		return false;
	if (bundle_verify(&b, key, "bundle", &err) == 0 &&
	    statement_read(&st, b.payload, b.payload_len, "bundle",
		&err) == 0) {
		good = statement_find(&st, digest) != NULL;
		statement_release(&st);
	}
	bundle_release(&b);
	return good;
}

static void
mutate(struct str *text)
{
	size_t at = next((uint32_t)text->len), other;
	char c = text->buf[at];

	switch (next(5)) {
	case 0:
		text->buf[at] = (char)(c ^ (1 << next(8)));
		break;
	case 1:
		memmove(text->buf + at, text->buf + at + 1, text->len - at);
		text->len--;
		break;
	case 2:
		str_putc(text, ' ');
		memmove(text->buf + at + 1, text->buf + at,
			text->len - 1 - at);
		text->buf[at] = "\n \t\"{}[],:=A0\\"[next(15)];
		break;
	case 3:
		other = next((uint32_t)text->len);
		text->buf[at] = text->buf[other];
		text->buf[other] = c;
		break;
	default:
		text->len = at;
		text->buf[at] = '\0';
	}
}

static void
test_mutants(const struct str *good, const struct key *key)
{
	int i, made = 0, taken = 0;
	struct str text;

	str_init(&text, STR_LINE);
	while (made < MUTATIONS) {
		str_clear(&text);
		str_add(&text, good->buf, good->len);
		for (i = (int)next(3); i >= 0; i--)
			mutate(&text);
		if (text.len == good->len &&
		    memcmp(text.buf, good->buf, good->len) == 0)
			continue;
		made++;
		if (accepted(str_s(&text), text.len, key)) {
			taken++;
			tap_show("taken:", str_s(&text));
		}
	}
	is_int(made, MUTATIONS, "mutants were made");
	is_int(taken, 0, "and none is accepted");
	str_release(&text);
}

/* Structural edits: from, to. */
static const char *const edits[][2] = {
	{ "{\"mediaType\"", "{\"x\":1,\"mediaType\"" },
	{ "bundle.v0.3+json", "bundle.v0.2+json" },
	{ "\"publicKey\":{", "\"publicKey\":{\"x\":1," },
	{ "\"payloadType\"", "\"payloadType\":\"text/plain\",\"payloadType\"" },
	{ "vnd.in-toto+json", "vnd.in-toto+xml" },
	{ "\"sig\"", "\"keyid\":\"\",\"sig\"" },
	{ "\"signatures\":[{", "\"signatures\":[{\"sig\":\"MAAA\"},{" },
	{ "}]}}", "}]}} " }, { "}]}}", "}]}}{}" }, { "}]}}", "},{}]}}" },
	{ "\"dsseEnvelope\":", "\"dsseEnvelope\": " },
	{ "\"hint\":\"", "\"hint\":\"A" },
	{ "\"payload\":\"e", "\"payload\":\"\\u0065" },
	{ "\"payload\":\"", "\"payload\":\"\\n" },
	{ "\"payload\":\"", "\"payload\":\"=" },
	{ "{\"mediaType\"", "\xef\xbb\xbf{\"mediaType\"" }
};

static void
test_edits(const struct str *good, const struct key *key)
{
	struct str text;
	const char *at;
	size_t i;

	str_init(&text, STR_LINE);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		at = strstr(good->buf, edits[i][0]);
		ok(at != NULL, edits[i][0]);
		if (!at)
			continue;
		str_clear(&text);
		str_add(&text, good->buf, (size_t)(at - good->buf));
		str_puts(&text, edits[i][1]);
		str_puts(&text, at + strlen(edits[i][0]));
		ok(!accepted(text.buf, text.len, key), edits[i][1]);
	}
	str_release(&text);
}

static void
test_statements(void)
{
	static const char *const bad[] = {
		"{}", "[]", "null",
		"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],"
		"\"predicateType\":\"a\",\"predicate\":{}}",
		"{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"subject\":"
		"[{\"name\":\"a\",\"digest\":{\"sha256\":\"aaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}}],"
		"\"predicateType\":\"a\",\"predicate\":{}}",
		"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":"
		"[{\"name\":\"a\",\"digest\":{\"sha256\":\"AAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}],"
		"\"predicateType\":\"a\",\"predicate\":{}}",
		"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":"
		"[{\"name\":\"a\",\"digest\":{\"sha256\":\"aa\"}}],"
		"\"predicateType\":\"a\",\"predicate\":{}}",
		"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":"
		"[{\"name\":\"a\",\"digest\":{\"sha256\":\"aaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"md5\":\"0\"}}],"
		"\"predicateType\":\"a\",\"predicate\":{}}",
		"{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":"
		"[{\"name\":\"a\",\"digest\":{\"sha256\":\"aaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}}],"
		"\"predicateType\":\"a\",\"predicate\":[]}"
	};
	struct statement st;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ok(statement_read(&st, bad[i], strlen(bad[i]), "s", &err) < 0,
			"a bad statement is refused");
		ok(*err.rule, "and says by which rule");
	}
}

/* The other signature of the pair, (r, n - s). */
static void
test_malleability(const struct key *key)
{
	unsigned char *der = NULL;
	const unsigned char *at;
	const BIGNUM *r, *s;
	BIGNUM *n = NULL, *high = BN_new();
	ECDSA_SIG *sig;
	struct str out;
	int i, len, low = 0;

	str_init(&out, STR_LINE);
	BN_hex2bn(&n, order);
	for (i = 0; i < 20; i++) {
		str_clear(&out);
		key_sign(key, "text", 4, &out);
		at = (const unsigned char *)out.buf;
		sig = d2i_ECDSA_SIG(NULL, &at, (long)out.len);
		ECDSA_SIG_get0(sig, &r, &s);
		BN_sub(high, n, s);
		low += BN_cmp(s, high) < 0 && key_verify(key, "text", 4,
			out.buf, out.len);
		if (i < 19)
			ECDSA_SIG_free(sig);
	}
	is_int(low, 20, "signatures are low-s and verify");
	ECDSA_SIG_set0(sig, BN_dup(r), BN_dup(high));
	len = i2d_ECDSA_SIG(sig, &der);
	ok(!key_verify(key, "text", 4, der, (size_t)len),
		"the high-s twin of a good signature is refused");
	str_putc(&out, '\0');
	ok(!key_verify(key, "text", 4, out.buf, out.len),
		"a byte behind a good signature is refused");
	ok(!key_verify(key, "text", 4, "", 0), "an empty one is refused");
	ok(!key_verify(key, "texT", 4, out.buf, out.len - 1),
		"a good signature of another text is refused");
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	BN_free(n);
	BN_free(high);
	str_release(&out);
}

static void
test_pae(void)
{
	struct str out;

	str_init(&out, STR_LINE);
	dsse_pae(&out, "", "", 0);
	is(str_s(&out), "DSSEv1 0  0 ", "PAE of nothing");
	str_clear(&out);
	dsse_pae(&out, "http://example.com/HelloWorld", "hello world", 11);
	is(str_s(&out), "DSSEv1 29 http://example.com/HelloWorld 11 hello "
		"world", "PAE of the protocol's example");
	str_clear(&out);
	dsse_pae(&out, "ಠ", "x", 1);
	is(str_s(&out), "DSSEv1 3 ಠ 1 x", "lengths are bytes");
	str_release(&out);
}

/* A bundle that cosign made, of the test data of steiza/sigstore-c. */
static void
test_golden(void)
{
	static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
		"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFT8yens78MpgjE1zryFpUe9svXib"
		"\nZaSGhILgk6G+2bbymqF5OcOtBHJShVuXsCCdQWMW2tFO98lKKiyCCufc/g==\n"
		"-----END PUBLIC KEY-----\n";
	static const char text[] = "{\"mediaType\":\"application/vnd.dev."
		"sigstore.bundle.v0.3+json\",\"verificationMaterial\":{"
		"\"publicKey\":{\"hint\":\"NA7UD5DbOt2uhk3TvJp7YrYUNcmXry8R75I"
		"B82WeTR0=\"}},\"dsseEnvelope\":{\"payload\":\"eyJfdHlwZSI6Imh0"
		"dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjAuMSIsInByZWRpY2F0ZVR5cGU"
		"iOiJ0ZXN0aW5nIiwic3ViamVjdCI6W3sibmFtZSI6ImEudHh0IiwiZGlnZXN0Ij"
		"p7InNoYTI1NiI6ImQ5MDE0YzQ2MjQ4NDRhYTViYWMzMTQ3NzNkNmI2ODlhZDQ2N"
		"2ZhNGUxZDFhNTBhMWI4YTk5ZDVhOTVmNzJmZjUifX1dLCJwcmVkaWNhdGUiOnt9"
		"fQ==\",\"payloadType\":\"application/vnd.in-toto+json\","
		"\"signatures\":[{\"sig\":\"MEQCIHwBz5xq7wOkTCc6RplTIohGiV+TcpKi"
		"Er+BkRvTPTTGAiBng9hfUW0hL31WqWvVp9f9pnTwNG84AWWgjLyrCg+wUQ==\"}"
		"]}}\n";
	struct key key;
	struct bundle b;
	struct err err;

	ok(key_parse_public(&key, pem, strlen(pem), "pem", &err) == 0,
		"a public key of cosign is read");
	ok(bundle_read(&b, text, strlen(text), "golden", &err) == 0,
		"a bundle of cosign is read (with our line end)");
	ok(bundle_verify(&b, &key, "golden", &err) == 0,
		"and verifies: hint and signature are the same as ours");
	bundle_release(&b);
	key_release(&key);
}

int
main(void)
{
	struct key key, other;
	struct str text, hint;
	struct err err;

	if (key_generate(&key, &err) < 0 || key_generate(&other, &err) < 0)
		return 1;
	str_init(&text, STR_LINE);
	str_init(&hint, STR_LINE);
	test_pae();
	test_golden();
	make(&text, &key);
	ok(accepted(text.buf, text.len, &key), "a bundle is accepted");
	ok(!accepted(text.buf, text.len, &other), "not by another key");
	key_hint(&key, &hint);
	is_int((long long)hint.len, 44, "the hint is 32 bytes in base64");
	ok(strstr(text.buf, hint.buf) != NULL, "and is in the bundle");
	test_edits(&text, &key);
	test_statements();
	test_malleability(&key);
	test_mutants(&text, &key);
	str_release(&text);
	str_release(&hint);
	key_release(&key);
	key_release(&other);
	return done_testing();
}
