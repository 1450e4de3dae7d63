#include "smelt-gate1/poison/poison.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/rule.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/gate.h"
#include "smelt-gate1/poison/normal.h"
#include "smelt-gate1/poison/structure.h"
#include "smelt-gate1/poison/surface.h"
#include "sys/scan.h"

enum { EXCERPT = 120, LISTS = 16, FLAGS = SCAN_CASELESS | SCAN_UTF };

struct check {
	const struct rule *rule;
	bool whole;			/* scope: text */
	struct scan_regex *all[LISTS], *not[LISTS];
	size_t nall, nnot;
};

struct poison {
	struct gate *g;
	struct scan scan;
	struct check *checks;		/* by pattern of scan */
	size_t nchecks, checks_cap;
	const struct rule *encoded, *collects, *mention;
	struct scan_regex *collects_asks, *mention_asks;

	/* of the surface being looked at */
	const struct json *tool;
	const struct surface *surface;
	struct str text;		/* normal form */
	bool decoded;			/* text is what a passage stands for */
	bool hit;
	bool *seen;			/* by check: reported for it */
};

static int
wrong(struct gate *g, const struct rule *r, const struct json *at,
	struct err *err)
{
	char text[sizeof(err->text)];
	unsigned line, col;

	memcpy(text, err->text, sizeof(text));
	rule_position(g->rules, r, at, &line, &col);
	return err_at(err, r->file, line, col, "%s [%s]", text, r->id);
}

/* The alternatives of a list as one expression; "" when there are none. */
static void
joined(struct str *out, const struct json *list)
{
	struct json_iter it;

	str_clear(out);
	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); )
		str_addf(out, "%s(?:%s)", out->len ? "|" : "",
			json_str(it.value) ? json_str(it.value) : "");
}

static int
compile_list(struct poison *p, const struct rule *r, const char *key,
	struct scan_regex **out, size_t *n, struct err *err)
{
	const struct json *list = json_get(r->body, key);
	struct json_iter it;

	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); ) {
		if (*n == LISTS || !json_str(it.value)) {
			err_set(err, "'%s' takes up to %d texts", key, LISTS);
			return wrong(p->g, r, it.value, err);
		}
		out[*n] = scan_regex_new(json_str(it.value), FLAGS, err);
		if (!out[*n])
			return wrong(p->g, r, it.value, err);
		(*n)++;
	}
	return 0;
}

static int
add_pattern(struct poison *p, const struct rule *r, struct err *err)
{
	struct scan_pattern pattern = { .flags = FLAGS | SCAN_WHOLE };
	const struct json *keywords = json_get(r->body, "keywords");
	const char **literals = xcalloc(json_size(keywords) + 1,
		sizeof(*literals));
	struct json_iter it;
	struct check *c;
	struct str any;
	int rc;

	p->checks = vec_grow(p->checks, p->nchecks, &p->checks_cap,
		sizeof(*p->checks));
	c = &p->checks[p->nchecks++];
	memset(c, 0, sizeof(*c));
	c->rule = r;
	c->whole = json_str_is(json_get(r->body, "scope"), "text");
	for (json_each(&it, keywords); json_is(keywords, JSON_ARRAY) &&
	    json_next(&it); )
		if (json_str(it.value))
			literals[pattern.nliterals++] = json_str(it.value);
	str_init(&any, STR_LINE);
	joined(&any, json_get(r->body, "any"));
	pattern.regex = str_s(&any);
	pattern.literals = literals;
	rc = scan_add(&p->scan, &pattern, err);
	if (rc < 0)
		wrong(p->g, r, json_get(r->body, "any"), err);
	else if (compile_list(p, r, "all", c->all, &c->nall, err) < 0 ||
	    compile_list(p, r, "not", c->not, &c->nnot, err) < 0)
		rc = -1;
	str_release(&any);
	free(literals);
	return rc;
}

static int
add_asks(struct poison *p, const struct rule *r, struct scan_regex **out,
	struct err *err)
{
	struct str any;
	int rc = 0;

	str_init(&any, STR_LINE);
	joined(&any, json_get(r->body, "asks"));
	*out = scan_regex_new(str_s(&any), FLAGS, err);
	if (!*out)
		rc = wrong(p->g, r, json_get(r->body, "asks"), err);
	str_release(&any);
	return rc;
}

static int
add_rule(struct poison *p, const struct rule *r, struct err *err)
{
	const char *check = json_get_str(r->body, "check");

	if (!check && json_size(json_get(r->body, "any")))
		return add_pattern(p, r, err);
	if (check && structure_by_name(check))
		return 0;
	if (check && strcmp(check, "encoded") == 0) {
		p->encoded = r;
		return 0;
	}
	if (check && strcmp(check, "exfil-parameter") == 0) {
		p->collects = r;
		return add_asks(p, r, &p->collects_asks, err);
	}
	if (check && strcmp(check, "cross-mention") == 0) {
		p->mention = r;
		return add_asks(p, r, &p->mention_asks, err);
	}
	err_set(err, "rule has neither a list 'any' nor a known 'check'");
	return wrong(p->g, r, NULL, err);
}

struct poison *
poison_new(struct gate *g, struct err *err)
{
	struct poison *p = xcalloc(1, sizeof(*p));
	int rc = 0;

	p->g = g;
	scan_init(&p->scan);
	str_init(&p->text, STR_RECORD);
	for (size_t i = 0; rc == 0 && i < rules_count(g->rules); i++) {
		const struct rule *r = rules_at(g->rules, i);

		if (strcmp(r->scanner, "poison") == 0)
			rc = add_rule(p, r, err);
	}
	if (rc == 0)
		rc = scan_ready(&p->scan, err);
	if (rc < 0) {
		poison_free(p);
		return NULL;
	}
	p->seen = xcalloc(p->nchecks + 1, sizeof(*p->seen));
	return p;
}

void
poison_free(struct poison *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->nchecks; i++) {
		for (size_t k = 0; k < p->checks[i].nall; k++)
			scan_regex_free(p->checks[i].all[k]);
		for (size_t k = 0; k < p->checks[i].nnot; k++)
			scan_regex_free(p->checks[i].not[k]);
	}
	scan_regex_free(p->collects_asks);
	scan_regex_free(p->mention_asks);
	scan_release(&p->scan);
	str_release(&p->text);
	free(p->checks);
	free(p->seen);
	free(p);
}

/* At most EXCERPT bytes, on one line. */
static void
excerpt(struct str *out, const char *text, size_t len)
{
	size_t n = len < EXCERPT ? len : EXCERPT;

	while (n && n < len && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	str_clear(out);
	for (size_t i = 0; i < n; i++)
		str_putc(out, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
	if (n < len)
		str_puts(out, "…");
}

static void
report(struct poison *p, const struct rule *r, const char *const *args,
	size_t nargs)
{
	const char *name = json_get_str(p->tool, "name");
	struct finding *f;
	struct str content;
	struct loc loc = { 0 };

	if (!loc_read(&loc, json_get(p->tool, "loc")))
		memset(&loc, 0, sizeof(loc));
	str_init(&content, STR_LINE);
	for (size_t i = 0; i < nargs; i++)
		str_addf(&content, "%zu:%s", strlen(args[i]), args[i]);
	f = gate_find(p->g, r, &loc, NULL, args, nargs, str_s(&content));
	f->tool = findings_keep(p->g->findings, name);
	str_release(&content);
}

static void
report_text(struct poison *p, const struct rule *r, const char *text,
	size_t len)
{
	const char *args[3] = { json_get_str(p->tool, "name"),
		p->surface->where, NULL };
	struct str cut;

	str_init(&cut, STR_LINE);
	excerpt(&cut, text, len);
	args[2] = str_s(&cut);
	report(p, r, args, 3);
	str_release(&cut);
}

static bool
sentence_end(const char *text, size_t at, size_t len)
{
	return text[at] == '\n' || (strchr(".!?", text[at]) &&
		(at + 1 == len || text[at + 1] == ' ' || text[at + 1] == '\n'));
}

static void
sentence(const char *text, size_t len, size_t *start, size_t *end)
{
	while (*start > 0 && !sentence_end(text, *start - 1, len))
		(*start)--;
	while (*end < len && !sentence_end(text, *end, len))
		(*end)++;
}

static void
on_match(const struct scan_match *m, void *ctx)
{
	struct poison *p = ctx;
	struct check *c = &p->checks[m->pattern];
	const char *text = str_s(&p->text);
	size_t start = c->whole ? 0 : m->start;
	size_t end = c->whole ? p->text.len : m->end;

	if (p->seen[m->pattern])
		return;
	if (!c->whole)
		sentence(text, p->text.len, &start, &end);
	for (size_t i = 0; i < c->nall; i++)
		if (!scan_regex_match(c->all[i], text + start, end - start,
		    NULL, NULL))
			return;
	for (size_t i = 0; i < c->nnot; i++)
		if (scan_regex_match(c->not[i], text + start, end - start,
		    NULL, NULL))
			return;
	p->seen[m->pattern] = true;
	p->hit = true;
	if (!p->decoded)
		report_text(p, c->rule, text + m->start, m->end - m->start);
}

static void
by_rules(struct poison *p)
{
	memset(p->seen, 0, p->nchecks * sizeof(*p->seen));
	p->hit = false;
	scan_run(&p->scan, str_s(&p->text), p->text.len, on_match, p);
}

static void
by_structure(struct poison *p, const struct surface *s)
{
	struct str seen, count;

	str_init(&seen, STR_LINE);
	str_init(&count, STR_LINE);
	for (size_t i = 0; i < rules_count(p->g->rules); i++) {
		const struct rule *r = rules_at(p->g->rules, i);
		const char *check = strcmp(r->scanner, "poison") ? NULL :
			json_get_str(r->body, "check");
		structure_test *test = check ? structure_by_name(check) :
			NULL;
		const char *args[4] = { json_get_str(p->tool, "name"),
			s->where, NULL, NULL };
		size_t n = 2;

		if (!test || (!strcmp(check, "homoglyph-name") &&
		    s->kind != SURFACE_NAME && s->kind != SURFACE_PARAMETER))
			continue;
		str_clear(&seen);
		str_clear(&count);
		if (!test(s->text, s->len, &seen, &count))
			continue;
		if (count.len)
			args[n++] = str_s(&count);
		if (seen.len || n == 2)
			args[n++] = str_s(&seen);
		report(p, r, args, n);
	}
	str_release(&seen);
	str_release(&count);
}

static void
by_decoding(struct poison *p, const struct surface *s)
{
	struct str decoded;

	if (!p->encoded)
		return;
	str_init(&decoded, STR_RECORD);
	normal_decoded(&decoded, s->text, s->len);
	if (decoded.len) {
		str_clear(&p->text);
		normal_text(&p->text, str_s(&decoded), decoded.len);
		p->decoded = true;
		by_rules(p);
		p->decoded = false;
		if (p->hit)
			report_text(p, p->encoded, str_s(&decoded),
				decoded.len);
	}
	str_release(&decoded);
}

static void
by_parameter(struct poison *p, const struct surface *s)
{
	const char *args[3] = { json_get_str(p->tool, "name"), s->property,
		NULL };
	struct str cut;
	size_t start, end;

	if (!p->collects || s->kind != SURFACE_TEXT || !s->property ||
	    !json_lists(json_get(p->collects->body, "names"), s->property) ||
	    !scan_regex_match(p->collects_asks, str_s(&p->text), p->text.len,
	    &start, &end))
		return;
	str_init(&cut, STR_LINE);
	excerpt(&cut, str_s(&p->text) + start, end - start);
	args[2] = str_s(&cut);
	report(p, p->collects, args, 3);
	str_release(&cut);
}

static bool
word_char(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

/* Where name stands as a word of its own. */
static const char *
mentioned(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *at = text;

	while ((at = strstr(at, name))) {
		if ((at == text || !word_char(at[-1])) && !word_char(at[n]))
			return at;
		at += n;
	}
	return NULL;
}

/* Orders about the other tools of this artifact.  Only names that no common
 * word is: with an underscore. */
static void
by_mention(struct poison *p, const struct surface *s)
{
	const char *text = str_s(&p->text), *at;
	const char *own = json_get_str(p->tool, "name");
	struct str cut;

	if (!p->mention || s->kind != SURFACE_TEXT || !strchr(text, '_'))
		return;
	str_init(&cut, STR_LINE);
	for (size_t i = 0; i < p->g->corpus->ntools; i++) {
		const char *name = json_get_str(p->g->corpus->tools[i],
			"name");
		const char *args[4] = { own, s->where, name, NULL };
		size_t start, end;

		if (!strcmp(name, own) || !strchr(name, '_') ||
		    !(at = mentioned(text, name)))
			continue;
		start = end = (size_t)(at - text);
		sentence(text, p->text.len, &start, &end);
		if (!scan_regex_match(p->mention_asks, text + start,
		    end - start, NULL, NULL))
			continue;
		excerpt(&cut, text + start, end - start);
		args[3] = str_s(&cut);
		report(p, p->mention, args, 4);
	}
	str_release(&cut);
}

static void
on_surface(const struct surface *s, void *ctx)
{
	struct poison *p = ctx;

	p->surface = s;
	by_structure(p, s);
	str_clear(&p->text);
	if (s->kind == SURFACE_NAME || s->kind == SURFACE_PARAMETER)
		normal_name(&p->text, s->text);
	else
		normal_text(&p->text, s->text, s->len);
	by_rules(p);
	by_parameter(p, s);
	by_mention(p, s);
	by_decoding(p, s);
}

/* Title and instructions of the emitted server are read by the model too. */
static void
scan_server(struct poison *p)
{
	struct corpus *c = p->g->corpus;
	struct json_doc doc;
	struct err ignored;

	for (size_t i = 0; i < c->nfiles; i++) {
		struct surface s = { SURFACE_TEXT, "the server instructions",
			NULL, NULL, 0 };
		const struct json *server, *text;

		if (!c->files[i].emitted ||
		    strcmp(c->files[i].path, "bindings.json") != 0 ||
		    json_parse(&doc, c->files[i].text, c->files[i].len,
		    c->files[i].path, &ignored) < 0)
			continue;
		server = json_get(json_root(&doc), "server");
		text = json_get(server, "instructions");
		p->tool = server;
		s.text = json_str(text);
		s.len = json_len(text);
		if (s.text && json_get_str(server, "name"))
			on_surface(&s, p);
		json_release(&doc);
	}
}

void
poison_scan(struct poison *p)
{
	struct corpus *c = p->g->corpus;

	for (size_t i = 0; i < c->ntools; i++) {
		p->tool = c->tools[i];
		surface_each(p->tool, on_surface, p);
	}
	scan_server(p);
	gate_scanned(p->g, "poison", true, "%zu tool definitions", c->ntools);
	if (scan_exhausted(&p->scan))
		gate_note(p->g, "warning", NULL, "poison: %zu texts were too "
			"costly for a rule and were not matched to the end",
			scan_exhausted(&p->scan));
}
