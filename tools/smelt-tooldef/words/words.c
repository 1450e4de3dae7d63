#include "smelt-tooldef/words/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

/* length of "- ", "* ", "12. " at p, or 0 */
static size_t
bullet(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	if (i && i < 4 && i + 1 < n && (p[i] == '.' || p[i] == ')') &&
	    p[i + 1] == ' ')
		return i + 2;
	if (!i && n > 1 && strchr("-*+", p[0]) && p[0] && p[1] == ' ')
		return 2;
	if (n > 4 && memcmp(p, "\xe2\x80\xa2 ", 4) == 0)
		return 4;
	return 0;
}

static size_t
skip_blanks(const char *text, size_t len, size_t i)
{
	while (i < len && (text[i] == ' ' || text[i] == '\t' ||
	    text[i] == '\r'))
		i++;
	return i;
}

static bool
ends_here(const char *text, size_t len, size_t i)
{
	size_t k;

	if (text[i] == ';')
		return true;
	if (strchr(".!?", text[i]) && text[i])
		return i + 1 == len || is_space(text[i + 1]);
	if (text[i] != '\n')
		return false;
	k = skip_blanks(text, len, i + 1);
	return k == len || text[k] == '\n' || bullet(text + k, len - k);
}

static void
add_word(struct words *w, const char *text, size_t at, size_t len)
{
	struct word *word;
	size_t i;

	w->v = vec_grow(w->v, w->n, &w->cap, sizeof(*w->v));
	word = &w->v[w->n++];
	memset(word, 0, sizeof(*word));
	word->at = at;
	word->len = len;
	if (len == 1 && !is_letter(text[at])) {
		word->mark = text[at];
		return;
	}
	for (i = 0; i < len && len < WORD_MAX; i++)
		word->lower[i] = char_lower(text[at + i]);
}

static void
split(struct words *w, const char *text)
{
	size_t i = w->from, start;

	while (i < w->to) {
		if (is_space(text[i])) {
			i++;
			continue;
		}
		start = i++;
		if (is_letter(text[start]))
			while (i < w->to && (is_letter(text[i]) ||
			    (strchr("-'", text[i]) && text[i] &&
			    i + 1 < w->to && is_letter(text[i + 1]))))
				i++;
		add_word(w, text, start, i - start);
	}
}

void
words_release(struct words *w)
{
	free(w->v);
	memset(w, 0, sizeof(*w));
}

bool
words_next(struct words *w, const char *text, size_t len, size_t *pos)
{
	size_t i = *pos, k, lines = i ? 0 : 2;

	w->n = 0;
	for (; i < len && (is_space(text[i]) || text[i] == '#' ||
	    text[i] == ';'); i++)
		lines += text[i] == '\n';
	if (i >= len)
		return false;
	k = bullet(text + i, len - i);
	w->item = k > 0;
	w->fresh = k || lines > 1;
	w->from = i + k;
	for (i = w->from; i < len && !ends_here(text, len, i); i++)
		;
	if (i < len && text[i] != '\n' && text[i] != ';')
		i++;
	w->to = i;
	*pos = i;
	split(w, text);
	return true;
}

const struct word *
words_at(const struct words *w, size_t i)
{
	static const struct word nothing = { .mark = '.' };

	return i < w->n ? &w->v[i] : &nothing;
}
