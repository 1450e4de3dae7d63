#include "smelt-score/server.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-score/words.h"

void
server_init(struct server *s, const char *name)
{
	memset(s, 0, sizeof(*s));
	s->arena = xcalloc(1, sizeof(*s->arena));
	s->origins = xcalloc(1, sizeof(*s->origins));
	s->name = arena_strdup(s->arena, name);
	s->title = s->name;
	s->target = s->version = "";
}

static const char *
copy(struct server *s, const char *text)
{
	return arena_strdup(s->arena, text ? text : "");
}

static const struct words *
keep_words(struct server *s, struct words w)
{
	struct words *kept = arena_alloc(s->arena, sizeof(*kept));

	*kept = w;
	return kept;
}

/* doc becomes the tool's. */
static void
add_tool(struct server *s, struct json_doc *doc)
{
	struct tool *t;

	s->tools = vec_grow(s->tools, s->ntools, &s->captools,
		sizeof(*s->tools));
	t = &s->tools[s->ntools++];
	memset(t, 0, sizeof(*t));
	t->doc = xmalloc(sizeof(*t->doc));
	*t->doc = *doc;
	t->root = json_root(t->doc);
	t->name = json_get_str(t->root, "name");
	t->title = json_get_str(t->root, "title");
	t->description = json_get_str(t->root, "description");
	t->name = t->name ? t->name : "";
	t->title = t->title ? t->title : "";
	t->description = t->description ? t->description : "";
	t->input = json_get(t->root, "inputSchema");
	t->output = json_get(t->root, "outputSchema");
	t->annotations = json_get(t->root, "annotations");
	t->binding = json_get(t->root, "binding");
	t->properties = json_get(t->input, "properties");
	t->name_words = keep_words(s, words_of_name(s->arena, t->name));
	t->description_words = keep_words(s, words_of(s->arena,
		t->description));
	t->line = words_line(s->arena, t->description_words);
}

/* A response of 4xx, 5xx or "default", or words of a raised exception, is a
 * way to fail. */
static void
add_origin(struct server *s, const struct json *v)
{
	const char *id = json_get_str(v, "id");
	const char *doc = json_get_str(v, "doc");
	struct origin *o = arena_alloc(s->arena, sizeof(*o));
	size_t good = 0, content = 0;
	struct json_iter it;

	for (json_each(&it, json_get(v, "responses")); json_next(&it); ) {
		const char *status = json_get_str(it.value, "status");

		if (status && *status == '2') {
			good++;
			content += json_size(json_get(it.value, "content"));
		}
		if (status && (*status == '4' || *status == '5' ||
		    strcmp(status, "default") == 0))
			o->failures = true;
	}
	o->silent = good && !content;
	if (doc && (strstr(doc, "Raises") || strstr(doc, ":raises") ||
	    strstr(doc, "raises ")))
		o->failures = true;
	if (id)
		map_put(s->origins, id, o);
}

const struct origin *
server_origin(const struct server *s, const struct tool *t)
{
	const char *id = json_get_str(t->root, "callable");

	return id ? map_get(s->origins, id) : NULL;
}

static void
add_finding(struct server *s, const struct json *v)
{
	struct finding_note *f;
	struct loc loc;

	s->findings = vec_grow(s->findings, s->nfindings, &s->capfindings,
		sizeof(*s->findings));
	f = &s->findings[s->nfindings++];
	memset(f, 0, sizeof(*f));
	f->scanner = copy(s, json_get_str(v, "scanner"));
	f->level = copy(s, json_get_str(v, "level"));
	f->rule = copy(s, json_get_str(v, "rule"));
	f->text = copy(s, json_get_str(json_get(v, "message"), "text"));
	f->suppressed = json_is(json_get(v, "suppressed"), JSON_OBJECT);
	f->file = "";
	if (loc_read(&loc, json_get(v, "loc"))) {
		f->file = copy(s, loc.file);
		f->line = loc.line;
	}
}

static void
add_scans(struct server *s, const struct json *verdict)
{
	struct json_iter it;
	struct scan *scan;

	for (json_each(&it, json_get(verdict, "scanned")); json_next(&it); ) {
		s->scans = vec_grow(s->scans, s->nscans, &s->capscans,
			sizeof(*s->scans));
		scan = &s->scans[s->nscans++];
		scan->scanner = copy(s, json_get_str(it.value, "scanner"));
		scan->text = copy(s, json_get_str(it.value, "text"));
		scan->done = json_str_is(json_get(it.value, "status"),
			"scanned");
	}
}

static int
add_bindings(struct server *s, const char *text, struct err *err)
{
	const struct json *server;
	const char *title, *version;

	if (s->bindings)
		return err_set(err, "two emit records of bindings.json");
	s->bindings = xcalloc(1, sizeof(*s->bindings));
	if (json_parse(s->bindings, text, strlen(text), "bindings.json",
	    err) < 0) {
		free(s->bindings);
		s->bindings = NULL;
		return -1;
	}
	server = json_get(json_root(s->bindings), "server");
	title = json_get_str(server, "title");
	version = json_get_str(server, "version");
	if (title && *title)
		s->title = title;
	if (version)
		s->version = version;
	return 0;
}

static int
add_file(struct server *s, const struct json *v, struct err *err)
{
	const char *path = json_get_str(v, "path");
	const char *text = json_get_str(v, "text");
	struct json_doc manifest;

	if (!path || !text || !json_str_is(json_get(v, "encoding"), "utf-8"))
		return 0;
	if (strcmp(path, "bindings.json") == 0)
		return add_bindings(s, text, err);
	if (strcmp(path, "smelt.json") == 0) {
		if (json_parse(&manifest, text, strlen(text), path, err) < 0)
			return -1;
		s->target = copy(s, json_get_str(json_root(&manifest),
			"target"));
		json_release(&manifest);
		return 0;
	}
	s->files = vec_grow(s->files, s->nfiles, &s->capfiles,
		sizeof(*s->files));
	s->files[s->nfiles].path = copy(s, path);
	s->files[s->nfiles++].text = copy(s, text);
	return 0;
}

int
server_add(struct server *s, const struct stage *stage, const struct rec *rec,
	struct err *err)
{
	struct json_doc doc;
	int rc = 0;

	if (!rec_is(rec, "tool") && !rec_is(rec, "callable") &&
	    !rec_is(rec, "finding") && !rec_is(rec, "verdict") &&
	    !rec_is(rec, "emit"))
		return 0;
	if (stage_parse(stage, rec, &doc, err) < 0)
		return -1;
	if (rec_is(rec, "tool")) {
		add_tool(s, &doc);
		return 0;
	}
	if (rec_is(rec, "callable"))
		add_origin(s, json_root(&doc));
	else if (rec_is(rec, "finding"))
		add_finding(s, json_root(&doc));
	else if (rec_is(rec, "verdict"))
		add_scans(s, json_root(&doc));
	else
		rc = add_file(s, json_root(&doc), err);
	json_release(&doc);
	return rc;
}

int
server_finish(struct server *s, struct err *err)
{
	if (!s->ntools)
		return err_set(err, "no tool record in this artifact: run "
			"smelt-tooldef first");
	if (!s->bindings)
		return err_set(err, "no emit record of 'bindings.json' in this "
			"artifact: run smelt-codegen first");
	if (!s->nscans)
		return err_set(err, "no verdict record in this artifact: run "
			"smelt-gate1 and smelt-gate2 first");
	return 0;
}

void
server_release(struct server *s)
{
	size_t i;

	for (i = 0; i < s->ntools; i++) {
		json_release(s->tools[i].doc);
		free(s->tools[i].doc);
	}
	free(s->tools);
	free(s->findings);
	free(s->files);
	free(s->scans);
	if (s->bindings)
		json_release(s->bindings);
	free(s->bindings);
	map_release(s->origins);
	free(s->origins);
	arena_release(s->arena);
	free(s->arena);
	memset(s, 0, sizeof(*s));
}
