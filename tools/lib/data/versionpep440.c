#include "data/version.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static const char digits[] = "0123456789";
static const char separators[] = "-_.";

struct number {
	const char *p;
	size_t n;
};

struct pep440 {
	struct number epoch;
	const char *release;	/* "1.2.3" */
	size_t release_len;
	char pre;		/* a, b, r (rc), or 0 */
	bool post, dev;
	struct number pre_n, post_n, dev_n;
	const char *local;	/* or NULL */
};

static struct number
take_number(const char **p)
{
	struct number n = { *p, strspn(*p, digits) };

	*p += n.n;
	return n;
}

/* A word of the list at p, with a separator before it if there is one. */
static size_t
take_word(const char **p, const char *const *words)
{
	const char *at = *p + (**p && strchr(separators, **p));

	for (size_t i = 0; words[i]; i++)
		if (str_starts(at, words[i])) {
			*p = at + strlen(words[i]);
			*p += **p && strchr(separators, **p);
			return i + 1;
		}
	return 0;
}

static void
take_release(struct pep440 *v, const char **p)
{
	v->release = *p;
	take_number(p);
	while (**p == '.' && isdigit((unsigned char)(*p)[1])) {
		(*p)++;
		take_number(p);
	}
	v->release_len = (size_t)(*p - v->release);
}

static void
take_post(struct pep440 *v, const char **p)
{
	static const char *const words[] = { "post", "rev", "r", NULL };

	if (**p == '-' && isdigit((unsigned char)(*p)[1])) {
		(*p)++;
		v->post = true;
	} else {
		v->post = take_word(p, words) > 0;
	}
	if (v->post)
		v->post_n = take_number(p);
}

static bool
take_local(struct pep440 *v, const char *p)
{
	bool separator = true;

	v->local = p;
	for (; *p; p++) {
		bool now = strchr(separators, *p) != NULL;

		if ((now && separator) || (!now && !isalnum((unsigned char)*p)))
			return false;
		separator = now;
	}
	return !separator;
}

/* text is lower case, without blanks around */
static bool
parse(struct pep440 *v, const char *text)
{
	static const char *const pres[] = { "alpha", "a", "beta", "b",
		"preview", "pre", "rc", "c", NULL };
	static const char kinds[] = "?aabbrrrr";
	static const char *const devs[] = { "dev", NULL };
	const char *p = text + (*text == 'v');
	size_t n;

	memset(v, 0, sizeof(*v));
	n = strspn(p, digits);
	if (!n)
		return false;
	if (p[n] == '!') {
		v->epoch = take_number(&p);
		p++;
		if (!isdigit((unsigned char)*p))
			return false;
	}
	take_release(v, &p);
	n = take_word(&p, pres);
	if (n) {
		v->pre = kinds[n];
		v->pre_n = take_number(&p);
	}
	take_post(v, &p);
	v->dev = take_word(&p, devs) > 0;
	if (v->dev)
		v->dev_n = take_number(&p);
	if (*p == '+')
		return take_local(v, p + 1);
	return !*p;
}

static int
compare_numbers(struct number a, struct number b)
{
	return version_compare_digits(a.p, a.n, b.p, b.n);
}

static int
compare_release(const struct pep440 *a, const struct pep440 *b)
{
	const char *p = a->release, *q = b->release;
	const char *end_p = p + a->release_len, *end_q = q + b->release_len;
	int order;

	while (p < end_p || q < end_q) {
		struct number m = { p, 0 }, n = { q, 0 };

		if (p < end_p)
			m = take_number(&p);
		if (q < end_q)
			n = take_number(&q);
		order = compare_numbers(m, n);
		if (order)
			return order;
		p += p < end_p;
		q += q < end_q;
	}
	return 0;
}

/* 1.0.dev1 < 1.0a1 < 1.0 */
static int
pre_class(const struct pep440 *v)
{
	if (v->pre)
		return v->pre;
	return !v->post && v->dev ? 0 : 'z';
}

static int
compare_local(const char *a, const char *b)
{
	while (*a && *b) {
		size_t na = strcspn(a, separators), nb = strcspn(b, separators);
		bool da = strspn(a, digits) >= na, db = strspn(b, digits) >= nb;
		int order;

		if (da != db)
			return da ? 1 : -1;
		if (da)
			order = version_compare_digits(a, na, b, nb);
		else
			order = strncmp(a, b, na < nb ? na : nb);
		if (order == 0 && !da)
			order = (na > nb) - (na < nb);
		if (order)
			return order;
		a += na + (a[na] != 0);
		b += nb + (b[nb] != 0);
	}
	return (*a != 0) - (*b != 0);
}

static int
compare_parsed(const struct pep440 *a, const struct pep440 *b)
{
	int order = compare_numbers(a->epoch, b->epoch);

	if (order == 0)
		order = compare_release(a, b);
	if (order == 0)
		order = pre_class(a) - pre_class(b);
	if (order == 0)
		order = compare_numbers(a->pre_n, b->pre_n);
	if (order == 0)
		order = a->post - b->post;
	if (order == 0)
		order = compare_numbers(a->post_n, b->post_n);
	if (order == 0)
		order = b->dev - a->dev;
	if (order == 0)
		order = compare_numbers(a->dev_n, b->dev_n);
	if (order == 0 && (!a->local || !b->local))
		order = (a->local != NULL) - (b->local != NULL);
	else if (order == 0)
		order = compare_local(a->local, b->local);
	return order;
}

/* --- what is no version ------------------------------------------------------ */
struct legacy {
	struct str parts;	/* NUL-terminated one after the other */
	size_t *starts;
	size_t n, cap;
};

static void
add_part(struct legacy *l, const char *mark, const char *p, size_t n)
{
	l->starts = vec_grow(l->starts, l->n, &l->cap, sizeof(*l->starts));
	l->starts[l->n++] = l->parts.len;
	str_puts(&l->parts, mark);
	for (size_t i = n; *mark == 0 && i < 8; i++)
		str_putc(&l->parts, '0');
	str_add(&l->parts, p, n);
	str_putc(&l->parts, 0);
}

static const char *
part(const struct legacy *l, size_t i)
{
	return i < l->n ? l->parts.buf + l->starts[i] : NULL;
}

/* Zeros, and dashes before a pre-release, do not count. */
static void
trim(struct legacy *l, const char *word)
{
	if (strcmp(word, "*final") < 0)
		while (l->n && strcmp(part(l, l->n - 1), "*final-") == 0)
			l->n--;
	while (l->n && strcmp(part(l, l->n - 1), "00000000") == 0)
		l->n--;
}

static void
add_word(struct legacy *l, const char *p, size_t n)
{
	static const char *const same[][2] = { { "pre", "c" },
		{ "preview", "c" }, { "-", "final-" }, { "rc", "c" },
		{ "dev", "@" } };
	char *mark;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (mem_is(p, n, same[i][0])) {
			p = same[i][1];
			n = strlen(p);
			break;
		}
	mark = xasprintf("*%.*s", (int)n, p);
	trim(l, mark);
	add_part(l, mark, "", 0);
	free(mark);
}

static void
split(struct legacy *l, const char *text)
{
	memset(l, 0, sizeof(*l));
	str_init(&l->parts, STR_RECORD);
	while (*text) {
		size_t n = strspn(text, digits);

		if (n) {
			add_part(l, "", text, n);
		} else {
			n = strspn(text, "abcdefghijklmnopqrstuvwxyz");
			if (!n)
				n = *text == '.' ? 1 : *text == '-' ? 1 :
					strcspn(text, "0123456789.-"
					"abcdefghijklmnopqrstuvwxyz");
			if (*text != '.')
				add_word(l, text, n);
		}
		text += n;
	}
	add_word(l, "final", 5);
}

static int
compare_legacy(const char *a, const char *b)
{
	struct legacy x, y;
	int order = 0;

	split(&x, a);
	split(&y, b);
	for (size_t i = 0; order == 0 && (i < x.n || i < y.n); i++) {
		if (i >= x.n || i >= y.n)
			order = i < x.n ? 1 : -1;
		else
			order = strcmp(part(&x, i), part(&y, i));
	}
	str_release(&x.parts);
	str_release(&y.parts);
	free(x.starts);
	free(y.starts);
	return order;
}

static char *
lowered(const char *text)
{
	size_t n;
	char *copy;

	text += strspn(text, " \t\r\n");
	for (n = strlen(text); n && strchr(" \t\r\n", text[n - 1]); n--)
		;
	copy = xstrndup(text, n);
	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

int
version_compare_pep440(const char *a, const char *b)
{
	char *x = lowered(a), *y = lowered(b);
	struct pep440 v, w;
	bool good_v = parse(&v, x), good_w = parse(&w, y);
	int order;

	if (good_v && good_w)
		order = compare_parsed(&v, &w);
	else if (good_v || good_w)
		order = good_v - good_w;
	else
		order = compare_legacy(x, y);
	free(x);
	free(y);
	return (order > 0) - (order < 0);
}

bool
version_is_pep440(const char *text)
{
	char *copy = lowered(text);
	struct pep440 v;
	bool good = parse(&v, copy);

	free(copy);
	return good;
}
