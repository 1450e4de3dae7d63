#include "smelt-attest/artifact.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"

enum { VERSION_MAX = 64 };

const struct json *
records_at(const struct records *r, size_t i)
{
	return json_root(&r->v[i]);
}

static void
keep(struct records *r, struct json_doc *doc)
{
	r->v = vec_grow(r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n++] = *doc;
	memset(doc, 0, sizeof(*doc));
}

static void
drop(struct records *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		json_release(&r->v[i]);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

static int
decode(struct artifact *a, struct artifact_file *f, const struct json *v,
	struct err *err)
{
	const struct json *text = json_get(v, "text");
	struct str bytes;

	if (!json_is(text, JSON_STRING))
		return err_set(err, "emit record of '%s' without text",
			f->path);
	if (!json_str_is(json_get(v, "encoding"), "base64")) {
		f->data = arena_strndup(a->arena, json_str(text),
			json_len(text));
		f->len = json_len(text);
		return 0;
	}
	str_init(&bytes, STR_RECORD);
	if (base64_decode(&bytes, json_str(text), json_len(text)) < 0) {
		str_release(&bytes);
		return err_set(err, "emit record of '%s' is not base64",
			f->path);
	}
	f->data = arena_strndup(a->arena, str_s(&bytes), bytes.len);
	f->len = bytes.len;
	str_release(&bytes);
	return 0;
}

static int
read_file(struct artifact *a, const struct json *v, struct err *err)
{
	const struct json *path = json_get(v, "path");
	const char *mode = json_get_str(v, "mode");
	struct artifact_file f = { 0 };

	if (!json_str(path) || !path_is_clean(json_str(path), json_len(path)))
		return err_set(err, "emit record with a path that is not clean");
	f.path = arena_strdup(a->arena, json_str(path));
	if (!mode || (strcmp(mode, "0644") != 0 && strcmp(mode, "0755") != 0))
		return err_set(err, "emit record of '%s': mode is not 0644 or "
			"0755", f.path);
	f.mode = strcmp(mode, "0755") == 0 ? 0755 : 0644;
	f.role = arena_strdup(a->arena, json_get_str(v, "role") ?
		json_get_str(v, "role") : "");
	if (decode(a, &f, v, err) < 0)
		return -1;
	sha256_hex(f.data, f.len, f.sha256);
	if (!json_str_is(json_get(v, "sha256"), f.sha256))
		return err_set(err, "emit record of '%s': its text does not "
			"have its sha256; run smelt-codegen again", f.path);
	a->files = vec_grow(a->files, a->nfiles, &a->capfiles,
		sizeof(*a->files));
	a->files[a->nfiles++] = f;
	return 0;
}

static struct records *
place(struct artifact *a, const struct rec *rec)
{
	if (rec_is(rec, "source"))
		return &a->source;
	if (rec_is(rec, "dep"))
		return &a->deps;
	if (rec_is(rec, "tool"))
		return &a->tools;
	if (rec_is(rec, "verdict"))
		return &a->verdicts;
	if (rec_is(rec, "grade"))
		return &a->grades;
	return NULL;
}

static int
read_record(struct artifact *a, struct stage *s, const struct rec *rec,
	struct err *err)
{
	struct records *where = place(a, rec);
	struct json_doc doc;
	char text[1024];
	int rc = 0;

	if (!where && !rec_is(rec, "emit"))
		return 0;
	if (stage_parse(s, rec, &doc, err) < 0)
		return -1;
	if (where)
		keep(where, &doc);
	else if (read_file(a, json_root(&doc), err) < 0)
		rc = -1;
	json_release(&doc);
	if (rc < 0) {
		memcpy(text, err->text, sizeof(text));
		err_at(err, s->reader->name, rec->number, 0, "%s", text);
	}
	return rc;
}

static int
by_path(const void *x, const void *y)
{
	const struct artifact_file *f = x, *g = y;

	return strcmp(f->path, g->path);
}

const struct artifact_file *
artifact_file(const struct artifact *a, const char *path)
{
	struct artifact_file key = { .path = path };

	if (!a->nfiles)
		return NULL;
	return bsearch(&key, a->files, a->nfiles, sizeof(key), by_path);
}

static bool
judged(const struct artifact *a, const char *stage)
{
	size_t i;

	for (i = 0; i < a->verdicts.n; i++)
		if (json_str_is(json_get(records_at(&a->verdicts, i), "stage"),
		    stage))
			return true;
	return false;
}

const struct json *
artifact_red(const struct artifact *a)
{
	const struct json *v, *result;
	size_t i;

	for (i = 0; i < a->verdicts.n; i++) {
		v = records_at(&a->verdicts, i);
		result = json_get(v, "result");
		if (!json_str_is(result, "pass") &&
		    !json_str_is(result, "warn"))
			return v;
	}
	return NULL;
}

static int
missing(struct err *err, const char *what, const char *tool)
{
	return err_set(err, "no %s in this artifact: run smelt-%s first", what,
		tool);
}

static int
check_complete(const struct artifact *a, struct err *err)
{
	size_t i;

	if (a->source.n != 1)
		return missing(err, "source record", "intake");
	if (!a->tools.n)
		return missing(err, "tool record", "tooldef");
	if (!a->nfiles)
		return missing(err, "emit record", "codegen");
	if (!judged(a, "gate1"))
		return missing(err, "verdict of gate1", "gate1");
	if (!judged(a, "gate2"))
		return missing(err, "verdict of gate2", "gate2");
	if (a->grades.n != 1)
		return missing(err, "grade record", "score");
	for (i = 1; i < a->nfiles; i++)
		if (strcmp(a->files[i - 1].path, a->files[i].path) == 0)
			return err_set(err, "two emit records of '%s'",
				a->files[i].path);
	return 0;
}

/* The emitted JSON file of that name, parsed. */
static struct json_doc *
parse_file(const struct artifact *a, const char *path, struct err *err)
{
	const struct artifact_file *f = artifact_file(a, path);
	struct json_doc *doc;

	if (!f) {
		err_set(err, "no emit record of '%s' in this artifact: run "
			"smelt-codegen first", path);
		return NULL;
	}
	doc = xcalloc(1, sizeof(*doc));
	if (json_parse(doc, f->data, f->len, path, err) == 0)
		return doc;
	free(doc);
	return NULL;
}

/* Letters, digits, ".", "_", "+" and "-" of a version; "0" when none. */
static const char *
fit_version(struct arena *arena, const char *version)
{
	char out[VERSION_MAX + 1];
	size_t n = 0;

	for (; version && *version && n < VERSION_MAX; version++) {
		bool good = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"
			"PQRSTUVWXYZ0123456789._+-", *version) != NULL;

		if (n || (good && *version != '.' && *version != '-'))
			out[n++] = good ? *version : '-';
	}
	out[n] = '\0';
	return arena_strdup(arena, n ? out : "0");
}

static int
digest_tools(struct artifact *a, const char *path, struct err *err)
{
	const struct json *list = json_get(json_root(a->definitions), "tools");
	struct json_iter it;
	struct str text;

	if (!json_is(list, JSON_ARRAY) || json_size(list) == 0)
		return err_set(err, "%s defines no tool", path);
	a->defs = arena_array(a->arena, json_size(list), sizeof(*a->defs));
	str_init(&text, STR_RECORD);
	for (json_each(&it, list); json_next(&it); ) {
		struct artifact_tool *tool = &a->defs[a->ndefs++];

		tool->name = json_get_str(it.value, "name");
		if (!tool->name) {
			str_release(&text);
			return err_set(err, "%s: a tool without name", path);
		}
		str_clear(&text);
		json_write_canonical(&text, it.value);
		sha256_hex(str_s(&text), text.len, tool->sha256);
	}
	str_release(&text);
	return 0;
}

static int
look_inside(struct artifact *a, struct err *err)
{
	const char *definitions = "tools.json", *version;
	const struct json *server;

	a->manifest = parse_file(a, "smelt.json", err);
	if (!a->manifest)
		return -1;
	a->bindings = parse_file(a, "bindings.json", err);
	if (!a->bindings)
		return -1;
	a->mode = json_get_str(json_root(a->manifest), "mode");
	if (a->mode && strcmp(a->mode, "dynamic") == 0)
		definitions = "catalogue.json";
	a->definitions = parse_file(a, definitions, err);
	if (!a->definitions)
		return -1;
	if (!artifact_file(a, "tools.json"))
		return missing(err, "emit record of 'tools.json'", "codegen");
	a->target = json_get_str(json_root(a->manifest), "target");
	if (!a->target)
		return err_set(err, "smelt.json names no target");
	server = json_get(json_root(a->bindings), "server");
	version = json_get_str(server, "version");
	if (!version)
		version = json_get_str(records_at(&a->source, 0), "version");
	a->version = fit_version(a->arena, version);
	return digest_tools(a, definitions, err);
}

int
artifact_read(struct artifact *a, struct stage *s, struct err *err)
{
	struct json_doc chain;
	struct rec rec;
	int rc;

	memset(a, 0, sizeof(*a));
	a->arena = xcalloc(1, sizeof(*a->arena));
	a->name = arena_strdup(a->arena, s->name);
	if (json_parse(&chain, str_s(s->chain), s->chain->len,
	    s->reader->name, err) < 0)
		return -1;
	keep(&a->chain, &chain);
	while ((rc = stage_next(s, &rec, err)) == 1)
		if (read_record(a, s, &rec, err) < 0)
			return -1;
	if (rc < 0)
		return -1;
	if (a->nfiles)
		qsort(a->files, a->nfiles, sizeof(*a->files), by_path);
	if (check_complete(a, err) == 0 && look_inside(a, err) == 0)
		return 0;
	if (!*err->file) {
		char text[1024];

		memcpy(text, err->text, sizeof(text));
		err_at(err, s->reader->name, 0, 0, "%s", text);
	}
	return -1;
}

static void
free_doc(struct json_doc *doc)
{
	if (doc)
		json_release(doc);
	free(doc);
}

void
artifact_release(struct artifact *a)
{
	drop(&a->source);
	drop(&a->deps);
	drop(&a->tools);
	drop(&a->verdicts);
	drop(&a->grades);
	drop(&a->chain);
	free_doc(a->bindings);
	free_doc(a->manifest);
	free_doc(a->definitions);
	free(a->files);
	if (a->arena)
		arena_release(a->arena);
	free(a->arena);
	memset(a, 0, sizeof(*a));
}
