/*
 * struct bundle: a Sigstore bundle v0.3 that holds one in-toto statement in a
 * DSSE envelope with one signature by a key named by its hint.  No certificate,
 * no transparency log, no keyid (a keyid makes cosign refuse).
 *
 * Reading is strict: every field known and of its type, none twice, base64
 * canonical, one signature, nothing behind.  On top of that the text must be,
 * byte for byte, what bundle_write() makes of its content: so no bit of a
 * bundle file can be changed without being noticed.
 */
#ifndef FORM_BUNDLE_H
#define FORM_BUNDLE_H

#include <stddef.h>

struct err;
struct key;
struct str;

#define BUNDLE_TYPE	"application/vnd.dev.sigstore.bundle.v0.3+json"
#define BUNDLE_MAX	((size_t)128 * 1024 * 1024)

struct bundle {
	char *hint;		/* base64 */
	char *payload;		/* decoded, NUL-terminated */
	size_t payload_len;
	char *sig;		/* decoded DER */
	size_t sig_len;
};

/* Sign payload; b owns copies.  key is a private one. */
void bundle_sign(struct bundle *b, const struct key *key, const void *payload,
	size_t n);
/* One line and a line end. */
void bundle_write(const struct bundle *b, struct str *out);
/* name is for errors.  On -1 b is empty. */
int bundle_read(struct bundle *b, const char *text, size_t len,
	const char *name, struct err *err);
void bundle_release(struct bundle *b);

/* Made by this key?  -1 and err: the hint is another key's, or the signature
 * is wrong. */
int bundle_verify(const struct bundle *b, const struct key *key,
	const char *name, struct err *err);

#endif
