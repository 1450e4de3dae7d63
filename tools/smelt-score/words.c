#include "smelt-score/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { WORDS_MAX = 100000 };

struct reader {
	struct arena *arena;
	struct words words;
	size_t cap;
	struct str word;
	size_t foreign, letters;
};

static void
finish_word(struct reader *r)
{
	const char **grown;

	if (!r->word.len)
		return;
	if (r->words.n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 16;
		grown = arena_array(r->arena, r->cap, sizeof(*grown));
		if (r->words.n)
			memcpy(grown, r->words.v,
				r->words.n * sizeof(*grown));
		r->words.v = grown;
	}
	if (r->words.n < WORDS_MAX)
		r->words.v[r->words.n++] = arena_strdup(r->arena,
			str_s(&r->word));
	str_clear(&r->word);
}

/* A no-break space or a mark of general punctuation, in UTF-8? */
static bool
is_gap(const char *p)
{
	return (memcmp(p, "\xc2", 1) == 0 && (unsigned char)p[1] >= 0xa0 &&
		(unsigned char)p[1] <= 0xbf) ||
		(memcmp(p, "\xe2", 1) == 0 && ((unsigned char)p[1] == 0x80 ||
		(unsigned char)p[1] == 0x81)) ||
		(memcmp(p, "\xe3", 1) == 0 && (unsigned char)p[1] == 0x80);
}

static size_t
sequence(const char *p)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, i;

	for (i = 1; i < n; i++)
		if (!p[i])
			return i;
	return n;
}

static struct words
read_words(struct arena *a, const char *text, bool name)
{
	struct reader r = { .arena = a };
	const char *p;
	size_t n;

	str_init(&r.word, STR_LINE);
	for (p = text; *p; p += n) {
		unsigned char c = (unsigned char)*p;

		n = sequence(p);
		if (c < 128 && !isalnum(c)) {
			/* "don't" is one word */
			if (c != '\'' || name)
				finish_word(&r);
			continue;
		}
		if (c >= 128 && is_gap(p)) {
			finish_word(&r);
			continue;
		}
		if (name && isupper(c) && p > text &&
		    (islower((unsigned char)p[-1]) ||
		    (isupper((unsigned char)p[-1]) &&
		    islower((unsigned char)p[1]))))
			finish_word(&r);
		r.letters++;
		r.foreign += c >= 128;
		if (c < 128)
			str_putc(&r.word, (char)tolower(c));
		else
			str_add(&r.word, p, n);
	}
	finish_word(&r);
	str_release(&r.word);
	r.words.foreign = r.foreign * 2 > r.letters;
	return r.words;
}

struct words
words_of(struct arena *a, const char *text)
{
	return read_words(a, text ? text : "", false);
}

struct words
words_of_name(struct arena *a, const char *name)
{
	return read_words(a, name ? name : "", true);
}

size_t
words_length(const struct words *w)
{
	size_t i, n = 0, chars;
	const char *p;

	for (i = 0; i < w->n; i++) {
		for (chars = 0, p = w->v[i]; *p; p++)
			chars += ((unsigned char)*p & 0xc0) != 0x80;
		n += w->foreign && chars > 4 ? chars / 2 : 1;
	}
	return n;
}

const char *
words_line(struct arena *a, const struct words *w)
{
	const char *line;
	struct str out;
	size_t i;

	str_init(&out, STR_RECORD);
	str_putc(&out, ' ');
	for (i = 0; i < w->n; i++)
		str_addf(&out, "%s ", w->v[i]);
	line = arena_strdup(a, str_s(&out));
	str_release(&out);
	return line;
}

const char *
words_bare(struct arena *a, const char *word)
{
	size_t n = strlen(word);

	if (n > 4 && str_ends(word, "ies"))
		return arena_printf(a, "%.*sy", (int)(n - 3), word);
	if (n > 4 && (str_ends(word, "ches") || str_ends(word, "shes") ||
	    str_ends(word, "xes") || str_ends(word, "sses") ||
	    str_ends(word, "zes")))
		return arena_strndup(a, word, n - 2);
	if (n > 3 && str_ends(word, "s") && !str_ends(word, "ss") &&
	    !str_ends(word, "us") && !str_ends(word, "is"))
		return arena_strndup(a, word, n - 1);
	return word;
}

struct words
words_set(struct arena *a, const struct words *w)
{
	struct words set = { 0 };
	size_t i;

	if (!w->n)
		return set;
	set.v = arena_array(a, w->n, sizeof(*set.v));
	for (i = 0; i < w->n; i++)
		set.v[i] = words_bare(a, w->v[i]);
	qsort(set.v, w->n, sizeof(*set.v), str_order);
	for (i = 0; i < w->n; i++)
		if (!set.n || strcmp(set.v[set.n - 1], set.v[i]) != 0)
			set.v[set.n++] = set.v[i];
	return set;
}
