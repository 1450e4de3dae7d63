/*
 * The signing run: from a read artifact to the files below --out.
 */
#ifndef ATTEST_SEAL_H
#define ATTEST_SEAL_H

#include <stdint.h>

struct artifact;
struct err;
struct key;
struct outdir;
struct stage;

struct seal_request {
	const struct key *key;		/* NULL: unsigned */
	const char *author;
	const char *supplier;		/* ? */
	const char *builder;		/* SLSA builder.id */
	const char *server_dir;		/* ? */
	int64_t time;			/* of archive members and the SBOM */
};

/*
 * Fill out with all files.  A bundle that is there already, verifies with the
 * key and says the same stays as it is.
 */
int seal(struct outdir *out, const struct artifact *a,
	const struct seal_request *req, struct err *err);
/* One attestation record a bundle. */
void seal_records(struct stage *s, const struct outdir *out);

#endif
