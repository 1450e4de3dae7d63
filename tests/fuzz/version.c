/*
 * data/version: any three lines as versions.  The order is the same from both
 * sides and, but for Maven's, transitive.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/version.h"
#include "fuzz.h"

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
order(enum version_scheme scheme, char *const v[3])
{
	int ab = sign(version_compare(scheme, v[0], v[1]));
	int bc = sign(version_compare(scheme, v[1], v[2]));
	int ac = sign(version_compare(scheme, v[0], v[2]));

	FUZZ_MUST(version_compare(scheme, v[0], v[0]) == 0);
	FUZZ_MUST(sign(version_compare(scheme, v[1], v[0])) == -ab);
	if (scheme != VERSION_MAVEN && (ab == bc || bc == 0))
		FUZZ_MUST(ac == ab);
	if (scheme != VERSION_MAVEN && ab == 0)
		FUZZ_MUST(ac == bc);
	version_is_exact(scheme, v[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	char none[] = "", *v[3] = { none, none, none }, *p = text;

	for (int i = 0; i < 3 && p; i++) {
		v[i] = p;
		p = strchr(p, '\n');
		if (p)
			*p++ = '\0';
	}
	order(VERSION_SEMVER, v);
	order(VERSION_PEP440, v);
	order(VERSION_MAVEN, v);
	free(text);
	return 0;
}
