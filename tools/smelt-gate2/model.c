#include "smelt-gate2/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"

void
model_init(struct model *m)
{
	memset(m, 0, sizeof(*m));
	m->callables = xcalloc(1, sizeof(*m->callables));
	m->files = xcalloc(1, sizeof(*m->files));
	m->hosts = xcalloc(1, sizeof(*m->hosts));
	m->words = xcalloc(1, sizeof(*m->words));
}

static void
map_drop(struct map *map)
{
	map_release(map);
	free(map);
}

void
model_release(struct model *m)
{
	size_t i;

	for (i = 0; i < m->ndocs; i++) {
		json_release(m->docs[i]);
		free(m->docs[i]);
	}
	for (i = 0; i < m->words->n; i++)
		map_drop(m->words->entries[i].value);
	free(m->docs);
	free(m->tools);
	free(m->emits);
	map_drop(m->callables);
	map_drop(m->files);
	map_drop(m->hosts);
	map_drop(m->words);
	memset(m, 0, sizeof(*m));
}

bool
url_host(const char *url, char *out, size_t size)
{
	const char *p = strstr(url, "://"), *end, *at;
	size_t i, n;

	if (!p)
		return false;
	p += 3;
	end = p + strcspn(p, "/?#\\\"' ");
	for (at = end; at > p; at--)
		if (at[-1] == '@')
			break;
	if (at > p)
		p = at;
	n = *p == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":");
	if (n > (size_t)(end - p))
		n = (size_t)(end - p);
	if (n == 0 || n >= size)
		return false;
	for (i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)p[i]);
	out[n] = '\0';
	return true;
}

static void
add_hosts(struct model *m, const struct json *urls, const char *member)
{
	struct json_iter it;
	const char *url;
	char host[256];

	for (json_each(&it, urls); json_next(&it); ) {
		url = member ? json_get_str(it.value, member) :
			json_str(it.value);
		if (url && url_host(url, host, sizeof(host)))
			map_put(m->hosts, host, m);
	}
}

static void
keep_callable(struct model *m, const struct json *v)
{
	const char *id = json_get_str(v, "id");

	if (id)
		map_put(m->callables, id, (void *)(uintptr_t)v);
	add_hosts(m, json_get(json_get(v, "route"), "servers"), NULL);
}

static void
keep(struct model *m, const char *kind, const struct json *v)
{
	const char *path = json_get_str(v, "path");

	if (strcmp(kind, "tool") == 0) {
		m->tools = vec_grow(m->tools, m->ntools, &m->tools_cap,
			sizeof(struct json *));
		m->tools[m->ntools++] = v;
	} else if (strcmp(kind, "callable") == 0) {
		keep_callable(m, v);
	} else if (strcmp(kind, "unit") == 0) {
		add_hosts(m, json_get(json_get(v, "openapi"), "servers"),
			"url");
	} else if (path) {
		m->emits = vec_grow(m->emits, m->nemits, &m->emits_cap,
			sizeof(struct json *));
		m->emits[m->nemits++] = v;
		map_put(m->files, path, (void *)(uintptr_t)v);
	}
}

static bool
is_tool_name(const char *name)
{
	return name && *name && !name[strspn(name,
		"abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* What the checks lean on; the rest of a record may be of any shape. */
static const char *
wrong_with_tool(const struct json *v)
{
	const struct json *b = json_get(v, "binding");

	if (!is_tool_name(json_get_str(v, "name")))
		return "name is not [a-z][a-z0-9_]*";
	if (!json_is(json_get(v, "inputSchema"), JSON_OBJECT))
		return "inputSchema is not an object";
	if (!json_get_str(b, "type"))
		return "binding has no type";
	if (json_str_is(json_get(b, "type"), "http") &&
	    (!json_get_str(b, "method") || !json_get_str(b, "path")))
		return "binding has no method or no path";
	return NULL;
}

int
model_add(struct model *m, const struct stage *s, const struct rec *rec,
	struct err *err)
{
	static const char *const kinds[] = { "tool", "callable", "unit",
		"emit" };
	struct json_doc *doc;
	const char *wrong;
	size_t i;

	for (i = 0; i < 4 && !rec_is(rec, kinds[i]); i++)
		;
	if (i == 4)
		return 0;
	doc = xcalloc(1, sizeof(*doc));
	if (stage_parse(s, rec, doc, err) < 0) {
		free(doc);
		return -1;
	}
	wrong = i == 0 ? wrong_with_tool(json_root(doc)) : NULL;
	if (wrong) {
		json_release(doc);
		free(doc);
		return err_at(err, s->reader->name, rec->number, 0,
			"tool record whose %s", wrong);
	}
	m->docs = vec_grow(m->docs, m->ndocs, &m->docs_cap,
		sizeof(*m->docs));
	m->docs[m->ndocs++] = doc;
	keep(m, kinds[i], json_root(doc));
	return 0;
}

const struct json *
model_callable(const struct model *m, const struct json *tool)
{
	const char *id = json_get_str(tool, "callable");

	return id ? map_get(m->callables, id) : NULL;
}

const char *
model_emitted(const struct model *m, const char *path, size_t *len)
{
	const struct json *v = map_get(m->files, path), *text;

	if (!v || !json_str_is(json_get(v, "encoding"), "utf-8"))
		return NULL;
	text = json_get(v, "text");
	*len = json_len(text);
	return json_str(text);
}
