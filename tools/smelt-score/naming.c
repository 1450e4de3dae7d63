#include "smelt-score/naming.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"
#include "smelt-score/words.h"

enum { ACTIONS = 32, VERBS = 64 };

static void
look_form(struct marks *m, const struct tool *t, int at)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	size_t n = strlen(t->name), full = n + strlen(m->server->name);
	struct arena *arena = m->server->arena;

	if (!islower((unsigned char)*t->name) || t->name[strspn(t->name, set)])
		marks_add(m, "name-charset", at, 1, NULL);
	if ((double)n > rubric_bound(m->rubric, "nameLength"))
		marks_add(m, "name-length", at, 1, arena_printf(arena,
			"%zu characters", n));
	else if ((double)full > rubric_bound(m->rubric, "fullNameLength"))
		marks_add(m, "name-length", at, 1, arena_printf(arena,
			"%zu characters with the server's name", full));
}

/* A first word that is no verb and that others have too, before one that is:
 * "repos_list_branches" beside "repos_get_branch". */
static bool
is_namespaced(const struct marks *m, const struct tool *t)
{
	const struct words *w = t->name_words;

	return w->n > 2 && !rubric_is_verb(m->rubric, w->v[0]) &&
		rubric_is_verb(m->rubric, w->v[1]) &&
		(uintptr_t)map_get(m->firsts, w->v[0]) > 1;
}

static void
look_words(struct marks *m, const struct tool *t, int at)
{
	const struct words *w = t->name_words;
	const char *first = w->n ? w->v[is_namespaced(m, t)] : "";
	size_t i, digits = 0;

	if (w->n == 1)
		marks_add(m, "name-one-word", at, 1, NULL);
	if (map_has(m->rubric->vague, first))
		marks_add(m, "name-vague", at, 1, first);
	else if (!rubric_is_verb(m->rubric, first))
		marks_add(m, "name-no-verb", at, 1, first);
	/* "get_user_2", not "get_oauth2_token" or "list_2024" */
	for (i = 0; w->n > 1 && w->v[w->n - 1][i]; i++)
		digits += isdigit((unsigned char)w->v[w->n - 1][i]) != 0;
	if (digits && digits == i && digits < 3)
		marks_add(m, "name-number", at, 1, NULL);
}

/* The verbs of one action, and how many tools start with each. */
struct usage {
	const char *verb;
	size_t tools;
};

static const char *
verb_of(const struct marks *m, const struct tool *t)
{
	return t->name_words->n > 1 ? t->name_words->v[is_namespaced(m, t)] :
		"";
}

static uintptr_t
action_of(const struct marks *m, const struct tool *t)
{
	return (uintptr_t)map_get(m->rubric->actions, verb_of(m, t));
}

/* The commonest verb of an action; NULL when only one is used. */
static const char *
usual_verb(const struct marks *m, uintptr_t action)
{
	struct usage seen[VERBS];
	size_t i, k, n = 0, best = 0;

	for (i = 0; i < m->server->ntools; i++) {
		const struct tool *t = &m->server->tools[i];

		if (action_of(m, t) != action)
			continue;
		for (k = 0; k < n; k++)
			if (strcmp(seen[k].verb, verb_of(m, t)) == 0)
				break;
		if (k == VERBS)
			continue;
		if (k == n) {
			seen[n].tools = 0;
			seen[n++].verb = verb_of(m, t);
		}
		if (++seen[k].tools > seen[best].tools)
			best = k;
	}
	return n > 1 ? seen[best].verb : NULL;
}

static void
look_synonyms(struct marks *m)
{
	const char *usual[ACTIONS];
	uintptr_t action;
	size_t i;

	for (i = 0; i < ACTIONS; i++)
		usual[i] = usual_verb(m, i + 1);
	for (i = 0; i < m->server->ntools; i++) {
		const struct tool *t = &m->server->tools[i];

		action = action_of(m, t);
		if (action == 0 || action > ACTIONS || !usual[action - 1] ||
		    strcmp(usual[action - 1], verb_of(m, t)) == 0)
			continue;
		marks_add(m, "name-synonym", (int)i, 1, arena_printf(
			m->server->arena, "'%s' here, '%s' elsewhere for the "
			"same action", verb_of(m, t), usual[action - 1]));
	}
}

/* --- parameters ------------------------------------------------------------ */

enum style { NEUTRAL, SNAKE, CAMEL, KEBAB, STYLES };

static enum style
style_of(const char *name)
{
	bool upper = false;
	const char *p;

	if (strchr(name, '_'))
		return SNAKE;
	if (strchr(name, '-'))
		return KEBAB;
	for (p = name; *p; p++)
		upper |= isupper((unsigned char)*p) != 0;
	return upper ? CAMEL : NEUTRAL;
}

static enum style
usual_style(const struct server *s)
{
	size_t count[STYLES] = { 0 }, i;
	enum style best = NEUTRAL;
	struct json_iter it;

	for (i = 0; i < s->ntools; i++)
		for (json_each(&it, s->tools[i].properties); json_next(&it); )
			count[style_of(json_str(it.key))]++;
	count[NEUTRAL] = 0;
	for (i = 1; i < STYLES; i++)
		if (count[i] > count[best])
			best = (enum style)i;
	return best;
}

static bool
is_vague(const struct marks *m, const char *name)
{
	return map_has(m->rubric->empty, name) ||
		(strlen(name) == 1 && *name != 'q');
}

static void
look_parameters(struct marks *m, const struct tool *t, int at,
	enum style usual)
{
	struct arena *arena = m->server->arena;
	const char *odd = NULL, *vague = NULL;
	struct json_iter it;

	for (json_each(&it, t->properties); json_next(&it); ) {
		enum style style = style_of(json_str(it.key));

		if (!odd && style != NEUTRAL && style != usual)
			odd = json_str(it.key);
		if (!vague && is_vague(m, json_str(it.key)))
			vague = json_str(it.key);
	}
	if (odd)
		marks_add(m, "name-parameter-style", at, 1,
			arena_strdup(arena, odd));
	if (vague)
		marks_add(m, "name-parameter-vague", at, 1,
			arena_strdup(arena, vague));
}

/* How many tools start with each word. */
static void
count_firsts(struct marks *m)
{
	const struct words *w;
	struct map_entry *entry;
	bool added;
	size_t i;

	for (i = 0; i < m->server->ntools; i++) {
		w = m->server->tools[i].name_words;
		if (!w->n)
			continue;
		entry = map_add(m->firsts, w->v[0], strlen(w->v[0]), &added);
		entry->value = (void *)((uintptr_t)entry->value + 1);
	}
}

void
naming_look(struct marks *m)
{
	enum style usual = usual_style(m->server);
	size_t i;

	count_firsts(m);
	for (i = 0; i < m->server->ntools; i++) {
		const struct tool *t = &m->server->tools[i];

		look_form(m, t, (int)i);
		look_words(m, t, (int)i);
		look_parameters(m, t, (int)i, usual);
	}
	look_synonyms(m);
}
