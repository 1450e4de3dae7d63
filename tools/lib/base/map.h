/*
 * struct map: byte-string keys to pointers, in insertion order.
 *
 * Zero-initialised is ready to use.  Keys are copied.  Values are the
 * caller's.  Entries are visited by index 0..n-1 in the order of insertion,
 * which keeps output deterministic; nothing is ever removed.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_entry {
	const char *key;	/* NUL-terminated copy */
	size_t len;
	uint64_t hash;
	void *value;
};

struct map {
	struct map_entry *entries;
	size_t n;
	size_t cap;
	uint32_t *slots;	/* index + 1, 0 = free */
	size_t nslots;		/* power of two */
};

void map_release(struct map *m);
/* The entry, or NULL. */
struct map_entry *map_find(const struct map *m, const char *key, size_t len);
/* The value, or NULL; also for a key that is NULL. */
void *map_get(const struct map *m, const char *key);
/* Find or add (value NULL when new; *added tells).  The entry stays valid
 * until the next map_add. */
struct map_entry *map_add(struct map *m, const char *key, size_t len,
	bool *added);
/* Add or replace. */
void map_put(struct map *m, const char *key, void *value);
bool map_has(const struct map *m, const char *key);

/* 64-bit hash of bytes; same on every machine, no secret seed. */
uint64_t map_hash(const void *p, size_t n);

#endif
