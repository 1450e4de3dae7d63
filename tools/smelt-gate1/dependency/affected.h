/*
 * Is a version of a package affected by an OSV record?  By the schema's own
 * algorithm: an enumerated version, or a SEMVER or ECOSYSTEM range (events
 * introduced, fixed, last_affected, limit).  GIT ranges are of commits and say
 * nothing about a version.
 */
#ifndef GATE1_AFFECTED_H
#define GATE1_AFFECTED_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct str;

/* One package version: name as package_name() has it. */
struct affected {
	const char *ecosystem, *name, *version;
};

bool affected_by(const struct affected *a, const struct json *record);
/* Append the versions above it that are fixed, lowest first: "1.2.3, 2.0.1".
 * Nothing when there are none. */
void affected_fixes(const struct affected *a, const struct json *record,
	struct str *out);
/* Its entry of the record's list "affected", or NULL. */
const struct json *affected_entry(const struct affected *a,
	const struct json *record);

#endif
