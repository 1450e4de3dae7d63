#include "smelt-intake/lint/lint.h"

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
#include "data/json.h"
#include "form/finding.h"
#include "form/rule.h"
#include "smelt-intake/lint/check.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tree/tree.h"
#include "sys/box.h"

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
	const char *location, const char *text, size_t len)
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
	lint_settle(l, text, len);
}

void
lint_files(struct lint *l, const struct source *s)
{
	struct document d;
	struct err ignored;
	size_t i;

	for (i = 0; lint_wanted(l) && i < s->nfiles; i++) {
		const struct file *f = &s->files[i];

		if (strcmp(f->language, "openapi") != 0 || document_parse(&d,
		    f->text, f->size, f->path, &ignored) < 0)
			continue;
		if (json_is(document_root(&d), JSON_OBJECT))
			lint_document(l, &d, NULL, f->path, NULL, f->text,
				f->size);
		document_release(&d);
	}
}
