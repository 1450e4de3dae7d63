#include "smelt-score/surface.h"

#include <stdbool.h>
#include <string.h>

#include "base/enc.h"
#include "base/map.h"
#include "base/mem.h"
#include "data/glob.h"
#include "data/json.h"
#include "smelt-score/marks.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"

/* --- signals --------------------------------------------------------------- */

/* All strings in one file: the place of the first. */
static struct sighting
see_strings(const struct emitted *f, const struct json *all)
{
	struct sighting none = { NULL, NULL, 0 }, seen = none;
	const char *at, *first = NULL;
	struct json_iter it;
	unsigned col;

	for (json_each(&it, all); json_next(&it); ) {
		at = json_str(it.value) ? strstr(f->text, json_str(it.value)) :
			NULL;
		if (!at)
			return none;
		if (!first) {
			first = at;
			seen.what = json_str(it.value);
		}
	}
	if (!first)
		return none;
	seen.file = f->path;
	text_position(f->text, strlen(f->text), (size_t)(first - f->text),
		&seen.line, &col);
	return seen;
}

/* "name==" at the start of a line, or "node_modules/name" in quotes. */
static bool
has_package(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *p;

	for (p = text; (p = strstr(p, name)) != NULL; p++) {
		if ((p == text || p[-1] == '\n') &&
		    strncmp(p + n, "==", 2) == 0)
			return true;
		if (p > text && p[-1] == '/' && p[n] == '"')
			return true;
	}
	return false;
}

static struct sighting
see(const struct emitted *f, const struct json *way)
{
	const char *library = json_get_str(way, "library");
	struct sighting seen = { f->path, library, 0 };

	if (!library)
		return see_strings(f, json_get(way, "all"));
	if (!has_package(f->text, library))
		seen.file = NULL;
	return seen;
}

struct sighting
surface_find(const struct rubric *r, const struct server *s,
	const char *signal)
{
	const struct json *ways = json_get(json_get(r->root, "signals"),
		signal);
	struct sighting seen = { NULL, NULL, 0 };
	struct json_iter it;
	size_t i;

	for (json_each(&it, ways); json_next(&it); ) {
		const char *pattern = json_get_str(it.value, "path");

		for (i = 0; pattern && i < s->nfiles; i++) {
			if (!glob_text(pattern, s->files[i].path))
				continue;
			seen = see(&s->files[i], it.value);
			if (seen.file)
				return seen;
		}
	}
	return seen;
}

static void
look_signals(struct marks *m)
{
	struct json_iter it;

	for (json_each(&it, json_get(m->rubric->root, "rules"));
	    json_next(&it); ) {
		const char *signal = json_get_str(it.value, "signal");

		if (signal && !surface_find(m->rubric, m->server, signal).file)
			marks_add(m, json_str(it.key), WHOLE_SERVER, 1, NULL);
	}
}

/* --- limits ---------------------------------------------------------------- */

static void
look_limits(struct marks *m)
{
	const struct json *limits = json_get(json_root(m->server->bindings),
		"limits");
	struct json_iter it;
	double bound, loose;

	for (json_each(&it, json_get(m->rubric->root, "limits"));
	    json_next(&it); ) {
		const char *name = json_get_str(it.value, "name");
		const char *what = json_get_str(it.value, "what");

		if (!name || !what)
			continue;
		if (!json_num(json_get(limits, name), &bound) || bound <= 0)
			marks_add(m, "error-limit", WHOLE_SERVER, 1, what);
		else if (json_num(json_get(it.value, "loose"), &loose) &&
		    bound > loose)
			marks_add(m, "error-limit-loose", WHOLE_SERVER, 1,
				arena_printf(m->server->arena, "%s %g", name,
				bound));
	}
}

/* --- tools ----------------------------------------------------------------- */

static bool
hint(const struct tool *t, const char *name, bool otherwise)
{
	return json_get_bool(t->annotations, name, otherwise);
}

static void
look_annotation(struct marks *m, const struct tool *t, int at)
{
	const char *method = json_get_str(t->binding, "method");
	bool reading = hint(t, "readOnlyHint", false);
	const char *wrong = NULL;

	if (!method)
		return;
	if (strcmp(method, "DELETE") == 0 &&
	    (reading || !hint(t, "destructiveHint", true)))
		wrong = "DELETE is said to destroy nothing";
	else if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
	    strcmp(method, "OPTIONS") != 0 && strcmp(method, "QUERY") != 0 &&
	    strcmp(method, "POST") != 0 && reading)
		wrong = "a method that changes is said to be read-only";
	else if (strcmp(method, "GET") == 0 && !reading &&
	    hint(t, "destructiveHint", true))
		wrong = "GET is said to destroy";
	if (wrong)
		marks_add(m, "error-annotation", at, 1, wrong);
}

static void
look_retry(struct marks *m, const struct tool *t, int at)
{
	const char *method = json_get_str(t->binding, "method");

	if (method && (strcmp(method, "POST") == 0 ||
	    strcmp(method, "PATCH") == 0) &&
	    json_get_bool(t->binding, "idempotent", false) &&
	    !hint(t, "idempotentHint", false) &&
	    !hint(t, "readOnlyHint", false))
		marks_add(m, "error-unsafe-retry", at, 1, method);
}

static void
look_failures(struct marks *m, const struct tool *t, int at)
{
	const struct origin *o = server_origin(m->server, t);

	if (o && !o->failures)
		marks_add(m, "error-undocumented", at, 1, NULL);
}

void
surface_look(struct marks *m)
{
	size_t i;

	for (i = 0; i < m->server->ntools; i++) {
		const struct tool *t = &m->server->tools[i];

		look_annotation(m, t, (int)i);
		look_retry(m, t, (int)i);
		look_failures(m, t, (int)i);
	}
	look_limits(m);
	look_signals(m);
}
