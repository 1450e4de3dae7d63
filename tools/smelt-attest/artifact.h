/*
 * struct artifact: what smelt-attest takes from a finished chain.  Everything
 * is owned by it; artifact_release() frees all.
 */
#ifndef ATTEST_ARTIFACT_H
#define ATTEST_ARTIFACT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct json;
struct json_doc;
struct stage;

struct records {
	struct json_doc *v;
	size_t n, cap;
};

/* One emit record, decoded and checked against its own digest. */
struct artifact_file {
	const char *path, *role;
	unsigned mode;
	const char *data;	/* NUL-terminated */
	size_t len;
	char sha256[65];
};

/* One definition and the digest of its canonical form. */
struct artifact_tool {
	const char *name;
	char sha256[65];
};

struct artifact {
	struct arena *arena;
	const char *name;	/* of the server */
	const char *version;	/* fit for a file name */
	const char *target;	/* "python", "typescript" */
	const char *mode;	/* "dynamic", or NULL */
	struct records source, deps, tools, verdicts, grades, chain;
	struct artifact_file *files;	/* sorted by path */
	size_t nfiles, capfiles;
	struct artifact_tool *defs;	/* of the tools, not of meta-tools */
	size_t ndefs;
	struct json_doc *bindings, *manifest, *definitions;
};

/*
 * Read all records of s.  -1: a record is missing (the error names the stage
 * that writes it) or does not hold what it says.
 */
int artifact_read(struct artifact *a, struct stage *s, struct err *err);
void artifact_release(struct artifact *a);
const struct artifact_file *artifact_file(const struct artifact *a,
	const char *path);
/* The first verdict that says fail, or NULL. */
const struct json *artifact_red(const struct artifact *a);
/* Root of the i-th record. */
const struct json *records_at(const struct records *r, size_t i);

#endif
