#include "smelt-score/rubric.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-score/words.h"

enum { SIZE_MAX_YAML = 4 * 1024 * 1024 };

static double
number(const struct json *v, double otherwise)
{
	double n;

	return json_num(v, &n) ? n : otherwise;
}

static struct map *
word_map(const struct json *list)
{
	struct map *m = xcalloc(1, sizeof(*m));
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (json_str(it.value))
			map_put(m, json_str(it.value), m);
	return m;
}

/* Synonyms are verbs too. */
static void
read_actions(struct rubric *r, const struct json *lists)
{
	struct json_iter line, it;
	uintptr_t number = 0;

	r->actions = xcalloc(1, sizeof(*r->actions));
	for (json_each(&line, lists); json_next(&line); ) {
		number++;
		for (json_each(&it, line.value); json_next(&it); ) {
			if (!json_str(it.value))
				continue;
			map_put(r->actions, json_str(it.value),
				(void *)number);
			map_put(r->verbs, json_str(it.value), r);
		}
	}
}

/* Phrases in the form that words_line() gives sentences. */
static const char **
phrases(struct rubric *r, const struct json *list)
{
	const char **v = arena_array(r->arena, json_size(list) + 1,
		sizeof(*v));
	struct json_iter it;
	struct words w;
	size_t n = 0;

	for (json_each(&it, list); json_next(&it); ) {
		w = words_of(r->arena, json_str(it.value));
		v[n++] = words_line(r->arena, &w);
	}
	v[n] = NULL;
	return v;
}

static int
check(const struct rubric *r, const char *path, struct err *err)
{
	const struct json *rules = json_get(r->root, "rules");
	struct json_iter it;

	if (json_size(json_get(r->root, "dimensions")) != DIMENSIONS ||
	    json_size(json_pointer(r->root, "/security/categories")) !=
	    CATEGORIES)
		return err_at(err, path, 0, 0,
			"not six dimensions and five security categories");
	for (json_each(&it, rules); json_next(&it); )
		if (rubric_dimension_of(r, json_get_str(it.value,
		    "dimension")) == DIMENSIONS ||
		    !json_get_str(it.value, "text") ||
		    !json_get_str(it.value, "fix") ||
		    number(json_get(it.value, "points"), -1) < 0)
			return err_at(err, path, 0, 0, "rule '%s' lacks "
				"dimension, points, text or fix",
				json_str(it.key));
	return 0;
}

int
rubric_load(struct rubric *r, struct err *err)
{
	const struct json *words;
	char *path = share_path("score.yaml");
	int rc;

	memset(r, 0, sizeof(*r));
	r->arena = xcalloc(1, sizeof(*r->arena));
	r->text = xmalloc(sizeof(*r->text));
	str_init(r->text, SIZE_MAX_YAML);
	r->doc = xmalloc(sizeof(*r->doc));
	rc = document_read(r->doc, r->text, path, err);
	if (rc == 0) {
		sha256_hex(str_s(r->text), r->text->len, r->digest);
		r->root = document_root(r->doc);
		words = json_get(r->root, "words");
		r->mean = number(json_pointer(r->root, "/combine/mean"), 1);
		r->worst = number(json_pointer(r->root, "/combine/worst"), 0);
		r->verbs = word_map(json_get(words, "verbs"));
		r->vague = word_map(json_get(words, "vague"));
		r->change = word_map(json_get(words, "change"));
		r->change_first = word_map(json_get(words,
			"changeFirst"));
		r->stop = word_map(json_get(words, "stop"));
		r->empty = word_map(json_get(words, "emptyNames"));
		read_actions(r, json_get(words, "actions"));
		r->usage = phrases(r, json_get(words, "usage"));
		r->result = phrases(r, json_get(words, "result"));
		r->limit = phrases(r, json_get(words, "limit"));
		r->filler = phrases(r, json_get(words, "filler"));
		rc = check(r, path, err);
	}
	free(path);
	return rc;
}

static void
free_map(struct map *m)
{
	if (m)
		map_release(m);
	free(m);
}

void
rubric_release(struct rubric *r)
{
	free_map(r->verbs);
	free_map(r->vague);
	free_map(r->change);
	free_map(r->change_first);
	free_map(r->stop);
	free_map(r->empty);
	free_map(r->actions);
	document_release(r->doc);
	free(r->doc);
	str_release(r->text);
	free(r->text);
	arena_release(r->arena);
	free(r->arena);
	memset(r, 0, sizeof(*r));
}

const struct json *
rubric_dimension(const struct rubric *r, size_t i)
{
	return json_at(json_get(r->root, "dimensions"), i);
}

const struct json *
rubric_category(const struct rubric *r, size_t i)
{
	return json_at(json_pointer(r->root, "/security/categories"), i);
}

size_t
rubric_dimension_of(const struct rubric *r, const char *id)
{
	size_t i;

	for (i = 0; id && i < DIMENSIONS; i++)
		if (json_str_is(json_get(rubric_dimension(r, i), "id"), id))
			return i;
	return DIMENSIONS;
}

const struct json *
rubric_rule(const struct rubric *r, const char *id)
{
	const struct json *rule = json_get(json_get(r->root, "rules"), id);

	if (!rule)
		die("score.yaml has no rule '%s'", id);
	return rule;
}

double
rubric_bound(const struct rubric *r, const char *name)
{
	const struct json *v = json_get(json_get(r->root, "bounds"), name);

	if (!json_is(v, JSON_NUMBER))
		die("score.yaml has no bound '%s'", name);
	return number(v, 0);
}

const char *
rubric_grade(const struct rubric *r, double score)
{
	const char *best = "F";
	double bound = -1;
	struct json_iter it;

	for (json_each(&it, json_get(r->root, "cutoffs")); json_next(&it); ) {
		double b = number(it.value, 0);

		if (score >= b && b > bound) {
			bound = b;
			best = json_str(it.key);
		}
	}
	return best;
}

double
rubric_cutoff(const struct rubric *r, const char *letter)
{
	const struct json *v = json_get(json_get(r->root, "cutoffs"), letter);

	return v ? number(v, 0) + 1 : 0;
}

bool
rubric_is_verb(const struct rubric *r, const char *word)
{
	const char *bare;
	size_t n = strlen(word);

	if (map_has(r->verbs, word))
		return true;
	bare = words_bare(r->arena, word);
	if (map_has(r->verbs, bare))
		return true;
	/* "does", "goes"; "analyses" lost one letter, "uses" none */
	if (n > 3 && str_ends(word, "es"))
		return map_has(r->verbs, arena_strndup(r->arena, word, n - 2));
	return false;
}
