/*
 * struct advisory: what is kept of an OSV record that met a dependency, and
 * the groups of those that are aliases of each other.
 */
#ifndef GATE1_ADVISORY_H
#define GATE1_ADVISORY_H

#include <stdbool.h>
#include <stddef.h>

struct affected;
struct arena;
struct json;
struct rule;
struct rules;
struct str;

enum { ADVISORY_CWES = 4 };

struct advisory {
	const char *id;
	const char **aliases;		/* and deprecated ids */
	size_t naliases;
	const char *summary;		/* one line, never empty */
	double severity;		/* 0: not stated */
	const char *fixes;		/* for the dependency; or NULL */
	const char *cwes[ADVISORY_CWES];
	size_t ncwes;
	size_t group;			/* set by advisory_group() */
};

/* Strings are copied into the arena. */
void advisory_read(struct advisory *a, const struct json *record,
	const struct affected *dependency, struct arena *arena);

/* Sort by id (GHSA first) and number the groups: group is the index of the
 * first advisory of it. */
void advisory_group(struct advisory *list, size_t n);

/* The rule of a group; ids of all its members in the description. */
const struct rule *advisory_rule(const struct advisory *list, size_t n,
	size_t group, struct rules *rules);
/* "GHSA-… (CVE-…, PYSEC-…)" */
void advisory_names(const struct advisory *list, size_t n, size_t group,
	struct str *out);

#endif
