#include "smelt-gate1/example.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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

static bool
by_indent(const char *text, size_t offset, const struct json *keys)
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

/* Behind the string that starts at at. */
static size_t
skip_string(const char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < len ? at + 1 : len;
}

static void
add_range(struct examples *e, size_t start, size_t end)
{
	e->ranges = vec_grow(e->ranges, e->n, &e->cap, sizeof(*e->ranges));
	e->ranges[e->n++] = (struct example_range){ start, end };
}

/*
 * One pass: where the outermost value of a wanted key begins and at which depth
 * it ends.  Broken JSON only makes the ranges wrong.
 */
static void
by_structure(struct examples *e, size_t len)
{
	size_t start = 0, depth = 0, level = 0;
	bool inside = false;

	for (size_t at = 0; at < len; ) {
		char c = e->text[at];

		if (c == '"') {
			size_t end = skip_string(e->text, len, at);

			if (!inside && listed(e->text + at, e->keys)) {
				inside = true;
				start = end;
				level = depth;
			}
			at = end;
			continue;
		}
		if (inside && depth == level && (c == ',' || c == '}')) {
			add_range(e, start, at);
			inside = false;
		}
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth)
			depth--;
		at++;
	}
	if (inside)
		add_range(e, start, len);
}

void
examples_init(struct examples *e, const char *text, size_t len,
	const struct json *keys)
{
	size_t blank = strspn(text, " \t\r\n");

	memset(e, 0, sizeof(*e));
	e->text = text;
	e->keys = keys;
	e->json = text[blank] == '{' || text[blank] == '[';
	if (e->json)
		by_structure(e, len);
}

void
examples_release(struct examples *e)
{
	free(e->ranges);
	memset(e, 0, sizeof(*e));
}

bool
examples_has(const struct examples *e, size_t offset)
{
	size_t low = 0, high = e->n;

	if (!e->json)
		return by_indent(e->text, offset, e->keys);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (e->ranges[mid].end <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low < e->n && e->ranges[low].start <= offset;
}
