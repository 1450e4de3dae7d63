#include "form/sarif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "form/finding.h"
#include "form/rule.h"

/* GitHub's limits for uploads to code scanning. */
enum {
	GITHUB_RESULTS = 5000,
	GITHUB_RULES = 25000,
	GITHUB_TAGS = 20,
	GITHUB_TEXT = 1024,
	GITHUB_NAME = 255,
	GITHUB_LOCATIONS = 1000
};

struct run {
	const struct sarif *s;
	struct emit e;
	struct finding **shown;
	size_t nshown;
	struct map rules;	/* id to index + 1 */
	const struct rule **used;
	size_t nused, cap;
	struct map files;	/* path to index + 1, if it has a sum */
	struct map sums;	/* path to hex SHA-256 */
};

static void *
number(size_t n)
{
	return (void *)(n + 1);
}

static const char *
file_of(const struct run *r, const struct finding *f)
{
	return f->loc->file[0] ? f->loc->file : r->s->fallback;
}

/* Same order as the finding list: deterministic. */
static void
index_all(struct run *r)
{
	const struct sarif *s = r->s;

	for (size_t i = 0; i < s->nartifacts; i++)
		map_put(&r->sums, s->artifacts[i].path,
			(void *)(size_t)s->artifacts[i].sha256);
	r->shown = xcalloc(s->findings->n + 1, sizeof(struct finding *));
	for (size_t i = 0; i < s->findings->n; i++) {
		struct finding *f = s->findings->items[i];

		if (s->github && (f->suppressed ||
		    r->nshown == GITHUB_RESULTS))
			continue;
		r->shown[r->nshown++] = f;
		if (map_has(&r->sums, file_of(r, f)) &&
		    !map_has(&r->files, file_of(r, f)))
			map_put(&r->files, file_of(r, f),
				number(r->files.n));
	}
}

static void
index_rules(struct run *r)
{
	const struct rules *rules = r->s->rules;

	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_at(rules, i);

		map_put(&r->rules, rule->id, number(i));
		r->used = vec_grow(r->used, r->nused, &r->cap,
			sizeof(*r->used));
		r->used[r->nused++] = rule;
	}
}

/* What GitHub would refuse the whole upload for. */
static int
lint_rule(const struct rule *r, struct err *err)
{
	const char *what = NULL;

	if (!r->title[0] || !r->description[0] || !r->help[0])
		what = "empty text";
	else if (strlen(r->title) > GITHUB_TEXT ||
	    strlen(r->description) > GITHUB_TEXT)
		what = "text over 1024 bytes";
	else if (!r->name[0] || strlen(r->name) > GITHUB_NAME)
		what = "name over 255 bytes";
	else if (!(r->severity > 0) || r->severity > 10)
		what = "security-severity not in (0, 10]";
	else if (r->ntags > GITHUB_TAGS)
		what = "more than 20 tags";
	return what ? err_set(err, "sarif: rule '%s': %s", r->id, what) : 0;
}

static int
lint(const struct run *r, struct err *err)
{
	if (r->nused > GITHUB_RULES)
		return err_set(err, "sarif: more than %d rules", GITHUB_RULES);
	if (!r->s->category[0] ||
	    r->s->category[strlen(r->s->category) - 1] != '/')
		return err_set(err, "sarif: category must end in '/'");
	for (size_t i = 0; i < r->nused; i++)
		if (lint_rule(r->used[i], err) < 0)
			return -1;
	for (size_t i = 0; i < r->nshown; i++) {
		const struct finding *f = r->shown[i];

		if (!map_has(&r->rules, f->rule))
			return err_set(err, "sarif: no rule '%s'", f->rule);
		if (!f->text[0])
			return err_set(err, "sarif: empty message of '%s'",
				f->rule);
	}
	return 0;
}

/* Braces stand for arguments in SARIF texts: double the others. */
static void
braces(struct str *out, const char *text, bool template)
{
	str_clear(out);
	for (const char *p = text; *p; p++) {
		if (template && *p == '{' && p[1] >= '0' && p[1] <= '9' &&
		    p[2] == '}') {
			str_add(out, p, 3);
			p += 2;
			continue;
		}
		str_putc(out, *p);
		if (*p == '{' || *p == '}')
			str_putc(out, *p);
	}
}

/* Our messages have no full stop; SARIF's are sentences. */
static void
full_stop(struct str *text)
{
	if (text->len && !strchr(".!?", text->buf[text->len - 1]))
		str_putc(text, '.');
}

static void
text(struct emit *e, const char *key, const char *value)
{
	emit_key(e, key);
	emit_object(e);
	emit_pair(e, "text", value);
	emit_end(e);
}

/* RFC 3986 path: unreserved bytes and "/" as they are. */
static void
uri(struct str *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-._~/";

	str_clear(out);
	for (; *path; path++) {
		if (strchr(plain, *path))
			str_putc(out, *path);
		else
			str_addf(out, "%%%02X", (unsigned char)*path);
	}
}

static void
artifact_location(struct run *r, const char *file)
{
	struct emit *e = &r->e;
	struct map_entry *at = map_find(&r->files, file, strlen(file));
	struct str path;

	str_init(&path, STR_LINE);
	uri(&path, file);
	emit_object(e);
	emit_pair(e, "uri", str_s(&path));
	emit_pair(e, "uriBaseId", "SRCROOT");
	if (at)
		emit_pair_int(e, "index", (int64_t)(size_t)at->value - 1);
	emit_end(e);
	str_release(&path);
}

static void
problem_severity(struct emit *e, const struct rule *rule)
{
	emit_pair(e, "problem.severity", strcmp(rule->level, "note") ?
		rule->level : "recommendation");
}

static void
write_rule(struct run *r, const struct rule *rule)
{
	struct emit *e = &r->e;
	struct str message;
	char severity[16];

	str_init(&message, STR_LINE);
	braces(&message, rule->message, true);
	full_stop(&message);
	snprintf(severity, sizeof(severity), "%.1f", rule->severity);
	emit_object(e);
	emit_pair(e, "id", rule->id);
	emit_pair(e, "name", rule->name);
	text(e, "shortDescription", rule->title);
	text(e, "fullDescription", rule->description);
	emit_key(e, "help");
	emit_object(e);
	emit_pair(e, "text", rule->help);
	emit_pair(e, "markdown", rule->help);
	emit_end(e);
	emit_key(e, "messageStrings");
	emit_object(e);
	text(e, "default", str_s(&message));
	emit_end(e);
	emit_key(e, "defaultConfiguration");
	emit_object(e);
	emit_pair(e, "level", rule->level);
	emit_end(e);
	emit_key(e, "properties");
	emit_object(e);
	emit_pair(e, "precision", rule->precision);
	problem_severity(e, rule);
	emit_pair(e, "security-severity", severity);
	emit_pair_list(e, "tags", rule->tags, rule->ntags);
	emit_end(e);
	emit_end(e);
	str_release(&message);
}

static void
write_driver(struct run *r)
{
	struct emit *e = &r->e;

	emit_key(e, "tool");
	emit_object(e);
	emit_key(e, "driver");
	emit_object(e);
	emit_pair(e, "name", r->s->tool);
	text(e, "fullDescription", r->s->title);
	emit_pair(e, "version", SMELT_VERSION);
	emit_pair(e, "semanticVersion", SMELT_VERSION);
	emit_pair(e, "informationUri", "urn:smelt:tool");
	emit_key(e, "rules");
	emit_array(e);
	for (size_t i = 0; i < r->nused; i++)
		write_rule(r, r->used[i]);
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

static void
write_notes(struct run *r)
{
	struct emit *e = &r->e;

	emit_key(e, "invocations");
	emit_array(e);
	emit_object(e);
	emit_pair_bool(e, "executionSuccessful", true);
	emit_key(e, "toolExecutionNotifications");
	emit_array(e);
	for (size_t i = 0; i < r->s->nnotes; i++) {
		const struct sarif_note *n = &r->s->notes[i];
		struct map_entry *rule = n->rule ? map_find(&r->rules,
			n->rule, strlen(n->rule)) : NULL;

		emit_object(e);
		emit_pair(e, "level", n->level);
		text(e, "message", n->text);
		if (rule) {
			emit_key(e, "associatedRule");
			emit_object(e);
			emit_pair(e, "id", n->rule);
			emit_pair_int(e, "index",
				(int64_t)(size_t)rule->value - 1);
			emit_end(e);
		}
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

static void
write_artifacts(struct run *r)
{
	struct emit *e = &r->e;

	/* an entry that is a name alone says nothing */
	if (!r->files.n)
		return;
	emit_key(e, "artifacts");
	emit_array(e);
	for (size_t i = 0; i < r->files.n; i++) {
		const char *sum = map_get(&r->sums, r->files.entries[i].key);

		emit_object(e);
		emit_key(e, "location");
		artifact_location(r, r->files.entries[i].key);
		emit_key(e, "hashes");
		emit_object(e);
		emit_pair(e, "sha-256", sum);
		emit_end(e);
		emit_end(e);
	}
	emit_end(e);
}

/* Bytes of the first n UTF-16 units of s; SIZE_MAX when it has fewer. */
static size_t
units(const char *s, size_t n)
{
	size_t at = 0, len = strlen(s);
	uint32_t scalar;

	while (n) {
		size_t step = at < len ? utf8_decode(s + at, len - at,
			&scalar) : 0;

		if (!step)
			return SIZE_MAX;
		at += step;
		n -= scalar >= 0x10000 && n > 1 ? 2 : 1;
	}
	return at;
}

struct region {
	unsigned line, col, end_line, end_col;
};

static struct region
region_of(const struct loc *loc)
{
	struct region g = { loc->line, loc->col, loc->end_line,
		loc->end_col };

	g.line = g.line ? g.line : 1;
	g.col = g.col ? g.col : 1;
	g.end_line = g.end_line < g.line ? g.line : g.end_line;
	if (!g.end_col || (g.end_line == g.line && g.end_col <= g.col))
		g.end_col = g.end_line == g.line ? g.col + 1 : 1;
	return g;
}

static void
write_region(struct emit *e, const char *key, const struct region *g,
	const char *snippet, size_t len)
{
	emit_key(e, key);
	emit_object(e);
	emit_pair_int(e, "startLine", g->line);
	if (g->col)
		emit_pair_int(e, "startColumn", g->col);
	emit_pair_int(e, "endLine", g->end_line);
	if (g->end_col)
		emit_pair_int(e, "endColumn", g->end_col);
	if (snippet) {
		emit_key(e, "snippet");
		emit_object(e);
		emit_key(e, "text");
		emit_strn(e, snippet, len);
		emit_end(e);
	}
	emit_end(e);
}

/* Region with its text, and the whole line around it. */
static void
write_regions(struct emit *e, const struct loc *loc, const char *snippet)
{
	struct region g = region_of(loc);
	struct region line = { g.line, 0, g.end_line, 0 };
	size_t from = SIZE_MAX, to = SIZE_MAX;

	if (snippet && g.line == g.end_line && !strchr(snippet, '\n')) {
		from = units(snippet, g.col - 1);
		to = units(snippet, g.end_col - 1);
	}
	if (from == SIZE_MAX || to == SIZE_MAX || to <= from) {
		write_region(e, "region", &g, NULL, 0);
		return;
	}
	write_region(e, "region", &g, snippet + from, to - from);
	if (from > 0 || snippet[to])
		write_region(e, "contextRegion", &line, snippet,
			strlen(snippet));
}

static void
physical(struct run *r, const char *file, const struct loc *loc,
	const char *snippet)
{
	struct emit *e = &r->e;

	emit_key(e, "physicalLocation");
	emit_object(e);
	emit_key(e, "artifactLocation");
	artifact_location(r, file);
	write_regions(e, loc, snippet);
	emit_end(e);
}

static void
write_message(struct emit *e, const struct finding *f)
{
	struct str escaped;

	str_init(&escaped, STR_LINE);
	braces(&escaped, f->text, false);
	full_stop(&escaped);
	emit_key(e, "message");
	emit_object(e);
	emit_pair(e, "text", str_s(&escaped));
	emit_pair(e, "id", "default");
	if (f->nargs)
		emit_pair_list(e, "arguments", f->args, f->nargs);
	emit_end(e);
	str_release(&escaped);
}

static void
write_evidence(struct run *r, const struct finding *f)
{
	struct emit *e = &r->e;
	struct str escaped;

	if (!f->nevidence)
		return;
	str_init(&escaped, STR_LINE);
	emit_key(e, "relatedLocations");
	emit_array(e);
	for (size_t i = 0; i < f->nevidence && i < GITHUB_LOCATIONS; i++) {
		const struct finding_evidence *v = &f->evidence[i];

		emit_object(e);
		emit_pair_int(e, "id", (int64_t)i + 1);
		physical(r, v->loc->file[0] ? v->loc->file :
			r->s->fallback, v->loc, NULL);
		if (v->text) {
			braces(&escaped, v->text, false);
			text(e, "message", str_s(&escaped));
		}
		emit_end(e);
	}
	emit_end(e);
	str_release(&escaped);
}

static void
write_properties(struct emit *e, const struct finding *f)
{
	emit_key(e, "properties");
	emit_object(e);
	emit_pair(e, "scanner", f->scanner);
	emit_key(e, "severity");
	emit_fixed(e, f->severity);
	emit_pair(e, "tool", f->tool);
	emit_pair(e, "purl", f->purl);
	emit_pair(e, "commit", f->commit);
	emit_pair(e, "path", f->path);
	emit_pair(e, "fix", f->fix);
	emit_pair_bool(e, "blocking", f->blocking);
	emit_end(e);
}

static void
write_result(struct run *r, const struct finding *f)
{
	struct emit *e = &r->e;
	char hash[80];

	snprintf(hash, sizeof(hash), "%s:1", f->fingerprint);
	emit_object(e);
	emit_pair(e, "ruleId", f->rule);
	emit_pair_int(e, "ruleIndex",
		(int64_t)(size_t)map_get(&r->rules, f->rule) - 1);
	emit_pair(e, "level", f->level);
	write_message(e, f);
	emit_key(e, "locations");
	emit_array(e);
	emit_object(e);
	physical(r, file_of(r, f), f->loc, f->snippet);
	emit_end(e);
	emit_end(e);
	write_evidence(r, f);
	emit_key(e, "fingerprints");
	emit_object(e);
	emit_pair(e, "smelt/v1", f->fingerprint);
	emit_end(e);
	emit_key(e, "partialFingerprints");
	emit_object(e);
	emit_pair(e, "primaryLocationLineHash", f->line_hash ?
		f->line_hash : hash);
	emit_end(e);
	if (f->suppressed) {
		emit_key(e, "suppressions");
		emit_array(e);
		emit_object(e);
		emit_pair(e, "kind", "external");
		emit_pair(e, "status", "accepted");
		emit_pair(e, "justification", f->justification);
		emit_end(e);
		emit_end(e);
	}
	write_properties(e, f);
	emit_end(e);
}

static void
write_run(struct run *r)
{
	struct emit *e = &r->e;

	emit_object(e);
	write_driver(r);
	emit_key(e, "automationDetails");
	emit_object(e);
	emit_pair(e, "id", r->s->category);
	emit_end(e);
	write_notes(r);
	emit_key(e, "originalUriBaseIds");
	emit_object(e);
	emit_key(e, "SRCROOT");
	emit_object(e);
	text(e, "description", "the analysed source");
	emit_end(e);
	emit_end(e);
	write_artifacts(r);
	emit_pair(e, "columnKind", "utf16CodeUnits");
	emit_key(e, "results");
	emit_array(e);
	for (size_t i = 0; i < r->nshown; i++)
		write_result(r, r->shown[i]);
	emit_end(e);
	emit_end(e);
}

int
sarif_write(struct str *out, const struct sarif *s, struct err *err)
{
	struct run r = { .s = s };
	int rc;

	index_all(&r);
	index_rules(&r);
	rc = lint(&r, err);
	if (rc == 0) {
		emit_init(&r.e, out);
		emit_pretty(&r.e, 1);
		emit_object(&r.e);
		emit_pair(&r.e, "$schema",
			"https://json.schemastore.org/sarif-2.1.0.json");
		emit_pair(&r.e, "version", "2.1.0");
		emit_key(&r.e, "runs");
		emit_array(&r.e);
		write_run(&r);
		emit_end(&r.e);
		emit_end(&r.e);
		str_putc(out, '\n');
	}
	if (rc == 0 && str_over(out))
		rc = err_set(err, "sarif: larger than %zu bytes", out->max);
	free(r.shown);
	free(r.used);
	map_release(&r.rules);
	map_release(&r.files);
	map_release(&r.sums);
	return rc;
}

int
sarif_put(struct outfile *out, const struct sarif *s, struct err *err)
{
	struct str text;
	int rc;

	str_init(&text, STR_RECORD);
	rc = sarif_write(&text, s, err);
	if (rc == 0)
		outfile_write(out, text.buf, text.len);
	str_release(&text);
	return rc;
}

int
sarif_profile(const char *name, bool *github, struct err *err)
{
	*github = name && strcmp(name, "github") == 0;
	if (!name || *github || strcmp(name, "full") == 0)
		return 0;
	return err_set(err, "--sarif-profile: '%s' is neither full nor github",
		name);
}
