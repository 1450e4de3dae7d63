#include "sys/scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hs.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/regex.h"

enum { MATCH_LIMIT = 200 * 1000, HEAP_LIMIT = 16 * 1024, BEFORE = 256,
	AFTER = 512 };

struct window {
	size_t start, end;
};

struct scan_regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

struct pattern {
	struct scan_regex *regex;
	size_t before, after;
	bool whole, always, multiline;
	struct window *windows;
	size_t nwindows, cap;
	bool hit;
};

struct scan_impl {
	struct pattern *patterns;
	size_t n, cap;
	char **literals;	/* of all patterns */
	size_t *lens;
	unsigned *owners;	/* literal to pattern */
	size_t nliterals, literal_cap, len_cap, owner_cap;
	hs_database_t *db;
	hs_scratch_t *scratch;
	size_t exhausted;
	const char *text;	/* of the running scan */
	size_t len;
};

void
scan_init(struct scan *s)
{
	s->impl = xcalloc(1, sizeof(*s->impl));
}

void
scan_regex_free(struct scan_regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->context);
	free(r);
}

struct scan_regex *
scan_regex_new(const char *regex, unsigned flags, struct err *err)
{
	uint32_t options = PCRE2_DOLLAR_ENDONLY;
	struct scan_regex *r;
	PCRE2_UCHAR text[256];
	PCRE2_SIZE at;
	int code;

	if (flags & SCAN_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & SCAN_EXTENDED)
		options |= PCRE2_EXTENDED;
	if (flags & SCAN_UTF)
		options |= PCRE2_UTF | PCRE2_UCP;
	r = xcalloc(1, sizeof(*r));
	r->code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
		options, &code, &at, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, text, sizeof(text));
		err_set(err, "regular expression: %s at offset %zu",
			(const char *)text, (size_t)at);
		free(r);
		return NULL;
	}
	/* without JIT it is slower, not wrong */
	pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	r->data = pcre2_match_data_create_from_pattern(r->code, NULL);
	r->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	pcre2_set_heap_limit(r->context, HEAP_LIMIT);
	return r;
}

static int
match(const struct scan_regex *r, const char *text, size_t len, size_t from)
{
	return pcre2_match(r->code, (PCRE2_SPTR)text, len, from, 0, r->data,
		r->context);
}

bool
scan_regex_match(const struct scan_regex *r, const char *text, size_t len,
	size_t *start, size_t *end)
{
	PCRE2_SIZE *at;

	if (match(r, text, len, 0) < 0)
		return false;
	at = pcre2_get_ovector_pointer(r->data);
	if (start)
		*start = at[0];
	if (end)
		*end = at[1];
	return true;
}

static void
add_literal(struct scan_impl *s, const char *text, unsigned owner)
{
	size_t n = s->nliterals++;

	s->literals = vec_grow(s->literals, n, &s->literal_cap,
		sizeof(*s->literals));
	s->lens = vec_grow(s->lens, n, &s->len_cap, sizeof(*s->lens));
	s->owners = vec_grow(s->owners, n, &s->owner_cap,
		sizeof(*s->owners));
	s->literals[n] = xstrdup(text);
	s->lens[n] = strlen(text);
	s->owners[n] = owner;
}

int
scan_add(struct scan *s, const struct scan_pattern *p, struct err *err)
{
	struct scan_impl *i = s->impl;
	struct pattern *own;

	for (size_t k = 0; k < p->nliterals; k++)
		if (strlen(p->literals[k]) < 2)
			return err_set(err, "literal '%s' is too short",
				p->literals[k]);
	i->patterns = vec_grow(i->patterns, i->n, &i->cap,
		sizeof(*i->patterns));
	own = &i->patterns[i->n];
	memset(own, 0, sizeof(*own));
	own->regex = scan_regex_new(p->regex, p->flags, err);
	if (!own->regex)
		return -1;
	own->before = p->before ? p->before : BEFORE;
	own->after = p->after ? p->after : AFTER;
	own->multiline = p->multiline;
	own->whole = (p->flags & SCAN_WHOLE) != 0;
	own->always = p->nliterals == 0;
	for (size_t k = 0; k < p->nliterals; k++)
		add_literal(i, p->literals[k], (unsigned)i->n);
	i->n++;
	return 0;
}

int
scan_ready(struct scan *s, struct err *err)
{
	struct scan_impl *i = s->impl;
	hs_compile_error_t *why = NULL;
	unsigned *flags, *ids;
	int rc = 0;

	if (!i->nliterals)
		return 0;
	flags = xcalloc(i->nliterals, sizeof(*flags));
	ids = xcalloc(i->nliterals, sizeof(*ids));
	for (size_t k = 0; k < i->nliterals; k++) {
		flags[k] = HS_FLAG_CASELESS;
		ids[k] = (unsigned)k;
	}
	if (hs_compile_lit_multi((const char *const *)i->literals, flags, ids,
	    i->lens, (unsigned)i->nliterals, HS_MODE_BLOCK, NULL, &i->db,
	    &why) != HS_SUCCESS) {
		rc = err_set(err, "libhs: %s", why ? why->message : "");
		hs_free_compile_error(why);
	} else if (hs_alloc_scratch(i->db, &i->scratch) != HS_SUCCESS) {
		rc = err_set(err, "libhs: cannot allocate scratch");
	}
	free(flags);
	free(ids);
	return rc;
}

/* The line part around a literal that ends at end. */
static struct window
around(const struct scan_impl *s, const struct pattern *p, size_t end,
	size_t len)
{
	size_t from = end - len, to = end;
	size_t low = from > p->before ? from - p->before : 0;
	size_t high = s->len - to > p->after ? to + p->after : s->len;
	const char *lf;

	while (from > low && s->text[from - 1] != '\n')
		from--;
	lf = p->multiline ? NULL : memchr(s->text + to, '\n', high - to);
	return (struct window){ from, lf ? (size_t)(lf - s->text) : high };
}

static int
on_literal(unsigned id, unsigned long long from, unsigned long long to,
	unsigned flags, void *ctx)
{
	struct scan_impl *s = ctx;
	struct pattern *p = &s->patterns[s->owners[id]];
	struct window w, *last;

	(void)from;
	(void)flags;
	p->hit = true;
	if (p->whole)
		return 0;
	w = around(s, p, (size_t)to, s->lens[id]);
	last = p->nwindows ? &p->windows[p->nwindows - 1] : NULL;
	if (last && w.start <= last->end) {
		if (w.start < last->start)
			last->start = w.start;
		if (w.end > last->end)
			last->end = w.end;
		return 0;
	}
	p->windows = vec_grow(p->windows, p->nwindows, &p->cap,
		sizeof(*p->windows));
	p->windows[p->nwindows++] = w;
	return 0;
}

static void
give(struct pattern *p, size_t index, size_t base, int n, scan_found *found,
	void *ctx)
{
	PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->regex->data);
	struct scan_match m = { .pattern = index };

	m.start = base + at[0];
	m.end = base + at[1];
	m.ngroups = n < SCAN_GROUPS ? (size_t)n : SCAN_GROUPS;
	for (size_t g = 0; g < m.ngroups; g++) {
		bool set = at[2 * g] != PCRE2_UNSET;

		m.groups[g].start = set ? base + at[2 * g] : SIZE_MAX;
		m.groups[g].end = set ? base + at[2 * g + 1] : SIZE_MAX;
	}
	found(&m, ctx);
}

static void
confirm(struct scan_impl *s, size_t index, struct window w,
	scan_found *found, void *ctx)
{
	struct pattern *p = &s->patterns[index];
	size_t len = w.end - w.start, from = 0;
	int n;

	while (from <= len) {
		PCRE2_SIZE *at;

		n = match(p->regex, s->text + w.start, len, from);
		if (n < 0) {
			s->exhausted += n != PCRE2_ERROR_NOMATCH;
			return;
		}
		at = pcre2_get_ovector_pointer(p->regex->data);
		from = at[1] > at[0] ? at[1] : at[1] + 1;
		give(p, index, w.start, n, found, ctx);
	}
}

static void
confirm_all(struct scan_impl *s, size_t index, scan_found *found, void *ctx)
{
	struct pattern *p = &s->patterns[index];
	struct window all = { 0, s->len };

	if (p->always || (p->whole && p->hit)) {
		confirm(s, index, all, found, ctx);
		return;
	}
	for (size_t i = 0; i < p->nwindows; i++)
		confirm(s, index, p->windows[i], found, ctx);
}

void
scan_run(struct scan *scan, const char *text, size_t len, scan_found *found,
	void *ctx)
{
	struct scan_impl *s = scan->impl;

	if (len > UINT32_MAX) {
		s->exhausted++;
		return;
	}
	s->text = text;
	s->len = len;
	for (size_t i = 0; i < s->n; i++) {
		s->patterns[i].nwindows = 0;
		s->patterns[i].hit = false;
	}
	if (s->db && hs_scan(s->db, text, (unsigned)len, 0, s->scratch,
	    on_literal, s) != HS_SUCCESS)
		s->exhausted++;
	for (size_t i = 0; i < s->n; i++)
		confirm_all(s, i, found, ctx);
}

size_t
scan_exhausted(const struct scan *s)
{
	return s->impl->exhausted;
}

void
scan_release(struct scan *scan)
{
	struct scan_impl *s = scan->impl;

	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		scan_regex_free(s->patterns[i].regex);
		free(s->patterns[i].windows);
	}
	for (size_t i = 0; i < s->nliterals; i++)
		free(s->literals[i]);
	hs_free_scratch(s->scratch);
	hs_free_database(s->db);
	free(s->patterns);
	free(s->literals);
	free(s->lens);
	free(s->owners);
	free(s);
	scan->impl = NULL;
}

static void *
engine_compile(const char *text, struct err *err)
{
	return scan_regex_new(text, 0, err);
}

static bool
engine_find(void *regex, const char *text, size_t len, size_t *start,
	size_t *end)
{
	return scan_regex_match(regex, text, len, start, end);
}

static void
engine_release(void *regex)
{
	scan_regex_free(regex);
}

const struct regex_engine scan_engine = { engine_compile, engine_find,
	engine_release };
