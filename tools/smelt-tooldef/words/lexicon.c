#include "smelt-tooldef/words/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"

enum { LEXICON_MAX = 1024 * 1024 };

struct verb_entry {
	struct verb *verb;
	enum verb_form form;
};

void
lexicon_init(struct lexicon *l)
{
	memset(l, 0, sizeof(*l));
	l->text = xmalloc(sizeof(*l->text));
	str_init(l->text, LEXICON_MAX);
	l->verbs = xcalloc(1, sizeof(*l->verbs));
	l->lists = xcalloc(1, sizeof(*l->lists));
}

void
lexicon_release(struct lexicon *l)
{
	size_t i;

	for (i = 0; i < l->verbs->n; i++)
		free(l->verbs->entries[i].value);
	for (i = 0; i < l->nall; i++) {
		free(l->all[i]->base);
		free(l->all[i]);
	}
	free(l->all);
	map_release(l->verbs);
	map_release(l->lists);
	free(l->verbs);
	free(l->lists);
	if (l->doc) {
		document_release(l->doc);
		free(l->doc);
	}
	str_release(l->text);
	free(l->text);
	free(l->file);
	memset(l, 0, sizeof(*l));
}

static void
add_form(struct lexicon *l, const char *form, struct verb *verb,
	enum verb_form kind)
{
	struct verb_entry *e;

	if (map_has(l->verbs, form))
		return;
	e = xmalloc(sizeof(*e));
	e->verb = verb;
	e->form = kind;
	map_put(l->verbs, form, e);
}

static bool
vowel(char c)
{
	return c && strchr("aeiou", c);
}

/* stop, plan, get: one syllable that doubles its last letter */
static bool
doubles(const char *base, size_t n)
{
	size_t i, vowels = 0;

	for (i = 0; i < n; i++)
		vowels += vowel(base[i]);
	return n > 2 && vowels == 1 && vowel(base[n - 2]) &&
	    !vowel(base[n - 1]) && !strchr("wxy", base[n - 1]);
}

static void
add_verb(struct lexicon *l, const char *base, const char *class)
{
	struct verb *verb = xcalloc(1, sizeof(*verb));
	size_t n = strlen(base);
	struct str form;
	char last = n ? base[n - 1] : 'x', before = n > 1 ? base[n - 2] : 'x';

	verb->base = xstrdup(base);
	verb->class = class;
	l->all = vec_grow(l->all, l->nall, &l->all_cap, sizeof(*l->all));
	l->all[l->nall++] = verb;
	add_form(l, base, verb, FORM_BASE);
	str_init(&form, STR_LINE);
	if (last == 'y' && !vowel(before))
		str_addf(&form, "%.*sies", (int)n - 1, base);
	else if (strchr("sxzo", last) || (last == 'h' && (before == 'c' ||
	    before == 's')))
		str_addf(&form, "%ses", base);
	else
		str_addf(&form, "%ss", base);
	add_form(l, str_s(&form), verb, FORM_THIRD);
	str_clear(&form);
	if (last == 'e')
		str_addf(&form, "%.*sing", (int)n - 1, base);
	else if (doubles(base, n))
		str_addf(&form, "%s%cing", base, last);
	else
		str_addf(&form, "%sing", base);
	add_form(l, str_s(&form), verb, FORM_GERUND);
	str_release(&form);
}

static void
add_list(struct lexicon *l, const char *name, const struct json *words)
{
	struct json_iter it;
	struct str key;

	str_init(&key, STR_LINE);
	for (json_each(&it, words); json_next(&it); ) {
		str_clear(&key);
		str_addf(&key, "%s:%s", name, json_str(it.value) ?
			json_str(it.value) : "");
		map_put(l->lists, str_s(&key), l);
	}
	str_release(&key);
}

static int
take(struct lexicon *l, const char *file, struct err *err)
{
	const struct json *root = document_root(l->doc);
	const struct json *verbs = json_get(root, "verbs");
	struct json_iter class, it;

	if (!json_size(verbs))
		return err_at(err, file, 1, 1, "no verbs");
	for (json_each(&class, verbs); json_next(&class); )
		for (json_each(&it, class.value); json_next(&it); )
			if (json_len(it.value))
				add_verb(l, json_str(it.value),
					json_str(class.key));
	for (json_each(&it, root); json_next(&it); )
		if (json_is(it.value, JSON_ARRAY))
			add_list(l, json_str(it.key), it.value);
	return 0;
}

int
lexicon_load(struct lexicon *l, struct err *err)
{
	l->file = share_path("text.yaml");
	return io_read(l->file, l->text, err);
}

int
lexicon_parse(struct lexicon *l, struct err *err)
{
	l->doc = xcalloc(1, sizeof(*l->doc));
	if (document_parse(l->doc, str_s(l->text), l->text->len, l->file,
	    err) < 0)
		return -1;
	return take(l, l->file, err);
}

void
lexicon_digest(const struct lexicon *l, struct sha256 *h)
{
	sha256_field(h, str_s(l->text));
}

const struct verb *
lexicon_verb(const struct lexicon *l, const char *word,
	enum verb_form *form)
{
	const struct verb_entry *e = map_get(l->verbs, word);

	*form = e ? e->form : FORM_NONE;
	return e ? e->verb : NULL;
}

bool
lexicon_has(const struct lexicon *l, const char *list, const char *word)
{
	struct str key;
	bool has;

	str_init(&key, STR_LINE);
	str_addf(&key, "%s:%s", list, word);
	has = map_has(l->lists, str_s(&key));
	str_release(&key);
	return has;
}

const struct json *
lexicon_schema(const struct lexicon *l, const char *word)
{
	struct json_iter type, it;

	for (json_each(&type, json_get(document_root(l->doc), "types"));
	    json_next(&type); )
		for (json_each(&it, json_get(type.value, "words"));
		    json_next(&it); )
			if (json_str_is(it.value, word))
				return json_get(type.value, "schema");
	return NULL;
}
