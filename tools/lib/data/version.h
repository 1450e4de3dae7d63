/*
 * Versions of packages, ordered as their ecosystem does:
 *
 *	VERSION_SEMVER	npm and Go: Semantic Versioning 2.0.0.  A leading "v"
 *			or "=" is skipped, missing numbers are 0, build
 *			metadata ("+incompatible") does not count.  Go's pseudo
 *			versions are pre-releases, as Go has it.
 *	VERSION_PEP440	PyPI: PEP 440 with all its spellings and local
 *			versions; what is no such version comes before all that
 *			are, ordered as setuptools did.
 *	VERSION_MAVEN	Maven's "Version Order Specification".
 *
 * Numbers have any length, comparing never fails, and is the same from both
 * sides.  SEMVER and PEP440 are total preorders.  Maven's specification is
 * none: padding makes it say 1 < 1-e < 1.0.a < 1.
 */
#ifndef DATA_VERSION_H
#define DATA_VERSION_H

#include <stdbool.h>

enum version_scheme { VERSION_SEMVER, VERSION_PEP440, VERSION_MAVEN };

/* Of an ecosystem by its OSV name ("PyPI", "npm", "Go", "Maven"); false for
 * others. */
bool version_scheme(const char *ecosystem, enum version_scheme *scheme);
/* < 0, 0, > 0 */
int version_compare(enum version_scheme scheme, const char *a, const char *b);
/* Does text have the form of one version (no range, no "latest")?  Anything
 * without blanks that starts with a digit will do for Maven. */
bool version_is_exact(enum version_scheme scheme, const char *text);

/* The schemes; called by version_compare(). */
int version_compare_pep440(const char *a, const char *b);
bool version_is_pep440(const char *text);
int version_compare_maven(const char *a, const char *b);
/* Numbers of any length, as digits. */
int version_compare_digits(const char *a, unsigned long na, const char *b,
	unsigned long nb);

#endif
