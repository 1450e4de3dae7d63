#include "smelt-tooldef/budget/compact.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/keyword.h"
#include "smelt-tooldef/budget/share.h"
#include "smelt-tooldef/budget/tokens.h"
#include "smelt-tooldef/define.h"
#include "smelt-tooldef/words/prose.h"

/* DEPTH: what lies deeper stays as it is */
enum { DEPTH = 200, LONG_TEXT = 256 };

static const char *const names[] = { "outputSchema", "shared schemas",
	"examples", "loose bounds", "nested descriptions", "description",
	"argument descriptions", "all nested descriptions",
	"all argument descriptions" };

const char *
compact_name(enum compaction step)
{
	return names[step];
}

/* Where a schema stands: the root, an argument, or within one. */
enum level { ROOT, ARGUMENT, NESTED };

struct work {
	enum compaction step;
	struct emit *e;
	int depth;
};

static void put_schema(struct work *, const struct json *, enum level);

static void
put_named(struct work *w, const struct json *map, enum level level)
{
	struct json_iter it;

	emit_object(w->e);
	for (json_each(&it, map); json_next(&it); ) {
		emit_keyn(w->e, json_str(it.key), json_len(it.key));
		put_schema(w, it.value, level);
	}
	emit_end(w->e);
}

static void
put_list(struct work *w, const struct json *list)
{
	struct json_iter it;

	emit_array(w->e);
	for (json_each(&it, list); json_next(&it); )
		put_schema(w, it.value, NESTED);
	emit_end(w->e);
}

static void
put_description(struct work *w, const struct json *text, enum level level)
{
	bool shorten = (w->step == COMPACT_NESTED && level == NESTED) ||
		(w->step == COMPACT_ARGUMENTS && level == ARGUMENT);

	emit_strn(w->e, json_str(text), shorten ?
		prose_sentence(json_str(text), json_len(text)) :
		json_len(text));
}

static bool
is_prose(const struct json *key, const struct json *v)
{
	return json_str_is(key, "description") && json_is(v, JSON_STRING);
}

static bool
is_note(const struct json *key, const struct json *v)
{
	return (json_str_is(key, "examples") && json_is(v, JSON_ARRAY)) ||
	    (json_str_is(key, "title") && json_is(v, JSON_STRING));
}

/* what tells a caller next to nothing: how a number is stored, and that a text
 * may be long */
static bool
is_loose(const struct json *key, const struct json *v)
{
	static const char *const stored[] = { "int32", "int64", "float",
		"double", NULL };
	int64_t n;

	if (json_str_is(key, "format"))
		return json_str(v) && str_in(json_str(v), stored);
	return json_str_is(key, "maxLength") && json_int(v, &n) &&
		n >= LONG_TEXT;
}

static bool
is_left_out(enum compaction step, const struct json *key,
	const struct json *v, enum level level)
{
	switch (step) {
	case COMPACT_EXAMPLES:
		return is_note(key, v);
	case COMPACT_LOOSE:
		return is_loose(key, v);
	case COMPACT_NESTED_ALL:
		return level == NESTED && is_prose(key, v);
	case COMPACT_ARGUMENTS_ALL:
		return level == ARGUMENT && is_prose(key, v);
	default:
		return false;
	}
}

static void
put_member(struct work *w, const struct json *key, const struct json *v,
	enum level level)
{
	if (is_left_out(w->step, key, v, level))
		return;
	emit_keyn(w->e, json_str(key), json_len(key));
	switch (keyword_of(key, v)) {
	case KEYWORD_VALUE:
		if (is_prose(key, v))
			put_description(w, v, level);
		else
			emit_json(w->e, v);
		break;
	case KEYWORD_SCHEMA:
		put_schema(w, v, NESTED);
		break;
	case KEYWORD_SCHEMAS:
		put_list(w, v);
		break;
	case KEYWORD_NAMED:
		put_named(w, v, level == ROOT && json_str_is(key,
			"properties") ? ARGUMENT : NESTED);
	}
}

static void
put_schema(struct work *w, const struct json *s, enum level level)
{
	struct json_iter it;

	if (!json_is(s, JSON_OBJECT) || w->depth == DEPTH) {
		emit_json(w->e, s);
		return;
	}
	w->depth++;
	emit_object(w->e);
	for (json_each(&it, s); json_next(&it); )
		put_member(w, it.key, it.value, level);
	emit_end(w->e);
	w->depth--;
}

/* the members that clients see, as an object */
static void
put_object(const struct definition *def, const struct json *tool,
	enum compaction step, struct str *out)
{
	static const char *const keys[] = { "name", "title", "description",
		"inputSchema", "outputSchema", "annotations" };
	struct emit e;
	struct work w = { step, &e, 0 };
	struct str text;
	size_t i;

	emit_init(&e, out);
	emit_object(&e);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct json *v = json_get(tool, keys[i]);

		if (!v || (i == 4 && step == COMPACT_OUTPUT))
			continue;
		emit_key(&e, keys[i]);
		if (i == 2 && step == COMPACT_DESCRIPTION && !def->worded) {
			str_init(&text, STR_RECORD);
			prose_description(&text, def->callable, true);
			emit_strn(&e, str_s(&text), text.len);
			str_release(&text);
		} else if (i == 3 && step == COMPACT_SHARED) {
			share_put(v, &e);
		} else if (i == 3) {
			put_schema(&w, v, ROOT);
		} else {
			emit_json(&e, v);
		}
	}
	emit_end(&e);
}

/* without an outputSchema nothing says what to wrap */
static void
put_unwrapped(struct emit *e, const struct json *binding)
{
	struct json_iter it, in;

	emit_object(e);
	for (json_each(&it, binding); json_next(&it); ) {
		if (json_str_is(it.key, "wrap"))
			continue;
		emit_keyn(e, json_str(it.key), json_len(it.key));
		if (!json_str_is(it.key, "response")) {
			emit_json(e, it.value);
			continue;
		}
		emit_object(e);
		for (json_each(&in, it.value); json_next(&in); )
			if (!json_str_is(in.key, "wrap"))
				emit_pair_json(e, json_str(in.key), in.value);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_steps(struct emit *e, unsigned steps)
{
	const char *list[COMPACTIONS];
	size_t i, n = 0;

	for (i = 0; i < COMPACTIONS; i++)
		if (steps & (1U << i))
			list[n++] = names[i];
	emit_pair_list(e, "compacted", list, n);
}

/* the whole record around what clients see */
static void
put_record(struct definition *out, const struct json *tool,
	const struct str *object, struct str *line)
{
	struct json_iter it;
	struct emit e;
	bool ours = false;

	emit_init(&e, line);
	emit_object(&e);
	emit_pair(&e, "kind", "tool");
	str_putc(line, ',');
	out->object = line->len;
	out->object_len = object->len - 2;
	str_add(line, object->buf + 1, object->len - 2);
	for (json_each(&it, tool); json_next(&it); ) {
		ours = ours || json_str_is(it.key, "callable");
		if (!ours || json_str_is(it.key, "compacted"))
			continue;
		if (json_str_is(it.key, "tokens")) {
			emit_pair_int(&e, "tokens", (int64_t)out->tokens);
			put_steps(&e, out->compacted);
		} else if (json_str_is(it.key, "binding") &&
		    (out->compacted & (1U << COMPACT_OUTPUT))) {
			emit_key(&e, "binding");
			put_unwrapped(&e, it.value);
		} else {
			emit_pair_json(&e, json_str(it.key), it.value);
		}
	}
	emit_end(&e);
}

bool
compact(const struct definition *def, enum compaction step,
	struct definition *out)
{
	struct str object, line;
	struct json_doc doc;
	struct err err;

	if (json_parse(&doc, def->line, def->len, def->name, &err) < 0)
		return false;
	str_init(&object, STR_RECORD);
	put_object(def, json_root(&doc), step, &object);
	*out = *def;
	out->tokens = tokens_estimate(object.buf, object.len);
	if (out->tokens < def->tokens) {
		if (step == COMPACT_OUTPUT)
			out->outputs = 0;
		out->compacted |= 1U << step;
		str_init(&line, STR_RECORD);
		put_record(out, json_root(&doc), &object, &line);
		out->len = line.len;
		out->line = str_detach(&line);
	}
	json_release(&doc);
	str_release(&object);
	return out->tokens < def->tokens;
}
