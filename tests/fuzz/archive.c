/*
 * sys/tar: any bytes as an archive.  What is told of an entry holds.
 */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "fuzz.h"
#include "sys/tar.h"

enum { TOTAL = 4 * 1024 * 1024, ENTRY = 1024 * 1024 };

static int
visit(void *arg, const struct tar_entry *e, struct tar *t, struct err *err)
{
	struct str out;
	int rc;

	(void)arg;
	FUZZ_MUST(e->path[0] && e->path[0] != '/' && !strstr(e->path, "//"));
	FUZZ_MUST(strcmp(e->path, "..") && !str_starts(e->path, "../") &&
		!strstr(e->path, "/../") && !str_ends(e->path, "/.."));
	if (e->type != TAR_FILE)
		return 0;
	str_init(&out, ENTRY);
	rc = tar_content(t, ENTRY, &out, err);
	FUZZ_MUST(out.len <= ENTRY);
	str_release(&out);
	return rc < 0 ? -1 : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err;

	tar_init();
	tar_is_archive((const char *)data, size);
	tar_read(fuzz_fd(0, data, size), "input", TOTAL, visit, NULL, &err);
	return 0;
}
