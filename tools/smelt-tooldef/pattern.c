#include "pattern.h"

#include <string.h>

enum { REPEAT_MAX = 1000, NEST = 32, LENGTH = 1000 };

struct scan {
	const char *p, *end;
	int depth;
};

static bool sequence(struct scan *, bool *open);

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
hex_digits(struct scan *s, int n)
{
	while (n-- > 0)
		if (s->p == s->end || !is_hex(*s->p++))
			return false;
	return true;
}

/* behind the backslash; *set: the escape is a class of its own */
static bool
escape(struct scan *s, bool in_class, bool *set)
{
	char c;

	*set = false;
	if (s->p == s->end)
		return false;
	c = *s->p++;
	if (c && strchr("dDwWsS", c)) {
		*set = true;
		return true;
	}
	if (c == 'b' || c == 'B')
		return !in_class;
	if (c == 'x')
		return hex_digits(s, 2);
	if (c == 'u')
		return hex_digits(s, 4);
	if (c == '-')
		return in_class;
	return c && strchr("tnrfv^$\\.*+?()[]{}|/", c);
}

static bool
class_item(struct scan *s, bool *set)
{
	*set = false;
	if (s->p == s->end || *s->p == '[')
		return false;
	if (*s->p == '\\') {
		s->p++;
		return escape(s, true, set);
	}
	/* Python warns of these, and may read them otherwise one day */
	if (s->p + 1 < s->end && s->p[0] == s->p[1] &&
	    strchr("&|~-", s->p[0]))
		return false;
	s->p++;
	return true;
}

/* behind the [ */
static bool
class(struct scan *s)
{
	bool left, right;

	if (s->p < s->end && *s->p == '^')
		s->p++;
	if (s->p < s->end && *s->p == ']')
		return false;
	while (s->p < s->end && *s->p != ']') {
		if (!class_item(s, &left))
			return false;
		if (s->p + 1 >= s->end || *s->p != '-' || s->p[1] == ']')
			continue;
		s->p++;
		if (!class_item(s, &right) || left || right)
			return false;
	}
	return s->p < s->end && *s->p++ == ']';
}

/* behind the ( */
static bool
group(struct scan *s, bool *open)
{
	bool good;

	if (s->p < s->end && *s->p == '?') {
		s->p++;
		if (s->p == s->end || !strchr(":=!", *s->p) || !*s->p)
			return false;
		s->p++;
	}
	if (++s->depth > NEST)
		return false;
	good = sequence(s, open) && s->p < s->end && *s->p++ == ')';
	s->depth--;
	return good;
}

static bool
number(struct scan *s, long *n)
{
	if (s->p == s->end || !is_digit(*s->p))
		return false;
	for (*n = 0; s->p < s->end && is_digit(*s->p); s->p++)
		if ((*n = *n * 10 + (*s->p - '0')) >= REPEAT_MAX)
			return false;
	return true;
}

/* {n} {n,} {n,m} behind the {; *open: without an upper end */
static bool
counted(struct scan *s, bool *open)
{
	long low, high;

	*open = false;
	if (!number(s, &low))
		return false;
	high = low;
	if (s->p < s->end && *s->p == ',') {
		s->p++;
		if (s->p < s->end && *s->p == '}')
			*open = true;
		else if (!number(s, &high) || high < low)
			return false;
	}
	return s->p < s->end && *s->p++ == '}';
}

/* a repeat behind an atom, if there is one */
static bool
repeat(struct scan *s, bool *any, bool *open)
{
	*any = *open = false;
	if (s->p == s->end || !*s->p || !strchr("*+?{", *s->p))
		return true;
	*any = true;
	switch (*s->p++) {
	case '*':
	case '+':
		*open = true;
		break;
	case '{':
		if (!counted(s, open))
			return false;
		break;
	default:
		break;
	}
	if (s->p < s->end && *s->p == '?')
		s->p++;
	return s->p == s->end || !*s->p || !strchr("*+?{", *s->p);
}

static bool
atom(struct scan *s, bool *open, bool *fixed)
{
	bool set;

	*open = *fixed = false;
	switch (*s->p++) {
	case '(':
		*fixed = s->p + 1 < s->end && s->p[0] == '?' &&
			s->p[1] != ':';
		return group(s, open);
	case '[':
		return class(s);
	case '\\':
		*fixed = s->p < s->end && (*s->p == 'b' || *s->p == 'B');
		return escape(s, false, &set);
	case '^':
	case '$':
		*fixed = true;
		return true;
	case '*': case '+': case '?': case '{': case '}': case ']':
		return false;
	default:
		return true;
	}
}

/* alternatives up to ) or the end; *open: holds an open repeat */
static bool
sequence(struct scan *s, bool *open)
{
	bool inner, fixed, any, endless;

	*open = false;
	while (s->p < s->end && *s->p != ')') {
		if (*s->p == '|') {
			/* repeated without end, two ways to match are many */
			*open = *open || s->depth > 0;
			s->p++;
			continue;
		}
		if (!atom(s, &inner, &fixed) || !repeat(s, &any, &endless))
			return false;
		if ((any && fixed) || (endless && inner))
			return false;
		*open = *open || inner || endless;
	}
	return true;
}

bool
pattern_portable(const char *pattern, size_t len)
{
	struct scan s = { pattern, pattern + len, 0 };
	bool open;

	if (len > LENGTH || memchr(pattern, '\0', len))
		return false;
	return sequence(&s, &open) && s.p == s.end;
}
