#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
str_init(struct str *s, size_t max)
{
	memset(s, 0, sizeof(*s));
	s->max = max;
}

void
str_release(struct str *s)
{
	size_t max = s->max;

	free(s->buf);
	str_init(s, max);
}

void
str_clear(struct str *s)
{
	s->len = 0;
	s->over = false;
	if (s->buf)
		s->buf[0] = '\0';
}

const char *
str_s(const struct str *s)
{
	return s->buf ? s->buf : "";
}

char *
str_room(struct str *s, size_t n)
{
	size_t want, cap;

	if (s->over || n > s->max || s->len > s->max - n) {
		s->over = true;
		return NULL;
	}
	want = s->len + n + 1;
	if (want > s->cap) {
		cap = s->cap < 64 ? 64 : s->cap;
		while (cap < want)
			cap += cap / 2;
		if (cap > s->max + 1)
			cap = s->max + 1;
		s->buf = xreallocarray(s->buf, cap, 1);
		s->cap = cap;
	}
	return s->buf + s->len;
}

void
str_seal(struct str *s)
{
	if (s->buf)
		s->buf[s->len] = '\0';
}

int
str_add(struct str *s, const void *p, size_t n)
{
	char *at = str_room(s, n);

	if (!at)
		return -1;
	if (n)
		memcpy(at, p, n);
	s->len += n;
	s->buf[s->len] = '\0';
	return 0;
}

int
str_puts(struct str *s, const char *text)
{
	return str_add(s, text, strlen(text));
}

int
str_putc(struct str *s, char c)
{
	if (s->len + 1 < s->cap && !s->over) {
		s->buf[s->len++] = c;
		s->buf[s->len] = '\0';
		return 0;
	}
	return str_add(s, &c, 1);
}

int
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	size_t room = s->over ? 0 : s->cap - s->len;
	va_list ap2;
	char *at;
	int n;

	/* what has no room is printed twice */
	va_copy(ap2, ap);
	n = vsnprintf(room ? s->buf + s->len : NULL, room, fmt, ap2);
	va_end(ap2);
	if (n >= 0 && (size_t)n < room && s->len + (size_t)n <= s->max) {
		s->len += (size_t)n;
		return 0;
	}
	str_seal(s);
	if (n < 0) {
		s->over = true;
		return -1;
	}
	at = str_room(s, (size_t)n);
	if (!at)
		return -1;
	vsnprintf(at, (size_t)n + 1, fmt, ap);
	s->len += (size_t)n;
	return 0;
}

int
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = str_vaddf(s, fmt, ap);
	va_end(ap);
	return rc;
}

char *
str_detach(struct str *s)
{
	char *p = s->buf ? s->buf : xstrdup("");

	s->buf = NULL;
	s->len = s->cap = 0;
	return p;
}

bool
mem_starts(const char *p, size_t n, const char *lit)
{
	size_t k = strlen(lit);

	return n >= k && memcmp(p, lit, k) == 0;
}

bool
mem_is(const char *p, size_t n, const char *lit)
{
	return n == strlen(lit) && memcmp(p, lit, n) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && memcmp(s + n - k, suffix, k) == 0;
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_in(const char *text, const char *const *list)
{
	for (; text && *list; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

int
str_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
