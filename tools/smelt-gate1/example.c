#include "smelt-gate1/example.h"

#include <string.h>

#include "data/json.h"

static size_t
line_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

/* Columns before the key; "- " of a YAML list is part of them. */
static size_t
indent(const char *line)
{
	size_t n = strspn(line, " \t");

	while (line[n] == '-' && line[n + 1] == ' ')
		n += 2 + strspn(line + n + 2, " \t");
	return n;
}

static bool
is_blank(const char *line)
{
	size_t n = strspn(line, " \t\r");

	return !line[n] || line[n] == '\n' || line[n] == '#';
}

static bool
is_key(const char *p, const char *key)
{
	size_t n = strlen(key);
	bool quoted = *p == '"' || *p == '\'';

	p += quoted;
	if (strncmp(p, key, n) != 0)
		return false;
	p += n;
	if (quoted && *p != '"' && *p != '\'')
		return false;
	p += quoted;
	return p[strspn(p, " \t")] == ':';
}

static bool
listed(const char *p, const struct json *keys)
{
	struct json_iter it;

	for (json_each(&it, keys); json_is(keys, JSON_ARRAY) &&
	    json_next(&it); )
		if (json_str(it.value) && is_key(p, json_str(it.value)))
			return true;
	return false;
}

bool
example_above(const char *text, size_t offset, const struct json *keys)
{
	size_t at = line_start(text, offset);
	size_t level = indent(text + at);

	if (listed(text + at + level, keys))
		return true;
	for (int i = 0; at > 0 && i < EXAMPLE_LINES; i++) {
		size_t own;

		at = line_start(text, at - 1);
		own = indent(text + at);
		if (is_blank(text + at) || own >= level)
			continue;
		if (listed(text + at + own, keys))
			return true;
		level = own;
		if (!level)
			break;
	}
	return false;
}
