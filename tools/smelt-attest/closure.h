/*
 * struct closure: packages with exact versions and hashes, gathered from lock
 * files and dep records, as components of a bill of materials.
 *
 * One component a purl; what is met twice is merged (hashes and edges added,
 * the stronger scope kept).  Strings live in the caller's arena.
 */
#ifndef ATTEST_CLOSURE_H
#define ATTEST_CLOSURE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json;
struct map;
struct sbom_component;

struct closure {
	struct arena *arena;
	struct sbom_component *v;	/* in order of discovery */
	size_t n, cap;
	struct map *index;		/* purl: index + 1 */
	struct map *roots;		/* purls that the server itself needs */
	struct map *flat;		/* purls of a lock without edges */
};

void closure_init(struct closure *c, struct arena *arena);
void closure_release(struct closure *c);
/* The component of that purl type, name and version, new or met before; NULL
 * without a name.  The pointer holds until the next call. */
struct sbom_component *closure_component(struct closure *c, const char *type,
	const char *name, const char *version);
struct sbom_component *closure_find(const struct closure *c, const char *ref);
void closure_hash(struct closure *c, struct sbom_component *comp,
	const char *alg, const char *hex);
void closure_edge(struct sbom_component *comp, const char *ref);
/* required wins over optional wins over excluded */
void closure_scope(struct sbom_component *comp, const char *scope);
void closure_root(struct closure *c, const char *ref);
/* One dep record, a package that the source names.  in_process: the server runs
 * the source's code, and needs it; else it is listed as excluded. */
void closure_dep(struct closure *c, const struct json *dep, bool in_process);
/*
 * Fill license, supplier and links where share/smelt/components.yaml knows
 * them; the strings stay the table's.  Gives packages of a lock without edges
 * those that the table knows; the ones that nobody needs are the server's.
 */
void closure_describe(struct closure *c, const struct json *table);

#endif
