#include "smelt-tooldef/pattern.h"

#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"

enum { REPEAT_MAX = 1000, NEST = 32, LENGTH = 1000, SET = -1 };

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
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
hex_digits(struct scan *s, int n, long *value)
{
	char c;

	for (*value = 0; n > 0; n--) {
		if (s->p == s->end || !is_hex(*s->p))
			return false;
		c = (char)(*s->p++ | 0x20);
		*value = *value * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/* behind the backslash; *value: the character, or SET for a class of its own */
static bool
escape(struct scan *s, bool in_class, long *value)
{
	static const char controls[] = "tnrfv", codes[] = "\t\n\r\f\v";
	char c;

	if (s->p == s->end || !*s->p)
		return false;
	c = *s->p++;
	*value = SET;
	if (strchr("dDwWsS", c))
		return true;
	if (c == 'b' || c == 'B')
		return !in_class;
	if (c == 'x')
		return hex_digits(s, 2, value);
	if (c == 'u')
		return hex_digits(s, 4, value);
	*value = c;
	if (strchr(controls, c))
		*value = codes[strchr(controls, c) - controls];
	else if (c == '-')
		return in_class;
	else
		return strchr("^$\\.*+?()[]{}|/", c) != NULL;
	return true;
}

static bool
class_item(struct scan *s, long *value)
{
	uint32_t scalar;
	size_t n;

	if (s->p == s->end || *s->p == '[')
		return false;
	if (*s->p == '\\') {
		s->p++;
		return escape(s, true, value);
	}
	/* Python warns of these, and may read them otherwise one day */
	if (s->p + 1 < s->end && s->p[0] == s->p[1] &&
	    strchr("&|~-", s->p[0]))
		return false;
	n = utf8_decode(s->p, (size_t)(s->end - s->p), &scalar);
	*value = (long)scalar;
	s->p += n;
	return n > 0;
}

/* behind the [ */
static bool
class(struct scan *s)
{
	long left, right;

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
		if (!class_item(s, &right) || left == SET ||
		    right < left)
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
	long value;

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
		return escape(s, false, &value);
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

/* the escape at s->p, a backslash, in the form that all engines take */
static bool
plain_escape(struct scan *s, bool in_class, struct str *out)
{
	char c = s->p + 1 < s->end ? s->p[1] : '\0';
	bool set = c && strchr("dDwWsS", c);

	s->p += c ? 2 : 1;
	if (c == 'A' && !out->len) {
		str_putc(out, '^');
		return false;
	}
	if ((c == 'Z' || c == 'z') && s->p == s->end) {
		str_putc(out, '$');
		return false;
	}
	if (!c || c < ' ' || c > '~' || is_alnum(c) ||
	    strchr("^$\\.*+?()[]{}|/", c) || (c == '-' && in_class))
		str_putc(out, '\\');
	if (c)
		str_putc(out, c);
	return set;
}

/* escapes that need none go; a hyphen behind a set ("[\w-.]") gets one */
static void
plain(struct str *out, const char *pattern, size_t len)
{
	struct scan s = { .p = pattern, .end = pattern + len };
	bool in_class = false, set = false;

	while (s.p < s.end) {
		if (*s.p == '\\') {
			set = plain_escape(&s, in_class, out);
			continue;
		}
		if (in_class && set && *s.p == '-' && s.p + 1 < s.end &&
		    s.p[1] != ']')
			str_putc(out, '\\');
		in_class = in_class ? *s.p != ']' : *s.p == '[';
		set = false;
		str_putc(out, *s.p++);
	}
}

bool
pattern_plain(struct str *out, const char *pattern, size_t len)
{
	if (!pattern_portable(pattern, len)) {
		if (len > LENGTH)
			return false;
		plain(out, pattern, len);
		return pattern_portable(str_s(out), out->len);
	}
	str_add(out, pattern, len);
	return true;
}
