/*
 * The orders of data/version.h.  Each row is a chain: every version in it
 * comes before all behind it ("<") or is the same as its neighbour ("=").  The
 * chains are written from Semantic Versioning 2.0.0 (11), PEP 440 and Maven's
 * version order specification.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "data/version.h"
#include "tap.h"

static const struct {
	enum version_scheme scheme;
	const char *chain;
} chains[] = {
	{ VERSION_SEMVER, "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < "
		"1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < "
		"1.0.0 < 1.0.1 < 1.2.0 < 1.10.0 < 2.0.0" },
	{ VERSION_SEMVER, "0.0.0-0 < 0.0.0 < 0.0.1 < 0.1.0 < 1.0.0" },
	{ VERSION_SEMVER, "1.0.0+a = 1.0.0+b = 1.0.0 = v1.0.0 = =1.0.0 = "
		"1.0 = 1" },
	{ VERSION_SEMVER, "1.0.0-1 < 1.0.0-2 < 1.0.0-10 < 1.0.0-1a < "
		"1.0.0-A < 1.0.0-a < 1.0.0-a-b < 1.0.0-b" },
	{ VERSION_SEMVER, "1.0.0--1 < 1.0.0-a" },
	{ VERSION_SEMVER, "1.0.9999999999999999999998 < "
		"1.0.9999999999999999999999 < 1.1.0" },
	{ VERSION_SEMVER, "1.0.0-99999999999999999999 < "
		"1.0.0-100000000000000000000" },
	{ VERSION_SEMVER, "1.2.3 < 1.2.3.1 < 1.2.4" },
	/* Go: before the first tag, between tags, after the last */
	{ VERSION_SEMVER, "v0.0.0-20190101000000-abcdefabcdef < "
		"v0.0.0-20200101000000-000000000000 < "
		"v1.2.3-pre.0.20210101000000-abcdefabcdef < v1.2.3 < "
		"v1.2.4-0.20220101000000-abcdefabcdef < v1.2.4-rc.1 < v1.2.4" },
	{ VERSION_SEMVER, "v2.0.0+incompatible = v2.0.0 < "
		"v2.0.1+incompatible" },

	{ VERSION_PEP440, "1.dev0 < 1.0.dev456 < 1.0a1 < 1.0a2.dev456 < "
		"1.0a12.dev456 < 1.0a12 < 1.0b1.dev456 < 1.0b2 < "
		"1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < "
		"1.0rc1 < 1.0 < 1.0+abc.5 < 1.0+abc.7 < 1.0+5 < "
		"1.0.post456.dev34 < 1.0.post456 < 1.0.15 < 1.1.dev1" },
	{ VERSION_PEP440, "0.9 < 0.9.1 < 0.9.2 < 0.9.10 < 0.9.11 < 1.0 < "
		"2013.10 < 2014.4 < 1!1.0 < 1!1.1 < 2!0" },
	{ VERSION_PEP440, "1.0 = 1 = 1.0.0 = v1.0 = 01.0 = 0!1.0" },
	{ VERSION_PEP440, "1.1a1 = 1.1.a1 = 1.1-a1 = 1.1_a.1 = 1.1alpha1 = "
		"1.1ALPHA1 = 1.1.alpha-1 < 1.1b = 1.1beta0 = 1.1-BETA < "
		"1.1c1 = 1.1rc1 = 1.1pre1 = 1.1preview1 = 1.1.preview-1" },
	{ VERSION_PEP440, "1.0 < 1.0.post = 1.0post0 = 1.0-r = 1.0.rev0 < "
		"1.0-1 = 1.0.post1 = 1.0post1 = 1.0-r1 = 1.0rev1 = "
		"1.0_post_1 < 1.0-2" },
	{ VERSION_PEP440, "1.0.dev = 1.0dev0 = 1.0-dev-0 < 1.0.dev1 < 1.0a" },
	{ VERSION_PEP440, "1.0+ubuntu-1 = 1.0+ubuntu.1 = 1.0+Ubuntu_1" },
	{ VERSION_PEP440, "1.0+a < 1.0+a.b < 1.0+a.1 < 1.0+1 < 1.0+1.0 < "
		"1.0+2 < 1.0+10 < 1.0.1" },
	{ VERSION_PEP440, "1.99999999999999999999 < "
		"1.100000000000000000000 < 1!0" },
	/* no versions of PEP 440 come first */
	{ VERSION_PEP440, "2.4dev-r7-final < 2.4-snapshot-x < 0.1.dev0" },
	{ VERSION_PEP440, "french toast < 0.0.0.dev0 < 0" },

	{ VERSION_MAVEN, "1-alpha < 1-beta < 1-milestone < 1-rc = 1-cr < "
		"1-snapshot < 1 = 1-final = 1-ga = 1-release < 1-sp < "
		"1-foo < 1-zoo < 1-1 < 1.1" },
	{ VERSION_MAVEN, "1 = 1.0 = 1.0.0 = 1.ga = 1-0.0 = 1.0.0-0.0.0 = "
		"1.final" },
	{ VERSION_MAVEN, "1.0.0-foo.0.0 = 1-foo" },
	{ VERSION_MAVEN, "1-a1 = 1-alpha-1 = 1alpha1 < 1-b2 = 1-beta-2 < "
		"1-m3 = 1-milestone-3" },
	{ VERSION_MAVEN, "1-a = 1-A < 1-foo1 < 1-foo10 < 1-1.foo-bar1baz-.1" },
	{ VERSION_MAVEN, "1.foo10 < 1-foo2 < 1-foo10 < 2" },
	{ VERSION_MAVEN, "1.0-SNAPSHOT < 1.0 < 1.0.1-SNAPSHOT < 1.0.1 < "
		"1.0.2 < 1.0.10 < 1.1 < 1.99999999999999999999 < 2" },
	{ VERSION_MAVEN, "2.0.1-xyz < 2.0.1-123" },
	{ VERSION_MAVEN, "31.1-android < 31.1-jre < 32.0.0-android" },
	{ VERSION_MAVEN, "5.3.0.RC1 < 5.3.0.RELEASE = 5.3.0 < 5.3.0.SP1" },
};

static const struct {
	enum version_scheme scheme;
	const char *text;
	bool exact;
} exact[] = {
	{ VERSION_SEMVER, "1.2.3", true },
	{ VERSION_SEMVER, "v1.2.3-rc.1+b.5", true },
	{ VERSION_SEMVER, "1.2", false },
	{ VERSION_SEMVER, "1.2.3-", false },
	{ VERSION_SEMVER, "1.2.3-a..b", false },
	{ VERSION_SEMVER, "^1.2.3", false },
	{ VERSION_SEMVER, "latest", false },
	{ VERSION_SEMVER, "", false },
	{ VERSION_SEMVER, "1.2.x", false },
	{ VERSION_SEMVER, "file:../x", false },
	{ VERSION_PEP440, "1!2.0rc1.post2.dev3+l.1", true },
	{ VERSION_PEP440, "1", true },
	{ VERSION_PEP440, "1.*", false },
	{ VERSION_PEP440, "1.0+", false },
	{ VERSION_PEP440, "1.0+a..b", false },
	{ VERSION_PEP440, "!1", false },
	{ VERSION_PEP440, "1!", false },
	{ VERSION_PEP440, "x", false },
	{ VERSION_MAVEN, "1.0-jre", true },
	{ VERSION_MAVEN, "[1.0,2.0)", false },
	{ VERSION_MAVEN, "1.0,2.0", false },
	{ VERSION_MAVEN, "${v}", false },
};

/* Of two in a chain: is every one between them followed by "="? */
static int
expected(const char *ops, size_t i, size_t k)
{
	for (; i < k; i++)
		if (ops[i] == '<')
			return -1;
	return 0;
}

static void
hold(enum version_scheme scheme, const char *chain)
{
	char *text = xstrdup(chain), *list[64], ops[64], *p = text;
	size_t n = 0, wrong = 0, i, k;

	for (;;) {
		char *less = strstr(p, " < "), *same = strstr(p, " = ");
		char *at = !less || (same && same < less) ? same : less;

		list[n] = p;
		if (!at)
			break;
		ops[n++] = at[1];
		*at = 0;
		p = at + 3;
	}
	for (i = 0; i <= n; i++)
		for (k = i; k <= n; k++) {
			int want = expected(ops, i, k);
			int got = version_compare(scheme, list[i], list[k]);
			int back = version_compare(scheme, list[k], list[i]);

			if (got == want && back == -want)
				continue;
			wrong++;
			fprintf(stderr, "# %s ? %s: %d and back %d, not %d\n",
				list[i], list[k], got, back, want);
		}
	ok(!wrong && n > 0, chain);
	free(text);
}

int
main(void)
{
	enum version_scheme s;
	char name[128];

	for (size_t i = 0; i < sizeof(chains) / sizeof(*chains); i++)
		hold(chains[i].scheme, chains[i].chain);
	for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++) {
		snprintf(name, sizeof(name), "'%s' is %sone version",
			exact[i].text, exact[i].exact ? "" : "not ");
		ok(version_is_exact(exact[i].scheme, exact[i].text) ==
			exact[i].exact, name);
	}
	ok(version_scheme("Go", &s) && s == VERSION_SEMVER, "Go is known");
	ok(!version_scheme("Hackage", &s), "Hackage is not");
	ok(!version_scheme(NULL, &s), "nothing is not");
	return done_testing();
}
