/*
 * The deterministic archive: ustar in gzip, members sorted by path under
 * ROOT/, owner 0, modes 0644 and 0755, every time the one that is given, no
 * time or name in the gzip header.
 */
#ifndef ATTEST_TARBALL_H
#define ATTEST_TARBALL_H

#include <stdint.h>

struct artifact;
struct err;
struct str;

/*
 * Append the compressed archive of a's files to out.  tar receives the hex
 * SHA-256 of the uncompressed tar, which does not depend on the version of
 * zlib.
 */
int tarball_make(struct str *out, const struct artifact *a, const char *root,
	int64_t mtime, char tar[65], struct err *err);

#endif
