#include "smelt-intake/tree/tracked.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "smelt-intake/source.h"
#include "sys/repo.h"

void
tracked_init(struct tracked *t)
{
	t->files = xcalloc(1, sizeof(*t->files));
	t->dirs = xcalloc(1, sizeof(*t->dirs));
}

void
tracked_release(struct tracked *t)
{
	size_t i;

	for (i = 0; i < t->files->n; i++)
		free(t->files->entries[i].value);
	map_release(t->files);
	map_release(t->dirs);
	free(t->files);
	free(t->dirs);
}

static int
add(void *arg, const struct repo_entry *e)
{
	struct tracked *t = arg;
	struct map_entry *m;
	struct oid *oid = NULL;
	bool added;
	size_t i;

	if ((e->mode & 0170000) == 0100000) {
		oid = xmalloc(sizeof(*oid));
		*oid = e->oid;
	}
	m = map_add(t->files, e->path, e->len, &added);
	free(m->value);
	m->value = oid;
	for (i = e->len; i-- > 0; ) {
		if (e->path[i] != '/')
			continue;
		map_add(t->dirs, e->path, i, &added);
		if (!added)
			break;
	}
	return 0;
}

int
tracked_read(struct tracked *t, struct repo *r, const struct oid *commit,
	struct err *err)
{
	return repo_walk(r, commit, add, t, err);
}

bool
tracked_has(const struct tracked *t, const char *path, bool is_dir)
{
	return map_find(is_dir ? t->dirs : t->files, path, strlen(path)) !=
		NULL;
}

static bool
all_met(const struct tracked *t, const struct source *s)
{
	struct map met = { 0 };
	bool whole = true;
	size_t i;

	for (i = 0; i < s->nfiles; i++)
		map_put(&met, s->files[i].path, NULL);
	for (i = 0; i < s->nomitted; i++)
		map_put(&met, s->omitted[i].path, NULL);
	for (i = 0; i < t->files->n && whole; i++)
		whole = !t->files->entries[i].value ||
			map_has(&met, t->files->entries[i].key);
	map_release(&met);
	return whole;
}

bool
tracked_dirty(const struct tracked *t, const struct repo *r,
	const struct source *s)
{
	const struct oid *was;
	struct oid is;
	size_t i;

	for (i = 0; i < s->nfiles; i++) {
		was = map_get(t->files, s->files[i].path);
		if (!was)
			return true;
		repo_blob_name(r, s->files[i].text, s->files[i].size, &is);
		if (memcmp(was, &is, sizeof(is)) != 0)
			return true;
	}
	return !all_met(t, s);
}
