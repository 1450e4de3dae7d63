#include "smelt-codegen/place/base.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/merge.h"
#include "smelt-codegen/place/folder.h"
#include "smelt-codegen/tree.h"

static const char pending_path[] = ".smelt/pending.json";
static const char base_dir[] = ".smelt/base";
static const char prefix[] = "sha256:";

void
bases_init(struct bases *b, struct folder *folder)
{
	b->folder = folder;
	b->old = xcalloc(1, sizeof(*b->old));
	b->pending = xcalloc(1, sizeof(*b->pending));
	b->texts = xcalloc(1, sizeof(*b->texts));
}

static void
release_values(struct map *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free(m->entries[i].value);
	map_release(m);
	free(m);
}

void
bases_release(struct bases *b)
{
	size_t i;

	for (i = 0; i < b->texts->n; i++)
		if (b->texts->entries[i].value)
			str_release(b->texts->entries[i].value);
	release_values(b->texts);
	release_values(b->old);
	map_release(b->pending);
	free(b->pending);
}

static bool
is_hex(const char *text)
{
	return strlen(text) == SHA256_HEX &&
		strspn(text, "0123456789abcdef") == SHA256_HEX;
}

bool
base_is_digest(const char *text)
{
	return text && str_starts(text, prefix) &&
		is_hex(text + strlen(prefix));
}

void
bases_load(struct bases *b)
{
	struct json_doc doc;
	struct json_iter it;
	struct map_entry *e;
	struct str text;
	struct err ignored;
	bool added;

	str_init(&text, STR_RECORD);
	if (folder_read(b->folder, pending_path, &text) == FILE_READ &&
	    json_parse(&doc, str_s(&text), text.len, pending_path,
	    &ignored) == 0) {
		json_each(&it, json_get(json_root(&doc), "handlers"));
		while (json_next(&it)) {
			if (!it.key || !base_is_digest(json_str(it.value)))
				continue;
			e = map_add(b->old, json_str(it.key),
				json_len(it.key), &added);
			if (added)
				e->value = xstrdup(json_str(it.value));
		}
		json_release(&doc);
	}
	str_release(&text);
}

static char *
path_of(const char *hex)
{
	return xasprintf("%s/%s", base_dir, hex);
}

static struct str *
read_base(struct bases *b, const char *hex)
{
	struct str *text = xmalloc(sizeof(*text));
	char *path = path_of(hex), digest[SHA256_HEX + 1] = "";

	str_init(text, MERGE_MAX);
	if (folder_read(b->folder, path, text) == FILE_READ)
		sha256_hex(str_s(text), text->len, digest);
	if (strcmp(digest, hex) != 0) {
		str_release(text);
		free(text);
		text = NULL;
	}
	free(path);
	return text;
}

const struct str *
bases_get(struct bases *b, const char *digest)
{
	const char *hex = digest + strlen(prefix);
	struct map_entry *e;
	bool added;

	if (!base_is_digest(digest))
		return NULL;
	e = map_add(b->texts, hex, SHA256_HEX, &added);
	if (added)
		e->value = read_base(b, hex);
	return e->value;
}

/* Each distinct handler text of the tree once, in *i. */
static const struct tree_file *
next_text(const struct tree *t, struct map *seen, size_t *i)
{
	const struct tree_file *f;
	bool added;

	while (*i < t->n) {
		f = &t->files[(*i)++];
		if (f->role != ROLE_HANDLER)
			continue;
		map_add(seen, f->sha256, SHA256_HEX, &added);
		if (added)
			return f;
	}
	return NULL;
}

int
bases_make(struct bases *b, const struct tree *t, struct err *err)
{
	const struct tree_file *f;
	struct map seen = { 0 };
	size_t i = 0;
	char *path;
	int rc = 0;

	while (rc == 0 && (f = next_text(t, &seen, &i))) {
		path = path_of(f->sha256);
		rc = folder_make(b->folder, path, false, f->text, err);
		free(path);
	}
	map_release(&seen);
	return rc;
}

void
bases_undo(struct bases *b, const struct tree *t)
{
	const struct tree_file *f;
	struct map seen = { 0 };
	size_t i = 0;
	char *path;

	while ((f = next_text(t, &seen, &i))) {
		path = path_of(f->sha256);
		folder_remove(b->folder, path);
		free(path);
	}
	map_release(&seen);
}

int
bases_add(struct bases *b, const struct tree *t, struct err *err)
{
	const struct tree_file *f;
	struct map seen = { 0 };
	struct str *there;
	size_t i = 0;
	char *path;
	int rc = 0;

	while (rc == 0 && (f = next_text(t, &seen, &i))) {
		path = path_of(f->sha256);
		there = read_base(b, f->sha256);
		if (there)
			str_release(there);
		else
			rc = folder_write(b->folder, path, false, f->text,
				err);
		free(there);
		free(path);
	}
	map_release(&seen);
	return rc;
}

static int
write_pending(struct bases *b, struct err *err)
{
	struct emit e;
	struct str out;
	size_t i;
	int rc;

	if (!b->pending->n) {
		folder_remove(b->folder, pending_path);
		return 0;
	}
	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_key(&e, "handlers");
	emit_object(&e);
	for (i = 0; i < b->pending->n; i++)
		emit_pair(&e, b->pending->entries[i].key,
			b->pending->entries[i].value);
	emit_end(&e);
	emit_end(&e);
	str_putc(&out, '\n');
	rc = folder_write(b->folder, pending_path, false, &out, err);
	str_release(&out);
	return rc;
}

int
bases_close(struct bases *b, const struct tree *t, struct err *err)
{
	struct map wanted = { 0 };
	const char *digest;
	char **names, *path;
	size_t i = 0, n;
	bool added;

	if (write_pending(b, err) < 0)
		return -1;
	while (next_text(t, &wanted, &i))
		;
	for (i = 0; i < b->pending->n; i++) {
		digest = b->pending->entries[i].value;
		map_add(&wanted, digest + strlen(prefix), SHA256_HEX, &added);
	}
	folder_list(b->folder, base_dir, &names, &n);
	for (i = 0; i < n; i++) {
		if (is_hex(names[i]) && !map_has(&wanted, names[i])) {
			path = path_of(names[i]);
			folder_remove(b->folder, path);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	map_release(&wanted);
	return 0;
}
