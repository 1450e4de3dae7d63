#include "smelt-intake/statcache.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"

static const char head[] = "smelt-key 1\n";

/* "SHA256 size mtime ctime inode " and tree and path as JSON strings */
static void
describe(struct str *out, const struct stat *st)
{
	str_addf(out, " %lld %lld.%09ld %lld.%09ld %llu ",
		(long long)st->st_size, (long long)st->st_mtim.tv_sec,
		st->st_mtim.tv_nsec, (long long)st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec, (unsigned long long)st->st_ino);
}

void
statcache_init(struct statcache *c, const char *text, size_t len)
{
	const char *end = text + len, *nl, *path;
	struct map_entry *m;

	c->old = xcalloc(1, sizeof(*c->old));
	c->fresh = xmalloc(sizeof(*c->fresh));
	str_init(c->fresh, STR_RECORD);
	str_puts(c->fresh, head);
	clock_gettime(CLOCK_REALTIME, &c->now);
	if (!mem_starts(text, len, head))
		return;
	for (text += sizeof(head) - 1; text < end; text = nl + 1) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			return;
		path = memchr(text, '"', (size_t)(nl - text));
		if (!path || path - text < 66)
			continue;
		m = map_add(c->old, path, (size_t)(nl - path), NULL);
		free(m->value);
		m->value = xstrndup(text, (size_t)(path - text));
	}
}

void
statcache_release(struct statcache *c)
{
	size_t i;

	for (i = 0; i < c->old->n; i++)
		free(c->old->entries[i].value);
	map_release(c->old);
	str_release(c->fresh);
	free(c->old);
	free(c->fresh);
}

static void
name(struct str *out, const char *tree, const char *path)
{
	json_write_str(out, tree, strlen(tree));
	json_write_str(out, path, strlen(path));
}

const char *
statcache_get(struct statcache *c, const char *tree, const char *path,
	const struct stat *st, char hex[65])
{
	const struct map_entry *m;
	struct str key, want;
	const char *line, *out = NULL;

	str_init(&key, STR_LINE);
	str_init(&want, STR_LINE);
	name(&key, tree, path);
	m = map_find(c->old, str_s(&key), key.len);
	line = m ? m->value : NULL;
	describe(&want, st);
	if (line && strcmp(line + 64, str_s(&want)) == 0) {
		memcpy(hex, line, 64);
		hex[64] = '\0';
		out = hex;
	}
	str_release(&key);
	str_release(&want);
	return out;
}

static int
is_young(const struct statcache *c, const struct timespec *t)
{
	return t->tv_sec >= c->now.tv_sec - STATCACHE_YOUNG;
}

void
statcache_put(struct statcache *c, const char *tree, const char *path,
	const struct stat *st, const char *hex)
{
	if (is_young(c, &st->st_mtim) || is_young(c, &st->st_ctim))
		return;
	str_puts(c->fresh, hex);
	describe(c->fresh, st);
	name(c->fresh, tree, path);
	str_putc(c->fresh, '\n');
}
