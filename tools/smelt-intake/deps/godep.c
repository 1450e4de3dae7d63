#include "smelt-intake/deps/depfile.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/source.h"

enum { WORDS = 6 };

struct line {
	char *words[WORDS];
	size_t columns[WORDS];
	size_t n;
	bool indirect;
};

/* Words of a line without its comment. */
static void
split(struct line *l, const char *p, size_t n)
{
	const char *comment = NULL;
	size_t i, k;

	memset(l, 0, sizeof(*l));
	for (i = 0; i + 1 < n && !comment; i++)
		if (p[i] == '/' && p[i + 1] == '/')
			comment = p + i;
	if (comment) {
		for (k = (size_t)(comment - p); k + 8 <= n; k++)
			l->indirect |= mem_starts(p + k, n - k, "indirect");
		n = (size_t)(comment - p);
	}
	for (i = 0; i < n && l->n < WORDS; i = k) {
		while (i < n && strchr(" \t\r", p[i]))
			i++;
		for (k = i; k < n && !strchr(" \t\r", p[k]); k++)
			;
		if (k == i)
			break;
		l->columns[l->n] = i;
		if (k - i >= 2 && p[i] == '"' && p[k - 1] == '"')
			l->words[l->n++] = xstrndup(p + i + 1, k - i - 2);
		else
			l->words[l->n++] = xstrndup(p + i, k - i);
	}
}

static void
forget(struct line *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->words[i]);
}

/* "module version" -> the base64 text behind h1: */
static void
read_sums(struct map *sums, const struct file *sum)
{
	const char *p = sum->text, *end = p + sum->size, *nl;
	char *line, *at;

	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		line = xstrndup(p, (size_t)(nl - p));
		at = strstr(line, " h1:");
		if (at) {
			*at = '\0';
			at += 4;
			at[strcspn(at, " \r")] = '\0';
			if (!map_has(sums, line))
				map_put(sums, line, xstrdup(at));
		}
		free(line);
	}
}

/* "a => b v2" and "a v1 => b v2": what is built instead. */
static void
note_replace(struct map *replaced, const struct line *l, size_t first)
{
	size_t arrow = first;
	char *key;

	while (arrow < l->n && strcmp(l->words[arrow], "=>") != 0)
		arrow++;
	if (arrow == first || arrow + 2 >= l->n)
		return;
	key = arrow == first + 2 ? xasprintf("%s %s", l->words[first],
		l->words[first + 1]) : xstrdup(l->words[first]);
	if (!map_has(replaced, key))
		map_put(replaced, key, xasprintf("%s %s",
			l->words[arrow + 1], l->words[arrow + 2]));
	free(key);
}

/* "module version", as it is or as it is replaced; free it. */
static char *
built(const struct map *replaced, const char *name, const char *version)
{
	char *key = xasprintf("%s %s", name, version);
	const char *other = map_get(replaced, key);

	if (!other)
		other = map_get(replaced, name);
	if (!other)
		return key;
	free(key);
	return xstrdup(other);
}

struct module {
	struct source *source;
	const struct file *file;
	struct map sums;
	struct map replaced;
};

static void
note_require(struct module *m, const struct line *l, size_t first,
	unsigned number)
{
	const char *version = l->words[first + 1], *hash;
	char *key = built(&m->replaced, l->words[first], version);
	size_t n = strcspn(key, " ");
	struct dep *d;

	d = dep_add(m->source, "Go", key, n, m->file->path);
	d->direct = !l->indirect;
	dep_set(&d->version, key + n + 1, strlen(key + n + 1));
	dep_place(d, number, (unsigned)l->columns[first] + 1, number,
		(unsigned)(l->columns[first + 1] + strlen(version)) + 1);
	hash = map_get(&m->sums, key);
	if (hash)
		dep_hash_base64(d, "sha256", hash, strlen(hash));
	free(key);
}

static void
read_mod(struct module *m, const char *verb)
{
	const char *p = m->file->text, *end = p + m->file->size, *nl;
	bool replacing = strcmp(verb, "replace") == 0, block = false, named;
	unsigned number = 1;
	struct line l;
	size_t first;

	for (; p < end; p = nl + 1, number++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		split(&l, p, (size_t)(nl - p));
		named = l.n && strcmp(l.words[0], verb) == 0;
		first = named ? 1 : 0;
		if (l.n && strcmp(l.words[0], ")") == 0)
			block = false;
		else if (named && l.n > 1 && strcmp(l.words[1], "(") == 0)
			block = true;
		else if ((named || block) && replacing)
			note_replace(&m->replaced, &l, first);
		else if ((named || block) && l.n >= first + 2)
			note_require(m, &l, first, number);
		forget(&l);
	}
}

static void
release(struct map *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free(m->entries[i].value);
	map_release(m);
}

int
godep_mod(struct source *s, const struct file *f, struct err *err)
{
	struct module m = { .source = s, .file = f };
	char *path = xasprintf("%.*sgo.sum", (int)(strlen(f->path) - 6),
		f->path);
	const struct file *sum = source_file(s, path);

	(void)err;
	if (sum)
		read_sums(&m.sums, sum);
	read_mod(&m, "replace");
	read_mod(&m, "require");
	release(&m.sums);
	release(&m.replaced);
	free(path);
	return 0;
}
