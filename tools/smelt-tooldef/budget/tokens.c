#include "smelt-tooldef/budget/tokens.h"

#include <stdbool.h>

enum { WORD = 10, CAPITALS = 4, DIGITS = 3, OTHERS = 4 };

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' ||
	    c == '\v';
}

static bool
is_other(char c)
{
	return !is_lower(c) && !is_upper(c) && !is_digit(c) && !is_space(c);
}

/* bytes from text on, at most max, that are of the kind */
static size_t
run(const char *text, size_t len, size_t max, bool (*kind)(char))
{
	size_t n = 0;

	while (n < len && n < max && kind(text[n]))
		n++;
	return n;
}

size_t
tokens_estimate(const char *text, size_t len)
{
	size_t i = 0, n = 0, k;

	while (i < len) {
		if (is_space(text[i])) {
			i++;
			continue;
		}
		if (is_digit(text[i])) {
			k = run(text + i, len - i, DIGITS, is_digit);
		} else if (is_lower(text[i]) || (is_upper(text[i]) &&
		    i + 1 < len && is_lower(text[i + 1]))) {
			k = 1 + run(text + i + 1, len - i - 1, WORD, is_lower);
		} else if (is_upper(text[i])) {
			k = run(text + i, len - i, CAPITALS, is_upper);
		} else {
			k = run(text + i, len - i, OTHERS, is_other);
		}
		i += k;
		n++;
	}
	return n;
}
