#include "smelt-codegen/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"

enum { NAME_MAX_LEN = 64 };

/* members of the Tool object, in the order in which it is served */
static const char *const served[] = {
	"name", "title", "description", "inputSchema", "outputSchema",
	"annotations"
};

void
model_init(struct model *m, enum target target,
	const struct dynamic *dynamic)
{
	memset(m, 0, sizeof(*m));
	m->target = target;
	m->dynamic = dynamic;
	m->version = "0.0.0";
	m->names = xcalloc(1, sizeof(*m->names));
	m->schemes = xcalloc(1, sizeof(*m->schemes));
	m->used = xcalloc(1, sizeof(*m->used));
	m->mem = xcalloc(1, sizeof(*m->mem));
}

void
model_release(struct model *m)
{
	map_release(m->names);
	map_release(m->schemes);
	map_release(m->used);
	arena_release(m->mem);
	free(m->names);
	free(m->schemes);
	free(m->used);
	free(m->mem);
	free(m->tools);
	free(m->bases);
	free(m->skips);
	free(m->deps);
	free(m->sources);
	memset(m, 0, sizeof(*m));
}

bool
model_is_python(const struct model *m)
{
	size_t i;

	for (i = 0; i < m->ntools; i++)
		if (m->tools[i].python)
			return true;
	return false;
}

static const char *
kept(struct model *m, const struct str *s)
{
	return arena_strndup(m->mem, str_s(s), s->len);
}

static const char *
kept_json(struct model *m, const struct json *v)
{
	const char *text;
	struct str out;

	str_init(&out, STR_RECORD);
	json_write(&out, v);
	text = kept(m, &out);
	str_release(&out);
	return text;
}

static bool
is_tool_name(const struct json *v)
{
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *name = json_str(v);

	return name && name[0] >= 'a' && name[0] <= 'z' &&
		json_len(v) <= NAME_MAX_LEN &&
		strspn(name, more) == json_len(v);
}

static const char *
definition(struct model *m, const struct json *tool)
{
	const char *text;
	struct emit e;
	struct str out;
	size_t i;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_object(&e);
	for (i = 0; i < sizeof(served) / sizeof(served[0]); i++)
		emit_pair_json(&e, served[i], json_get(tool, served[i]));
	emit_end(&e);
	text = kept(m, &out);
	str_release(&out);
	return text;
}

static const char *
binding(struct model *m, const struct json *tool)
{
	const struct json *security = json_get(tool, "security");
	const char *text;
	struct emit e;
	struct str out;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_object(&e);
	emit_pair_json(&e, "binding", json_get(tool, "binding"));
	emit_key(&e, "security");
	if (json_is(security, JSON_ARRAY)) {
		emit_json(&e, security);
	} else {
		emit_array(&e);
		emit_end(&e);
	}
	emit_pair_json(&e, "annotations", json_get(tool, "annotations"));
	if (m->dynamic && json_size(json_get(tool, "tags")))
		emit_pair_json(&e, "tags", json_get(tool, "tags"));
	emit_end(&e);
	text = kept(m, &out);
	str_release(&out);
	return text;
}

static void
use_schemes(struct model *m, const struct json *tool)
{
	struct json_iter alternative, scheme;
	bool added;

	json_each(&alternative, json_get(tool, "security"));
	while (json_next(&alternative)) {
		json_each(&scheme, alternative.value);
		while (json_next(&scheme))
			if (scheme.key)
				map_add(m->used, json_str(scheme.key),
					json_len(scheme.key), &added);
	}
}

static void
skip_tool(struct model *m, const struct json *tool)
{
	struct emit e;
	struct str out;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_object(&e);
	emit_pair(&e, "kind", "skip");
	emit_pair_json(&e, "callable", json_get(tool, "callable"));
	emit_pair_json(&e, "name", json_get(tool, "name"));
	emit_pair(&e, "reason", "unsupported");
	emit_pair(&e, "text", "a Python function can not be called in process "
		"by a TypeScript server");
	emit_pair_json(&e, "loc", json_get(tool, "loc"));
	emit_end(&e);
	m->skips = vec_grow(m->skips, m->nskips, &m->skips_cap,
		sizeof(*m->skips));
	m->skips[m->nskips++] = kept(m, &out);
	str_release(&out);
}

static const char *
tool_fault(struct model *m, const struct json *tool)
{
	const struct json *name = json_get(tool, "name");
	const struct json *b = json_get(tool, "binding");
	bool added;

	if (!is_tool_name(name))
		return "tool name is not [a-z][a-z0-9_]*, at most 64 long";
	map_add(m->names, json_str(name), json_len(name), &added);
	if (!added)
		return "tool name is there already";
	if (!json_is(json_get(tool, "inputSchema"), JSON_OBJECT) ||
	    !json_str_is(json_pointer(tool, "/inputSchema/type"), "object"))
		return "inputSchema is not that of an object";
	if (json_str_is(json_get(b, "type"), "http")) {
		if (!json_get_str(b, "method") || !json_get_str(b, "path"))
			return "http binding without method or path";
	} else if (json_str_is(json_get(b, "type"), "python")) {
		if (!json_get_str(b, "module") || !json_get_str(b, "qualname"))
			return "python binding without module or qualname";
	} else if (!json_str_is(json_get(b, "type"), "manual")) {
		return "binding is neither http nor python nor manual";
	}
	return NULL;
}

const struct model_base *
model_bases(const struct model *m, size_t *n)
{
	static const struct model_base none = { "SMELT_BASE_URL", NULL,
		false };

	*n = m->nbases ? m->nbases : 1;
	return m->nbases ? m->bases : &none;
}

/* SMELT_BASE_URL_MY_API of the document my-api */
static const char *
base_name(struct model *m, const char *document)
{
	const char *name;
	struct str out;

	str_init(&out, STR_LINE);
	str_addf(&out, "SMELT_BASE_URL%s", document ? "_" : "");
	for (; document && *document; document++) {
		char c = char_upper(*document);

		str_putc(&out, (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') ? c : '_');
	}
	name = kept(m, &out);
	str_release(&out);
	return name;
}

static void
note_base(struct model *m, const struct json *binding)
{
	const char *document = json_get_str(binding, "document");
	const char *server = json_get_str(binding, "server");
	const char *name;
	struct model_base *b;
	size_t i;

	if (!json_str_is(json_get(binding, "type"), "http"))
		return;
	name = base_name(m, document);
	for (i = 0; i < m->nbases; i++)
		if (strcmp(m->bases[i].name, name) == 0)
			break;
	if (i == m->nbases) {
		m->bases = vec_grow(m->bases, m->nbases, &m->bases_cap,
			sizeof(*m->bases));
		m->bases[m->nbases++] = (struct model_base){ name,
			document ? arena_strdup(m->mem, document) : NULL,
			false };
	}
	b = &m->bases[i];
	b->relative |= !server || (!str_starts(server, "http://") &&
		!str_starts(server, "https://"));
}

static int
take_tool(struct model *m, const struct stage *s, const struct rec *rec,
	const struct json *tool, struct err *err)
{
	const char *fault = tool_fault(m, tool);
	const char *name = json_get_str(tool, "name");
	struct model_tool *t;
	bool python;

	if (fault)
		return err_at(err, s->reader->name, rec->number, 1,
			"tool '%s': %s", name ? name : "", fault);
	python = json_str_is(json_pointer(tool, "/binding/type"), "python");
	if (python && m->target == TARGET_TYPESCRIPT) {
		skip_tool(m, tool);
		return 0;
	}
	m->tools = vec_grow(m->tools, m->ntools, &m->tools_cap,
		sizeof(*m->tools));
	t = &m->tools[m->ntools++];
	t->name = arena_strdup(m->mem, name);
	t->title = arena_strdup(m->mem, json_get_str(tool, "title") ?
		json_get_str(tool, "title") : name);
	t->definition = definition(m, tool);
	t->binding = binding(m, tool);
	t->python = python;
	t->line = m->target == TARGET_TYPESCRIPT ?
		arena_strndup(m->mem, rec->line, rec->len) : NULL;
	note_base(m, json_get(tool, "binding"));
	use_schemes(m, tool);
	return 0;
}

static int
take_source(struct model *m, const struct stage *s, const struct rec *rec,
	const struct json *v, struct err *err)
{
	const char *title = json_get_str(v, "title");
	const char *version = json_get_str(v, "version");

	(void)rec;
	(void)err;
	(void)s;
	m->title = title ? arena_strdup(m->mem, title) : NULL;
	if (version)
		m->version = arena_strdup(m->mem, version);
	return 0;
}

static void
take_schemes(struct model *m, const struct json *schemes)
{
	struct json_iter it;
	struct map_entry *e;
	bool added;

	for (json_each(&it, schemes); json_next(&it) && it.key; ) {
		e = map_add(m->schemes, json_str(it.key), json_len(it.key),
			&added);
		if (added)
			e->value = (void *)(uintptr_t)kept_json(m, it.value);
	}
}

/* an OpenAPI document declares them; of routes they are found out */
static int
take_unit(struct model *m, const struct stage *s, const struct rec *rec,
	const struct json *v, struct err *err)
{
	(void)s;
	(void)rec;
	(void)err;
	take_schemes(m, json_pointer(v, "/openapi/securitySchemes"));
	take_schemes(m, json_get(v, "securitySchemes"));
	return 0;
}

static int
take_file(struct model *m, const struct stage *s, const struct rec *rec,
	const struct json *v, struct err *err)
{
	const struct json *path = json_get(v, "path"), *text;
	struct model_source *file;
	struct str bytes;

	if (!json_str_is(json_get(v, "language"), "python") ||
	    m->target != TARGET_PYTHON)
		return 0;
	text = json_get(v, "text");
	str_init(&bytes, STR_RECORD);
	if (!json_str_is(json_get(v, "encoding"), "base64"))
		str_add(&bytes, json_str(text), json_len(text));
	else if (base64_decode(&bytes, json_str(text), json_len(text)) < 0)
		return err_at(err, s->reader->name, rec->number, 1,
			"file record whose text is not base64");
	if (json_str(path) && path_is_clean(json_str(path), json_len(path))) {
		m->sources = vec_grow(m->sources, m->nsources,
			&m->sources_cap, sizeof(*m->sources));
		file = &m->sources[m->nsources++];
		file->path = arena_strdup(m->mem, json_str(path));
		file->text = arena_strndup(m->mem, str_s(&bytes), bytes.len);
		file->len = bytes.len;
	}
	str_release(&bytes);
	return 0;
}

static int
take_dep(struct model *m, const struct stage *s, const struct rec *rec,
	const struct json *v, struct err *err)
{
	const char *version = json_get_str(v, "version");
	const char *range = json_get_str(v, "requirement");
	const char *hash;
	struct json_iter it;
	struct model_dep *d;

	(void)s;
	(void)rec;
	(void)err;
	if (!json_str_is(json_get(v, "ecosystem"), "PyPI") ||
	    !json_str_is(json_get(v, "scope"), "runtime") ||
	    !json_get_str(v, "name"))
		return 0;
	m->deps = vec_grow(m->deps, m->ndeps, &m->deps_cap, sizeof(*m->deps));
	d = &m->deps[m->ndeps++];
	memset(d, 0, sizeof(*d));
	d->name = arena_strdup(m->mem, json_get_str(v, "name"));
	d->version = version ? arena_strdup(m->mem, version) : NULL;
	d->requirement = range ? arena_strdup(m->mem, range) : NULL;
	d->hashes = arena_array(m->mem, json_size(json_get(v, "hashes")) + 1,
		sizeof(*d->hashes));
	json_each(&it, json_get(v, "hashes"));
	while (json_next(&it)) {
		hash = json_str(it.value);
		if (hash && str_starts(hash, "sha256:"))
			d->hashes[d->nhashes++] = arena_strdup(m->mem, hash);
	}
	return 0;
}

int
model_take(struct model *m, const struct stage *s, const struct rec *rec,
	struct err *err)
{
	static const struct {
		const char *kind;
		int (*take)(struct model *, const struct stage *,
			const struct rec *, const struct json *, struct err *);
	} table[] = {
		{ "source", take_source }, { "file", take_file },
		{ "dep", take_dep }, { "unit", take_unit }, { "tool", take_tool }
	};
	struct json_doc doc;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (rec_is(rec, table[i].kind))
			break;
	if (i == sizeof(table) / sizeof(table[0]))
		return 0;
	if (stage_parse(s, rec, &doc, err) < 0)
		return -1;
	rc = table[i].take(m, s, rec, json_root(&doc), err);
	json_release(&doc);
	return rc;
}
