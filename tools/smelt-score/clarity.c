#include "smelt-score/clarity.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"
#include "smelt-score/words.h"

struct look {
	struct marks *m;
	const struct rubric *r;
	const struct tool *t;
	int at;
};

static void
mark(const struct look *l, const char *rule, double share, const char *detail)
{
	marks_add(l->m, rule, l->at, share, detail);
}

static const char *
count(const struct look *l, size_t n, const char *what)
{
	return arena_printf(l->m->server->arena, "%zu %s%s", n, what,
		n == 1 ? "" : "s");
}

static void
look_length(const struct look *l)
{
	size_t n = words_length(l->t->description_words);
	double d = (double)n;

	if (d < rubric_bound(l->r, "shortWords"))
		mark(l, "description-short", 1, count(l, n, "word"));
	else if (d < rubric_bound(l->r, "terseWords"))
		mark(l, "description-terse", 1, count(l, n, "word"));
	else if (d > rubric_bound(l->r, "endlessWords"))
		mark(l, "description-endless", 1, count(l, n, "word"));
	else if (d > rubric_bound(l->r, "longWords"))
		mark(l, "description-long", 1, count(l, n, "word"));
}

/* Every word with meaning stands in the name or title already? */
static bool
is_tautology(const struct look *l)
{
	struct arena *arena = l->m->server->arena;
	struct words name = words_set(arena, l->t->name_words);
	struct words said = words_set(arena, l->t->description_words);
	size_t i, k, told = 0;

	for (i = 0; i < said.n; i++) {
		if (map_has(l->r->stop, said.v[i]))
			continue;
		for (k = 0; k < name.n; k++)
			if (strcmp(said.v[i], name.v[k]) == 0)
				break;
		told += k == name.n;
	}
	return told == 0;
}

static void
look_start(const struct look *l)
{
	const char *first = l->t->description_words->v[0];

	if ((unsigned char)*first < 128 && !rubric_is_verb(l->r, first))
		mark(l, "description-no-verb", 1, first);
}

/* Does the description hold one of the name's nouns? */
static void
look_resource(const struct look *l)
{
	struct arena *arena = l->m->server->arena;
	struct words said = words_set(arena, l->t->description_words);
	size_t i, k, nouns = 0;

	for (i = 0; i < l->t->name_words->n; i++) {
		const char *word = l->t->name_words->v[i];
		const char *bare = words_bare(arena, word);

		if ((i == 0 && rubric_is_verb(l->r, word)) ||
		    map_has(l->r->stop, word) ||
		    isdigit((unsigned char)*word))
			continue;
		nouns++;
		for (k = 0; k < said.n; k++)
			if (strcmp(said.v[k], bare) == 0)
				return;
	}
	if (nouns)
		mark(l, "description-no-resource", 1, l->t->name);
}

static const char *
found(const char *const *phrases, const char *line)
{
	for (; *phrases; phrases++)
		if (strstr(line, *phrases))
			return *phrases;
	return NULL;
}

/* Names a sibling? */
static bool
names_sibling(const struct look *l)
{
	const struct server *s = l->m->server;
	const char *at;
	size_t i, n;

	for (i = 0; i < s->ntools; i++) {
		const char *name = s->tools[i].name;

		n = strlen(name);
		if ((int)i == l->at || !strchr(name, '_'))
			continue;
		at = strstr(l->t->description, name);
		if (at && !isalnum((unsigned char)at[n]) && at[n] != '_')
			return true;
	}
	return false;
}

static void
look_usage(const struct look *l)
{
	const char *const *usage = (const char *const *)l->r->usage;

	if (!found(usage, l->t->line) && !names_sibling(l))
		mark(l, "description-no-usage", 1, NULL);
}

/* What comes back, and under which conditions.  An output schema tells half of
 * it; what changes things and has none may have nothing to answer. */
static void
look_answer(const struct look *l)
{
	const struct origin *o = server_origin(l->m->server, l->t);
	bool silent = !l->t->output && ((o && o->silent) ||
		!json_get_bool(l->t->annotations, "readOnlyHint", false));
	bool told = json_size(json_get(l->t->output, "properties")) > 0;

	if (!silent && !found((const char *const *)l->r->result, l->t->line))
		mark(l, "description-no-result", told ? 0.5 : 1, NULL);
	if (!found((const char *const *)l->r->limit, l->t->line))
		mark(l, "description-no-limit", 1, NULL);
}

/* A tool that changes something has a verb of change in its description. */
static void
look_change(const struct look *l)
{
	const struct words *w = l->t->description_words;
	struct arena *arena = l->m->server->arena;
	size_t i;

	if (json_get_bool(l->t->annotations, "readOnlyHint", false) ||
	    map_has(l->r->change_first, words_bare(arena, w->v[0])))
		return;
	for (i = 0; i < w->n; i++) {
		size_t n = strlen(w->v[i]);

		if (map_has(l->r->change, w->v[i]) ||
		    map_has(l->r->change, words_bare(arena, w->v[i])))
			return;
		/* "removed", "deleted", "deleting" */
		if (n > 4 && str_ends(w->v[i], "ed") &&
		    (map_has(l->r->change, arena_strndup(arena, w->v[i],
			n - 1)) || map_has(l->r->change,
			arena_strndup(arena, w->v[i], n - 2))))
			return;
	}
	mark(l, "description-silent-change", 1, NULL);
}

static void
look_filler(const struct look *l)
{
	const char *const *phrase = (const char *const *)l->r->filler;
	const char *first = NULL;
	size_t n = 0;

	for (; *phrase; phrase++) {
		if (!strstr(l->t->line, *phrase))
			continue;
		n++;
		if (!first)
			first = *phrase;
	}
	if (n)
		mark(l, "description-filler", n > 1 ? 1 : 0.5,
			arena_printf(l->m->server->arena, "'%.*s'%s",
			(int)strlen(first) - 2, first + 1, n > 1 ?
			" and more" : ""));
}

/* "<b>", "[text](url)", "## " */
static void
look_markup(const struct look *l)
{
	const char *text = l->t->description, *p, *what = NULL;

	for (p = text; (p = strchr(p, '<')) != NULL && !what; p++)
		if ((isalpha((unsigned char)p[1]) || p[1] == '/') &&
		    strchr(p, '>') && strcspn(p, " \n>") < 16)
			what = "HTML tags";
	if (!what && (p = strstr(text, "](")) != NULL && strchr(p, ')'))
		what = "Markdown links";
	if (!what && (strncmp(text, "#", 1) == 0 || strstr(text, "\n#")))
		what = "Markdown headings";
	if (!what && strstr(text, "```"))
		what = "code blocks";
	if (what)
		mark(l, "description-markup", 1, what);
}

static void
look_repeats(const struct look *l)
{
	struct json_iter it;
	size_t n = 0;

	for (json_each(&it, l->t->properties); json_next(&it); ) {
		const char *said = json_get_str(it.value, "description");

		if (json_len(it.key) > 3 && said && strlen(said) > 20 &&
		    strstr(l->t->description, said))
			n++;
	}
	if (n > 1)
		mark(l, "description-repeats-schema", 1,
			count(l, n, "parameter"));
}

static void
look_tool(const struct look *l)
{
	const struct words *w = l->t->description_words;

	if (w->n == 0) {
		mark(l, "description-missing", 1, NULL);
		return;
	}
	look_length(l);
	look_markup(l);
	look_repeats(l);
	if (w->foreign)
		return;
	if (is_tautology(l))
		mark(l, "description-tautology", 1, NULL);
	look_start(l);
	look_resource(l);
	look_usage(l);
	look_answer(l);
	look_change(l);
	look_filler(l);
}

void
clarity_look(struct marks *m)
{
	struct look l = { .m = m, .r = m->rubric };
	size_t i;

	for (i = 0; i < m->server->ntools; i++) {
		l.t = &m->server->tools[i];
		l.at = (int)i;
		look_tool(&l);
	}
}
