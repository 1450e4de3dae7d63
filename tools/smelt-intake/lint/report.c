#include "smelt-intake/lint/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/path.h"
#include "base/str.h"
#include "data/emit.h"
#include "form/finding.h"
#include "form/linehash.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "smelt-intake/lint/fix.h"

enum { SARIF_RESULTS = 5000, COLUMNS = 4096 };

static int
by_place(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int rc = strcmp(x->loc->file, y->loc->file);

	if (rc)
		return rc;
	if (x->loc->line != y->loc->line)
		return x->loc->line < y->loc->line ? -1 : 1;
	if (x->loc->col != y->loc->col)
		return x->loc->col < y->loc->col ? -1 : 1;
	rc = strcmp(x->rule, y->rule);
	return rc ? rc : strcmp(x->text, y->text);
}

/* Findings and fixes were made in the same order. */
static void
attach_fixes(struct lint *l)
{
	struct str text;
	size_t i;

	str_init(&text, STR_RECORD);
	for (i = l->settled; i < l->findings->n; i++) {
		struct finding *f = l->findings->items[i];
		const struct fix *fix = l->fixes->list[i];

		if (fix->bad || !fix->actions)
			continue;
		str_clear(&text);
		fix_json(&text, fix);
		f->fix = findings_keepn(l->findings, str_s(&text), text.len);
	}
	str_release(&text);
}

/* The lines that findings stand in, and their hashes: fs has been sorted by
 * place. */
/* the byte of a column in the line at text */
static const char *
at_column(const char *text, const char *end, unsigned col)
{
	uint32_t c;
	size_t n;

	for (; col > 1 && text < end; text += n ? n : 1) {
		n = utf8_decode(text, (size_t)(end - text), &c);
		col -= n == 4 && col > 2 ? 2 : 1;
	}
	return text;
}

/* UTF-16 units of the key or scalar that begins at text */
static unsigned
token(const char *text, const char *end)
{
	const char *p = text;
	char quote = p < end && (*p == '"' || *p == '\'') ? *p : '\0';

	for (p += quote != 0; p < end && *p != '\n' && *p != quote; p++) {
		if (quote == '"' && *p == '\\' && p + 1 < end)
			p++;
		if (!quote && (strchr(",]}\r", *p) || (*p == ':' &&
		    (p + 1 == end || strchr(" \n\r", p[1]))) ||
		    (*p == ' ' && p + 1 < end && p[1] == '#')))
			break;
	}
	p += quote && p < end && *p == quote;
	return (unsigned)utf16_length(text, (size_t)(p - text));
}

static void
add_end(struct finding *f, const char *line, const char *end)
{
	unsigned n;

	if (f->loc->col > COLUMNS)
		return;
	n = token(at_column(line, end, f->loc->col), end);
	if (n && n < COLUMNS)
		f->loc->end_col = f->loc->col + n;
}

static void
add_context(struct lint *l, const char *text, size_t len)
{
	const char *end = text + len, *at = text, *lf;
	struct findings *fs = l->findings;
	struct linehash hashes;
	char hash[LINEHASH_SIZE];
	unsigned line = 1, place;
	size_t i;

	if (!fs->n)
		return;
	qsort(fs->items, fs->n, sizeof(*fs->items), by_place);
	linehash_init(&hashes, text, len);
	for (i = 0; i < fs->n; i++) {
		struct finding *f = fs->items[i];

		if (strcmp(f->loc->file, l->file) != 0)
			continue;
		for (; line < f->loc->line && at < end; line++) {
			lf = memchr(at, '\n', (size_t)(end - at));
			at = lf ? lf + 1 : end;
		}
		add_end(f, at, end);
		/* only this line is shown */
		place = f->loc->line;
		f->loc->line = f->loc->end_line = 1;
		finding_context(fs, f, at, (size_t)(end - at), NULL);
		f->loc->line = f->loc->end_line = place;
		linehash_get(&hashes, place, hash);
		if (hash[0])
			f->line_hash = findings_keep(fs, hash);
	}
	linehash_release(&hashes);
}

void
lint_settle(struct lint *l, const char *text, size_t len)
{
	if (!l->sarif)
		return;
	attach_fixes(l);
	add_context(l, text, len);
	l->settled = l->findings->n;
}

static void
say_all(const struct lint *l)
{
	struct findings *fs = l->findings;
	struct err err;
	size_t i;

	if (fs->n)
		qsort(fs->items, fs->n, sizeof(*fs->items), by_place);
	for (i = 0; i < fs->n; i++) {
		const struct finding *f = fs->items[i];

		err_at(&err, strcmp(f->loc->file, l->file) == 0 ? l->label :
			f->loc->file, f->loc->line, f->loc->col, "%s",
			f->text);
		snprintf(err.rule, sizeof(err.rule), "%s", f->rule);
		diag_warn_err(&err);
	}
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
say_counts(const struct lint *l)
{
	static const char *const levels[] = { "error", "warning", "note" };
	size_t counts[3] = { 0 }, fixed = 0, open = 0, i, j;

	for (i = 0; i < l->findings->n; i++)
		for (j = 0; j < 3; j++)
			counts[j] += strcmp(l->findings->items[i]->level,
				levels[j]) == 0;
	for (i = 0; i < l->fixes->n; i++) {
		const struct fix *fix = l->fixes->list[i];
		bool has = fix->actions && !fix->bad;

		fixed += has;
		open += has && fix->placeholder;
	}
	diag_say("lint: %zu error%s, %zu warning%s, %zu note%s; fixes: %zu, "
		"with a placeholder: %zu", counts[0], plural(counts[0]),
		counts[1], plural(counts[1]), counts[2], plural(counts[2]),
		fixed, open);
	if (l->more)
		diag_warn("%zu more findings are not listed", l->more);
}

static int
write_sarif(struct lint *l, struct err *err)
{
	struct sarif_note notes[2];
	char text[80];
	struct sarif s = { .tool = "smelt-intake",
		.title = "lint of OpenAPI documents",
		.category = "smelt/intake/", .github = true,
		.fallback = "openapi", .rules = l->rules,
		.findings = l->findings, .notes = notes };
	size_t left = l->more;

	findings_sort(l->findings);
	if (l->findings->n > SARIF_RESULTS)
		left += l->findings->n - SARIF_RESULTS;
	if (left) {
		snprintf(text, sizeof(text), "%zu more findings are not "
			"listed", left);
		notes[s.nnotes++] = (struct sarif_note){ "warning", NULL,
			text };
	}
	if (!l->documents)
		notes[s.nnotes++] = (struct sarif_note){ "note", NULL,
			"no OpenAPI document: nothing was looked at" };
	return sarif_put(l->sarif, &s, err);
}

static void
write_overlay(struct lint *l)
{
	struct str text, title;

	str_init(&text, STR_RECORD);
	str_init(&title, STR_LINE);
	str_addf(&title, "Fixes for %s", path_base(l->file));
	fixes_write(l->fixes, &text, str_s(&title));
	outfile_write(l->overlay, str_s(&text), text.len);
	str_release(&text);
	str_release(&title);
}

static int
commit(struct outfile **out, struct err *err)
{
	int rc = outfile_commit(*out, err);

	free(*out);
	*out = NULL;
	return rc;
}

int
lint_finish(struct lint *l, struct err *err)
{
	int rc = 0;

	if (!lint_wanted(l))
		return 0;
	if (l->options->lint || diag_get_level() >= DIAG_VERBOSE)
		say_all(l);
	say_counts(l);
	if (l->sarif)
		rc = write_sarif(l, err);
	if (rc == 0 && l->sarif)
		rc = commit(&l->sarif, err);
	if (rc == 0 && l->overlay)
		write_overlay(l);
	if (rc == 0 && l->overlay)
		rc = commit(&l->overlay, err);
	return rc;
}
