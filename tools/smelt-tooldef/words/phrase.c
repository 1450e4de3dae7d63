#include "smelt-tooldef/words/phrase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-tooldef/toolname.h"
#include "smelt-tooldef/words/lexicon.h"
#include "smelt-tooldef/words/words.h"

enum { MAX_HEAD = 4 };

struct reader {
	const struct lexicon *l;
	const struct words *w;
	const char *text;
	struct phrases *out;
	enum verb_form chain;	/* form of the verb before in this sentence */
};

static const char *
lower(const struct reader *r, size_t i)
{
	return words_at(r->w, i)->lower;
}

static bool
in(const struct reader *r, size_t i, const char *list)
{
	return lexicon_has(r->l, list, lower(r, i));
}

static bool
is_mark(const struct reader *r, size_t i, char mark)
{
	return words_at(r->w, i)->mark == mark;
}

static bool
is_word(const struct reader *r, size_t i)
{
	return !words_at(r->w, i)->mark;
}

static bool
is(const struct reader *r, size_t i, const char *word)
{
	return strcmp(lower(r, i), word) == 0;
}

static bool
joins(const struct reader *r, size_t i)
{
	return is_mark(r, i, ',') || is(r, i, "and") || is(r, i, "or");
}

static enum verb_form
form_at(const struct reader *r, size_t i)
{
	enum verb_form form;

	lexicon_verb(r->l, lower(r, i), &form);
	return form;
}

static bool
leads_base(const struct reader *r, size_t i)
{
	return in(r, i, "leads") && !is(r, i, "that") && !is(r, i, "which") &&
	    !is(r, i, "it") && !is(r, i, "tool") && !is(r, i, "server") &&
	    !is(r, i, "for");
}

/* does a clause with a verb start at word i? */
static bool
starts(const struct reader *r, size_t i)
{
	enum verb_form form = form_at(r, i);

	if (form == FORM_NONE)
		return false;
	if (i == 0)
		return form != FORM_GERUND || r->w->item;
	if (is_mark(r, i - 1, ':') || is_mark(r, i - 1, '('))
		return form == FORM_BASE && is_mark(r, i - 1, ':');
	if (joins(r, i - 1))
		return r->chain == form && (is_word(r, i + 1) ||
			joins(r, i + 1)) && !in(r, i + 1, "ends");
	switch (form) {
	case FORM_BASE:
		return leads_base(r, i - 1);
	case FORM_THIRD:
		return is(r, i - 1, "that") || is(r, i - 1, "which") ||
		    is(r, i - 1, "it") || is(r, i - 1, "tool") ||
		    is(r, i - 1, "server");
	default:
		return is(r, i - 1, "for");
	}
}

static void
add_name(char *out, size_t size, const struct reader *r, size_t i)
{
	const struct word *word = words_at(r->w, i);
	size_t n = strlen(out);
	struct str words;

	str_init(&words, STR_LINE);
	toolname_words(&words, r->text + word->at, word->len);
	if (words.len && n + words.len + 2 < size)
		snprintf(out + n, size - n, "%s%s", n ? "_" : "",
			str_s(&words));
	str_release(&words);
}

/* --- arguments ---------------------------------------------------------- */

static bool
stops(const struct reader *r, size_t i)
{
	return !is_word(r, i) || in(r, i, "ends") || in(r, i, "opens") ||
	    in(r, i, "places");
}

static bool
is_container(const struct reader *r, size_t i)
{
	return is(r, i, "list") || is(r, i, "array") || is(r, i, "set");
}

static void
settle(struct phrase *p, const struct reader *r,
	struct phrase_argument *a, size_t from, size_t to)
{
	const struct word *first = words_at(r->w, from);
	const struct word *last = words_at(r->w, to - 1);
	size_t i;

	a->words = r->text + first->at;
	a->words_len = last->at + last->len - first->at;
	for (i = 0; i < p->nargs; i++)
		if (strcmp(p->args[i].name, a->name) == 0)
			break;
	if (!*a->name || i == PHRASE_ARGUMENTS ||
	    (i < p->nargs && !a->explained))
		return;
	p->args[i] = *a;
	p->nargs += i == p->nargs;
}

/* "number of": says the type of all that comes with it */
static const struct json *
measure(const struct reader *r, size_t i)
{
	char text[WORD_MAX + 4];

	snprintf(text, sizeof(text), "%s of", lower(r, i));
	return is(r, i + 1, "of") ? lexicon_schema(r->l, text) : NULL;
}

/* takes word i into the argument, if it belongs there; the word behind */
static size_t
argument_word(struct phrase_argument *a, const struct reader *r, size_t i,
	bool *measured)
{
	if (in(r, i, "articles") && !*a->name)
		return i + 1;
	if (in(r, i, "optional")) {
		a->optional = true;
		return i + 1;
	}
	if (is_container(r, i) && is(r, i + 1, "of")) {
		a->list = true;
		return i + 2;
	}
	if (stops(r, i))
		return i;
	add_name(a->name, sizeof(a->name), r, i);
	if (!*measured)
		a->schema = lexicon_schema(r->l, lower(r, i));
	if (!measure(r, i))
		return i + 1;
	a->schema = measure(r, i);
	*measured = true;
	add_name(a->name, sizeof(a->name), r, i + 1);
	return i + 2;
}

/* "(spring, summer or autumn)": single words, and an or among them */
static void
read_choices(struct phrase_argument *a, const struct reader *r, size_t from,
	size_t to)
{
	bool or = false, word = false;
	size_t i;

	for (i = from; i < to; i++) {
		if (joins(r, i)) {
			or |= is(r, i, "or");
			word = false;
			continue;
		}
		if (word || !is_word(r, i) || in(r, i, "articles") ||
		    a->nchoices == PHRASE_CHOICES) {
			or = false;
			break;
		}
		word = true;
		snprintf(a->choices[a->nchoices++], PHRASE_NAME, "%.*s",
			(int)words_at(r->w, i)->len,
			r->text + words_at(r->w, i)->at);
	}
	if (!or || a->nchoices < 2)
		a->nchoices = 0;
}

/* what stands in parentheses behind an argument; the word behind */
static size_t
explanation(struct phrase_argument *a, const struct reader *r, size_t i)
{
	char two[2 * WORD_MAX];
	const struct json *schema;
	size_t end = i + 1;

	while (end < r->w->n && !is_mark(r, end, ')'))
		end++;
	read_choices(a, r, i + 1, end);
	for (i++; i < end; i++) {
		a->optional |= in(r, i, "optional");
		snprintf(two, sizeof(two), "%s %s", lower(r, i),
			lower(r, i + 1));
		schema = lexicon_schema(r->l, two);
		if (!schema)
			schema = lexicon_schema(r->l, lower(r, i));
		if (!a->schema)
			a->schema = schema;
	}
	a->explained = true;
	return end < r->w->n ? end + 1 : end;
}

/* one thing, such as "an optional list of tags"; the word behind it */
static size_t
argument(struct phrase *p, const struct reader *r, size_t i)
{
	struct phrase_argument a = { .list = false };
	size_t from = i, next;
	bool measured = false, about_answer = in(r, i, "possessive");

	while ((next = argument_word(&a, r, i, &measured)) != i)
		i = next;
	if (i > from && *a.name && is_mark(r, i, '('))
		i = explanation(&a, r, i);
	if (i > from && !about_answer)
		settle(p, r, &a, from, i);
	return i;
}

/* "a title, a body and optional tags"; the word behind */
static size_t
arguments(struct phrase *p, const struct reader *r, size_t i)
{
	size_t next;

	for (;;) {
		next = argument(p, r, i);
		if (next == i)
			return i;
		i = next;
		if (!joins(r, i))
			return i;
		while (joins(r, i))
			i++;
		if (starts(r, i) || in(r, i, "opens"))
			return i;
	}
}

static size_t
rest(struct phrase *p, const struct reader *r, size_t i)
{
	while (i < r->w->n) {
		if (starts(r, i))
			break;
		if (in(r, i, "opens") || (is_mark(r, i, '(') && i &&
		    is_word(r, i - 1))) {
			size_t next = arguments(p, r, i + 1);

			i = next > i ? next : i + 1;
		} else if (in(r, i, "places") &&
		    in(r, i + 1, "indefinite")) {
			i = argument(p, r, i + 1);
		} else {
			i++;
		}
	}
	return i;
}

/* --- clauses ------------------------------------------------------------ */

/* the thing that is done something to: words for the name */
static size_t
thing(char *out, size_t size, const struct reader *r, size_t i)
{
	size_t n = 0;

	if (in(r, i, "places") && !in(r, i + 1, "indefinite"))
		i++;
	for (; is_word(r, i) && i < r->w->n; i++) {
		if (in(r, i, "articles"))
			continue;
		if (stops(r, i))
			break;
		if (n++ < PHRASE_THING)
			add_name(out, size, r, i);
	}
	return i;
}

static void
name_it(struct phrase *p, const char *base, const char *object)
{
	snprintf(p->name, sizeof(p->name), "%s%s%s", base,
		*object ? "_" : "", object);
}

static void
keep(struct reader *r, const struct phrase *p)
{
	struct phrases *out = r->out;

	out->v = vec_grow(out->v, out->n, &out->cap, sizeof(*out->v));
	out->v[out->n++] = *p;
}

/* "add, list and delete notes by id" at i; the word behind */
static size_t
clause(struct reader *r, size_t i)
{
	const struct verb *verbs[PHRASE_VERBS];
	size_t at[PHRASE_VERBS], n = 0, k, next;
	char object[PHRASE_NAME] = "";
	struct phrase p = { .nargs = 0 };
	enum verb_form form;

	r->chain = form_at(r, i);
	for (;;) {
		at[n] = i;
		verbs[n++] = lexicon_verb(r->l, lower(r, i), &form);
		for (next = i + 1; joins(r, next); next++)
			;
		if (next == i + 1 || n == PHRASE_VERBS ||
		    form_at(r, next) != r->chain)
			break;
		i = next;
	}
	next = thing(object, sizeof(object), r, i + 1);
	next = rest(&p, r, next);
	for (k = next; joins(r, k - 1) || is_mark(r, k - 1, ':'); k--)
		;
	p.to = words_at(r->w, k - 1)->at + words_at(r->w, k - 1)->len;
	for (k = 0; k < n && (*object || p.nargs); k++) {
		p.class = verbs[k]->class;
		p.from = p.said = words_at(r->w, at[k])->at;
		name_it(&p, verbs[k]->base, object);
		keep(r, &p);
	}
	return next;
}

/* what the name, or else the first words behind it, say that is done */
static const char *
class_of(const struct reader *r, const char *name, size_t i)
{
	char first[PHRASE_NAME * 2];
	const struct verb *verb;
	enum verb_form form;
	size_t k;

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(name, "_"), name);
	verb = lexicon_verb(r->l, first, &form);
	for (k = i; !verb && k < i + MAX_HEAD; k++)
		verb = lexicon_verb(r->l, lower(r, k), &form);
	return verb ? verb->class : "change";
}

/* is word i written as a name in code: find_book, `find`, findBook? */
static bool
is_code(const struct reader *r, size_t i)
{
	const struct word *word = words_at(r->w, i);
	size_t k;

	if (i && is_mark(r, i - 1, '`'))
		return true;
	for (k = 1; k < word->len; k++) {
		char c = r->text[word->at + k];

		if (c == '_' || (c >= 'A' && c <= 'Z' &&
		    r->text[word->at + k - 1] >= 'a' &&
		    r->text[word->at + k - 1] <= 'z'))
			return true;
	}
	return false;
}

/* "find_book(title): …", "`find_book`: …", "Find book: …" of a list item */
static bool
headed(struct reader *r)
{
	struct phrase p = { .headed = true };
	bool code;
	size_t i = 0, n = 0, k;

	while (is_mark(r, i, '`') || is_mark(r, i, '*'))
		i++;
	code = is_code(r, i);
	for (; is_word(r, i) && i < r->w->n && n < MAX_HEAD; i++, n++)
		add_name(p.name, sizeof(p.name), r, i);
	if (is_mark(r, i, '(') && !(code && n == 1))
		return false;
	while (is_mark(r, i, '`') || is_mark(r, i, '*'))
		i++;
	if (!*p.name || (!is_mark(r, i, ':') && !is_mark(r, i, '(')) ||
	    !(code ? n == 1 : r->w->item && form_at(r, 0) == FORM_BASE))
		return false;
	p.class = class_of(r, p.name, i + 1);
	p.from = p.said = r->w->from;
	p.to = r->w->to;
	for (k = i; k < r->w->n && !is_mark(r, k, ':'); k++)
		;
	if (k + 1 < r->w->n)
		p.said = words_at(r->w, k + 1)->at;
	r->chain = FORM_NONE;
	for (k = i; k < r->w->n; )
		k = rest(&p, r, k) + 1;
	keep(r, &p);
	return true;
}

/* "Takes a title.", "It needs a key.": more about the tool before */
static bool
goes_on(struct reader *r, size_t before)
{
	size_t i = is(r, 0, "it") || is(r, 0, "this") || is(r, 0, "they");
	struct phrase *last = before ? &r->out->v[before - 1] : NULL;
	bool opens = in(r, i, "opens");

	if (!last || r->w->item || (r->w->fresh && !opens) ||
	    (!opens && !last->headed))
		return false;
	for (; opens && i < r->w->n; i++)
		i = rest(last, r, i);
	if (last->headed || opens)
		last->to = r->w->to;
	return true;
}

void
phrases_find(struct phrases *p, const struct lexicon *l,
	const struct words *w, const char *text)
{
	struct reader r = { l, w, text, p, FORM_NONE };
	size_t i, before = p->n;

	if (headed(&r) || goes_on(&r, before))
		return;
	for (i = 0; i < w->n; )
		i = starts(&r, i) ? clause(&r, i) : i + 1;
	/* a sentence about one tool is its description */
	if (p->n == before + 1) {
		p->v[before].from = p->v[before].said = w->from;
		p->v[before].to = w->to;
	}
}

void
phrases_release(struct phrases *p)
{
	free(p->v);
	memset(p, 0, sizeof(*p));
}
