#include "form/bundle.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/dsse.h"
#include "form/key.h"

void
bundle_sign(struct bundle *b, const struct key *key, const void *payload,
	size_t n)
{
	struct str hint, pae, sig;

	memset(b, 0, sizeof(*b));
	str_init(&hint, STR_LINE);
	str_init(&pae, STR_RECORD);
	str_init(&sig, STR_LINE);
	key_hint(key, &hint);
	dsse_pae(&pae, DSSE_INTOTO, payload, n);
	key_sign(key, pae.buf, pae.len, &sig);
	b->payload = xstrndup(payload, n);
	b->payload_len = n;
	b->sig_len = sig.len;
	b->sig = str_detach(&sig);
	b->hint = str_detach(&hint);
	str_release(&pae);
}

static void
pair_base64(struct emit *e, const char *key, const void *p, size_t n)
{
	struct str text;

	str_init(&text, STR_RECORD);
	base64_encode(&text, p, n);
	emit_key(e, key);
	emit_strn(e, str_s(&text), text.len);
	str_release(&text);
}

void
bundle_write(const struct bundle *b, struct str *out)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "mediaType", BUNDLE_TYPE);
	emit_key(&e, "verificationMaterial");
	emit_object(&e);
	emit_key(&e, "publicKey");
	emit_object(&e);
	emit_pair(&e, "hint", b->hint);
	emit_end(&e);
	emit_end(&e);
	emit_key(&e, "dsseEnvelope");
	emit_object(&e);
	pair_base64(&e, "payload", b->payload, b->payload_len);
	emit_pair(&e, "payloadType", DSSE_INTOTO);
	emit_key(&e, "signatures");
	emit_array(&e);
	emit_object(&e);
	pair_base64(&e, "sig", b->sig, b->sig_len);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
	str_putc(out, '\n');
}

void
bundle_release(struct bundle *b)
{
	free(b->hint);
	free(b->payload);
	free(b->sig);
	memset(b, 0, sizeof(*b));
}

static int
bad(struct err *err, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int
bad(struct err *err, const char *name, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_at(err, name, 1, 1, "%s", text);
	snprintf(err->rule, sizeof(err->rule), "bundle-form");
	return -1;
}

/* v is an object with exactly these members. */
static int
exact(const struct json *v, const char *what, const char *const *keys,
	const char *name, struct err *err)
{
	struct json_iter it;
	size_t n;

	if (!json_is(v, JSON_OBJECT))
		return bad(err, name, "%s is not an object", what);
	for (json_each(&it, v); json_next(&it); ) {
		for (n = 0; keys[n]; n++)
			if (json_str_is(it.key, keys[n]))
				break;
		if (!keys[n])
			return bad(err, name, "unknown member '%.80s' in %s",
				json_str(it.key), what);
	}
	for (n = 0; keys[n]; n++)
		if (!json_get(v, keys[n]))
			return bad(err, name, "no %s in %s", keys[n], what);
	return 0;
}

static int
decode(const struct json *v, const char *what, char **out, size_t *len,
	const char *name, struct err *err)
{
	struct str bytes;

	if (!json_is(v, JSON_STRING))
		return bad(err, name, "%s is not a string", what);
	str_init(&bytes, BUNDLE_MAX);
	if (base64_decode(&bytes, json_str(v), json_len(v)) < 0 ||
	    str_over(&bytes) || bytes.len == 0) {
		str_release(&bytes);
		return bad(err, name, "%s is not canonical base64", what);
	}
	*len = bytes.len;
	*out = str_detach(&bytes);
	return 0;
}

static int
read_envelope(struct bundle *b, const struct json *envelope, const char *name,
	struct err *err)
{
	static const char *const members[] = {
		"payload", "payloadType", "signatures", NULL
	};
	static const char *const of_signature[] = { "sig", NULL };
	const struct json *sigs = json_get(envelope, "signatures");
	const struct json *sig = json_at(sigs, 0);

	if (exact(envelope, "dsseEnvelope", members, name, err) < 0)
		return -1;
	if (!json_str_is(json_get(envelope, "payloadType"), DSSE_INTOTO))
		return bad(err, name, "payloadType is not %s", DSSE_INTOTO);
	if (!json_is(sigs, JSON_ARRAY) || json_size(sigs) != 1)
		return bad(err, name, "not exactly one signature");
	if (exact(sig, "signature", of_signature, name, err) < 0 ||
	    decode(json_get(sig, "sig"), "sig", &b->sig, &b->sig_len, name,
		err) < 0)
		return -1;
	return decode(json_get(envelope, "payload"), "payload", &b->payload,
		&b->payload_len, name, err);
}

static int
read_root(struct bundle *b, const struct json *root, const char *name,
	struct err *err)
{
	static const char *const members[] = {
		"mediaType", "verificationMaterial", "dsseEnvelope", NULL
	};
	static const char *const of_material[] = { "publicKey", NULL };
	static const char *const of_key[] = { "hint", NULL };
	const struct json *material = json_get(root, "verificationMaterial");
	const struct json *key = json_get(material, "publicKey");
	const struct json *hint = json_get(key, "hint");

	if (exact(root, "the bundle", members, name, err) < 0 ||
	    exact(material, "verificationMaterial", of_material, name,
		err) < 0 ||
	    exact(key, "publicKey", of_key, name, err) < 0)
		return -1;
	if (!json_str_is(json_get(root, "mediaType"), BUNDLE_TYPE))
		return bad(err, name, "mediaType is not %s", BUNDLE_TYPE);
	if (!json_is(hint, JSON_STRING))
		return bad(err, name, "hint is not a string");
	b->hint = xstrndup(json_str(hint), json_len(hint));
	return read_envelope(b, json_get(root, "dsseEnvelope"), name, err);
}

/* The text is the only one that we write for this content. */
static int
check_canonical(const struct bundle *b, const char *text, size_t len,
	const char *name, struct err *err)
{
	struct str again;
	bool same;

	str_init(&again, STR_RECORD);
	bundle_write(b, &again);
	same = again.len == len && memcmp(again.buf, text, len) == 0;
	str_release(&again);
	return same ? 0 : bad(err, name, "not in canonical form: spaces, "
		"order, escapes or bytes behind the end differ");
}

int
bundle_read(struct bundle *b, const char *text, size_t len, const char *name,
	struct err *err)
{
	struct json_doc doc;
	int rc;

	memset(b, 0, sizeof(*b));
	if (len > BUNDLE_MAX)
		return bad(err, name, "larger than %zu bytes", BUNDLE_MAX);
	if (json_parse(&doc, text, len, name, err) < 0) {
		snprintf(err->rule, sizeof(err->rule), "bundle-form");
		return -1;
	}
	if (json_duplicate(json_root(&doc)))
		rc = bad(err, name, "a member is given twice");
	else
		rc = read_root(b, json_root(&doc), name, err);
	json_release(&doc);
	if (rc == 0)
		rc = check_canonical(b, text, len, name, err);
	if (rc < 0)
		bundle_release(b);
	return rc;
}

int
bundle_verify(const struct bundle *b, const struct key *key, const char *name,
	struct err *err)
{
	struct str hint, pae;
	bool same, good;

	str_init(&hint, STR_LINE);
	str_init(&pae, STR_RECORD);
	key_hint(key, &hint);
	same = strcmp(str_s(&hint), b->hint) == 0;
	dsse_pae(&pae, DSSE_INTOTO, b->payload, b->payload_len);
	good = same && key_verify(key, pae.buf, pae.len, b->sig, b->sig_len);
	str_release(&hint);
	str_release(&pae);
	if (good)
		return 0;
	err_at(err, name, 0, 0, same ? "the signature is not this key's" :
		"signed by another key: the hint differs");
	snprintf(err->rule, sizeof(err->rule), "bundle-signature");
	return -1;
}
