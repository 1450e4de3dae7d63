#include "smelt-codegen/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

static const char *const names[] = {
	[ROLE_RUNTIME] = "runtime",
	[ROLE_DATA] = "data",
	[ROLE_HANDLER] = "handler",
	[ROLE_CONFIG] = "config",
	[ROLE_DOC] = "doc",
	[ROLE_SOURCE] = "source"
};

const char *
role_name(enum role role)
{
	return names[role];
}

bool
role_parse(const char *name, enum role *role)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (name && strcmp(name, names[i]) == 0) {
			*role = (enum role)i;
			return true;
		}
	}
	return false;
}

void
tree_init(struct tree *t)
{
	memset(t, 0, sizeof(*t));
	t->paths = xcalloc(1, sizeof(*t->paths));
}

void
tree_release(struct tree *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->files[i].path);
		str_release(t->files[i].text);
		free(t->files[i].text);
	}
	free(t->files);
	map_release(t->paths);
	free(t->paths);
	memset(t, 0, sizeof(*t));
}

struct tree_file *
tree_find(const struct tree *t, const char *path)
{
	const struct map_entry *e = map_find(t->paths, path, strlen(path));

	return e ? &t->files[(size_t)(e - t->paths->entries)] : NULL;
}

struct tree_file *
tree_add(struct tree *t, const char *path, enum role role, struct str *text)
{
	struct tree_file *f;
	bool added;

	if (!path_is_clean(path, strlen(path)) || tree_find(t, path))
		return NULL;
	map_add(t->paths, path, strlen(path), &added);
	t->files = vec_grow(t->files, t->n, &t->cap, sizeof(*t->files));
	f = &t->files[t->n++];
	memset(f, 0, sizeof(*f));
	f->path = xstrdup(path);
	f->role = role;
	f->text = xmalloc(sizeof(*f->text));
	*f->text = *text;
	str_init(text, text->max);
	sha256_hex(str_s(f->text), f->text->len, f->sha256);
	return f;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct tree_file *)a)->path,
		((const struct tree_file *)b)->path);
}

void
tree_sort(struct tree *t)
{
	bool added;
	size_t i;

	if (t->n)
		qsort(t->files, t->n, sizeof(*t->files), by_path);
	map_release(t->paths);
	for (i = 0; i < t->n; i++)
		map_add(t->paths, t->files[i].path,
			strlen(t->files[i].path), &added);
}
