/*
 * Packages as ecosystems and their lock files name them.  Ecosystems are
 * spelled as OSV does ("PyPI", "npm", "Go", "Maven").
 */
#ifndef FORM_PACKAGE_H
#define FORM_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Append a name in the form to compare by: PyPI's by PEP 503 (lower case, runs
 * of "-_." are one "-"), Maven's with ":" behind the group, others as is. */
void package_name(struct str *out, const char *ecosystem, const char *name,
	size_t len);

/* The package at a path of package-lock.json: "@b/c" of
 * "node_modules/a/node_modules/@b/c"; NULL when none is installed there. */
const char *package_at(const char *path);

/* "name[extra]==version" at the start of a line of requirements.txt. */
struct package_pin {
	size_t name_len;	/* of the line's first bytes */
	const char *version;
	size_t version_len;
};
/* False: no exact version of a package there. */
bool package_pin(struct package_pin *pin, const char *line, size_t len);

/*
 * The next digest of an npm integrity text ("sha512-BASE64 sha1-BASE64") as
 * hex digits: *algorithm is "sha256" or "sha512" (others and malformed ones are
 * passed over), *text is moved behind it.  False: no more; NULL has none.
 */
bool package_digest(const char **text, const char **algorithm,
	struct str *hex);

#endif
