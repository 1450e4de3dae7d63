#include "data/version.h"

#include <stddef.h>
#include <string.h>

static const char digits[] = "0123456789";

bool
version_scheme(const char *ecosystem, enum version_scheme *scheme)
{
	static const struct {
		const char *name;
		enum version_scheme scheme;
	} known[] = {
		{ "PyPI", VERSION_PEP440 },
		{ "npm", VERSION_SEMVER },
		{ "Go", VERSION_SEMVER },
		{ "Maven", VERSION_MAVEN },
	};

	for (size_t i = 0; ecosystem && i < sizeof(known) / sizeof(*known);
	    i++)
		if (strcmp(ecosystem, known[i].name) == 0) {
			*scheme = known[i].scheme;
			return true;
		}
	return false;
}

int
version_compare_digits(const char *a, unsigned long na, const char *b,
	unsigned long nb)
{
	int order;

	for (; na && *a == '0'; na--)
		a++;
	for (; nb && *b == '0'; nb--)
		b++;
	if (na != nb)
		return na < nb ? -1 : 1;
	order = na ? memcmp(a, b, na) : 0;
	return (order > 0) - (order < 0);
}

static int
compare_bytes(const char *a, size_t na, const char *b, size_t nb)
{
	int order = memcmp(a, b, na < nb ? na : nb);

	if (order == 0)
		return (na > nb) - (na < nb);
	return order < 0 ? -1 : 1;
}

/* --- Semantic Versioning ---------------------------------------------------- */

/* One dotted identifier: numbers below words. */
static int
compare_identifier(const char *a, size_t na, const char *b, size_t nb)
{
	bool number_a = na && strspn(a, digits) >= na;
	bool number_b = nb && strspn(b, digits) >= nb;

	if (number_a && number_b)
		return version_compare_digits(a, na, b, nb);
	if (number_a != number_b)
		return number_a ? -1 : 1;
	return compare_bytes(a, na, b, nb);
}

/* Dotted lists; an absent identifier counts as missing, or below all. */
static int
compare_lists(const char *a, size_t na, const char *b, size_t nb,
	const char *missing)
{
	while (na || nb) {
		const char *dot_a = memchr(a, '.', na);
		const char *dot_b = memchr(b, '.', nb);
		size_t la = dot_a ? (size_t)(dot_a - a) : na;
		size_t lb = dot_b ? (size_t)(dot_b - b) : nb;
		int order;

		if (!missing && (!na || !nb))
			return na ? 1 : -1;
		order = compare_identifier(na ? a : missing, na ? la : 1,
			nb ? b : missing, nb ? lb : 1);
		if (order)
			return order;
		a += la + (dot_a != NULL);
		b += lb + (dot_b != NULL);
		na -= la + (dot_a != NULL);
		nb -= lb + (dot_b != NULL);
	}
	return 0;
}

static const char *
bare(const char *text)
{
	text += strspn(text, " \t=");
	return text + (*text == 'v' || *text == 'V');
}

static int
compare_semver(const char *a, const char *b)
{
	size_t core_a, core_b, end_a, end_b;
	int order;

	a = bare(a);
	b = bare(b);
	end_a = strcspn(a, "+ \t");
	end_b = strcspn(b, "+ \t");
	core_a = strcspn(a, "-+ \t");
	core_b = strcspn(b, "-+ \t");
	order = compare_lists(a, core_a, b, core_b, "0");
	if (order)
		return order;
	if (core_a == end_a || core_b == end_b)
		return (core_a == end_a) - (core_b == end_b);
	return compare_lists(a + core_a + 1, end_a - core_a - 1,
		b + core_b + 1, end_b - core_b - 1, NULL);
}

static bool
identifiers(const char **p)
{
	size_t n;

	do {
		(*p)++;
		n = strspn(*p, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"abcdefghijklmnopqrstuvwxyz-");
		*p += n;
	} while (n && **p == '.');
	return n > 0;
}

static bool
is_semver(const char *text)
{
	const char *p = bare(text);

	for (int i = 0; i < 3; i++) {
		size_t n = strspn(p, digits);

		if (!n || (i && p[-1] != '.'))
			return false;
		p += n + (i < 2);
		if (i < 2 && p[-1] != '.')
			return false;
	}
	if (*p == '-' && !identifiers(&p))
		return false;
	if (*p == '+' && !identifiers(&p))
		return false;
	return !*p;
}

int
version_compare(enum version_scheme scheme, const char *a, const char *b)
{
	switch (scheme) {
	case VERSION_PEP440:
		return version_compare_pep440(a, b);
	case VERSION_MAVEN:
		return version_compare_maven(a, b);
	case VERSION_SEMVER:
		break;
	}
	return compare_semver(a, b);
}

bool
version_is_exact(enum version_scheme scheme, const char *text)
{
	switch (scheme) {
	case VERSION_PEP440:
		return version_is_pep440(text);
	case VERSION_MAVEN:
		return *text >= '0' && *text <= '9' &&
			!strpbrk(text, " \t,[]()$");
	case VERSION_SEMVER:
		break;
	}
	return is_semver(text);
}
