/*
 * The bill of materials of a generated server: its pinned packages from the
 * emitted lock files, the packages that the source named, one service per
 * upstream, and a property per tool definition.
 */
#ifndef ATTEST_INVENTORY_H
#define ATTEST_INVENTORY_H

#include <stdint.h>

struct artifact;
struct err;
struct json;
struct str;
struct subject;

struct inventory_request {
	const char *author;
	const char *supplier;		/* ? */
	int64_t time;
	const struct json *packages;	/* share/smelt/components.yaml */
	const char *archive;		/* file name and digest */
	const char *archive_sha256;
	const char *const *attestations;	/* file names, NULL at the end */
};

/* Append the CycloneDX text. */
int inventory_make(struct str *out, const struct artifact *a,
	const struct inventory_request *req, struct err *err);

#endif
