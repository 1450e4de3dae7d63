#include "smelt-intake/tree/ignore.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

enum { PATTERN_MAX = 4096 };

struct ignore_rule {
	char *pattern;
	char *dir;		/* rules of dir hold beneath it */
	bool negated, dir_only;
	bool anchored;		/* against the whole path, not the name */
};

/* [[:alpha:]] and its like */
static bool
in_class(const char *name, size_t n, unsigned char c)
{
	static const struct {
		const char *name;
		int (*is)(int);
	} classes[] = {
		{ "alpha", isalpha }, { "digit", isdigit },
		{ "alnum", isalnum }, { "upper", isupper },
		{ "lower", islower }, { "space", isspace },
		{ "blank", isblank }, { "punct", ispunct },
		{ "print", isprint }, { "graph", isgraph },
		{ "cntrl", iscntrl }, { "xdigit", isxdigit }
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (mem_is(name, n, classes[i].name))
			return classes[i].is(c) != 0;
	return false;
}

/* The class at p ('['): where it ends, or NULL when it is not closed. */
static const char *
bracket(const char *p, unsigned char c, bool *hit)
{
	bool negated = false, found = false, first = true;
	const char *end;
	unsigned char lo, hi;

	p++;
	if (*p == '!' || *p == '^') {
		negated = true;
		p++;
	}
	for (; *p && (first || *p != ']'); first = false) {
		if (p[0] == '[' && p[1] == ':' &&
		    (end = strstr(p + 2, ":]")) != NULL) {
			found |= in_class(p + 2, (size_t)(end - p - 2), c);
			p = end + 2;
			continue;
		}
		if (*p == '\\' && p[1])
			p++;
		lo = hi = (unsigned char)*p++;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			p += p[1] == '\\' && p[2] ? 2 : 1;
			hi = (unsigned char)*p++;
		}
		found |= c >= lo && c <= hi;
	}
	if (*p != ']')
		return NULL;
	*hit = found != negated && c != '/';
	return p + 1;
}

/* One pattern element that is no star against c: the next one, or NULL. */
static const char *
element(const char *p, char c)
{
	const char *next;
	bool hit = false;

	switch (*p) {
	case '\0':
		return NULL;
	case '?':
		return c != '/' ? p + 1 : NULL;
	case '[':
		next = bracket(p, (unsigned char)c, &hit);
		return next && hit ? next : NULL;
	case '\\':
		if (!p[1])
			return NULL;
		return p[1] == c ? p + 2 : NULL;
	default:
		return *p == c ? p + 1 : NULL;
	}
}

/* "**" between slashes or at an end crosses directories */
static bool
crosses(const char *pattern, const char *p)
{
	return p[1] == '*' && (p == pattern || p[-1] == '/') &&
		(p[2] == '\0' || p[2] == '/');
}

/*
 * Two places to go back to suffice: the last "*", which may not pass a slash,
 * and the last crossing "**".
 */
static bool
wild(const char *pattern, const char *text)
{
	const char *p = pattern, *t = text, *next;
	const char *star_p = NULL, *star_t = NULL;
	const char *cross_p = NULL, *cross_t = NULL;

	while (*t || *p) {
		if (*p == '*' && crosses(pattern, p)) {
			if (!p[2])
				return *t != '\0';
			/* zero directories first */
			cross_p = p + 3;
			cross_t = t;
			star_p = NULL;
			p += 3;
			continue;
		}
		if (*p == '*') {
			while (*p == '*')
				p++;
			star_p = p;
			star_t = t;
			continue;
		}
		next = *t ? element(p, *t) : NULL;
		if (next) {
			p = next;
			t++;
			continue;
		}
		if (star_p && *star_t && *star_t != '/') {
			t = ++star_t;
			p = star_p;
			continue;
		}
		star_p = NULL;
		if (!cross_p)
			return false;
		cross_t = strchr(cross_t, '/');
		if (!cross_t)
			return false;
		t = ++cross_t;
		p = cross_p;
	}
	return true;
}

/* without a final CR, and without final spaces that no backslash escapes */
static size_t
trimmed(const char *line, size_t n)
{
	size_t i, keep = 0;

	if (n && line[n - 1] == '\r')
		n--;
	for (i = 0; i < n; i++) {
		if (line[i] == '\\' && i + 1 < n)
			i++;
		else if (line[i] == ' ')
			continue;
		keep = i + 1;
	}
	return keep;
}

static void
add_rule(struct ignore *g, const char *dir, const char *line, size_t n)
{
	struct ignore_rule r = { 0 };

	n = trimmed(line, n);
	if (n == 0 || *line == '#' || n > PATTERN_MAX ||
	    g->n >= IGNORE_RULES || memchr(line, '\0', n))
		return;
	if (*line == '!') {
		r.negated = true;
		line++;
		n--;
	}
	if (n && line[n - 1] == '/') {
		r.dir_only = true;
		n--;
	}
	if (n == 0)
		return;
	r.anchored = memchr(line, '/', n) != NULL;
	if (*line == '/') {
		line++;
		n--;
	}
	r.pattern = xstrndup(line, n);
	r.dir = xstrdup(dir);
	g->rules = vec_grow(g->rules, g->n, &g->cap, sizeof(*g->rules));
	g->rules[g->n++] = r;
}

size_t
ignore_push(struct ignore *g, const char *dir, const char *text, size_t len)
{
	size_t before = g->n;
	const char *end = text + len, *line, *nl;

	if (mem_starts(text, len, "\xef\xbb\xbf"))
		text += 3;
	for (line = text; line < end; line = nl + 1) {
		nl = memchr(line, '\n', (size_t)(end - line));
		nl = nl ? nl : end;
		add_rule(g, dir, line, (size_t)(nl - line));
	}
	return before;
}

void
ignore_pop(struct ignore *g, size_t to)
{
	while (g->n > to) {
		g->n--;
		free(g->rules[g->n].pattern);
		free(g->rules[g->n].dir);
	}
}

void
ignore_release(struct ignore *g)
{
	ignore_pop(g, 0);
	free(g->rules);
	memset(g, 0, sizeof(*g));
}

bool
ignore_match(const struct ignore *g, const char *path, bool is_dir)
{
	const char *base = strrchr(path, '/'), *rest;
	size_t i, n;

	base = base ? base + 1 : path;
	for (i = g->n; i-- > 0; ) {
		const struct ignore_rule *r = &g->rules[i];

		if (r->dir_only && !is_dir)
			continue;
		n = strlen(r->dir);
		if (n && (strncmp(path, r->dir, n) != 0 || path[n] != '/'))
			continue;
		rest = path + (n ? n + 1 : 0);
		if (wild(r->pattern, r->anchored ? rest : base))
			return !r->negated;
	}
	return false;
}

bool
ignore_match_deep(const struct ignore *g, const char *path)
{
	const char *slash = path;
	bool hit = false;
	char *dir;

	while (!hit && (slash = strchr(slash, '/')) != NULL) {
		dir = xstrndup(path, (size_t)(slash - path));
		hit = ignore_match(g, dir, true);
		free(dir);
		slash++;
	}
	return hit || ignore_match(g, path, false);
}

bool
ignore_is_git(const char *path)
{
	size_t n;

	for (; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == 4 && strncasecmp(path, ".git", 4) == 0)
			return true;
	}
	return false;
}
