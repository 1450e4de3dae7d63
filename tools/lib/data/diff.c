#include "data/diff.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

struct work {
	const uint32_t *a, *b;
	uint32_t *to;
	long *forward, *backward;	/* furthest x on diagonal k = x - y */
	long steps;
};

/* a[a0..a1) against b[b0..b1) */
struct part {
	long a0, a1, b0, b1;
};

/* x where the furthest path of one edit more starts on diagonal k, or -1 */
static long
start(const long *v, long k, long d, long n, long m)
{
	long right = -1, down = -1;

	if (d == 0)
		return 0;
	if (k > -d && k - 1 >= -m && v[k - 1] >= 0 && v[k - 1] < n)
		right = v[k - 1] + 1;
	if (k < d && k + 1 <= n && v[k + 1] >= 0 && v[k + 1] - k <= m)
		down = v[k + 1];
	return right > down ? right : down;
}

static bool
is_reached(const long *v, long k, long d, long n, long m)
{
	return k >= -d && k <= d && k >= -m && k <= n && v[k] >= 0;
}

static bool
forward_step(struct work *w, const struct part *p, long d, struct part *snake)
{
	long n = p->a1 - p->a0, m = p->b1 - p->b0, delta = n - m, k, x, from;

	for (k = d > m ? -m + (d - m) % 2 : -d; k <= d && k <= n; k += 2) {
		x = from = start(w->forward, k, d, n, m);
		while (x >= 0 && x < n && x - k < m &&
		    w->a[p->a0 + x] == w->b[p->b0 + x - k])
			x++;
		w->forward[k] = x;
		w->steps -= x - from + 1;
		if (x < 0 || delta % 2 == 0 ||
		    !is_reached(w->backward, delta - k, d - 1, n, m) ||
		    x + w->backward[delta - k] < n)
			continue;
		*snake = (struct part){ p->a0 + from, p->a0 + x,
			p->b0 + from - k, p->b0 + x - k };
		return true;
	}
	return false;
}

static bool
backward_step(struct work *w, const struct part *p, long d, struct part *snake)
{
	long n = p->a1 - p->a0, m = p->b1 - p->b0, delta = n - m, k, x, from;

	for (k = d > m ? -m + (d - m) % 2 : -d; k <= d && k <= n; k += 2) {
		x = from = start(w->backward, k, d, n, m);
		while (x >= 0 && x < n && x - k < m &&
		    w->a[p->a1 - 1 - x] == w->b[p->b1 - 1 - (x - k)])
			x++;
		w->backward[k] = x;
		w->steps -= x - from + 1;
		if (x < 0 || delta % 2 != 0 ||
		    !is_reached(w->forward, delta - k, d, n, m) ||
		    x + w->forward[delta - k] < n)
			continue;
		*snake = (struct part){ p->a1 - x, p->a1 - from,
			p->b1 - (x - k), p->b1 - (from - k) };
		return true;
	}
	return false;
}

/* The middle snake; false when the steps are spent. */
static bool
find_middle(struct work *w, const struct part *p, struct part *snake)
{
	long d;

	for (d = 0; w->steps > 0; d++)
		if (forward_step(w, p, d, snake) ||
		    backward_step(w, p, d, snake))
			return true;
	return false;
}

static void
pair(struct work *w, const struct part *p)
{
	long i;

	for (i = 0; p->a0 + i < p->a1; i++)
		w->to[p->a0 + i] = (uint32_t)(p->b0 + i);
}

/* Each half has half of the edits: depth is their logarithm. */
static void
compare(struct work *w, struct part p, unsigned depth)
{
	struct part snake;

	while (p.a0 < p.a1 && p.b0 < p.b1 && depth) {
		if (w->a[p.a0] == w->b[p.b0]) {
			w->to[p.a0++] = (uint32_t)p.b0++;
		} else if (w->a[p.a1 - 1] == w->b[p.b1 - 1]) {
			w->to[--p.a1] = (uint32_t)--p.b1;
		} else if (find_middle(w, &p, &snake)) {
			pair(w, &snake);
			compare(w, (struct part){ p.a0, snake.a0, p.b0,
				snake.b0 }, depth - 1);
			p.a0 = snake.a1;
			p.b0 = snake.b1;
		} else {
			return;
		}
	}
}

void
diff_match(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
	uint32_t *to)
{
	long *room = xcalloc(2, (na + nb + 3) * sizeof(*room));
	struct work w = { a, b, to, room + nb + 1,
		room + na + nb + 3 + nb + 1, DIFF_STEPS };
	size_t i;

	for (i = 0; i < na; i++)
		to[i] = DIFF_NONE;
	compare(&w, (struct part){ 0, (long)na, 0, (long)nb }, 64);
	free(room);
}
