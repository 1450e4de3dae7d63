/*
 * Reading the members of a zip archive, in the archive's order, one in memory
 * at a time.  libarchive, zip format only.
 *
 * Limits: ZIP_ENTRIES members, ZIP_TOTAL bytes in all, max bytes a member (a
 * larger one is an error).  Nothing is written anywhere.
 */
#ifndef SYS_ZIP_H
#define SYS_ZIP_H

#include <stddef.h>

struct err;

#define ZIP_ENTRIES	((size_t)2 * 1000 * 1000)
#define ZIP_TOTAL	((size_t)16 * 1024 * 1024 * 1024)

/* Not 0 ends the walk with that value.  data is NUL-terminated. */
typedef int zip_visit(void *ctx, const char *name, const char *data,
	size_t len, struct err *err);

/* Regular members only.  0, -1, or visit's value. */
int zip_each(const char *path, size_t max, zip_visit *visit, void *ctx,
	struct err *err);

#endif
