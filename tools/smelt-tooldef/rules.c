#include "smelt-tooldef/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/glob.h"
#include "data/json.h"
#include "smelt-tooldef/hint.h"
#include "smelt-tooldef/toolname.h"

enum { RULES_MAX = 1024 * 1024 };

void
rules_init(struct rules *r)
{
	memset(r, 0, sizeof(*r));
}

void
rules_release(struct rules *r)
{
	if (r->doc) {
		document_release(r->doc);
		free(r->doc);
		str_release(r->text);
		free(r->text);
	}
	free(r->used);
	memset(r, 0, sizeof(*r));
}

static int
at(const struct rules *r, const struct json *v, struct err *err,
	const char *fmt, const char *arg)
{
	unsigned line, col;
	struct str text;

	document_position(r->doc, v, &line, &col);
	str_init(&text, STR_LINE);
	str_addf(&text, "%s '%s'", fmt, arg);
	err_at(err, r->file, line, col, "%s", str_s(&text));
	str_release(&text);
	return -1;
}

/* every member of v is one of names: "*include" wants an array of strings,
 * "?x" a boolean, "{x" an object, "x" a string */
static int
check_members(const struct rules *r, const struct json *v,
	const char *const *names, struct err *err)
{
	static const char marks[] = "*?{";
	static const enum json_type types[] = { JSON_ARRAY, JSON_BOOL,
		JSON_OBJECT };
	struct json_iter it;
	size_t i;

	for (json_each(&it, v); json_next(&it); ) {
		const char *key = json_str(it.key), *mark = NULL;
		enum json_type want = JSON_STRING;

		for (i = 0; names[i]; i++) {
			mark = strchr(marks, names[i][0]);
			if (strcmp(names[i] + (mark ? 1 : 0), key) == 0)
				break;
		}
		if (!names[i])
			return at(r, it.key, err, "unknown key", key);
		if (mark)
			want = types[mark - marks];
		if (!json_is(it.value, want))
			return at(r, it.key, err, want == JSON_ARRAY ?
				"not a list:" : want == JSON_BOOL ?
				"neither true nor false:" : want ==
				JSON_OBJECT ? "not a mapping:" :
				"not a text:", key);
	}
	return 0;
}

static int
check_patterns(const struct rules *r, const char *key, struct err *err)
{
	const struct json *root = document_root(r->doc);
	struct json_iter it, top;

	for (json_each(&top, root); json_next(&top); ) {
		if (!json_str_is(top.key, key))
			continue;
		for (json_each(&it, top.value); json_next(&it); )
			if (!json_len(it.value))
				return at(r, top.key, err,
					"patterns are texts:", key);
	}
	return 0;
}

static int
check_tool(const struct rules *r, const struct json_iter *entry,
	struct err *err)
{
	static const char *const keys[] = { "name", "title", "description",
		"{annotations", NULL };
	static const char *const hints[] = { "?readOnlyHint",
		"?destructiveHint", "?idempotentHint", "?openWorldHint",
		NULL };
	const struct json *name = json_get(entry->value, "name");

	if (!json_is(entry->value, JSON_OBJECT))
		return at(r, entry->key, err, "not a mapping:",
			json_str(entry->key));
	if (check_members(r, entry->value, keys, err) < 0 ||
	    check_members(r, json_get(entry->value, "annotations"), hints,
	    err) < 0)
		return -1;
	if (name && !toolname_valid(json_str(name)))
		return at(r, name, err, "not a tool name ([a-z][a-z0-9_]*, at "
			"most 40 characters):", json_str(name));
	return 0;
}

static int
check(struct rules *r, struct err *err)
{
	static const char *const keys[] = { "*include", "*exclude",
		"?deprecated", "{tools", NULL };
	const struct json *root = document_root(r->doc);
	struct json_iter it;

	if (!json_is(root, JSON_OBJECT))
		return err_at(err, r->file, 1, 1, "not a mapping");
	if (check_members(r, root, keys, err) < 0 ||
	    check_patterns(r, "include", err) < 0 ||
	    check_patterns(r, "exclude", err) < 0)
		return -1;
	r->include = json_get(root, "include");
	r->exclude = json_get(root, "exclude");
	r->tools = json_get(root, "tools");
	r->deprecated = json_get_bool(root, "deprecated", false);
	for (json_each(&it, r->tools); json_next(&it); )
		if (check_tool(r, &it, err) < 0)
			return -1;
	r->used = xcalloc(json_size(r->tools) + 1, sizeof(*r->used));
	return 0;
}

/* nothing but comments: no wish */
static bool
is_empty(const char *text)
{
	for (; *text; text += *text == '\n') {
		text += strspn(text, " \t\r");
		if (*text && *text != '\n' && *text != '#')
			return false;
		text += strcspn(text, "\n");
	}
	return true;
}

int
rules_load(struct rules *r, const char *file, struct err *err)
{
	struct str *text = xmalloc(sizeof(*text));
	struct document *doc = xcalloc(1, sizeof(*doc));

	str_init(text, RULES_MAX);
	if (io_read(file, text, err) < 0 || (!is_empty(str_s(text)) &&
	    document_parse(doc, str_s(text), text->len, file, err) < 0)) {
		str_release(text);
		free(text);
		free(doc);
		return -1;
	}
	r->file = file;
	r->text = text;
	r->doc = doc;
	return is_empty(str_s(text)) ? 0 : check(r, err);
}

void
rules_digest(const struct rules *r, struct sha256 *h)
{
	if (r->text)
		sha256_field(h, str_s(r->text));
}

static bool
matches_one(const char *pattern, const struct json *texts)
{
	struct json_iter it;

	for (json_each(&it, texts); json_next(&it); )
		if (json_str(it.value) && glob_text(pattern, json_str(it.value)))
			return true;
	return false;
}

static bool
hits(const char *pattern, const struct json *callable, const char *name)
{
	const struct json *route = json_get(callable, "route");
	const char *path = json_get_str(route, "path");
	const char *method = json_get_str(route, "method");

	if (str_starts(pattern, "tag:"))
		return matches_one(pattern + 4, json_get(callable, "tags"));
	if (str_starts(pattern, "scope:"))
		return matches_one(pattern + 6, json_get(json_get(callable,
			"mcp"), "scopes"));
	if (str_starts(pattern, "path:"))
		return path && glob_match(pattern + 5,
			*path == '/' ? path + 1 : path);
	if (str_starts(pattern, "method:"))
		return method && glob_text(pattern + 7, method);
	return glob_text(pattern, name) ||
	    glob_text(pattern, json_get_str(callable, "id"));
}

static const char *
first_hit(const struct json *patterns, const struct json *callable,
	const char *name, size_t *rank)
{
	struct json_iter it;

	*rank = 0;
	for (json_each(&it, patterns); json_next(&it); ++*rank)
		if (hits(json_str(it.value), callable, name))
			return json_str(it.value);
	return NULL;
}

bool
rules_excludes(const struct rules *r, const struct json *callable,
	const char *name, const char **why)
{
	size_t rank;
	const char *hit = first_hit(r->exclude, callable, name, &rank);

	*why = hit;
	if (hit)
		return true;
	return r->include && !first_hit(r->include, callable, name, &rank);
}

size_t
rules_rank(const struct rules *r, const struct json *callable,
	const char *name)
{
	size_t rank;

	first_hit(r->include, callable, name, &rank);
	return rank;
}

const struct json *
rules_entry(struct rules *r, const struct json *callable, const char *name)
{
	const char *id = json_get_str(callable, "id");
	struct json_iter it;
	size_t i = 0;

	for (json_each(&it, r->tools); json_next(&it); i++) {
		if (!json_str_is(it.key, name) && !json_str_is(it.key, id))
			continue;
		r->used[i] = true;
		return it.value;
	}
	return NULL;
}

static int
tighten(const struct rules *r, const struct json *hints, const char *key,
	bool *hint, bool tight, struct err *err)
{
	struct json_iter it;

	for (json_each(&it, hints); json_next(&it); ) {
		bool wanted = json_bool(it.value, tight);

		if (!json_str_is(it.key, key) || wanted == *hint)
			continue;
		if (wanted != tight)
			return at(r, it.key, err, "annotations can only be "
				"tightened, not", key);
		*hint = wanted;
	}
	return 0;
}

int
rules_hints(const struct rules *r, const struct json *entry,
	struct hints *h, struct err *err)
{
	const struct json *a = json_get(entry, "annotations");

	if (tighten(r, a, "readOnlyHint", &h->read_only, false, err) < 0 ||
	    tighten(r, a, "destructiveHint", &h->destructive, true, err) < 0 ||
	    tighten(r, a, "idempotentHint", &h->idempotent, false, err) < 0 ||
	    tighten(r, a, "openWorldHint", &h->open_world, true, err) < 0)
		return -1;
	return 0;
}

int
rules_unused(const struct rules *r, struct err *err)
{
	struct json_iter it;
	size_t i = 0;

	for (json_each(&it, r->tools); json_next(&it); i++)
		if (!r->used[i])
			return at(r, it.key, err, "no tool or callable is "
				"called", json_str(it.key));
	return 0;
}
