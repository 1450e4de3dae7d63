#include "form/linehash.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"

enum { WINDOW = 100, END = 65535 };

struct roll {
	struct linehash *out;
	size_t cap;
	uint64_t hash;
	uint64_t first;			/* base to the power of the window */
	uint16_t window[WINDOW];
	size_t line_at[WINDOW];		/* 1-based line that starts there */
	unsigned index;
	size_t line;
	bool line_start;
	bool after_cr;
};

static void
emit(struct roll *r)
{
	size_t line = r->line_at[r->index];

	if (!line)
		return;
	r->line_at[r->index] = 0;
	r->out->hash[line - 1] = r->hash;
}

static void
feed(struct roll *r, uint16_t c)
{
	uint16_t old = r->window[r->index];

	r->window[r->index] = c;
	r->hash = r->hash * 37 + c - r->first * old;
	r->index = (r->index + 1) % WINDOW;
}

static void
symbol(struct roll *r, uint16_t c)
{
	struct linehash *h = r->out;

	if (c == ' ' || c == '\t' || (c == '\n' && r->after_cr)) {
		r->after_cr = false;
		return;
	}
	r->after_cr = c == '\r';
	if (c == '\r')
		c = '\n';
	emit(r);
	if (r->line_start) {
		r->line_start = false;
		r->line++;
		h->hash = vec_grow(h->hash, h->n, &r->cap, sizeof(*h->hash));
		h->hash[h->n++] = 0;
		r->line_at[r->index] = r->line;
	}
	if (c == '\n')
		r->line_start = true;
	feed(r, c);
}

static void
finish(struct roll *r)
{
	symbol(r, END);
	for (int i = 0; i < WINDOW; i++) {
		emit(r);
		feed(r, 0);
	}
}

/* n-th of equal hashes: sort line numbers by hash, count, in line order. */
struct entry {
	uint64_t hash;
	size_t line;
};

static int
by_hash(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void
count(struct linehash *h)
{
	struct entry *e = xcalloc(h->n + 1, sizeof(*e));

	h->nth = xcalloc(h->n + 1, sizeof(*h->nth));
	for (size_t i = 0; i < h->n; i++)
		e[i] = (struct entry){ h->hash[i], i };
	qsort(e, h->n, sizeof(*e), by_hash);
	for (size_t i = 0; i < h->n; i++) {
		bool same = i && e[i].hash == e[i - 1].hash;

		h->nth[e[i].line] = same ? h->nth[e[i - 1].line] + 1 : 1;
	}
	free(e);
}

void
linehash_init(struct linehash *h, const char *text, size_t len)
{
	struct roll r = { .out = h, .first = 1, .line_start = true };

	memset(h, 0, sizeof(*h));
	for (int i = 0; i < WINDOW; i++)
		r.first *= 37;
	for (size_t at = 0; at < len; ) {
		uint32_t scalar;
		size_t n = utf8_decode(text + at, len - at, &scalar);

		if (n == 0) {
			scalar = 0xFFFD;
			n = 1;
		}
		at += n;
		if (scalar >= 0x10000) {
			scalar -= 0x10000;
			symbol(&r, (uint16_t)(0xD800 + (scalar >> 10)));
			scalar = 0xDC00 + (scalar & 0x3FF);
		}
		symbol(&r, (uint16_t)scalar);
	}
	finish(&r);
	count(h);
}

void
linehash_release(struct linehash *h)
{
	free(h->hash);
	free(h->nth);
	memset(h, 0, sizeof(*h));
}

void
linehash_get(const struct linehash *h, unsigned line, char out[LINEHASH_SIZE])
{
	out[0] = 0;
	if (line >= 1 && line <= h->n)
		snprintf(out, LINEHASH_SIZE, "%llx:%u",
			(unsigned long long)h->hash[line - 1],
			h->nth[line - 1]);
}
