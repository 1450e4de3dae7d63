/*
 * struct str: a growing byte string with a maximum fixed at creation.
 *
 * buf is NUL-terminated whenever it is not NULL; len does not count the NUL.
 * Going over the maximum adds nothing and sets the sticky flag over: callers
 * append freely and check once with str_over().  str_s() never gives NULL.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *buf;
	size_t len;
	size_t cap;
	size_t max;
	bool over;
};

/* Usual maxima. */
#define STR_LINE	((size_t)64 * 1024)
#define STR_RECORD	((size_t)512 * 1024 * 1024)

void str_init(struct str *s, size_t max);
void str_release(struct str *s);
/* Empty it, keep the memory, clear over. */
void str_clear(struct str *s);
const char *str_s(const struct str *s);
static inline bool
str_over(const struct str *s)
{
	return s->over;
}

/* Each returns 0, or -1 when the maximum would be passed. */
int str_add(struct str *s, const void *p, size_t n);
int str_puts(struct str *s, const char *text);
int str_putc(struct str *s, char c);
int str_addf(struct str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int str_vaddf(struct str *s, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Room for n more bytes at the end; the caller writes there and adds to len,
 * then calls str_seal().  NULL when over the maximum. */
char *str_room(struct str *s, size_t n);
void str_seal(struct str *s);
/* Hand the memory to the caller (free it with free()); s is empty then. */
char *str_detach(struct str *s);

/* n bytes at p: does it start with / equal the string lit? */
bool mem_starts(const char *p, size_t n, const char *lit);
bool mem_is(const char *p, size_t n, const char *lit);
bool str_ends(const char *s, const char *suffix);
bool str_starts(const char *s, const char *prefix);
/* Is text one of a NULL-terminated list?  NULL is in none. */
bool str_in(const char *text, const char *const *list);
/* For qsort() over an array of strings: by bytes. */
int str_order(const void *a, const void *b);

/* ASCII only, whatever the locale. */
static inline char
char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
static inline char
char_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

#endif
