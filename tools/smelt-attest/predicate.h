/*
 * The predicates of the attestations, as JSON objects.  Deterministic: what an
 * artifact holds and nothing else.
 */
#ifndef ATTEST_PREDICATE_H
#define ATTEST_PREDICATE_H

struct artifact;
struct str;

#define PREDICATE_SCORE	"urn:smelt:attestation:mcp-score:v1"
#define BUILD_TYPE	"urn:smelt:build-type:chain:v1"
#define BUILDER_LOCAL	"urn:smelt:builder:local"

/* SLSA provenance v1.  tar: SHA-256 of the uncompressed archive. */
void predicate_slsa(struct str *out, const struct artifact *a,
	const char *builder, const char *tar);
/* in-toto test-result v0.1 over the verdicts of both gates. */
void predicate_gates(struct str *out, const struct artifact *a);
void predicate_score(struct str *out, const struct artifact *a);

#endif
