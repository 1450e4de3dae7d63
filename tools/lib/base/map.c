#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

uint64_t
map_hash(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint64_t h = 0x9e3779b97f4a7c15ull ^ n, w;

	for (; n >= 8; s += 8, n -= 8) {
		memcpy(&w, s, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	for (; n; s++, n--)
		h = (h ^ *s) * 0x100000001b3ull;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53ull;
	return h ^ (h >> 29);
}

void
map_release(struct map *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free((void *)(uintptr_t)m->entries[i].key);
	free(m->entries);
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

static size_t
slot_of(const struct map *m, const char *key, size_t len, uint64_t hash)
{
	size_t i = hash & (m->nslots - 1);
	const struct map_entry *e;

	while (m->slots[i]) {
		e = &m->entries[m->slots[i] - 1];
		if (e->hash == hash && e->len == len &&
		    (!len || memcmp(e->key, key, len) == 0))
			break;
		i = (i + 1) & (m->nslots - 1);
	}
	return i;
}

struct map_entry *
map_find(const struct map *m, const char *key, size_t len)
{
	size_t i;

	if (!m->nslots)
		return NULL;
	i = slot_of(m, key, len, map_hash(key, len));
	return m->slots[i] ? &m->entries[m->slots[i] - 1] : NULL;
}

void *
map_get(const struct map *m, const char *key)
{
	struct map_entry *e = key ? map_find(m, key, strlen(key)) : NULL;

	return e ? e->value : NULL;
}

bool
map_has(const struct map *m, const char *key)
{
	return key && map_find(m, key, strlen(key)) != NULL;
}

static void
rehash(struct map *m)
{
	size_t i, s;

	m->nslots = m->nslots ? m->nslots * 2 : 16;
	free(m->slots);
	m->slots = xcalloc(m->nslots, sizeof(*m->slots));
	for (i = 0; i < m->n; i++) {
		s = m->entries[i].hash & (m->nslots - 1);
		while (m->slots[s])
			s = (s + 1) & (m->nslots - 1);
		m->slots[s] = (uint32_t)(i + 1);
	}
}

struct map_entry *
map_add(struct map *m, const char *key, size_t len, bool *added)
{
	uint64_t hash = map_hash(key, len);
	struct map_entry *e;
	size_t i;

	if ((m->n + 1) * 4 > m->nslots * 3)
		rehash(m);
	i = slot_of(m, key, len, hash);
	if (added)
		*added = m->slots[i] == 0;
	if (m->slots[i])
		return &m->entries[m->slots[i] - 1];
	m->entries = vec_grow(m->entries, m->n, &m->cap, sizeof(*m->entries));
	e = &m->entries[m->n++];
	e->key = xstrndup(key, len);
	e->len = len;
	e->hash = hash;
	e->value = NULL;
	m->slots[i] = (uint32_t)m->n;
	return e;
}

void
map_put(struct map *m, const char *key, void *value)
{
	map_add(m, key, strlen(key), NULL)->value = value;
}
