#include "code/atom.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

struct entry {
	const char *text;
	uint32_t len;
	uint32_t hash;
};

struct atoms {
	const struct atoms *base;
	uint32_t first;		/* number of our first entry */
	struct entry *entries;
	size_t n, cap;
	uint32_t *slots;	/* index into entries + 1, 0 = free */
	size_t nslots;
	struct arena arena;
};

static void
grow(struct atoms *a)
{
	size_t n = a->nslots ? a->nslots * 2 : 1024, i, k;
	uint32_t *slots = xcalloc(n, sizeof(*slots));

	for (i = a->base ? 0 : 1; i < a->n; i++) {
		for (k = a->entries[i].hash & (n - 1); slots[k];
		    k = (k + 1) & (n - 1))
			;
		slots[k] = (uint32_t)i + 1;
	}
	free(a->slots);
	a->slots = slots;
	a->nslots = n;
}

static uint32_t
append(struct atoms *a, const char *text, size_t len, uint32_t hash)
{
	struct entry *e;

	a->entries = vec_grow(a->entries, a->n, &a->cap, sizeof(*e));
	e = &a->entries[a->n++];
	e->text = arena_strndup(&a->arena, text, len);
	e->len = (uint32_t)len;
	e->hash = hash;
	return (uint32_t)a->n;
}

struct atoms *
atoms_new(const struct atoms *base)
{
	struct atoms *a = xcalloc(1, sizeof(*a));

	a->base = base;
	a->first = base ? atoms_count(base) : 0;
	grow(a);
	if (!base) {
		append(a, "", 0, UINT32_MAX);	/* 0: none, never found */
		atoms_add(a, "", 0);
	}
	return a;
}

void
atoms_free(struct atoms *a)
{
	if (!a)
		return;
	arena_release(&a->arena);
	free(a->entries);
	free(a->slots);
	free(a);
}

/* The slot of text: its entry's, or the free one where it belongs. */
static uint32_t *
slot(const struct atoms *a, const char *text, size_t len, uint32_t hash)
{
	const struct entry *e;
	size_t k;

	for (k = hash & (a->nslots - 1); a->slots[k];
	    k = (k + 1) & (a->nslots - 1)) {
		e = &a->entries[a->slots[k] - 1];
		if (e->hash == hash && e->len == len &&
		    memcmp(e->text, text, len) == 0)
			break;
	}
	return &a->slots[k];
}

static uint32_t
find(const struct atoms *a, const char *text, size_t len, uint32_t hash)
{
	uint32_t k;

	for (; a; a = a->base) {
		k = *slot(a, text, len, hash);
		if (k)
			return a->first + k - 1;
	}
	return 0;
}

uint32_t
atoms_find(const struct atoms *a, const char *text, size_t len)
{
	return find(a, text, len, (uint32_t)map_hash(text, len));
}

uint32_t
atoms_add(struct atoms *a, const char *text, size_t len)
{
	uint32_t hash = (uint32_t)map_hash(text, len);
	uint32_t *at, found;

	if (a->base) {
		found = find(a->base, text, len, hash);
		if (found)
			return found;
	}
	at = slot(a, text, len, hash);
	if (*at)
		return a->first + *at - 1;
	*at = append(a, text, len, hash);
	found = a->first + *at - 1;
	if (a->n * 2 > a->nslots)
		grow(a);
	return found;
}

const char *
atoms_text(const struct atoms *a, uint32_t atom, size_t *len)
{
	while (atom < a->first)
		a = a->base;
	if (len)
		*len = a->entries[atom - a->first].len;
	return a->entries[atom - a->first].text;
}

uint32_t
atoms_count(const struct atoms *a)
{
	return a->first + (uint32_t)a->n;
}
