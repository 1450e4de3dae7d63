#include "smelt-gate2/words.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "data/json.h"

enum { WORD = 48 };

static bool
upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
letter(char c)
{
	c = char_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
drop(char *w, size_t *n, const char *end, size_t keep)
{
	size_t k = strlen(end);

	if (*n < k + keep || memcmp(w + *n - k, end, k) != 0)
		return false;
	*n -= k;
	w[*n] = '\0';
	return true;
}

/* one form for write, writes, writing, written; crude, but the same for both
 * sides of every comparison */
static void
stem(char *w, size_t *n)
{
	if (drop(w, n, "ies", 2) || drop(w, n, "ied", 2)) {
		w[(*n)++] = 'y';
		w[*n] = '\0';
		return;
	}
	if (!drop(w, n, "ing", 3) && !drop(w, n, "ed", 3) &&
	    !(*n > 4 && w[*n - 2] != 's' && drop(w, n, "es", 3)) &&
	    !(*n > 3 && w[*n - 2] != 's'))
		goto vowel;
	if (*n > 3 && w[*n - 1] == 's' && w[*n - 2] != 's')
		w[--*n] = '\0';
	if (*n > 3 && w[*n - 1] == w[*n - 2] && strchr("bdgmnprt", w[*n - 1]))
		w[--*n] = '\0';
vowel:
	if (*n > 3 && w[*n - 1] == 'e')
		w[--*n] = '\0';
}

/* the next word's stem; NULL at the end */
static const char *
next(const char *text, char w[WORD], size_t *n)
{
	const char *p = text;

	*n = 0;
	while (*p && !letter(*p))
		p++;
	if (!*p)
		return NULL;
	while (letter(*p) && !(*n && upper(*p) && !upper(p[-1]))) {
		if (*n < WORD - 2)
			w[(*n)++] = char_lower(*p);
		p++;
	}
	w[*n] = '\0';
	stem(w, n);
	return p;
}

void
words_add(struct map *set, const char *text)
{
	char w[WORD];
	size_t n;

	while (text && (text = next(text, w, &n)))
		map_add(set, w, n, NULL);
}

/* depth is bounded by json_parse() */
void
words_add_json(struct map *set, const struct json *v)
{
	struct json_iter it;

	if (json_is(v, JSON_STRING))
		words_add(set, json_str(v));
	for (json_each(&it, v); json_next(&it); ) {
		if (it.key)
			words_add(set, json_str(it.key));
		words_add_json(set, it.value);
	}
}

const char *
words_which(const struct map *set, const struct json *list)
{
	struct json_iter it;
	char w[WORD];
	size_t n;

	for (json_each(&it, list); json_next(&it); )
		if (json_str(it.value) && next(json_str(it.value), w, &n) &&
		    map_find(set, w, n))
			return json_str(it.value);
	return NULL;
}

bool
words_any(const struct map *set, const struct json *list)
{
	return words_which(set, list) != NULL;
}

bool
words_first(const char *text, const struct json *list)
{
	struct map one = { 0 };
	char w[WORD];
	size_t n;
	bool found;

	if (!text || !next(text, w, &n))
		return false;
	map_add(&one, w, n, NULL);
	found = words_any(&one, list);
	map_release(&one);
	return found;
}
