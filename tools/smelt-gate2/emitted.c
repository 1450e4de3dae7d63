#include "smelt-gate2/emitted.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-gate2/judge.h"
#include "smelt-gate2/model.h"

static void
missing(struct judge *j, const char *path)
{
	const char *args[] = { path, NULL };

	judge_file(j, "tools.json", 1, "emitted-missing", args);
}

static bool
load(struct judge *j, const struct model *m, const char *path,
	struct json_doc *doc)
{
	struct err err;
	size_t len;
	const char *text = model_emitted(m, path, &len);

	if (text && json_parse(doc, text, len, path, &err) == 0)
		return true;
	missing(j, path);
	memset(doc, 0, sizeof(*doc));
	return false;
}

/* the members that clients see must be equal, and no others be served */
static bool
same_definition(const struct json *served, const struct json *tool)
{
	static const char *const members[] = { "name", "title",
		"description", "inputSchema", "outputSchema", "annotations" };
	size_t i, n = 0;

	for (i = 0; i < 6; i++) {
		const struct json *a = json_get(served, members[i]);
		const struct json *b = json_get(tool, members[i]);

		if (!a != !b || (a && !json_equal(a, b)))
			return false;
		n += a != NULL;
	}
	return json_size(served) == n;
}

static void
check_tools(struct judge *j, const struct model *m, const char *path)
{
	const char *args[] = { NULL, NULL }, *name;
	struct map served = { 0 };
	struct json_doc doc;
	struct json_iter it;
	size_t i;

	if (!load(j, m, path, &doc))
		return;
	for (json_each(&it, json_get(json_root(&doc), "tools"));
	    json_next(&it); )
		if ((name = json_get_str(it.value, "name")))
			map_put(&served, name, (void *)(uintptr_t)it.value);
	for (i = 0; i < m->ntools; i++) {
		struct map_entry *e;

		args[0] = name = json_get_str(m->tools[i], "name");
		e = map_find(&served, name, strlen(name));
		if (!e || !same_definition(e->value, m->tools[i]))
			judge_tool(j, m->tools[i], "emitted-definition",
				args);
		if (e)
			e->value = NULL;
	}
	for (i = 0; i < served.n; i++) {
		args[0] = served.entries[i].key;
		if (served.entries[i].value)
			judge_file(j, path, 1, "emitted-extra", args);
	}
	map_release(&served);
	json_release(&doc);
}

/* what a dynamic server lists: the meta-tools, and nothing else */
static void
check_meta(struct judge *j, const struct model *m, const struct json *meta)
{
	const char *args[] = { NULL, NULL };
	struct json_iter it, known;
	struct json_doc doc;
	bool same;

	if (!load(j, m, "tools.json", &doc))
		return;
	for (json_each(&it, json_get(json_root(&doc), "tools"));
	    json_next(&it); ) {
		same = false;
		for (json_each(&known, meta); json_next(&known) && !same; )
			same = json_equal(it.value, known.value);
		args[0] = json_get_str(it.value, "name");
		if (!same)
			judge_file(j, "tools.json", 1, "emitted-extra", args);
	}
	json_release(&doc);
}

/* by what the runtime goes by */
static bool
is_dynamic(const struct model *m)
{
	struct json_doc doc;
	struct err ignored;
	bool dynamic;
	size_t len;
	const char *text = model_emitted(m, "bindings.json", &len);

	if (!text || json_parse(&doc, text, len, "bindings.json",
	    &ignored) < 0)
		return false;
	dynamic = json_str_is(json_get(json_root(&doc), "mode"), "dynamic");
	json_release(&doc);
	return dynamic;
}

static void
check_bindings(struct judge *j, const struct model *m)
{
	const struct json *all, *entry;
	const char *args[] = { NULL, NULL };
	struct json_doc doc;
	size_t i;

	if (!load(j, m, "bindings.json", &doc))
		return;
	all = json_get(json_root(&doc), "bindings");
	for (i = 0; i < m->ntools; i++) {
		args[0] = json_get_str(m->tools[i], "name");
		entry = json_get(all, args[0]);
		if (!json_equal(json_get(entry, "binding"),
		    json_get(m->tools[i], "binding")) ||
		    !json_equal(json_get(entry, "security"),
		    json_get(m->tools[i], "security")))
			judge_tool(j, m->tools[i], "emitted-binding", args);
	}
	json_release(&doc);
}

static void
check_handlers(struct judge *j, const struct model *m)
{
	const char *name;
	char *py, *ts;
	size_t i;

	for (i = 0; i < m->ntools; i++) {
		name = json_get_str(m->tools[i], "name");
		py = xasprintf("handlers/%s.py", name);
		ts = xasprintf("src/handlers/%s.ts", name);
		if (!map_has(m->files, py) && !map_has(m->files, ts))
			missing(j, py);
		free(py);
		free(ts);
	}
}

static void
check_digest(struct judge *j, const struct json *emit)
{
	const struct json *text = json_get(emit, "text");
	const char *path = json_get_str(emit, "path");
	const char *args[] = { path, NULL };
	char hex[SHA256_HEX + 1];
	struct str raw;

	str_init(&raw, STR_RECORD);
	if (json_str_is(json_get(emit, "encoding"), "base64"))
		base64_decode(&raw, json_str(text), json_len(text));
	else
		str_add(&raw, json_str(text), json_len(text));
	sha256_hex(str_s(&raw), raw.len, hex);
	if (!json_str_is(json_get(emit, "sha256"), hex))
		judge_file(j, path, 1, "emitted-digest", args);
	str_release(&raw);
}

void
emitted_check(struct judge *j, const struct model *m, const struct json *meta)
{
	bool dynamic = is_dynamic(m);
	size_t i;

	check_tools(j, m, dynamic ? "catalogue.json" : "tools.json");
	if (dynamic)
		check_meta(j, m, meta);
	check_bindings(j, m);
	check_handlers(j, m);
	for (i = 0; i < m->nemits; i++)
		check_digest(j, m->emits[i]);
}
