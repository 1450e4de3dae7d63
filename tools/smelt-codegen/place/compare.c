#include "smelt-codegen/place/compare.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/merge.h"
#include "smelt-codegen/place/base.h"
#include "smelt-codegen/place/earlier.h"
#include "smelt-codegen/place/folder.h"
#include "smelt-codegen/tree.h"

struct compare {
	struct folder *folder;
	struct earlier earlier;
	struct bases bases;
	size_t differences;
};

static void
say(struct compare *c, const char *path, unsigned line, const char *rule,
	const char *text)
{
	char *file = xasprintf("%s/%s", c->folder->name, path);
	struct err e;

	err_at(&e, file, line, line ? 1 : 0, "%s", text);
	snprintf(e.rule, sizeof(e.rule), "%s", rule);
	diag_err(&e);
	c->differences++;
	free(file);
}

/* the first line in which they differ */
static unsigned
line_of(const struct str *a, const struct str *b)
{
	unsigned line = 1;
	size_t i;

	for (i = 0; i < a->len && i < b->len; i++) {
		if (a->buf[i] != b->buf[i])
			break;
		line += a->buf[i] == '\n';
	}
	return line;
}

static void
compare_edited(struct compare *c, const struct tree_file *f,
	const struct str *yours)
{
	const char *was = map_get(c->bases.old, f->path);
	struct merge m = { 0 };
	size_t i;

	if (!was)
		was = map_get(c->earlier.files, f->path);
	if (merge_is_text(yours))
		merge_find_marks(&m, yours);
	for (i = 0; i < m.n; i++)
		say(c, f->path, m.lines[i], "conflict",
			"marks of a conflict are still there");
	if (base_is_digest(was) &&
	    strcmp(was + strlen("sha256:"), f->sha256) != 0)
		say(c, f->path, line_of(yours, f->text), "stale", "was edited, "
			"and what is generated has changed since");
	else if (!m.n)
		diag_note("%s/%s was edited", c->folder->name, f->path);
	merge_release(&m);
}

static void
compare_file(struct compare *c, const struct tree_file *f)
{
	struct str text;

	str_init(&text, IO_MAX);
	switch (folder_read(c->folder, f->path, &text)) {
	case FILE_ODD:
		say(c, f->path, 0, "changed", "is no regular file");
		break;
	case FILE_ABSENT:
		say(c, f->path, 0, "missing", "is not there");
		break;
	case FILE_READ:
		if (text.len == f->text->len && memcmp(str_s(&text),
		    str_s(f->text), text.len) == 0)
			break;
		if (f->role == ROLE_HANDLER &&
		    !earlier_made(&c->earlier, f->path, &text))
			compare_edited(c, f, &text);
		else
			say(c, f->path, line_of(&text, f->text), "changed",
				"is not what would be generated");
	}
	str_release(&text);
}

static void
find_left_over(struct compare *c, const struct tree *t)
{
	const struct map *old = c->earlier.files;
	struct str text;
	size_t i;

	str_init(&text, IO_MAX);
	for (i = 0; i < old->n; i++)
		if (!tree_find(t, old->entries[i].key) &&
		    folder_read(c->folder, old->entries[i].key,
		    &text) != FILE_ABSENT)
			say(c, old->entries[i].key, 0, "left-over",
				"is no longer made");
	str_release(&text);
}

static void
compare_bases(struct compare *c, const struct tree *t)
{
	struct map seen = { 0 };
	char *digest, *path;
	bool added;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (t->files[i].role != ROLE_HANDLER)
			continue;
		map_add(&seen, t->files[i].sha256,
			strlen(t->files[i].sha256), &added);
		if (!added)
			continue;
		digest = xasprintf("sha256:%s", t->files[i].sha256);
		path = xasprintf(".smelt/base/%s", t->files[i].sha256);
		if (!bases_get(&c->bases, digest))
			say(c, path, 0, "missing",
				"is not there: edits could not be merged");
		free(digest);
		free(path);
	}
	map_release(&seen);
}

int
compare_tree(struct folder *folder, const struct tree *t,
	size_t *differences, struct err *err)
{
	struct compare c = { .folder = folder };
	struct err why;
	size_t i;
	int rc = 0;

	bases_init(&c.bases, folder);
	if (earlier_read(&c.earlier, folder, &why) < 0) {
		rc = err_set(err, "'%s' is not made by smelt: %s",
			folder->name, why.text);
	} else {
		bases_load(&c.bases);
		for (i = 0; i < t->n; i++)
			compare_file(&c, &t->files[i]);
		find_left_over(&c, t);
		compare_bases(&c, t);
	}
	*differences = c.differences;
	bases_release(&c.bases);
	earlier_release(&c.earlier);
	return rc;
}
