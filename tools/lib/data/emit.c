#include "data/emit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/str.h"
#include "data/json.h"

void
emit_init(struct emit *e, struct str *out)
{
	memset(e, 0, sizeof(*e));
	e->out = out;
	e->first = true;
}

void
emit_pretty(struct emit *e, int n)
{
	e->indent = n;
}

static void
line_break(struct emit *e)
{
	int i;

	if (!e->indent)
		return;
	str_putc(e->out, '\n');
	for (i = 0; i < e->depth * e->indent; i++)
		str_putc(e->out, ' ');
}

static void
separate(struct emit *e)
{
	if (!e->first)
		str_putc(e->out, ',');
	e->first = false;
	if (e->depth)
		line_break(e);
}

static void
before_value(struct emit *e)
{
	bool in_object = e->depth && e->object[e->depth - 1];

	if (in_object != e->keyed)
		die("internal: emit value %s a key",
			in_object ? "without" : "with");
	if (!e->keyed)
		separate(e);
	e->keyed = false;
}

static void
open_container(struct emit *e, bool object)
{
	before_value(e);
	if (e->depth >= EMIT_DEPTH)
		die("internal: emit nested too deep");
	e->object[e->depth++] = object;
	e->first = true;
	str_putc(e->out, object ? '{' : '[');
}

void
emit_object(struct emit *e)
{
	open_container(e, true);
}

void
emit_array(struct emit *e)
{
	open_container(e, false);
}

void
emit_end(struct emit *e)
{
	if (!e->depth || e->keyed)
		die("internal: emit_end");
	e->depth--;
	if (!e->first)
		line_break(e);
	e->first = false;
	str_putc(e->out, e->object[e->depth] ? '}' : ']');
}

void
emit_keyn(struct emit *e, const char *key, size_t len)
{
	if (!e->depth || !e->object[e->depth - 1] || e->keyed)
		die("internal: emit_key");
	separate(e);
	json_write_str(e->out, key, len);
	str_putc(e->out, ':');
	if (e->indent)
		str_putc(e->out, ' ');
	e->keyed = true;
}

void
emit_key(struct emit *e, const char *key)
{
	emit_keyn(e, key, strlen(key));
}

void
emit_strn(struct emit *e, const char *text, size_t len)
{
	before_value(e);
	json_write_str(e->out, text, len);
}

void
emit_str(struct emit *e, const char *text)
{
	emit_strn(e, text, strlen(text));
}

void
emit_int(struct emit *e, int64_t n)
{
	before_value(e);
	str_addf(e->out, "%lld", (long long)n);
}

void
emit_fixed(struct emit *e, double n)
{
	char buf[64];
	size_t k;

	before_value(e);
	if (!isfinite(n) || fabs(n) > 1e15)
		die("internal: emit_fixed");
	snprintf(buf, sizeof(buf), "%.2f", n);
	k = strlen(buf);
	while (k && buf[k - 1] == '0')
		k--;
	if (k && buf[k - 1] == '.')
		k--;
	if (k == 2 && buf[0] == '-' && buf[1] == '0')
		str_putc(e->out, '0');
	else
		str_add(e->out, buf, k);
}

void
emit_bool(struct emit *e, bool b)
{
	before_value(e);
	str_puts(e->out, b ? "true" : "false");
}

void
emit_null(struct emit *e)
{
	before_value(e);
	str_puts(e->out, "null");
}

static void
copy_pretty(struct emit *e, const struct json *v)
{
	bool object = json_is(v, JSON_OBJECT);
	struct json_iter it;

	open_container(e, object);
	for (json_each(&it, v); json_next(&it); ) {
		if (object)
			emit_keyn(e, json_str(it.key), json_len(it.key));
		emit_json(e, it.value);
	}
	emit_end(e);
}

void
emit_json(struct emit *e, const struct json *v)
{
	if (e->indent && json_type(v) >= JSON_ARRAY) {
		copy_pretty(e, v);
		return;
	}
	before_value(e);
	json_write(e->out, v);
}

void
emit_raw(struct emit *e, const char *json, size_t len)
{
	before_value(e);
	str_add(e->out, json, len);
}

void
emit_pair(struct emit *e, const char *key, const char *text)
{
	if (!text)
		return;
	emit_key(e, key);
	emit_str(e, text);
}

void
emit_pair_json(struct emit *e, const char *key, const struct json *v)
{
	if (!v)
		return;
	emit_key(e, key);
	emit_json(e, v);
}

void
emit_pair_int(struct emit *e, const char *key, int64_t n)
{
	emit_key(e, key);
	emit_int(e, n);
}

void
emit_pair_bool(struct emit *e, const char *key, bool b)
{
	emit_key(e, key);
	emit_bool(e, b);
}

void
emit_pair_list(struct emit *e, const char *key, const char *const *list,
	size_t n)
{
	emit_key(e, key);
	emit_array(e);
	for (size_t i = 0; i < n; i++)
		emit_str(e, list[i]);
	emit_end(e);
}

void
emit_pair_sha256(struct emit *e, const char *key, const char *hex)
{
	struct str text;

	str_init(&text, STR_LINE);
	str_addf(&text, "sha256:%s", hex);
	emit_pair(e, key, str_s(&text));
	str_release(&text);
}

void
emit_pair_loc(struct emit *e, const char *key, const struct loc *loc)
{
	emit_key(e, key);
	emit_object(e);
	emit_pair(e, "file", loc->file);
	emit_pair_int(e, "line", loc->line);
	emit_pair_int(e, "col", loc->col);
	emit_pair_int(e, "endLine", loc->end_line);
	emit_pair_int(e, "endCol", loc->end_col);
	emit_end(e);
}

static bool
position(const struct json *v, const char *key, unsigned *out)
{
	int64_t n;

	if (!json_int(json_get(v, key), &n) || n < 0 || n > 0x7fffffff)
		return false;
	*out = (unsigned)n;
	return true;
}

bool
loc_read(struct loc *loc, const struct json *v)
{
	loc->file = json_get_str(v, "file");
	return loc->file && position(v, "line", &loc->line) &&
	    position(v, "col", &loc->col) &&
	    position(v, "endLine", &loc->end_line) &&
	    position(v, "endCol", &loc->end_col);
}
