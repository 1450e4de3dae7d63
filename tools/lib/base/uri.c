#include "base/uri.h"

#include <string.h>

#include "base/str.h"

static bool
scheme_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' ||
	    c == '.'));
}

static size_t
scheme_length(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && scheme_char(text[i], i == 0))
		i++;
	return i > 1 && i < n && text[i] == ':' ? i : 0;
}

bool
uri_is_absolute(const char *text, size_t n)
{
	return scheme_length(text, n) > 0;
}

/* p up to the first of stop, or end */
static size_t
span(const char *p, const char *end, const char *stop)
{
	const char *at = p;

	while (at < end && (!*at || !strchr(stop, *at)))
		at++;
	return (size_t)(at - p);
}

void
uri_split(struct uri *u, const char *text, size_t n)
{
	const char *p = text, *end = text + n;

	memset(u, 0, sizeof(*u));
	n = scheme_length(p, n);
	if (n) {
		u->scheme = (struct uri_part){ p, n };
		p += n + 1;
	}
	if (end - p >= 2 && p[0] == '/' && p[1] == '/') {
		p += 2;
		u->authority = (struct uri_part){ p, span(p, end, "/?#") };
		p += u->authority.n;
	}
	u->path = (struct uri_part){ p, span(p, end, "?#") };
	p += u->path.n;
	if (p < end && *p == '?') {
		p++;
		u->query = (struct uri_part){ p, span(p, end, "#") };
		p += u->query.n;
	}
	if (p < end)
		u->fragment = (struct uri_part){ p + 1,
			(size_t)(end - p) - 1 };
}

static void
add_lower(struct str *out, const struct uri_part *part)
{
	size_t i;

	for (i = 0; i < part->n; i++)
		str_putc(out, char_lower(part->p[i]));
}

static bool
is_dots(const char *p, size_t n, size_t dots)
{
	return n == dots && memcmp(p, "..", dots) == 0;
}

/* append path, an absolute or empty one, without "." and ".." segments */
static void
add_clean(struct str *out, const char *path, size_t len)
{
	size_t start = out->len, n;
	const char *p = path, *end = path + len;

	while (p < end) {
		if (*p != '/') {
			n = span(p, end, "/");
			str_add(out, p, n);
			p += n;
			continue;
		}
		n = span(p + 1, end, "/");
		if (is_dots(p + 1, n, 2)) {
			while (out->len > start &&
			    out->buf[--out->len] != '/')
				;
		} else if (!is_dots(p + 1, n, 1)) {
			str_add(out, p, n + 1);
			p += n + 1;
			continue;
		}
		p += n + 1;
		if (p == end)
			str_putc(out, '/');
	}
	if (out->buf)
		str_seal(out);
}

/* the base's path up to its last "/", and ref's behind it */
static void
merge(struct str *path, const struct uri *base, const struct uri_part *ref)
{
	size_t n = base->path.n;

	if (base->authority.p && !n)
		str_putc(path, '/');
	while (n && base->path.p[n - 1] != '/')
		n--;
	str_add(path, base->path.p, n);
	str_add(path, ref->p, ref->n);
}

static void
add_path(struct str *out, const struct uri *base, const struct uri *ref,
	bool own)
{
	struct str path;

	if (own || (ref->path.n && *ref->path.p == '/')) {
		add_clean(out, ref->path.p, ref->path.n);
		return;
	}
	str_init(&path, STR_LINE);
	if (ref->path.n)
		merge(&path, base, &ref->path);
	else
		str_add(&path, base->path.p, base->path.n);
	add_clean(out, str_s(&path), path.len);
	str_release(&path);
}

void
uri_resolve(struct str *out, const char *base, const char *text, size_t n)
{
	const struct uri_part *query;
	struct uri b, ref;
	bool own;

	uri_split(&b, base, strlen(base));
	uri_split(&ref, text, n);
	own = ref.scheme.p || ref.authority.p;
	add_lower(out, ref.scheme.p ? &ref.scheme : &b.scheme);
	str_putc(out, ':');
	if (own ? ref.authority.p : b.authority.p) {
		str_puts(out, "//");
		add_lower(out, own ? &ref.authority : &b.authority);
	}
	add_path(out, &b, &ref, own);
	query = own || ref.path.n || ref.query.p ? &ref.query : &b.query;
	if (query->p) {
		str_putc(out, '?');
		str_add(out, query->p, query->n);
	}
}
