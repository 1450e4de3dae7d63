/*
 * struct dep: one dependency of the source, as a manifest or lock file states
 * it.  The record is specified in smelt-records(5); purl is spelled as the
 * purl specification says (types pypi, npm, golang, maven).
 */
#ifndef INTAKE_DEP_H
#define INTAKE_DEP_H

#include <stdbool.h>
#include <stddef.h>

struct source;
struct str;

struct dep {
	const char *ecosystem;	/* static: PyPI npm Go Maven */
	char *name;		/* normalised as the ecosystem does */
	char *version;		/* exact, or NULL */
	char *requirement;	/* range as written, or NULL */
	const char *scope;	/* static: runtime dev optional */
	bool direct;
	char **hashes;		/* "sha256:hex", "sha512:hex" */
	size_t nhashes, hashes_cap;
	char *license;		/* or NULL */
	bool locked;		/* from a lock file: direct is not known there,
				 * deps_read() looks at the manifests beside */
	char *file;
	unsigned line, col, end_line, end_col;
};

/* A new dependency of the source; the pointer is valid until the next. */
struct dep *dep_add(struct source *s, const char *ecosystem, const char *name,
	size_t name_len, const char *file);
void dep_place(struct dep *d, unsigned line, unsigned col, unsigned end_line,
	unsigned end_col);
void dep_set(char **field, const char *text, size_t len);
/* Digest of hex digits under algorithm "sha256" or "sha512"; others and
 * malformed ones are left out. */
void dep_hash_hex(struct dep *d, const char *algorithm, const char *hex,
	size_t len);
/* The same in base64, as npm's integrity and go.sum write it. */
void dep_hash_base64(struct dep *d, const char *algorithm, const char *text,
	size_t len);
void dep_release(struct dep *d);
int dep_order(const void *a, const void *b);

/* Append the record. */
void dep_record(struct str *out, const struct dep *d);

#endif
