/*
 * struct statement: an in-toto Statement v1.
 *
 * Written with our keys in fixed order, subjects with a name and a SHA-256
 * digest.  Read strictly: _type, subject, predicateType, predicate and nothing
 * else; 1..INTOTO_SUBJECTS subjects, each with a name of its own and exactly a
 * sha256 of 64 lower-case hex digits; no member twice anywhere.
 */
#ifndef FORM_INTOTO_H
#define FORM_INTOTO_H

#include <stddef.h>

struct err;
struct json;
struct json_doc;
struct str;

#define INTOTO_STATEMENT	"https://in-toto.io/Statement/v1"
#define INTOTO_SLSA		"https://slsa.dev/provenance/v1"
#define INTOTO_CYCLONEDX	"https://cyclonedx.org/bom"
#define INTOTO_TEST_RESULT	"https://in-toto.io/attestation/test-result/v0.1"

enum { INTOTO_SUBJECTS = 1024 };

struct subject {
	const char *name;
	char sha256[65];
};

struct statement {
	struct json_doc *doc;
	struct subject *subjects;	/* names point into doc */
	size_t nsubjects;
	const char *type;		/* predicateType */
	const struct json *predicate;
};

/* predicate is JSON text, an object. */
void statement_write(struct str *out, const char *type,
	const struct subject *subjects, size_t n, const struct str *predicate);
int statement_read(struct statement *s, const char *text, size_t len,
	const char *name, struct err *err);
void statement_release(struct statement *s);
/* The subject of that digest (64 hex digits), or NULL. */
const struct subject *statement_find(const struct statement *s,
	const char *sha256);

#endif
