#include "data/merge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/diff.h"

enum { YOURS, BASE, NOW, SIDES };

static const char *const marks[] = {
	[YOURS] = "<<<<<<< yours",
	[BASE] = "||||||| generated before",
	[NOW] = ">>>>>>> generated now"
};
static const char between[] = "=======";

struct line {
	const char *text;
	size_t len;		/* with its end */
};

struct side {
	struct line *lines;
	uint32_t *ids;		/* equal lines have equal ones */
	size_t n;
	size_t cap;
	size_t at;		/* where the chunk starts */
	struct str changed;	/* with CRLF, or not used */
};

struct run {
	struct merge *merge;
	struct str *out;
	struct side sides[SIDES];
	const char *end;	/* of the mark lines */
	unsigned line;		/* of the last line in out */
};

bool
merge_is_text(const struct str *text)
{
	return text->len <= MERGE_MAX &&
		memchr(str_s(text), '\0', text->len) == NULL;
}

void
merge_release(struct merge *m)
{
	free(m->lines);
	memset(m, 0, sizeof(*m));
}

static void
add_conflict(struct merge *m, unsigned line)
{
	m->lines = vec_grow(m->lines, m->n, &m->cap, sizeof(*m->lines));
	m->lines[m->n++] = line;
}

static struct line
next_line(const char **p, const char *end)
{
	const char *nl = memchr(*p, '\n', (size_t)(end - *p));
	struct line line = { *p, (size_t)((nl ? nl + 1 : end) - *p) };

	*p += line.len;
	return line;
}

static bool
is_mark(const struct line *line, const char *mark)
{
	size_t n = line->len;

	if (n && line->text[n - 1] == '\n')
		n--;
	if (n && line->text[n - 1] == '\r')
		n--;
	return mem_is(line->text, n, mark);
}

void
merge_find_marks(struct merge *m, const struct str *text)
{
	const char *p = str_s(text), *end = p + text->len;
	bool inside = false;
	struct line line;
	unsigned number;

	for (number = 1; p < end; number++) {
		line = next_line(&p, end);
		if (is_mark(&line, marks[YOURS]) ||
		    ((is_mark(&line, marks[BASE]) ||
		    is_mark(&line, marks[NOW])) && !inside))
			add_conflict(m, number);
		if (is_mark(&line, marks[YOURS]) ||
		    is_mark(&line, marks[BASE]))
			inside = true;
		else if (is_mark(&line, marks[NOW]))
			inside = false;
	}
}

/* Does it have lines, and does each end in CRLF? */
static bool
is_crlf(const struct str *text)
{
	const char *p = str_s(text), *end = p + text->len, *nl;
	bool any = false;

	while ((nl = memchr(p, '\n', (size_t)(end - p)))) {
		if (nl == p || nl[-1] != '\r')
			return false;
		any = true;
		p = nl + 1;
	}
	return any;
}

static const struct str *
as_crlf(struct str *out, const struct str *text)
{
	size_t i;

	for (i = 0; i < text->len; i++) {
		if (text->buf[i] == '\n' && (i == 0 ||
		    text->buf[i - 1] != '\r'))
			str_putc(out, '\r');
		str_putc(out, text->buf[i]);
	}
	return out;
}

static void
cut(struct side *s, struct map *ids, const struct str *text)
{
	const char *p = str_s(text), *end = p + text->len;
	struct map_entry *e;
	bool added;
	size_t i;

	while (p < end) {
		s->lines = vec_grow(s->lines, s->n, &s->cap,
			sizeof(*s->lines));
		s->lines[s->n++] = next_line(&p, end);
	}
	s->ids = xcalloc(s->n + 1, sizeof(*s->ids));
	for (i = 0; i < s->n; i++) {
		e = map_add(ids, s->lines[i].text, s->lines[i].len, &added);
		s->ids[i] = (uint32_t)(e - ids->entries);
	}
}

static void
put_line(struct run *r, const char *text, size_t n)
{
	str_add(r->out, text, n);
	r->line++;
}

static void
put_mark(struct run *r, const char *mark)
{
	str_puts(r->out, mark);
	put_line(r, r->end, strlen(r->end));
}

/* The lines of a side up to to; marked: a mark follows, so end the last. */
static void
put_side(struct run *r, int side, size_t to, bool marked)
{
	const struct side *s = &r->sides[side];
	const struct line *line = NULL;
	size_t i;

	for (i = s->at; i < to; i++) {
		line = &s->lines[i];
		put_line(r, line->text, line->len);
	}
	if (marked && line && line->text[line->len - 1] != '\n')
		str_puts(r->out, r->end);
}

static bool
is_same(const struct run *r, int a, size_t to_a, int b, size_t to_b)
{
	const struct side *x = &r->sides[a], *y = &r->sides[b];
	size_t n = to_a - x->at;

	return n == to_b - y->at && (n == 0 ||
		memcmp(x->ids + x->at, y->ids + y->at,
		n * sizeof(*x->ids)) == 0);
}

static void
put_conflict(struct run *r, const size_t to[SIDES])
{
	add_conflict(r->merge, r->line + 1);
	put_mark(r, marks[YOURS]);
	put_side(r, YOURS, to[YOURS], true);
	put_mark(r, marks[BASE]);
	put_side(r, BASE, to[BASE], true);
	put_mark(r, between);
	put_side(r, NOW, to[NOW], true);
	put_mark(r, marks[NOW]);
}

static void
put_chunk(struct run *r, const size_t to[SIDES], bool based)
{
	int i;

	if (is_same(r, YOURS, to[YOURS], NOW, to[NOW]) ||
	    (based && is_same(r, BASE, to[BASE], NOW, to[NOW])))
		put_side(r, YOURS, to[YOURS], false);
	else if (based && is_same(r, BASE, to[BASE], YOURS, to[YOURS]))
		put_side(r, NOW, to[NOW], false);
	else
		put_conflict(r, to);
	for (i = 0; i < SIDES; i++)
		r->sides[i].at = to[i];
}

static void
put_chunks(struct run *r)
{
	struct side *s = r->sides;
	uint32_t *yours = xcalloc(s[BASE].n + 1, sizeof(*yours));
	uint32_t *now = xcalloc(s[BASE].n + 1, sizeof(*now));
	size_t to[SIDES], i;

	diff_match(s[BASE].ids, s[BASE].n, s[YOURS].ids, s[YOURS].n, yours);
	diff_match(s[BASE].ids, s[BASE].n, s[NOW].ids, s[NOW].n, now);
	for (i = 0; i <= s[BASE].n; i++) {
		if (i < s[BASE].n &&
		    (yours[i] == DIFF_NONE || now[i] == DIFF_NONE))
			continue;
		to[BASE] = i;
		to[YOURS] = i < s[BASE].n ? yours[i] : s[YOURS].n;
		to[NOW] = i < s[BASE].n ? now[i] : s[NOW].n;
		put_chunk(r, to, true);
		if (i == s[BASE].n)
			break;
		put_line(r, s[BASE].lines[i].text, s[BASE].lines[i].len);
		s[BASE].at++;
		s[YOURS].at++;
		s[NOW].at++;
	}
	free(yours);
	free(now);
}

static void
put_differences(struct run *r)
{
	struct side *s = r->sides;
	uint32_t *now = xcalloc(s[YOURS].n + 1, sizeof(*now));
	size_t to[SIDES] = { 0 }, i;

	diff_match(s[YOURS].ids, s[YOURS].n, s[NOW].ids, s[NOW].n, now);
	for (i = 0; i <= s[YOURS].n; i++) {
		if (i < s[YOURS].n && now[i] == DIFF_NONE)
			continue;
		to[YOURS] = i;
		to[NOW] = i < s[YOURS].n ? now[i] : s[NOW].n;
		put_chunk(r, to, false);
		if (i == s[YOURS].n)
			break;
		put_line(r, s[YOURS].lines[i].text, s[YOURS].lines[i].len);
		s[YOURS].at++;
		s[NOW].at++;
	}
	free(now);
}

void
merge_texts(struct merge *m, struct str *out, const struct str *yours,
	const struct str *base, const struct str *now)
{
	bool crlf = is_crlf(yours);
	const struct str *texts[SIDES] = { yours, base, now };
	struct run r = { .merge = m, .out = out, .end = crlf ? "\r\n" : "\n" };
	struct map ids = { 0 };
	int i;

	for (i = 0; i < SIDES; i++) {
		str_init(&r.sides[i].changed, (size_t)2 * MERGE_MAX);
		if (!texts[i])
			continue;
		if (crlf && i != YOURS)
			texts[i] = as_crlf(&r.sides[i].changed, texts[i]);
		cut(&r.sides[i], &ids, texts[i]);
	}
	if (base)
		put_chunks(&r);
	else
		put_differences(&r);
	for (i = 0; i < SIDES; i++) {
		str_release(&r.sides[i].changed);
		free(r.sides[i].lines);
		free(r.sides[i].ids);
	}
	map_release(&ids);
}
