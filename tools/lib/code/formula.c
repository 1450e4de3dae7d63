#include "code/formula.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/regex.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/match.h"
#include "code/pattern.h"
#include "data/json.h"

enum { NESTING = 16 };

enum term_type {
	TERM_PATTERN,
	TERM_REGEX,
	TERM_ALL,		/* patterns */
	TERM_ANY		/* pattern-either */
};

enum term_use { USE_MATCH, USE_INSIDE, USE_NOT, USE_NOT_INSIDE,
	USE_NOT_REGEX };

struct condition {
	uint32_t var;
	void *regex;
};

struct term {
	enum term_type type;
	enum term_use use;		/* in its TERM_ALL */
	struct pattern pattern;
	void *regex;
	struct term *terms;
	size_t nterms, terms_cap;
	struct condition *conditions;
	size_t nconditions, conditions_cap;
	uint32_t focus;			/* variable, or 0 */
};

struct formula {
	struct term root;
	const struct regex_engine *regex;
};

struct reader {
	const struct regex_engine *regex;
	const struct lang *lang;
	struct ir_parser *parser;
	struct atoms *atoms;
	bool unsupported;
	const struct json *at;
	struct err *err;
};

static int
refuse(struct reader *r, const struct json *at, bool unsupported,
	const char *text, const char *what)
{
	r->at = at;
	r->unsupported = unsupported;
	return err_set(r->err, "%s '%s'", text, what);
}

static int read_term(struct reader *r, struct term *t, const char *key,
	const struct json *v, int depth);

static int
read_pattern(struct reader *r, struct term *t, const struct json *v)
{
	t->type = TERM_PATTERN;
	if (!json_str(v))
		return refuse(r, v, true, "value is not a pattern text",
			json_type_name(v));
	if (pattern_compile(&t->pattern, r->parser, r->lang, json_str(v),
	    r->err) < 0) {
		r->at = v;
		return -1;
	}
	return 0;
}

static int
read_regex(struct reader *r, struct term *t, const struct json *v)
{
	t->type = TERM_REGEX;
	t->regex = r->regex->compile(json_str(v) ? json_str(v) : "", r->err);
	if (!t->regex)
		r->at = v;
	return t->regex ? 0 : -1;
}

static struct term *
add_term(struct term *t)
{
	struct term *new;

	t->terms = vec_grow(t->terms, t->nterms, &t->terms_cap,
		sizeof(*t->terms));
	new = &t->terms[t->nterms++];
	memset(new, 0, sizeof(*new));
	return new;
}

static int
read_condition(struct reader *r, struct term *t, const struct json *v)
{
	const char *name = json_get_str(v, "metavariable");
	const char *text = json_get_str(v, "regex");
	struct condition c = { 0 };
	char *anchored;

	if (!name || !text || json_size(v) != 2)
		return refuse(r, v, true, "members of", "metavariable-regex");
	anchored = xasprintf("\\A(?:%s)", text);
	c.regex = r->regex->compile(anchored, r->err);
	free(anchored);
	if (!c.regex) {
		r->at = json_get(v, "regex");
		return -1;
	}
	t->conditions = vec_grow(t->conditions, t->nconditions,
		&t->conditions_cap, sizeof(c));
	c.var = atoms_add(r->atoms, name, strlen(name));
	t->conditions[t->nconditions++] = c;
	return 0;
}

static const struct {
	const char *key;
	enum term_use use;
} uses[] = {
	{ "pattern", USE_MATCH }, { "patterns", USE_MATCH },
	{ "pattern-either", USE_MATCH }, { "pattern-regex", USE_MATCH },
	{ "pattern-inside", USE_INSIDE }, { "pattern-not", USE_NOT },
	{ "pattern-not-inside", USE_NOT_INSIDE },
	{ "pattern-not-regex", USE_NOT_REGEX },
};

static int
read_member(struct reader *r, struct term *t, const char *key,
	const struct json *v, int depth)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(*uses); i++) {
		struct term *new;

		if (strcmp(key, uses[i].key) != 0)
			continue;
		new = add_term(t);
		new->use = uses[i].use;
		return read_term(r, new, key, v, depth + 1);
	}
	if (strcmp(key, "metavariable-regex") == 0)
		return read_condition(r, t, v);
	if (strcmp(key, "focus-metavariable") == 0 && json_str(v)) {
		t->focus = atoms_add(r->atoms, json_str(v), json_len(v));
		return 0;
	}
	return refuse(r, v, true, "operator", key);
}

static int
read_list(struct reader *r, struct term *t, const struct json *v, int depth)
{
	struct json_iter item, member;

	if (!json_is(v, JSON_ARRAY) || !json_size(v))
		return refuse(r, v, false, "expected a list, not",
			json_type_name(v));
	for (json_each(&item, v); json_next(&item); ) {
		if (!json_is(item.value, JSON_OBJECT))
			return refuse(r, item.value, true, "list item of type",
				json_type_name(item.value));
		for (json_each(&member, item.value); json_next(&member); )
			if (read_member(r, t, json_str(member.key),
			    member.value, depth) < 0)
				return -1;
	}
	for (size_t i = 0; i < t->nterms; i++)
		if (t->terms[i].use == USE_MATCH ||
		    t->terms[i].use == USE_INSIDE)
			return 0;
	return refuse(r, v, false, "nothing but exclusions in",
		t->type == TERM_ALL ? "patterns" : "pattern-either");
}

static int
read_term(struct reader *r, struct term *t, const char *key,
	const struct json *v, int depth)
{
	if (depth > NESTING)
		return refuse(r, v, false, "nested too deep:", key);
	if (strcmp(key, "patterns") == 0) {
		t->type = TERM_ALL;
		return read_list(r, t, v, depth);
	}
	if (strcmp(key, "pattern-either") == 0) {
		t->type = TERM_ANY;
		return read_list(r, t, v, depth);
	}
	if (strcmp(key, "pattern-regex") == 0 ||
	    strcmp(key, "pattern-not-regex") == 0)
		return read_regex(r, t, v);
	return read_pattern(r, t, v);
}

static const char *const roots[] = { "pattern", "patterns", "pattern-either",
	"pattern-regex", NULL };
/* members that change what is searched, and that we do not have */
static const char *const others[] = { "mode", "pattern-sources", "join",
	"match", "taint", "min-version", "max-version", "options", NULL };

static int
read_rule(struct reader *r, struct term *t, const struct json *rule)
{
	for (const char *const *k = others; *k; k++) {
		const struct json *v = json_get(rule, *k);

		if (v && !(strcmp(*k, "mode") == 0 &&
		    json_str_is(v, "search")))
			return refuse(r, v, true, "member", *k);
	}
	for (const char *const *k = roots; *k; k++)
		if (json_get(rule, *k))
			return read_term(r, t, *k, json_get(rule, *k), 0);
	return refuse(r, NULL, false, "rule without", "pattern");
}

static void
term_release(const struct regex_engine *regex, struct term *t)
{
	for (size_t i = 0; i < t->nterms; i++)
		term_release(regex, &t->terms[i]);
	for (size_t i = 0; i < t->nconditions; i++)
		regex->release(t->conditions[i].regex);
	if (t->regex)
		regex->release(t->regex);
	pattern_release(&t->pattern);
	free(t->terms);
	free(t->conditions);
}

struct formula *
formula_new(const struct json *rule, const struct lang *lang,
	struct ir_parser *parser, struct atoms *atoms,
	const struct regex_engine *regex, bool *unsupported,
	const struct json **at, struct err *err)
{
	struct formula *f = xcalloc(1, sizeof(*f));
	struct reader r = { regex, lang, parser, atoms, false, NULL, err };

	f->regex = regex;
	if (read_rule(&r, &f->root, rule) < 0) {
		*unsupported = r.unsupported;
		*at = r.at;
		formula_free(f);
		return NULL;
	}
	return f;
}

void
formula_free(struct formula *f)
{
	if (!f)
		return;
	term_release(f->regex, &f->root);
	free(f);
}

/* The text that a regular expression over $X sees: a string's content. */
static const char *
var_text(const struct ir *ir, const struct match_var *v, size_t *len)
{
	if (v->first && v->first == v->last && ir_is(ir, v->first, IR_STRING))
		return ir_atom(ir, v->first, len);
	*len = v->end - v->start;
	return ir->text + v->start;
}

static bool
holds(const struct formula *f, const struct ir *ir, const struct term *t,
	const struct match *m)
{
	for (size_t i = 0; i < t->nconditions; i++) {
		const struct match_var *v = match_find(m,
			t->conditions[i].var);
		const char *text;
		size_t len;

		if (!v)
			return false;
		text = var_text(ir, v, &len);
		if (!f->regex->find(t->conditions[i].regex, text, len, NULL,
		    NULL))
			return false;
	}
	return true;
}

static void
conditions(const struct formula *f, const struct ir *ir, const struct term *t,
	const struct matches *a, struct matches *out)
{
	for (size_t i = 0; i < a->n; i++) {
		struct match m = a->items[i];
		const struct match_var *v;

		if (!holds(f, ir, t, &m))
			continue;
		v = t->focus ? match_find(&m, t->focus) : NULL;
		if (t->focus && !v)
			continue;
		if (v) {
			m.start = v->start;
			m.end = v->end;
		}
		matches_add(out, &m);
	}
}

static void
by_regex(const struct formula *f, const struct ir *ir, const struct term *t,
	const struct match *seed, enum match_relation relation,
	struct matches *out)
{
	size_t at = 0, start, end;

	while (at < ir->len && f->regex->find(t->regex, ir->text + at,
	    ir->len - at, &start, &end)) {
		struct match m = { 0 };

		if (seed)
			m = *seed;
		m.start = (uint32_t)(at + start);
		m.end = (uint32_t)(at + end);
		if (!seed || match_related(&m, seed, relation))
			matches_add(out, &m);
		at += end > start ? end : end + 1;
	}
}

static void run(const struct formula *f, const struct term *t,
	struct match_target *target, const struct match *seed,
	enum match_relation relation, struct matches *out);

/* A choice among places to be inside of is such a place. */
static enum term_use
use_of(const struct term *t)
{
	if (t->use != USE_MATCH || t->type != TERM_ANY)
		return t->use;
	for (size_t i = 0; i < t->nterms; i++)
		if (t->terms[i].use != USE_INSIDE)
			return USE_MATCH;
	return USE_INSIDE;
}

/* What one more term leaves of a match. */
static void
narrow(const struct formula *f, const struct term *t, enum term_use use,
	struct match_target *target, const struct match *m,
	struct matches *out)
{
	static const enum match_relation relations[] = {
		[USE_MATCH] = MATCH_RELATED, [USE_INSIDE] = MATCH_AROUND,
		[USE_NOT] = MATCH_EQUAL, [USE_NOT_INSIDE] = MATCH_AROUND,
		[USE_NOT_REGEX] = MATCH_RELATED
	};
	struct matches found = { 0 };

	run(f, t, target, m, relations[use], &found);
	for (size_t i = 0; i < found.n; i++) {
		struct match *n = &found.items[i];

		if (use != USE_MATCH && use != USE_INSIDE)
			break;
		if (use == USE_INSIDE || match_related(n, m, MATCH_AROUND)) {
			n->start = m->start;
			n->end = m->end;
		}
		matches_add(out, n);
	}
	if (!found.n && use != USE_MATCH && use != USE_INSIDE)
		matches_add(out, m);
	matches_release(&found);
}

static void
run_all(const struct formula *f, const struct term *t,
	struct match_target *target, const struct match *seed,
	enum match_relation relation, struct matches *out)
{
	static const enum term_use order[] = { USE_MATCH, USE_INSIDE, USE_NOT,
		USE_NOT_INSIDE, USE_NOT_REGEX };
	struct matches set = { 0 }, next = { 0 };
	bool first = true;

	for (size_t o = 0; o < sizeof(order) / sizeof(*order); o++)
		for (size_t i = 0; i < t->nterms; i++) {
			if (use_of(&t->terms[i]) != order[o])
				continue;
			if (first)
				run(f, &t->terms[i], target, seed, relation,
					&next);
			for (size_t k = 0; k < set.n; k++)
				narrow(f, &t->terms[i], order[o], target,
					&set.items[k], &next);
			first = false;
			matches_release(&set);
			set = next;
			memset(&next, 0, sizeof(next));
		}
	conditions(f, target->ir, t, &set, out);
	matches_release(&set);
}

static void
run(const struct formula *f, const struct term *t,
	struct match_target *target, const struct match *seed,
	enum match_relation relation, struct matches *out)
{
	switch (t->type) {
	case TERM_PATTERN:
		match_all(target, &t->pattern, seed, relation, out);
		break;
	case TERM_REGEX:
		by_regex(f, target->ir, t, seed, relation, out);
		break;
	case TERM_ANY:
		for (size_t i = 0; i < t->nterms; i++)
			run(f, &t->terms[i], target, seed, relation, out);
		break;
	case TERM_ALL:
		run_all(f, t, target, seed, relation, out);
		break;
	}
}

static int
by_position(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	for (unsigned i = 0; i < x->nvars && i < y->nvars; i++)
		if (x->vars[i].start != y->vars[i].start)
			return x->vars[i].start < y->vars[i].start ? -1 : 1;
	return 0;
}

static bool
same_range(const struct match *a, const struct match *b)
{
	return a->start == b->start && a->end == b->end;
}

void
formula_match(const struct formula *f, struct match_target *t,
	struct matches *out)
{
	struct matches all = { 0 };

	run(f, &f->root, t, NULL, MATCH_ANYWHERE, &all);
	if (all.n)
		qsort(all.items, all.n, sizeof(*all.items), by_position);
	for (size_t i = 0; i < all.n; i++)
		if (!i || !same_range(&all.items[i], &all.items[i - 1]))
			matches_add(out, &all.items[i]);
	matches_release(&all);
}
