#include "smelt-intake/lint/regex.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/str.h"

enum { GROUPS = 10000 };

struct pattern {
	const char *at, *end;
	unsigned groups;		/* open ones */
	bool atom;			/* something is there to be repeated */
	const char *wrong;
};

static bool
looking_at(const struct pattern *p, const char *text)
{
	return mem_starts(p->at, (size_t)(p->end - p->at), text);
}

static bool
is_digit(const struct pattern *p, const char *at)
{
	return at < p->end && *at >= '0' && *at <= '9';
}

/* one character of a class; *value is -1 for a set such as \d */
static void
class_atom(struct pattern *p, long *value)
{
	uint32_t c = 0;
	size_t n = utf8_decode(p->at, (size_t)(p->end - p->at), &c);

	*value = (long)c;
	p->at += n ? n : 1;
	if (c != '\\')
		return;
	if (p->at == p->end) {
		p->wrong = "it ends with a backslash";
		return;
	}
	n = utf8_decode(p->at, (size_t)(p->end - p->at), &c);
	p->at += n ? n : 1;
	/* codes and control characters are not worked out: no range of them
	 * is called wrong */
	*value = strchr("dDwWsSpPuxcbnrtfv0", (int)c) && c < 0x80 ? -1 :
		(long)c;
}

static void
class(struct pattern *p)
{
	long low, high;

	p->at++;
	if (p->at < p->end && *p->at == '^')
		p->at++;
	while (p->at < p->end && *p->at != ']' && !p->wrong) {
		class_atom(p, &low);
		if (p->end - p->at < 2 || *p->at != '-' || p->at[1] == ']')
			continue;
		p->at++;
		class_atom(p, &high);
		if (low >= 0 && high >= 0 && low > high)
			p->wrong = "a range of a class is the wrong way round";
	}
	if (!p->wrong && p->at == p->end)
		p->wrong = "a class is not closed";
	p->at += p->at < p->end;
	p->atom = true;
}

static void
group(struct pattern *p)
{
	static const char *const kinds[] = { "(?:", "(?=", "(?!", "(?<=",
		"(?<!", NULL };
	size_t i;

	if (++p->groups > GROUPS)
		p->wrong = "it has too many groups";
	p->atom = false;
	if (!looking_at(p, "(?")) {
		p->at++;
		return;
	}
	for (i = 0; kinds[i]; i++)
		if (looking_at(p, kinds[i])) {
			p->at += strlen(kinds[i]);
			return;
		}
	if (looking_at(p, "(?<") && p->end - p->at > 3 && (p->at[3] == '_' ||
	    (char_lower(p->at[3]) >= 'a' && char_lower(p->at[3]) <= 'z')))
		p->at += 3;
	else if (looking_at(p, "(?P<"))
		p->wrong = "'(?P<' is Python's";
	else
		p->wrong = "'(?' begins no group of ECMA-262";
}

/* {2}, {2,}, {2,5}; false: a brace that stands for itself */
static bool
counted(struct pattern *p)
{
	const char *at = p->at + 1;
	unsigned long low = 0, high;

	if (!is_digit(p, at))
		return false;
	for (; is_digit(p, at); at++)
		low = low < 100000000 ? low * 10 + (unsigned long)(*at - '0') :
			low;
	high = low;
	if (at < p->end && *at == ',') {
		at++;
		high = is_digit(p, at) ? 0 : low;
		for (; is_digit(p, at); at++)
			high = high < 100000000 ? high * 10 +
				(unsigned long)(*at - '0') : high;
	}
	if (at == p->end || *at != '}')
		return false;
	if (high < low)
		p->wrong = "a repeat has its bounds the wrong way round";
	p->at = at + 1;
	return true;
}

static void
repeat(struct pattern *p)
{
	bool braces = *p->at == '{';

	if (braces && !counted(p)) {
		p->at++;
		p->atom = true;
		return;
	}
	if (!braces)
		p->at++;
	if (!p->atom && !p->wrong)
		p->wrong = "nothing is there to be repeated";
	if (p->at < p->end && *p->at == '?')
		p->at++;
	else if (p->at < p->end && *p->at == '+' && !p->wrong)
		p->wrong = "possessive repeats are not of ECMA-262";
	p->atom = false;
}

static void
close_group(struct pattern *p)
{
	if (p->groups == 0)
		p->wrong = "a group is closed that was not opened";
	else
		p->groups--;
	p->at++;
	p->atom = true;
}

static void
escape(struct pattern *p)
{
	p->at++;
	if (p->at == p->end)
		p->wrong = "it ends with a backslash";
	else
		p->at++;
	p->atom = true;
}

static void
step(struct pattern *p)
{
	switch (*p->at) {
	case '\\':
		escape(p);
		return;
	case '[':
		class(p);
		return;
	case '(':
		group(p);
		return;
	case ')':
		close_group(p);
		return;
	case '*':
	case '+':
	case '?':
	case '{':
		repeat(p);
		return;
	case '|':
	case '^':
		p->atom = false;
		break;
	default:
		p->atom = true;
		break;
	}
	p->at++;
}

const char *
regex_wrong(const char *pattern, size_t len)
{
	struct pattern p = { .at = pattern, .end = pattern + len };

	if (len > 2 && pattern[0] == '/' && pattern[1] == '^')
		return "it stands between slashes";
	while (p.at < p.end && !p.wrong)
		step(&p);
	if (!p.wrong && p.groups)
		p.wrong = "a group is not closed";
	return p.wrong;
}
