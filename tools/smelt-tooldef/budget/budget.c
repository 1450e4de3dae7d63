#include "smelt-tooldef/budget/budget.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "smelt-tooldef/budget/compact.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/define.h"

/* A tool in the order of priority. */
struct place {
	bool deprecated;
	size_t rank, tag, i;
};

/* What a step would make of a tool. */
struct offer {
	size_t i, saved;
	struct definition smaller;
};

static void
add_tag(struct map *tags, const struct json *name)
{
	bool added;
	struct map_entry *e;

	if (!json_len(name))
		return;
	e = map_add(tags, json_str(name), json_len(name), &added);
	if (added)
		e->value = (void *)tags->n;
}

/* tags in their order: name -> 1... */
static void
order_tags(struct map *tags, const struct catalog *c)
{
	struct json_iter it;
	size_t i;

	for (i = 0; i < c->nunits; i++)
		for (json_each(&it, json_get(json_get(c->units[i], "openapi"),
		    "tags")); json_next(&it); )
			add_tag(tags, json_get(it.value, "name"));
	for (i = 0; i < c->ncallables; i++)
		add_tag(tags, json_at(json_get(c->callables[i], "tags"), 0));
}

static int
by_priority(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->deprecated != y->deprecated)
		return x->deprecated ? 1 : -1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->tag != y->tag)
		return x->tag < y->tag ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* the tools, the most wanted first; *n of them */
static struct place *
prioritise(const struct definitions *d, const struct catalog *c, size_t *n)
{
	struct place *v = xcalloc(d->n + 1, sizeof(*v));
	struct map tags = { 0 };
	const char *tag;
	size_t i;

	order_tags(&tags, c);
	for (i = *n = 0; i < d->n; i++) {
		const struct json *callable = d->v[i].callable;

		if (!d->v[i].object)
			continue;
		tag = json_str(json_at(json_get(callable, "tags"), 0));
		v[*n].deprecated = json_str_is(json_get(callable,
			"visibility"), "deprecated");
		v[*n].rank = d->v[i].rank;
		v[*n].tag = tag ? (size_t)map_get(&tags, tag) : 0;
		if (!v[*n].tag)
			v[*n].tag = tags.n + 1;
		v[(*n)++].i = i;
	}
	map_release(&tags);
	qsort(v, *n, sizeof(*v), by_priority);
	return v;
}

static void
limit_tools(struct definitions *d, const struct place *v, size_t n,
	size_t max)
{
	char text[128];
	size_t i;

	snprintf(text, sizeof(text), "%zu tools go before it, and no more are "
		"wanted", max);
	for (i = max; i < n; i++)
		definitions_drop(d, v[i].i, "limit", text);
}

static int
by_saving(const void *a, const void *b)
{
	const struct offer *x = a, *y = b;

	if (x->saved != y->saved)
		return x->saved > y->saved ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static void
accept(struct definitions *d, const struct offer *o)
{
	struct definition *def = &d->v[o->i];

	d->tokens -= o->saved;
	d->outputs -= def->outputs - o->smaller.outputs;
	d->bytes -= def->object_len - o->smaller.object_len;
	free(def->line);
	*def = o->smaller;
}

static void
compact_all(struct definitions *d, enum compaction step, size_t max)
{
	struct offer *v = xcalloc(d->n + 1, sizeof(*v));
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		if (!d->v[i].object ||
		    !compact(&d->v[i], step, &v[n].smaller))
			continue;
		v[n].i = i;
		v[n].saved = d->v[i].tokens - v[n].smaller.tokens;
		n++;
	}
	qsort(v, n, sizeof(*v), by_saving);
	for (i = 0; i < n; i++)
		if (d->tokens > max)
			accept(d, &v[i]);
		else
			free(v[i].smaller.line);
	free(v);
}

/* keep what fits, in the order of v */
static int
fill(struct definitions *d, const struct place *v, size_t n, size_t max,
	struct err *err)
{
	const struct definition *least = NULL;
	size_t i, used = 0;
	char text[128];

	for (i = 0; i < n; i++) {
		const struct definition *def = &d->v[v[i].i];

		if (!def->object)
			continue;
		if (!least || def->tokens < least->tokens)
			least = def;
	}
	if (least && least->tokens > max)
		return err_set(err, "no tool fits into %zu tokens: the "
			"smallest, %s, needs %zu (--max-tokens)", max,
			least->name, least->tokens);
	for (i = 0; i < n; i++) {
		size_t needs = d->v[v[i].i].tokens;

		if (!d->v[v[i].i].object)
			continue;
		if (used + needs <= max) {
			used += needs;
			continue;
		}
		snprintf(text, sizeof(text), "needs %zu tokens, and %zu of "
			"%zu are left", needs, max - used, max);
		definitions_drop(d, v[i].i, "limit", text);
	}
	return 0;
}

int
budget_fit(struct definitions *d, const struct catalog *c,
	size_t max_tokens, size_t max_tools, struct err *err)
{
	struct place *v;
	int step, rc = 0;
	size_t n;

	v = prioritise(d, c, &n);
	if (max_tools)
		limit_tools(d, v, n, max_tools);
	for (step = 0; max_tokens && step < COMPACTIONS; step++)
		if (d->tokens > max_tokens)
			compact_all(d, (enum compaction)step, max_tokens);
	if (max_tokens && d->tokens > max_tokens)
		rc = fill(d, v, n, max_tokens, err);
	free(v);
	return rc;
}

void
budget_warn_bytes(const struct definitions *d, const struct catalog *c)
{
	const char *location = json_get_str(c->source, "location");
	/* braces and a comma */
	size_t bytes = d->bytes + 3 * d->tools;
	struct err err;

	if (bytes <= BUDGET_BYTES)
		return;
	err_at(&err, location && *location ? location : "source", 0, 0,
		"tools/list would have %zu tools in %zu bytes, about %zu "
		"tokens, and clients cut the connection at 10485760 bytes: "
		"set --max-tokens or --max-tools, choose in smelt.yaml, or "
		"generate with --mode dynamic", d->tools, bytes, d->tokens);
	diag_warn_err(&err);
}
