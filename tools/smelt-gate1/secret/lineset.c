#include "smelt-gate1/secret/lineset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"

enum { FIRST = 64 * 1024 };

void
lineset_init(struct lineset *s)
{
	memset(s, 0, sizeof(*s));
	if (getentropy(s->key, sizeof(s->key)) < 0)
		die("cannot get random bytes:");
	s->size = FIRST;
	s->slots = xcalloc(s->size, sizeof(*s->slots));
}

void
lineset_release(struct lineset *s)
{
	free(s->slots);
	memset(s, 0, sizeof(*s));
}

static uint64_t
word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
	return w;
}

/* High and low half of a product, folded. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, m = a1 * b0 + (low >> 32);
	uint64_t n = a0 * b1 + (uint32_t)m;

	return (a1 * b1 + (m >> 32) + (n >> 32)) ^ (n << 32 | (uint32_t)low);
#endif
}

uint64_t
lineset_hash(const struct lineset *s, const char *line, size_t len)
{
	uint64_t h = s->key[0] ^ len, tail[2] = { 0, 0 };

	for (; len >= 16; line += 16, len -= 16)
		h = fold(word(line) ^ s->key[1], word(line + 8) ^ h);
	if (len)
		memcpy(tail, line, len);
	h = fold(tail[0] ^ s->key[1], tail[1] ^ h);
	h = fold(h ^ s->key[0], UINT64_C(0x9e3779b97f4a7c15));
	return (h & ~UINT64_C(3)) ? h & ~UINT64_C(3) : 4;
}

static size_t
place(const struct lineset *s, uint64_t hash)
{
	size_t at = (size_t)(hash >> 2) & (s->size - 1);

	while (s->slots[at] && (s->slots[at] & ~UINT64_C(3)) != hash)
		at = (at + 1) & (s->size - 1);
	return at;
}

static void
grow(struct lineset *s)
{
	uint64_t *old = s->slots;
	size_t n = s->size;

	s->size *= 2;
	s->slots = xcalloc(s->size, sizeof(*s->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i])
			s->slots[place(s, old[i] & ~UINT64_C(3))] = old[i];
	free(old);
}

int
lineset_add(struct lineset *s, uint64_t hash)
{
	size_t at = place(s, hash);

	if (s->slots[at])
		return (int)(s->slots[at] & 3);
	if (s->n >= LINESET_MAX)
		return -1;
	if (s->n >= s->size - s->size / 4) {
		grow(s);
		at = place(s, hash);
	}
	s->slots[at] = hash;
	s->n++;
	return -1;
}

void
lineset_mark(struct lineset *s, uint64_t hash, int mark)
{
	size_t at = place(s, hash);

	if (s->slots[at])
		s->slots[at] |= (uint64_t)mark;
}
