#include "smelt-gate2/drift.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/finding.h"
#include "smelt-gate2/judge.h"
#include "smelt-gate2/model.h"
#include "smelt-gate2/words.h"

/* one tool under examination */
struct drift {
	struct judge *j;
	const struct json *tool;
	const struct json *callable;
	const char *name;
	const char *method;	/* NULL: code called in process */
	struct map said;	/* words of name, title, description */
};

static const struct json *
effect(const struct drift *d, const char *name)
{
	struct json_iter it;

	for (json_each(&it, json_get(d->callable, "effects"));
	    json_next(&it); )
		if (json_str_is(json_get(it.value, "effect"), name))
			return it.value;
	return NULL;
}

static void
add_evidence(struct drift *d, struct finding *f, const struct json *e)
{
	struct json_iter it;
	struct loc loc;
	const char *text;
	int left = 5;

	for (json_each(&it, json_get(e, "evidence")); json_next(&it); ) {
		text = json_get_str(it.value, "text");
		if (left-- > 0 && text &&
		    loc_read(&loc, json_get(it.value, "loc")))
			finding_evidence(d->j->findings, f, &loc, text);
	}
}

/* "app.py:12 calls open(path, 'w')" */
static const char *
shown(struct drift *d, const struct json *e)
{
	const struct json *first = json_at(json_get(e, "evidence"), 0);
	const char *text = json_get_str(first, "text"), *kept;
	struct loc loc;
	char *s;

	if (!text || !loc_read(&loc, json_get(first, "loc")))
		return json_get_str(e, "effect");
	s = xasprintf("%s:%u has %s", loc.file, loc.line, text);
	kept = findings_keep(d->j->findings, s);
	free(s);
	return kept;
}

static bool
hint(const struct drift *d, const char *name)
{
	return json_get_bool(json_get(d->tool, "annotations"), name, false);
}

static bool
hint_denied(const struct drift *d, const char *name)
{
	return !json_get_bool(json_get(d->tool, "annotations"), name, true);
}

static void
report(struct drift *d, const char *rule, const char *what,
	const struct json *e)
{
	const char *args[] = { d->name, what, NULL };
	struct finding *f = judge_tool(d->j, d->tool, rule, args);

	if (e)
		add_evidence(d, f, e);
}

static const struct json *
changing_effect(const struct drift *d)
{
	static const char *const kinds[] = { "fs-write", "db-write", "proc" };
	size_t i;

	for (i = 0; i < 3; i++)
		if (effect(d, kinds[i]))
			return effect(d, kinds[i]);
	return NULL;
}

static const char *
method_text(struct drift *d)
{
	char text[64];

	snprintf(text, sizeof(text), "its method is %.32s", d->method);
	return findings_keep(d->j->findings, text);
}

static void
check_annotations(struct drift *d)
{
	static const char *const unsafe[] = { "POST", "PUT", "PATCH",
		"DELETE", NULL };
	static const char *const deletes[] = { "DELETE", NULL };
	static const char *const repeatable[] = { "POST", "PATCH", NULL };
	const struct json *e = changing_effect(d), *net = effect(d, "net");

	if (hint(d, "readOnlyHint") && str_in(d->method, unsafe))
		report(d, "drift-read-only", method_text(d), NULL);
	else if (hint(d, "readOnlyHint") && e)
		report(d, "drift-read-only", shown(d, e), e);
	if (hint_denied(d, "destructiveHint") && str_in(d->method, deletes) &&
	    !hint(d, "readOnlyHint"))
		report(d, "drift-not-destructive", method_text(d), NULL);
	if (hint(d, "idempotentHint") && str_in(d->method, repeatable))
		report(d, "drift-idempotent", method_text(d), NULL);
	if (hint_denied(d, "openWorldHint") && net)
		report(d, "drift-open-world", d->method ?
			"it calls an HTTP service" : shown(d, net), net);
}

/* "deleted_books" are what is listed, not an order to delete them */
static bool
names_state(const char *name)
{
	size_t n = strcspn(name, "_");

	return n > 2 && name[n] && strncmp(name + n - 2, "ed", 2) == 0;
}

static void
check_name(struct drift *d)
{
	static const char *const changes[] = { "PUT", "PATCH", "DELETE",
		NULL };
	static const char *const safe[] = { "GET", "HEAD", "QUERY", NULL };
	const struct json *words = d->j->drift, *e = changing_effect(d);
	struct map own = { 0 };
	bool changing;

	/* checks_update: the first word is a noun there */
	words_add(&own, d->name);
	changing = words_any(&own, json_get(words, "writes")) ||
	    words_any(&own, json_get(words, "deletes"));
	map_release(&own);
	if (!changing && words_first(d->name, json_get(words, "reads"))) {
		if (str_in(d->method, changes))
			report(d, "drift-name-reads", method_text(d), NULL);
		else if (e && !d->method)
			report(d, "drift-name-reads", shown(d, e), e);
	}
	if (!names_state(d->name) &&
	    words_first(d->name, json_get(words, "deletes")) &&
	    str_in(d->method, safe))
		report(d, "drift-name-deletes", d->method, NULL);
}

static const char *
undeclared_rule(const struct drift *d, const char *name)
{
	const struct json *levels = json_get(d->j->drift, "undeclared");
	struct json_iter it, word;

	for (json_each(&it, levels); json_next(&it); )
		for (json_each(&word, it.value); json_next(&word); )
			if (json_str_is(word.value, name))
				return json_str_is(it.key, "error") ?
				    "drift-undeclared-danger" :
				    json_str_is(it.key, "warning") ?
				    "drift-undeclared" :
				    "drift-undeclared-minor";
	return NULL;
}

/* calling an upstream is what every tool of an operation does: only effects
 * of code need words */
static void
check_effects(struct drift *d)
{
	const struct json *lists = json_get(d->j->drift, "declares"), *list;
	struct json_iter it;

	if (json_str_is(json_get(d->callable, "type"), "operation"))
		return;
	for (json_each(&it, json_get(d->callable, "effects"));
	    json_next(&it); ) {
		const char *name = json_get_str(it.value, "effect");
		const char *rule = undeclared_rule(d, name);
		const char *args[] = { d->name, name, shown(d, it.value),
			NULL };

		list = json_get(lists, name);
		if (!rule || !list || words_any(&d->said, list))
			continue;
		add_evidence(d, judge_tool(d->j, d->tool, rule, args),
			it.value);
	}
}

static bool
has_one(const struct drift *d, const struct json *effects)
{
	struct json_iter it;

	for (json_each(&it, effects); json_next(&it); )
		if (effect(d, json_str(it.value)))
			return true;
	return false;
}

static void
check_claims(struct drift *d)
{
	const struct json *binding = json_get(d->tool, "binding");
	struct json_iter it;

	if (!json_str_is(json_get(binding, "type"), "python"))
		return;
	for (json_each(&it, json_get(d->j->drift, "claims"));
	    json_next(&it); ) {
		const struct json *words = json_get(it.value, "words");

		if (words_first(d->name, words) &&
		    !has_one(d, json_get(it.value, "effects")))
			report(d, "drift-overclaim",
				words_which(&d->said, words), NULL);
	}
}

/* a host in the text of a call, which the description should name */
static void
check_hosts(struct drift *d)
{
	const struct json *net = effect(d, "net");
	const char *text, *description;
	struct json_iter it;
	char host[256];

	if (!net || json_str_is(json_get(d->callable, "type"), "operation"))
		return;
	description = json_get_str(d->tool, "description");
	for (json_each(&it, json_get(net, "evidence")); json_next(&it); ) {
		const char *args[] = { d->name, host, NULL };

		text = json_get_str(it.value, "text");
		if (!text || !url_host(text, host, sizeof(host)) ||
		    strchr(host, '{') || (description &&
		    strstr(description, host)))
			continue;
		add_evidence(d, judge_tool(d->j, d->tool,
			"drift-unnamed-host", args), net);
	}
}

static const struct map *
source_words(const struct model *m, const struct json *callable)
{
	const char *id = json_get_str(callable, "id");
	struct map *words = map_get(m->words, id);

	if (!words) {
		words = xcalloc(1, sizeof(*words));
		words_add_json(words, callable);
		map_put(m->words, id, words);
	}
	return words;
}

/* words that stand in the description but nowhere in the source; smelt's own
 * sentences are listed in drift.yaml */
static void
check_origin(struct drift *d, const struct model *m)
{
	const struct map *source = source_words(m, d->callable);
	struct map own = { 0 }, said = { 0 };
	const char *args[] = { d->name, NULL, NULL };
	struct str foreign;
	size_t i, n = 0;

	words_add_json(&own, json_get(d->j->drift, "own"));
	words_add(&said, json_get_str(d->tool, "description"));
	str_init(&foreign, STR_LINE);
	for (i = 0; i < said.n; i++) {
		const struct map_entry *e = &said.entries[i];

		if (e->len < 4 || map_find(source, e->key, e->len) ||
		    map_find(&own, e->key, e->len))
			continue;
		if (n++ < 8)
			str_addf(&foreign, "%s%s", n > 1 ? " " : "", e->key);
	}
	args[1] = str_s(&foreign);
	if (n >= 3)
		judge_tool(d->j, d->tool, "hidden-words", args);
	str_release(&foreign);
	map_release(&own);
	map_release(&said);
}

void
drift_check(struct judge *j, const struct model *m, const struct json *tool,
	const struct json *callable)
{
	const struct json *binding = json_get(tool, "binding");
	struct drift d = { 0 };

	d.j = j;
	d.tool = tool;
	d.callable = callable;
	d.name = json_get_str(tool, "name");
	d.method = json_str_is(json_get(binding, "type"), "http") ?
		json_get_str(binding, "method") : NULL;
	words_add(&d.said, d.name);
	words_add(&d.said, json_get_str(tool, "title"));
	words_add(&d.said, json_get_str(tool, "description"));
	check_annotations(&d);
	check_name(&d);
	check_effects(&d);
	check_claims(&d);
	check_hosts(&d);
	check_origin(&d, m);
	map_release(&d.said);
}
