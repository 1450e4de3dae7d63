#include "base/mem.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/diag.h"

/* LOW: small runs stay in small pages, of which they touch few */
enum { HEAP = 256 << 20, HEAP_MORE = 16 << 20, LOW = 16 << 20,
	MAPPED = 32 << 20 };
enum { ARENA_BLOCK = 64 * 1024, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) unsigned char data[];
};

static void *
check(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

void
mem_init(void)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
	long page = sysconf(_SC_PAGESIZE);
	uintptr_t start;

	mallopt(M_MMAP_THRESHOLD, MAPPED);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_TOP_PAD, HEAP);
	start = (uintptr_t)sbrk(0);
	free(xmalloc(HEAP_MORE));
	mallopt(M_TOP_PAD, HEAP_MORE);
	start = (start + LOW + (uintptr_t)page - 1) & ~((uintptr_t)page - 1);
	if ((uintptr_t)sbrk(0) > start)
		madvise((void *)start, (uintptr_t)sbrk(0) - start,
			MADV_HUGEPAGE);
#endif
}

void *
xmalloc(size_t size)
{
	return check(malloc(size ? size : 1));
}

void *
xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		die("out of memory");
	return check(realloc(p, bytes ? bytes : 1));
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xstrndup(const char *s, size_t n)
{
	char *p = xmalloc(n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap, ap2;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("cannot format text");
	p = xmalloc((size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap2);
	va_end(ap2);
	return p;
}

void *
vec_grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 8;
	return xreallocarray(v, *cap, size);
}

static struct arena_block *
block_new(size_t size, struct arena_block *next)
{
	struct arena_block *b = xmalloc(sizeof(*b) + size);

	b->next = next;
	b->size = size;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b;
	void *p;

	if (size > SIZE_MAX - ARENA_ALIGN)
		die("out of memory");
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	a->total += size;
	if (a->head && a->head->size - a->used >= size) {
		p = a->head->data + a->used;
		a->used += size;
		return memset(p, 0, size);
	}
	if (size > ARENA_BLOCK / 4 && a->head) {
		/* a large object gets a block behind the one in use */
		b = block_new(size, a->head->next);
		a->head->next = b;
		return memset(b->data, 0, size);
	}
	b = block_new(size > ARENA_BLOCK ? size : ARENA_BLOCK, a->head);
	a->head = b;
	a->used = size;
	return memset(b->data, 0, size);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		die("out of memory");
	return arena_alloc(a, bytes);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, ap2;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("cannot format text");
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap2);
	va_end(ap2);
	return p;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b, *next;

	if (!a->head)
		return;
	for (b = a->head->next; b; b = next) {
		next = b->next;
		free(b);
	}
	a->head->next = NULL;
	a->used = 0;
	a->total = 0;
}

void
arena_release(struct arena *a)
{
	arena_reset(a);
	free(a->head);
	memset(a, 0, sizeof(*a));
}
