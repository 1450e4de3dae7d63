/*
 * Refs of a struct repo; inside sys/repo only (callers use repo_find()).
 */
#ifndef SYS_REPOREF_H
#define SYS_REPOREF_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct oid;
struct repo;

/* A whole object name in lower-case hex. */
bool reporef_oid(const struct repo *r, const char *hex, size_t n,
	struct oid *oid);
/* Follow tags to the commit. */
int reporef_peel(struct repo *r, struct oid *oid, struct err *err);
/* What all refs and HEAD name, sorted, each once; not peeled.  Free *oids. */
size_t reporef_all(struct repo *r, struct oid **oids);

#endif
