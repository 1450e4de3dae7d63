#include "smelt-codegen/place/update.h"

#include <stdint.h>
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

struct update {
	struct folder *folder;
	struct earlier earlier;
	struct bases bases;
	size_t conflicts;
	struct err *err;
};

static bool
is_same(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(str_s(a), str_s(b), a->len) == 0;
}

static void
say_conflict(struct update *u, const char *path, unsigned line,
	const char *text)
{
	char *file = xasprintf("%s/%s", u->folder->name, path);
	struct err e;

	err_at(&e, file, line, 1, "%s", text);
	snprintf(e.rule, sizeof(e.rule), "conflict");
	diag_err(&e);
	free(file);
}

static void
say_conflicts(struct update *u, const char *path, const struct merge *m,
	const char *text)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		say_conflict(u, path, m->lines[i], text);
	u->conflicts++;
}

static int
write_text(struct update *u, const struct tree_file *f, const struct str *text)
{
	return folder_write(u->folder, f->path, f->executable, text, u->err);
}

static int
set_aside(struct update *u, const char *path, const char *why)
{
	char *to;

	if (folder_set_aside(u->folder, path, &to, u->err) < 0)
		return -1;
	diag_warn("'%s' %s: moved to '%s'", path, why, to);
	free(to);
	return 0;
}

/* What the handler was made from, as far as is known. */
static const char *
base_of(const struct update *u, const char *path)
{
	const char *digest = map_get(u->bases.old, path);

	if (!digest)
		digest = map_get(u->earlier.files, path);
	return base_is_digest(digest) ? digest : NULL;
}

static bool
is_current(const char *digest, const struct tree_file *f)
{
	return strcmp(digest + strlen("sha256:"), f->sha256) == 0;
}

static int
merge_handler(struct update *u, const struct tree_file *f, const char *was,
	const struct str *yours)
{
	const struct str *base = bases_get(&u->bases, was);
	struct merge m = { 0 };
	struct str out;
	int rc = 0;

	str_init(&out, STR_RECORD);
	merge_texts(&m, &out, yours, base, f->text);
	if (!is_same(&out, yours))
		rc = write_text(u, f, &out);
	if (rc == 0 && m.n)
		say_conflicts(u, f->path, &m, base ?
			"your edit and what is generated now differ" :
			"your edit and what is generated now differ, and "
			"what was generated before is not there");
	else if (rc == 0)
		diag_say("merged the edited %s", f->path);
	merge_release(&m);
	str_release(&out);
	return rc;
}

/* Marks of an earlier run: nothing can be merged into them, so the handler
 * keeps the base that they were made from. */
static bool
has_marks(struct update *u, const struct tree_file *f, const char *was,
	const struct str *yours)
{
	struct merge m = { 0 };
	bool any;

	merge_find_marks(&m, yours);
	any = m.n > 0;
	if (any) {
		say_conflicts(u, f->path, &m,
			"marks of an earlier conflict are still there");
		if (was && !is_current(was, f))
			map_put(u->bases.pending, f->path,
				(void *)(uintptr_t)was);
	}
	merge_release(&m);
	return any;
}

static int
update_edited(struct update *u, const struct tree_file *f,
	const struct str *yours)
{
	const char *was = base_of(u, f->path);

	if (!merge_is_text(yours)) {
		if (set_aside(u, f->path, "can not be merged") < 0)
			return -1;
		say_conflict(u, f->path, 1, "your edit is no text that can "
			"be merged");
		u->conflicts++;
		return write_text(u, f, f->text);
	}
	if (has_marks(u, f, was, yours))
		return 0;
	if (was && !is_current(was, f))
		return merge_handler(u, f, was, yours);
	diag_say("kept the edited %s", f->path);
	return 0;
}

static int
update_file(struct update *u, const struct tree_file *f)
{
	struct str text;
	int rc = 0;

	str_init(&text, IO_MAX);
	switch (folder_read(u->folder, f->path, &text)) {
	case FILE_ODD:
		rc = err_set(u->err, "'%s' is in the way and no regular file",
			f->path);
		break;
	case FILE_ABSENT:
		rc = write_text(u, f, f->text);
		break;
	case FILE_READ:
		if (is_same(&text, f->text))
			break;
		if (earlier_made(&u->earlier, f->path, &text)) {
			rc = write_text(u, f, f->text);
		} else if (f->role == ROLE_HANDLER) {
			rc = update_edited(u, f, &text);
		} else {
			rc = set_aside(u, f->path, "was edited");
			if (rc == 0)
				rc = write_text(u, f, f->text);
		}
	}
	str_release(&text);
	return rc;
}

static int
remove_stale(struct update *u, const struct tree *t)
{
	const struct map *old = u->earlier.files;
	const char *path;
	struct str text;
	size_t i;
	int rc = 0;

	str_init(&text, IO_MAX);
	for (i = 0; i < old->n && rc == 0; i++) {
		path = old->entries[i].key;
		if (tree_find(t, path) ||
		    folder_read(u->folder, path, &text) != FILE_READ)
			continue;
		if (earlier_made(&u->earlier, path, &text))
			folder_remove(u->folder, path);
		else
			rc = set_aside(u, path,
				"was edited and is no longer made");
	}
	str_release(&text);
	return rc;
}

static int
update_all(struct update *u, const struct tree *t)
{
	const struct tree_file *manifest = tree_find(t, EARLIER_MANIFEST);
	size_t i;
	int rc;

	bases_load(&u->bases);
	rc = bases_add(&u->bases, t, u->err);
	for (i = 0; i < t->n && rc == 0; i++)
		if (&t->files[i] != manifest)
			rc = update_file(u, &t->files[i]);
	if (rc == 0)
		rc = remove_stale(u, t);
	if (rc == 0)
		rc = write_text(u, manifest, manifest->text);
	return rc < 0 ? -1 : bases_close(&u->bases, t, u->err);
}

int
update_tree(struct folder *folder, const struct tree *t, size_t *conflicts,
	struct err *err)
{
	struct update u = { .folder = folder, .err = err };
	struct err why;
	int rc;

	bases_init(&u.bases, folder);
	if (earlier_read(&u.earlier, folder, &why) < 0)
		rc = err_set(err, "'%s' is not empty and not made by smelt: "
			"%s", folder->name, why.text);
	else
		rc = update_all(&u, t);
	*conflicts = u.conflicts;
	bases_release(&u.bases);
	earlier_release(&u.earlier);
	return rc;
}
