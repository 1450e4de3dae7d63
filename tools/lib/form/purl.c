#include "form/purl.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"

enum { LOWER = 1, DASH = 2 };	/* what a type makes of its names */

/* Append with everything but unreserved characters percent-encoded; ":" is
 * written plainly, as the purl rules say. */
static void
quote(struct str *out, const char *p, size_t n, int how)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if ((how & DASH) && c == '_')
			c = '-';

		if (c < 128 && (isalnum(c) || strchr("-._~:", c)))
			str_putc(out, how & LOWER ? (char)tolower(c) : (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}

/* The segments of a namespace, without empty ones. */
static void
quote_path(struct str *out, const char *p, size_t n, int how)
{
	size_t len;

	while (n) {
		const char *slash = memchr(p, '/', n);

		len = slash ? (size_t)(slash - p) : n;
		if (len) {
			quote(out, p, len, how);
			str_putc(out, '/');
		}
		n -= len + (slash ? 1 : 0);
		p += len + (slash ? 1 : 0);
	}
}

const char *
purl_type(const char *ecosystem)
{
	static const char *const types[][2] = {
		{ "PyPI", "pypi" }, { "npm", "npm" }, { "Go", "golang" },
		{ "Maven", "maven" }, { "RubyGems", "gem" },
		{ "crates.io", "cargo" }, { "Packagist", "composer" },
		{ "NuGet", "nuget" }
	};
	size_t i;

	for (i = 0; ecosystem && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(ecosystem, types[i][0]) == 0)
			return types[i][1];
	return "generic";
}

/* Where the name starts behind its namespace. */
static const char *
split(const char *type, const char *name)
{
	const char *at = NULL;

	if (strcmp(type, "maven") == 0)
		at = strrchr(name, ':');
	if (!at && strcmp(type, "pypi") != 0)
		at = strrchr(name, '/');
	return at ? at + 1 : name;
}

int
purl_write(struct str *out, const char *type, const char *name,
	const char *version)
{
	bool pypi = strcmp(type, "pypi") == 0;
	int how = pypi ? LOWER | DASH : strcmp(type, "github") == 0 ||
		strcmp(type, "composer") == 0 ? LOWER : 0;
	const char *base = split(type, name);

	if (!*base)
		return -1;
	str_addf(out, "pkg:%s/", type);
	if (base != name)
		quote_path(out, name, (size_t)(base - name) - 1, how);
	quote(out, base, strlen(base), how);
	if (version && *version) {
		str_putc(out, '@');
		quote(out, version, strlen(version), 0);
	}
	return str_over(out) ? -1 : 0;
}
