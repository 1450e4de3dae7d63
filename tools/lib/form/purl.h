/*
 * Package URLs: pkg:type/namespace/name@version, built in canonical form.
 *
 * Names are normalised as their type asks: pypi lower case with "-" for "_", npm
 * "@scope/name" with the scope as namespace, others split at the last "/"
 * (maven also at ":"), github and composer lower case.
 */
#ifndef FORM_PURL_H
#define FORM_PURL_H

struct str;

/*
 * Append the purl of a package of an ecosystem: type is a purl type ("pypi",
 * "npm", "golang", "maven" with group/artifact or group:artifact, "generic",
 * "github").  version may be NULL.  0, or -1 when there is no name.
 */
int purl_write(struct str *out, const char *type, const char *name,
	const char *version);
/* The purl type of a dep record's ecosystem ("PyPI" gives "pypi"); unknown
 * ones are "generic". */
const char *purl_type(const char *ecosystem);

#endif
