#include "smelt-gate1/secret/secret.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/glob.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/linehash.h"
#include "form/rule.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/example.h"
#include "smelt-gate1/gate.h"
#include "sys/scan.h"

enum { ALLOW_MAX = 1024 * 1024, MULTILINE = 8192, LINE_MIN = 16 };

struct secret_rule {
	const struct rule *rule;
	double entropy;
	bool generic, digits;
};

struct hit {
	const struct secret_rule *rule;
	size_t start, end;	/* of the value */
};

struct secret {
	struct gate *g;
	struct scan scan;
	struct secret_rule *rules;
	size_t nrules, rules_cap;
	struct str allow_text;
	char allow_digest[SHA256_HEX + 1];
	struct document allow;
	struct scan_regex *placeholders;
	struct map values;	/* what was found; value: its mask */

	/* of the text being scanned */
	const char *path;
	bool documented;	/* examples are of this text */
	struct examples examples;
	const char *text;
	char *masked;		/* copy: values are stars, same length */
	struct hit *hits;
	size_t nhits, hits_cap;
};

static int
add_rule(struct secret *s, const struct rule *r, struct err *err)
{
	const struct json *keywords = json_get(r->body, "keywords");
	const char **literals = xcalloc(json_size(keywords) + 1,
		sizeof(*literals));
	struct scan_pattern p = { .literals = literals };
	struct secret_rule own = { .rule = r };
	char text[sizeof(err->text)];
	struct json_iter it;
	unsigned line, col;
	int rc;

	for (json_each(&it, keywords); json_is(keywords, JSON_ARRAY) &&
	    json_next(&it); )
		if (json_str(it.value))
			literals[p.nliterals++] = json_str(it.value);
	p.regex = json_get_str(r->body, "regex");
	p.multiline = json_get_bool(r->body, "multiline", false);
	p.after = p.multiline ? MULTILINE : 0;
	json_num(json_get(r->body, "entropy"), &own.entropy);
	own.generic = json_get_bool(r->body, "generic", false);
	own.digits = json_get_bool(r->body, "digits", false);
	if (!p.regex || !p.nliterals)
		rc = err_set(err, "rule needs 'regex' and 'keywords'");
	else
		rc = scan_add(&s->scan, &p, err);
	free(literals);
	if (rc < 0) {
		memcpy(text, err->text, sizeof(text));
		rule_position(s->g->rules, r, json_get(r->body, "regex"),
			&line, &col);
		return err_at(err, r->file, line, col, "%s [%s]", text,
			r->id);
	}
	s->rules = vec_grow(s->rules, s->nrules, &s->rules_cap,
		sizeof(*s->rules));
	s->rules[s->nrules++] = own;
	return 0;
}

static int
load_allow(struct secret *s, struct err *err)
{
	const struct json *list;
	struct json_iter it;
	struct str any;

	str_init(&s->allow_text, ALLOW_MAX);
	if (document_share(&s->allow, &s->allow_text,
	    "rules/secrets-allow.yaml", err) < 0)
		return -1;
	sha256_hex(str_s(&s->allow_text), s->allow_text.len, s->allow_digest);
	list = json_get(document_root(&s->allow), "placeholders");
	str_init(&any, STR_LINE);
	for (json_each(&it, list); json_next(&it); )
		str_addf(&any, "%s(?:%s)", any.len ? "|" : "",
			json_str(it.value));
	s->placeholders = scan_regex_new(str_s(&any), SCAN_CASELESS,
		err);
	str_release(&any);
	return s->placeholders ? 0 : -1;
}

struct secret *
secret_new(struct gate *g, struct err *err)
{
	struct secret *s = xcalloc(1, sizeof(*s));
	int rc;

	s->g = g;
	scan_init(&s->scan);
	rc = load_allow(s, err);
	for (size_t i = 0; rc == 0 && i < rules_count(g->rules); i++) {
		const struct rule *r = rules_at(g->rules, i);

		if (strcmp(r->scanner, "secret") == 0)
			rc = add_rule(s, r, err);
	}
	if (rc == 0)
		rc = scan_ready(&s->scan, err);
	if (rc < 0) {
		secret_free(s);
		return NULL;
	}
	return s;
}

const char *
secret_digest(const struct secret *s)
{
	return s->allow_digest;
}

void
secret_free(struct secret *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->values.n; i++) {
		struct map_entry *e = &s->values.entries[i];

		memset((char *)(uintptr_t)e->key, 0, e->len);
		free(e->value);
	}
	map_release(&s->values);
	scan_release(&s->scan);
	scan_regex_free(s->placeholders);
	document_release(&s->allow);
	str_release(&s->allow_text);
	free(s->rules);
	free(s->hits);
	free(s);
}

static double
entropy(const char *text, size_t len)
{
	size_t count[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < len; i++)
		count[(unsigned char)text[i]]++;
	for (int c = 0; c < 256; c++) {
		double share = (double)count[c] / (double)len;

		if (count[c])
			bits -= share * log2(share);
	}
	return bits;
}

static bool
has_digit(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= '0' && text[i] <= '9')
			return true;
	return false;
}

static bool
has_word(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word), i;

	for (size_t at = 0; at + n <= len; at++) {
		/* most bytes differ, whatever their case */
		if ((text[at] ^ word[0]) & ~0x20)
			continue;
		for (i = 0; i < n && char_lower(text[at + i]) == char_lower(word[i]);
		    i++)
			;
		if (i == n)
			return true;
	}
	return false;
}

static bool
is_example(const struct secret *s, const char *text, size_t len)
{
	const struct json *words = json_get(document_root(&s->allow),
		"stopwords");
	struct json_iter it;

	if (scan_regex_match(s->placeholders, text, len, NULL, NULL))
		return true;
	for (json_each(&it, words); json_next(&it); )
		if (json_str(it.value) &&
		    has_word(text, len, json_str(it.value)))
			return true;
	return false;
}

static bool
quiet_path(const struct secret *s, const char *path)
{
	const struct json *list = json_get(document_root(&s->allow), "paths");
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (json_str(it.value) && glob_match(json_str(it.value), path))
			return true;
	return false;
}

static void
on_match(const struct scan_match *m, void *ctx)
{
	struct secret *s = ctx;
	const struct secret_rule *r = &s->rules[m->pattern];
	struct hit h = { r, m->start, m->end };
	size_t len;

	for (size_t g = 1; g < m->ngroups; g++)
		if (m->groups[g].start != SIZE_MAX) {
			h.start = m->groups[g].start;
			h.end = m->groups[g].end;
			break;
		}
	len = h.end - h.start;
	if (!len || (r->entropy > 0 &&
	    entropy(s->text + h.start, len) < r->entropy) ||
	    (r->digits && !has_digit(s->text + h.start, len)))
		return;
	if (r->entropy > 0 && is_example(s, s->text + h.start, len))
		return;
	if (r->generic && quiet_path(s, s->path))
		return;
	s->hits = vec_grow(s->hits, s->nhits, &s->hits_cap, sizeof(h));
	s->hits[s->nhits++] = h;
}

/* Generic rules give way; one finding a value and place. */
static bool
covered(const struct secret *s, size_t i)
{
	const struct hit *h = &s->hits[i];

	for (size_t k = 0; k < s->nhits; k++) {
		const struct hit *other = &s->hits[k];

		if (k == i || other->end <= h->start || h->end <= other->start)
			continue;
		if (h->rule->generic != other->rule->generic ?
		    h->rule->generic : k < i)
			return true;
	}
	return false;
}

static void
remember(struct secret *s, const char *value, size_t len)
{
	struct map_entry *e;
	struct str shown;
	bool added;

	e = map_add(&s->values, value, len, &added);
	if (!added)
		return;
	str_init(&shown, STR_LINE);
	finding_mask(&shown, value, len);
	e->value = str_detach(&shown);
}

/* A value of several lines can turn up line by line. */
static void
remember_lines(struct secret *s, const char *value, size_t len)
{
	const char *end = value + len;

	while (value < end) {
		const char *lf = memchr(value, '\n', (size_t)(end - value));
		size_t n = (size_t)((lf ? lf : end) - value);

		if (n >= LINE_MIN)
			remember(s, value, n);
		value = lf ? lf + 1 : end;
	}
}

/* The line of the value, with the mask in its place. */
static const char *
masked_line(struct secret *s, const struct hit *h, size_t text_len)
{
	size_t from = h->start, to = h->end;
	const char *kept;
	struct str line, shown;

	while (from > 0 && s->masked[from - 1] != '\n' &&
	    h->start - from < 100)
		from--;
	while (to < text_len && !strchr("\r\n", s->masked[to]) &&
	    to - h->end < 60)
		to++;
	str_init(&line, STR_LINE);
	str_init(&shown, STR_LINE);
	finding_mask(&shown, s->text + h->start, h->end - h->start);
	str_add(&line, s->masked + from, h->start - from);
	str_puts(&line, str_s(&shown));
	str_add(&line, s->masked + h->end, to - h->end);
	kept = utf8_valid(str_s(&line), line.len) ?
		findings_keepn(s->g->findings, str_s(&line), line.len) :
		findings_keep(s->g->findings, str_s(&shown));
	str_release(&line);
	str_release(&shown);
	return kept;
}

static void
since(struct str *out, const char *commit)
{
	if (*commit)
		str_addf(out, "in the history since commit %.12s", commit);
	else
		str_puts(out, "in the repository, in no commit");
}

/* What the tree has is told there; that history has it, too, is evidence. */
static void
mention(struct secret *s, const struct rule *rule, const char *digest,
	const struct loc *loc, const char *text)
{
	char wanted[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	sha256_field(&h, rule->id);
	sha256_field(&h, digest);
	sha256_final_hex(&h, wanted);
	for (size_t i = 0; i < s->g->findings->n; i++) {
		struct finding *f = s->g->findings->items[i];

		if (strcmp(f->fingerprint, wanted) == 0 &&
		    f->loc->file[0] && !f->commit && !f->nevidence)
			finding_evidence(s->g->findings, f, loc, text);
	}
}

/* A value in an example of a document is told, but blocks nothing. */
static void
weigh(const struct secret *s, const struct hit *h, struct finding *f)
{
	if (!s->documented || !examples_has(&s->examples, h->start))
		return;
	f->level = "note";
	f->severity = 2;
}

/* Is this a document whose examples count less? */
static bool
has_examples(const struct secret *s, const char *language)
{
	const struct json *e = json_get(document_root(&s->allow), "examples");

	return language && json_lists(json_get(e, "languages"), language);
}

static void
report(struct secret *s, const struct hit *h, const struct lines *lines,
	const struct linehash *hashes, const char *commit, size_t text_len)
{
	const char *value = s->text + h->start;
	size_t len = h->end - h->start;
	char digest[SHA256_HEX + 1], hash[LINEHASH_SIZE];
	const char *args[1];
	struct loc loc = { .file = s->path };
	struct finding *f;
	struct str shown;

	lines_position(lines, h->start, &loc.line, &loc.col);
	lines_position(lines, h->end, &loc.end_line, &loc.end_col);
	sha256_hex(value, len, digest);
	str_init(&shown, STR_LINE);
	if (commit && map_find(&s->values, value, len)) {
		since(&shown, commit);
		mention(s, h->rule->rule, digest, &loc, str_s(&shown));
		str_release(&shown);
		return;
	}
	finding_mask(&shown, value, len);
	if (commit) {
		str_puts(&shown, ", ");
		since(&shown, commit);
	}
	args[0] = str_s(&shown);
	f = findings_add(s->g->findings, "gate1", h->rule->rule, &loc, args,
		1, digest);
	linehash_get(hashes, loc.line, hash);
	f->line_hash = hash[0] ? findings_keep(s->g->findings, hash) : NULL;
	if (commit && *commit)
		f->commit = findings_keep(s->g->findings, commit);
	f->snippet = masked_line(s, h, text_len);
	weigh(s, h, f);
	remember(s, value, len);
	if (memchr(value, '\n', len))
		remember_lines(s, value, len);
	str_release(&shown);
}

static bool
find(struct secret *s, const char *path, const char *text, size_t len)
{
	s->path = path;
	s->text = text;
	s->nhits = 0;
	scan_run(&s->scan, text, len, on_match, s);
	return s->nhits > 0;
}

/* Same length, so that every position stays. */
static char *
mask(const struct secret *s, size_t len)
{
	char *copy = xmalloc(len + 1);

	memcpy(copy, s->text, len);
	copy[len] = 0;
	for (size_t i = 0; i < s->nhits; i++)
		for (size_t at = s->hits[i].start + 4; at < s->hits[i].end;
		    at++)
			if (copy[at] != '\n' && copy[at] != '\r')
				copy[at] = '*';
	return copy;
}

static void
report_all(struct secret *s, const char *commit, size_t len,
	const struct linehash *hashes)
{
	struct lines lines;

	s->masked = mask(s, len);
	lines_init(&lines, s->text, len);
	for (size_t i = 0; i < s->nhits; i++)
		if (!covered(s, i))
			report(s, &s->hits[i], &lines, hashes, commit, len);
	lines_release(&lines);
}

static void
report_file(struct secret *s, struct corpus_file *f)
{
	const struct json *e = json_get(document_root(&s->allow), "examples");

	s->documented = has_examples(s, f->language ? f->language :
		path_ext(f->path));
	if (s->documented)
		examples_init(&s->examples, f->text, f->len,
			json_get(e, "keys"));
	report_all(s, NULL, f->len, corpus_hashes(f));
	if (s->documented)
		examples_release(&s->examples);
	s->documented = false;
}

/* What intake left out was not scanned either. */
static void
tell(struct secret *s, size_t files)
{
	int64_t omitted = 0;

	json_int(json_get(s->g->corpus->source, "omittedTotal"), &omitted);
	if (omitted > 0)
		gate_scanned(s->g, "secret", true, "%zu files; %lld were left "
			"out by smelt-intake", files, (long long)omitted);
	else
		gate_scanned(s->g, "secret", true, "%zu files", files);
}

void
secret_scan(struct secret *s)
{
	struct corpus *c = s->g->corpus;
	size_t files = 0;

	for (size_t i = 0; i < c->nfiles; i++) {
		struct corpus_file *f = &c->files[i];
		size_t first = s->g->findings->n;

		if (f->copy)
			continue;
		files++;
		if (!find(s, f->path, f->text, f->len))
			continue;
		report_file(s, f);
		for (size_t k = first; f->emitted &&
		    k < s->g->findings->n; k++)
			s->g->findings->items[k]->path = findings_keep(
				s->g->findings, f->path);
		corpus_replace(c, f, s->masked);
	}
	tell(s, files);
	if (scan_exhausted(&s->scan))
		gate_note(s->g, "warning", NULL, "secret: %zu texts were too "
			"costly for a rule and were not matched to the end",
			scan_exhausted(&s->scan));
}

bool
secret_in(struct secret *s, const char *text, size_t len, secret_found *found,
	void *arg)
{
	bool any = find(s, "", text, len);

	for (size_t i = 0; found && i < s->nhits; i++)
		found(arg, s->hits[i].start, s->hits[i].end);
	return any;
}

bool
secret_opens(const struct secret *s, const char *text, size_t len)
{
	for (size_t i = 0; i < s->nrules; i++) {
		const struct json *body = s->rules[i].rule->body;
		struct json_iter it;

		if (!json_get_bool(body, "multiline", false))
			continue;
		for (json_each(&it, json_get(body, "keywords"));
		    json_next(&it); )
			if (has_word(text, len, json_str(it.value)))
				return true;
	}
	return false;
}

bool
secret_quiet(const struct secret *s, const char *path)
{
	return quiet_path(s, path);
}

/* Is there a value that was not found before? */
static bool
news(const struct secret *s)
{
	for (size_t i = 0; i < s->nhits; i++)
		if (!covered(s, i) && !map_find(&s->values, s->text +
		    s->hits[i].start, s->hits[i].end - s->hits[i].start))
			return true;
	return false;
}

void
secret_scan_text(struct secret *s, const char *path, const char *commit,
	const char *text, size_t len)
{
	struct linehash hashes = { 0 };

	if (!find(s, path, text, len))
		return;
	if (news(s))
		linehash_init(&hashes, text, len);
	report_all(s, commit, len, &hashes);
	free(s->masked);
	linehash_release(&hashes);
}

/* text with every known value masked, or NULL when it has none */
static const char *
redacted(struct secret *s, const char *text)
{
	const char *kept = text, *at;
	struct str out;

	for (size_t i = 0; text && i < s->values.n; i++) {
		const struct map_entry *e = &s->values.entries[i];

		while ((at = e->len ? strstr(kept, e->key) : NULL)) {
			str_init(&out, STR_RECORD);
			str_add(&out, kept, (size_t)(at - kept));
			str_puts(&out, e->value);
			str_puts(&out, at + e->len);
			kept = findings_keep(s->g->findings, str_s(&out));
			str_release(&out);
		}
	}
	return kept;
}

void
secret_redact(struct secret *s)
{
	for (size_t i = 0; s->values.n && i < s->g->findings->n; i++) {
		struct finding *f = s->g->findings->items[i];

		f->text = redacted(s, f->text);
		f->snippet = redacted(s, f->snippet);
		for (size_t k = 0; k < f->nargs; k++)
			f->args[k] = redacted(s, f->args[k]);
		for (size_t k = 0; k < f->nevidence; k++)
			f->evidence[k].text = redacted(s, f->evidence[k].text);
	}
}
