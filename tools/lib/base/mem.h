/*
 * Memory: checked allocation and arenas.  The only file that calls malloc.
 * Exhausted memory ends the process with exit 2; no caller checks for NULL.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * Called once, at the start: the heap is one region of large pages that is not
 * given back before the end.  Buffers grow to many megabytes and go again; by
 * default each of them is mapped anew and pays for every small page it touches,
 * a third of the time of a large run.
 */
void mem_init(void);

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
/* Overflow of n * size ends the process too. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Growing array.  Use as
 *	struct item *v = NULL; size_t n = 0, cap = 0;
 *	v = vec_grow(v, n, &cap, sizeof(*v));  v[n++] = item;
 * Returns v with room for at least one more element.
 */
void *vec_grow(void *v, size_t n, size_t *cap, size_t size);

/*
 * struct arena: many small objects that die together.  Zero-initialised is
 * ready to use.  Memory is zeroed and aligned to 16 bytes.
 */
struct arena_block;
struct arena {
	struct arena_block *head;	/* block in use; older ones behind */
	size_t used;			/* bytes used of head */
	size_t total;			/* bytes handed out since reset */
};

void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Forget all objects, keeping one block for reuse. */
void arena_reset(struct arena *a);
void arena_release(struct arena *a);

#endif
