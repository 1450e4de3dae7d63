#include "smelt-ast/summary.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/map.h"
#include "base/str.h"
#include "smelt-ast/project.h"
#include "smelt-ast/route/auth.h"
#include "smelt-ast/route/route.h"

struct tally {
	struct map counts;	/* name to number */
	size_t total;
};

static void
count(struct tally *t, const char *name)
{
	bool added;
	struct map_entry *e = map_add(&t->counts, name, strlen(name), &added);

	e->value = (void *)((uintptr_t)e->value + 1);
	t->total++;
}

static int
larger(const void *a, const void *b)
{
	const struct map_entry *x = a, *y = b;

	if (x->value != y->value)
		return (uintptr_t)x->value < (uintptr_t)y->value ? 1 : -1;
	return strcmp(x->key, y->key);
}

/* "GET 5, POST 3": the largest first; releases t */
static void
list(struct tally *t, bool name_first, struct str *out)
{
	struct map_entry *e = t->counts.entries;

	if (t->counts.n)
		qsort(e, t->counts.n, sizeof(*e), larger);
	for (size_t i = 0; i < t->counts.n; i++) {
		str_puts(out, i ? ", " : "");
		if (name_first)
			str_addf(out, "%s %zu", e[i].key,
				(size_t)(uintptr_t)e[i].value);
		else
			str_addf(out, "%zu %s", (size_t)(uintptr_t)e[i].value,
				e[i].key);
	}
	map_release(&t->counts);
}

static bool
is_python(const struct unit *u)
{
	return strcmp(u->language, "python") == 0;
}

static void
files(const struct project *p)
{
	struct tally languages = { { NULL, 0, 0, NULL, 0 }, 0 };
	unsigned functions = 0, classes = 0, unclean = 0;
	struct str text;

	for (size_t i = 0; i < p->nunits; i++) {
		count(&languages, p->units[i]->language);
		functions += p->units[i]->functions;
		classes += p->units[i]->classes;
		unclean += p->units[i]->state != PARSE_OK;
	}
	str_init(&text, STR_LINE);
	list(&languages, false, &text);
	diag_say("%zu %s (%s), %u functions, %u classes", p->nunits,
		p->nunits == 1 ? "file" : "files", str_s(&text), functions,
		classes);
	if (unclean)
		diag_say("%u %s not parse cleanly", unclean, unclean == 1 ?
			"file did" : "files did");
	str_release(&text);
}

static void
count_func(const struct func *f, struct tally *filtered, size_t *public)
{
	if (f->nroutes)
		return;
	if (f->visibility == VISIBLE_PUBLIC)
		(*public)++;
	else
		count(filtered, f->group);
}

/* what is local to functions has no record, but is counted */
static void
functions(const struct project *p, size_t *public)
{
	struct tally filtered = { { NULL, 0, 0, NULL, 0 }, 0 };
	struct str text;

	for (size_t i = 0; i < p->nunits; i++) {
		for (size_t j = 0; j < p->units[i]->nfuncs; j++)
			count_func(p->units[i]->funcs[j], &filtered, public);
		for (size_t j = p->units[i]->nfuncs;
		    j < p->units[i]->functions; j++)
			count(&filtered, "local to a function");
	}
	str_init(&text, STR_LINE);
	str_addf(&text, "%zu public, %zu filtered", *public, filtered.total);
	if (filtered.total) {
		str_puts(&text, ": ");
		list(&filtered, false, &text);
	}
	diag_say("%s", str_s(&text));
	str_release(&text);
}

static void
routes(const struct project *p, size_t *public)
{
	struct tally methods = { { NULL, 0, 0, NULL, 0 }, 0 };
	size_t auth = 0, deprecated = 0, unserved = 0;
	const struct route *r;
	struct str text;

	if (p->pathless)
		diag_say("%zu %s left out: the path is not constant",
			p->pathless, p->pathless == 1 ? "route" : "routes");
	if (!p->nroutes)
		return;
	for (size_t i = 0; i < p->nroutes; i++) {
		r = p->routes[i];
		count(&methods, r->method);
		auth += r->auth->required;
		if (r->func->visibility == VISIBLE_DEPRECATED)
			deprecated++;
		else if (!r->served || r->func->unit->test)
			unserved++;
		else
			(*public)++;
	}
	str_init(&text, STR_LINE);
	list(&methods, true, &text);
	str_addf(&text, "; %zu require auth", auth);
	if (deprecated)
		str_addf(&text, ", %zu deprecated", deprecated);
	if (unserved)
		str_addf(&text, ", %zu not served or in tests", unserved);
	diag_say("%zu routes: %s", p->nroutes, str_s(&text));
	str_release(&text);
}

/* what the other languages' functions lack */
static void
not_done(const struct project *p)
{
	struct tally others = { { NULL, 0, 0, NULL, 0 }, 0 };
	struct str text;

	for (size_t i = 0; i < p->nunits; i++)
		if (!is_python(p->units[i]))
			count(&others, p->units[i]->language);
	if (!others.total)
		return;
	str_init(&text, STR_LINE);
	list(&others, false, &text);
	diag_say("not analysed: types, routes and effects of %s", str_s(&text));
	str_release(&text);
}

void
summary_say(const struct project *p)
{
	size_t public = 0, candidates;

	files(p);
	functions(p, &public);
	candidates = public;
	routes(p, &candidates);
	diag_say("%zu candidates", candidates);
	not_done(p);
}
