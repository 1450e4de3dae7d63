#include "data/version.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct token {
	char prefix;		/* "." or "-" */
	bool number;
	const char *p;
	size_t n;
};

struct maven {
	char *text;		/* lower case */
	struct token *v;
	size_t n, cap;
};

/* Qualifiers that come first, in this order; the rest behind, by bytes. */
static const char *const order_of[] = { "alpha", "beta", "milestone", "rc",
	"snapshot", "", "sp" };
enum { QUALIFIERS = sizeof(order_of) / sizeof(*order_of) };

static void
add(struct maven *m, char prefix, const char *p, size_t n, bool before_digit)
{
	static const struct {
		const char *word, *same;
		bool before_digit;
	} names[] = {
		{ "a", "alpha", true }, { "b", "beta", true },
		{ "m", "milestone", true }, { "cr", "rc", false },
		{ "final", "", false }, { "ga", "", false },
		{ "release", "", false }
	};
	struct token t = { prefix, false, n ? p : "0", n ? n : 1 };

	t.number = isdigit((unsigned char)*t.p) != 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (mem_is(p, n, names[i].word) &&
		    (before_digit || !names[i].before_digit)) {
			t.p = names[i].same;
			t.n = strlen(t.p);
			break;
		}
	m->v = vec_grow(m->v, m->n, &m->cap, sizeof(t));
	m->v[m->n++] = t;
}

static void
split(struct maven *m)
{
	const char *p = m->text;
	char prefix = '.';

	for (;;) {
		bool number = isdigit((unsigned char)*p) != 0;
		size_t n = 0;

		while (p[n] && p[n] != '.' && p[n] != '-' &&
		    (isdigit((unsigned char)p[n]) != 0) == number)
			n++;
		add(m, prefix, p, n, isdigit((unsigned char)p[n]) != 0);
		p += n;
		if (!*p)
			break;
		prefix = '-';
		if (*p == '.' || *p == '-')
			prefix = *p++ == '.' ? '.' : '-';
	}
}

static bool
is_null(const struct token *t)
{
	return t->number ? strspn(t->p, "0") >= t->n : t->n == 0;
}

/* Null values go: at the end, and before each hyphen. */
static void
trim(struct maven *m)
{
	size_t i = m->n;

	while (i-- > 1) {
		if (is_null(&m->v[i])) {
			memmove(&m->v[i], &m->v[i + 1],
				(m->n - i - 1) * sizeof(*m->v));
			m->n--;
			continue;
		}
		while (i && m->v[i].prefix != '-')
			i--;
		if (!i)
			break;
	}
}

static void
parse(struct maven *m, const char *text)
{
	memset(m, 0, sizeof(*m));
	m->text = xstrdup(text);
	for (char *p = m->text; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	split(m);
	trim(m);
}

static void
release(struct maven *m)
{
	free(m->text);
	free(m->v);
}

static size_t
rank(const struct token *t)
{
	size_t i;

	for (i = 0; i < QUALIFIERS && !mem_is(t->p, t->n, order_of[i]); i++)
		;
	return i;
}

static int
compare_qualifiers(const struct token *a, const struct token *b)
{
	size_t x = rank(a), y = rank(b);
	int order;

	if (x != y)
		return x < y ? -1 : 1;
	if (x < QUALIFIERS)
		return 0;
	order = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);
	return order ? order : (a->n > b->n) - (a->n < b->n);
}

static int
compare_tokens(const struct token *a, const struct token *b)
{
	if (a->number != b->number)
		return a->number ? 1 : -1;
	/* ".qualifier" < "-qualifier" < "-number" < ".number" */
	if (a->prefix != b->prefix)
		return (a->prefix == '.') == a->number ? 1 : -1;
	if (!a->number)
		return compare_qualifiers(a, b);
	return version_compare_digits(a->p, a->n, b->p, b->n);
}

/* What stands for a token that the shorter version lacks. */
static const struct token *
padding(const struct token *other)
{
	static const struct token zero = { '.', true, "0", 1 };
	static const struct token nothing[] = { { '.', false, "", 0 },
		{ '-', false, "", 0 } };

	if (other->prefix == '-')
		return &nothing[1];
	return other->number ? &zero : &nothing[0];
}

int
version_compare_maven(const char *a, const char *b)
{
	struct maven m, n;
	int order = 0;

	parse(&m, a);
	parse(&n, b);
	for (size_t i = 0; order == 0 && (i < m.n || i < n.n); i++) {
		const struct token *x = i < m.n ? &m.v[i] : padding(&n.v[i]);
		const struct token *y = i < n.n ? &n.v[i] : padding(&m.v[i]);

		order = compare_tokens(x, y);
	}
	release(&m);
	release(&n);
	return (order > 0) - (order < 0);
}
