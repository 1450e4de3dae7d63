#include "smelt-intake/lint/place.h"

#include <string.h>

#include "base/str.h"
#include "data/json.h"

struct place
place_member(const struct place *up, const char *name)
{
	const struct json *v = json_get(up->value, name);

	return (struct place){ up, json_key_of(v), name, 0, v };
}

struct place
place_next(const struct place *up, const struct json_iter *it, size_t n)
{
	return (struct place){ up, it->key, NULL, n, it->value };
}

/* the first key or scalar in v */
static const struct json *
first_inside(const struct json *v)
{
	struct json_iter it;
	int depth;

	for (depth = 0; depth < JSON_DEPTH; depth++) {
		if (json_type(v) < JSON_ARRAY)
			return v;
		json_each(&it, v);
		if (!json_next(&it))
			return NULL;
		if (it.key)
			return it.key;
		v = it.value;
	}
	return NULL;
}

const struct json *
place_mark(const struct place *p)
{
	const struct json *v;

	for (; p; p = p->up) {
		v = p->key ? p->key : first_inside(p->value);
		if (v)
			return v;
	}
	return NULL;
}

void
place_quote(struct str *out, const char *text, size_t len)
{
	size_t i;

	str_putc(out, '\'');
	for (i = 0; i < len; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			str_putc(out, '\\');
		if ((unsigned char)text[i] < 0x20)
			str_addf(out, "\\u%04x", (unsigned char)text[i]);
		else
			str_putc(out, text[i]);
	}
	str_putc(out, '\'');
}

static bool
is_bare(const char *name, size_t len)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n && n == len && (name[0] < '0' || name[0] > '9');
}

void
place_name(struct str *out, const char *name, size_t len)
{
	if (is_bare(name, len)) {
		str_putc(out, '.');
		str_add(out, name, len);
		return;
	}
	str_putc(out, '[');
	place_quote(out, name, len);
	str_putc(out, ']');
}

/* A parameter is found by what it is, not by where it stands: others may come
 * and go.  False: it is none. */
static bool
put_parameter(struct str *out, const struct place *p)
{
	const struct json *name = json_get(p->value, "name");
	const struct json *in = json_get(p->value, "in");

	if (!p->up->name && !p->up->key)
		return false;
	if (strcmp(p->up->name ? p->up->name : json_str(p->up->key),
	    "parameters") != 0 || !json_str(name) || !json_str(in))
		return false;
	str_puts(out, "[?@.name == ");
	place_quote(out, json_str(name), json_len(name));
	str_puts(out, " && @.in == ");
	place_quote(out, json_str(in), json_len(in));
	str_putc(out, ']');
	return true;
}

static void
put_step(struct str *out, const struct place *p)
{
	if (p->key)
		place_name(out, json_str(p->key), json_len(p->key));
	else if (p->name)
		place_name(out, p->name, strlen(p->name));
	else if (!put_parameter(out, p))
		str_addf(out, "[%zu]", p->index);
}

void
place_path(struct str *out, const struct place *p)
{
	const struct place *way[2 * JSON_DEPTH];
	size_t n = 0;

	for (; p && p->up && n < sizeof(way) / sizeof(*way); p = p->up)
		way[n++] = p;
	str_putc(out, '$');
	while (n)
		put_step(out, way[--n]);
}

unsigned
place_depth(const struct place *p)
{
	unsigned n = 0;

	for (; p && p->up; p = p->up)
		n++;
	return n;
}
