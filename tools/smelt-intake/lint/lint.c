#include "smelt-intake/lint/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "smelt-intake/lint/check.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/tree/tree.h"
#include "sys/box.h"

enum { SARIF_RESULTS = 5000 };

static int
open_output(struct outfile **out, const char *path, struct err *err)
{
	if (!path)
		return 0;
	*out = xcalloc(1, sizeof(**out));
	if (outfile_open(*out, path, err) == 0)
		return 0;
	free(*out);
	*out = NULL;
	return -1;
}

int
lint_open(struct lint *l, const struct lint_options *options,
	struct err *err)
{
	char *path;
	int rc;

	memset(l, 0, sizeof(*l));
	l->options = options;
	if (!options->lint && !options->sarif && !options->fixes &&
	    diag_get_level() < DIAG_VERBOSE)
		return 0;
	l->rules = xcalloc(1, sizeof(*l->rules));
	l->findings = xcalloc(1, sizeof(*l->findings));
	l->fixes = xcalloc(1, sizeof(*l->fixes));
	fixes_init(l->fixes);
	path = share_path("rules/openapi");
	rc = rules_load(l->rules, "lint", path, err);
	free(path);
	if (rc == 0)
		rc = open_output(&l->sarif, options->sarif, err);
	if (rc == 0)
		rc = open_output(&l->overlay, options->fixes, err);
	return rc;
}

bool
lint_wanted(const struct lint *l)
{
	return l && l->rules;
}

static void
add_output(struct tree_outputs *outputs, const struct outfile *out)
{
	if (!out)
		return;
	tree_add_output(outputs, out->path, out->fd);
	tree_add_output(outputs, NULL, out->fd);
}

void
lint_outputs(const struct lint *l, struct tree_outputs *outputs)
{
	add_output(outputs, l->sarif);
	add_output(outputs, l->overlay);
}

void
lint_box(const struct lint *l, struct box *box)
{
	box_output(box, l->options->sarif);
	box_output(box, l->options->fixes);
}

static void
release_output(struct outfile **out)
{
	if (*out)
		outfile_abort(*out);
	free(*out);
	*out = NULL;
}

void
lint_release(struct lint *l)
{
	release_output(&l->sarif);
	release_output(&l->overlay);
	if (l->fixes)
		fixes_release(l->fixes);
	if (l->findings)
		findings_release(l->findings);
	if (l->rules)
		rules_release(l->rules);
	free(l->fixes);
	free(l->findings);
	free(l->rules);
	memset(l, 0, sizeof(*l));
}

/* "https://host:port" of a URL; NULL for anything else */
static char *
origin_of(const char *location)
{
	const char *host = location ? strstr(location, "://") : NULL;

	if (!host || (!str_starts(location, "https://") &&
	    !str_starts(location, "http://")))
		return NULL;
	host += 3;
	return xstrndup(location, (size_t)(host - location) +
		strcspn(host, "/?#"));
}

/* "https://host/dir/" */
static char *
base_of(const char *location, const char *origin)
{
	size_t head = origin ? strlen(origin) : 0, n;

	if (!origin)
		return NULL;
	n = head + strcspn(location + head, "?#");
	while (n > head && location[n - 1] != '/')
		n--;
	return n > head ? xstrndup(location, n) : xasprintf("%s/", origin);
}

static enum check_version
version_of(const struct json *root)
{
	const char *version = json_get_str(root, "openapi");

	if (json_get(root, "swagger"))
		return SWAGGER_2_0;
	return version && str_starts(version, "3.0") ? OPENAPI_3_0 :
		OPENAPI_3_1;
}

void
lint_document(struct lint *l, const struct document *d,
	const struct overlays *overlays, const char *label,
	const char *location)
{
	struct map maps[8] = { { 0 } };
	char *origin = origin_of(location), *base = base_of(location, origin);
	const struct json *root = document_root(d);
	struct checker c = { .lint = l, .fixes = l->fixes, .d = d,
		.root = root, .version = version_of(root), .origin = origin, .base = base,
		.refs = &maps[0], .broken = &maps[1], .ids = &maps[2],
		.paths = &maps[3], .headers = &maps[4], .schemes = &maps[5],
		.requirements = &maps[6], .twice = &maps[7] };
	const struct place at = { .value = root };
	size_t i;

	l->d = d;
	l->overlays = overlays;
	l->label = label;
	l->file = *label == '/' ? path_base(label) : label;
	l->documents++;
	check_walk(&c, &at);
	check_servers(&c, &at);
	check_schemes(&c, &at);
	check_auth(&c, &at);
	check_headers(&c, &at);
	for (i = 0; i < sizeof(maps) / sizeof(*maps); i++)
		map_release(&maps[i]);
	free(origin);
	free(base);
}

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

/* Findings and fixes were made in the same order. */
static void
attach_fixes(struct lint *l)
{
	struct str text;
	size_t i;

	str_init(&text, STR_RECORD);
	for (i = 0; i < l->findings->n && i < l->fixes->n; i++) {
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
	attach_fixes(l);
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
