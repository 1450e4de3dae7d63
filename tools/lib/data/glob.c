#include "data/glob.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* One pattern element; its text length. */
enum element { END, LITERAL, ANY, STAR, DEEP, DEEP_SLASH, CLASS };

static size_t
class_length(const char *p)
{
	size_t n = 1;

	if (p[n] == '!' || p[n] == '^')
		n++;
	if (p[n] == ']')
		n++;
	while (p[n] && p[n] != ']')
		n++;
	return p[n] ? n + 1 : 0;
}

static enum element
element(const char *pattern, const char *p, size_t *len)
{
	*len = 1;
	if (!*p)
		return END;
	if (p[0] == '*' && p[1] == '*' && (p == pattern || p[-1] == '/')) {
		*len = p[2] == '/' ? 3 : 2;
		if (p[2] == '/')
			return DEEP_SLASH;
		if (!p[2])
			return DEEP;
	}
	if (*p == '*') {
		*len = strspn(p, "*");
		return STAR;
	}
	if (*p == '[' && class_length(p)) {
		*len = class_length(p);
		return CLASS;
	}
	if (*p == '\\' && p[1])
		*len = 2;
	return *p == '?' ? ANY : LITERAL;
}

static bool
in_class(const char *p, size_t len, char c)
{
	size_t i = 1;
	bool not = p[1] == '!' || p[1] == '^', found = false;

	for (i += not; i < len - 1; i++) {
		if (i + 2 < len - 1 && p[i + 1] == '-') {
			found |= (unsigned char)p[i] <= (unsigned char)c &&
				(unsigned char)c <= (unsigned char)p[i + 2];
			i += 2;
		} else {
			found |= p[i] == c;
		}
	}
	return found != not && c != '/';
}

static bool
one(enum element e, const char *p, size_t len, char c)
{
	switch (e) {
	case ANY:
		return c != '/';
	case CLASS:
		return in_class(p, len, c);
	default:
		return p[len - 1] == c;
	}
}

/* row[j]: does the rest of the pattern match path[j..n]?  Back to front. */
static void
step(enum element e, const char *p, size_t len, const char *path, size_t n,
	const bool *next, bool *row)
{
	for (size_t j = n + 1; j-- > 0; ) {
		switch (e) {
		case END:
			row[j] = j == n;
			break;
		case STAR:
			row[j] = next[j] || (j < n && path[j] != '/' &&
				row[j + 1]);
			break;
		case DEEP:
			row[j] = true;
			break;
		case DEEP_SLASH:
			row[j] = (next[j] && (j == 0 || path[j - 1] == '/')) ||
				(j < n && row[j + 1]);
			break;
		default:
			row[j] = j < n && one(e, p, len, path[j]) &&
				next[j + 1];
		}
	}
}

static bool
match(const char *pattern, const char *path)
{
	size_t n = strlen(path), count = 0, len;
	size_t *at = xcalloc(strlen(pattern) + 1, sizeof(*at));
	bool *row = xcalloc(n + 2, sizeof(*row));
	bool *next = xcalloc(n + 2, sizeof(*next));
	bool *swap, result;

	for (const char *p = pattern; ; p += len) {
		enum element e = element(pattern, p, &len);

		at[count++] = (size_t)(p - pattern);
		if (e == END)
			break;
	}
	while (count-- > 0) {
		const char *p = pattern + at[count];
		enum element e = element(pattern, p, &len);

		step(e, p, len, path, n, next, row);
		swap = row;
		row = next;
		next = swap;
	}
	result = next[0];
	free(at);
	free(row);
	free(next);
	return result;
}

bool
glob_match(const char *pattern, const char *path)
{
	size_t n = strlen(pattern);
	const char *slash;
	char *deep;
	bool result;

	if (n && pattern[n - 1] == '/') {
		deep = xasprintf("%s**", pattern[0] == '/' ? pattern + 1 :
			pattern);
		result = match(deep, path);
		free(deep);
		return result;
	}
	if (!strchr(pattern, '/') && strcmp(pattern, "**") != 0) {
		slash = strrchr(path, '/');
		return match(pattern, slash ? slash + 1 : path);
	}
	return match(pattern[0] == '/' ? pattern + 1 : pattern, path);
}

bool
glob_text(const char *pattern, const char *text)
{
	const char *star = NULL, *back = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			back = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++back;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
