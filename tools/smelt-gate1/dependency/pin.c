#include "smelt-gate1/dependency/pin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/package.h"
#include "form/purl.h"
#include "smelt-gate1/corpus.h"

static char *
key_of(const char *ecosystem, const char *name)
{
	struct str key;

	str_init(&key, STR_LINE);
	package_name(&key, ecosystem, name, strlen(name));
	return str_detach(&key);
}

static struct pin *
pin_of(struct pins *p, const char *ecosystem, const char *name,
	const char *version)
{
	char *key = key_of(ecosystem, name);
	char *id = xasprintf("%s\t%s\t%s", ecosystem, key, version);
	struct map_entry *e;
	struct pin *pin;
	struct str purl;
	bool added;

	e = map_add(p->index, id, strlen(id), &added);
	free(id);
	if (!added) {
		free(key);
		return &p->v[(size_t)e->value - 1];
	}
	p->v = vec_grow(p->v, p->n, &p->cap, sizeof(*p->v));
	pin = &p->v[p->n++];
	e->value = (void *)p->n;
	memset(pin, 0, sizeof(*pin));
	pin->ecosystem = arena_strdup(p->arena, ecosystem);
	pin->name = arena_strdup(p->arena, name);
	pin->version = arena_strdup(p->arena, version);
	pin->key = arena_strdup(p->arena, key);
	str_init(&purl, STR_LINE);
	purl_write(&purl, purl_type(ecosystem), name, version);
	pin->purl = arena_strdup(p->arena, str_s(&purl));
	str_release(&purl);
	free(key);
	return pin;
}

static void
add_place(struct pins *p, struct pin *pin, const struct loc *loc,
	struct corpus_file *file, const char *scope, bool direct)
{
	struct pin_place place = { arena_alloc(p->arena, sizeof(*loc)), file,
		scope ? scope : "runtime", direct };

	*place.loc = *loc;
	place.loc->file = arena_strdup(p->arena, loc->file ? loc->file : "");
	pin->places = vec_grow(pin->places, pin->nplaces, &pin->cap,
		sizeof(place));
	pin->places[pin->nplaces++] = place;
}

static void
add_dep(struct pins *p, const struct json *dep)
{
	const char *ecosystem = json_get_str(dep, "ecosystem");
	const char *name = json_get_str(dep, "name");
	const char *version = json_get_str(dep, "version");
	struct loc loc = { 0 };

	if (!ecosystem || !name || !version)
		return;
	loc_read(&loc, json_get(dep, "loc"));
	add_place(p, pin_of(p, ecosystem, name, version), &loc, NULL,
		json_get_str(dep, "scope"),
		json_get_bool(dep, "direct", false));
}

/* Packages that only have a range, wherever they stand. */
static void
count_unpinned(struct pins *p, const struct corpus *c)
{
	struct map exact = { 0 }, open = { 0 };

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->ndeps; i++) {
			const struct json *dep = c->deps[i];
			const char *eco = json_get_str(dep, "ecosystem");
			const char *name = json_get_str(dep, "name");
			char *key, *id;

			if (!eco || !name ||
			    (json_get_str(dep, "version") == NULL) != pass)
				continue;
			key = key_of(eco, name);
			id = xasprintf("%s\t%s", eco, key);
			if (pass == 0)
				map_put(&exact, id, p);
			else if (!map_has(&exact, id))
				map_put(&open, id, p);
			free(id);
			free(key);
		}
	p->unpinned = open.n;
	map_release(&exact);
	map_release(&open);
}

/* --- requirements.txt -------------------------------------------------------- */

/* "name[extra]==version", with positions in the line. */
static void
add_requirement(struct pins *p, struct corpus_file *f, const char *line,
	size_t len, unsigned number)
{
	struct package_pin pin;
	char *name, *version;
	struct loc loc;

	if (!package_pin(&pin, line, len))
		return;
	name = xstrndup(line, pin.name_len);
	version = xstrndup(pin.version, pin.version_len);
	loc = (struct loc){ f->path, number, 1, number,
		(unsigned)((size_t)(pin.version - line) +
		pin.version_len) + 1 };
	add_place(p, pin_of(p, "PyPI", name, version), &loc, f, "runtime",
		true);
	free(name);
	free(version);
}

static void
add_requirements(struct pins *p, struct corpus_file *f)
{
	const char *at = f->text, *end = f->text + f->len;

	for (unsigned line = 1; at < end; line++) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((lf ? lf : end) - at);

		add_requirement(p, f, at, n, line);
		at += n + 1;
	}
}

/* --- package-lock.json ------------------------------------------------------- */
static void
add_package(struct pins *p, struct corpus_file *f, const struct lines *lines,
	const struct json_doc *doc, const struct json_iter *it)
{
	const char *version = json_get_str(it->value, "version");
	const char *name = json_get_str(it->value, "name");
	size_t at = json_offset(doc, it->key);
	struct loc loc = { .file = f->path };

	if (!name)
		name = package_at(json_str(it->key));
	if (!name || !version || json_get_bool(it->value, "link", false))
		return;
	if (at != SIZE_MAX) {
		lines_position(lines, at, &loc.line, &loc.col);
		lines_position(lines, at + json_len(it->key), &loc.end_line,
			&loc.end_col);
	}
	add_place(p, pin_of(p, "npm", name, version), &loc, f,
		json_get_bool(it->value, "dev", false) ? "dev" :
		json_get_bool(it->value, "optional", false) ? "optional" :
		"runtime", false);
}

static int
add_lock(struct pins *p, struct corpus_file *f, struct err *err)
{
	const struct json *packages;
	struct json_doc doc;
	struct json_iter it;
	struct lines lines;

	if (json_parse(&doc, f->text, f->len, f->path, err) < 0)
		return -1;
	packages = json_get(json_root(&doc), "packages");
	if (!json_is(packages, JSON_OBJECT)) {
		json_release(&doc);
		return err_at(err, f->path, 1, 1, "no packages: not a lock "
			"file of version 2 or 3");
	}
	lines_init(&lines, f->text, f->len);
	for (json_each(&it, packages); json_next(&it); )
		if (json_len(it.key))
			add_package(p, f, &lines, &doc, &it);
	lines_release(&lines);
	json_release(&doc);
	return 0;
}

int
pins_collect(struct pins *p, struct corpus *c, struct err *err)
{
	int rc = 0;

	memset(p, 0, sizeof(*p));
	p->arena = xcalloc(1, sizeof(*p->arena));
	p->index = xcalloc(1, sizeof(*p->index));
	for (size_t i = 0; i < c->ndeps; i++)
		add_dep(p, c->deps[i]);
	count_unpinned(p, c);
	for (size_t i = 0; rc == 0 && i < c->nfiles; i++) {
		struct corpus_file *f = &c->files[i];

		if (!f->emitted || f->copy)
			continue;
		if (strcmp(f->path, "requirements.txt") == 0)
			add_requirements(p, f);
		else if (strcmp(f->path, "package-lock.json") == 0)
			rc = add_lock(p, f, err);
	}
	return rc;
}

void
pins_release(struct pins *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].places);
	free(p->v);
	if (p->index)
		map_release(p->index);
	if (p->arena)
		arena_release(p->arena);
	free(p->index);
	free(p->arena);
	memset(p, 0, sizeof(*p));
}

const char *
pin_role(const struct pin *p)
{
	bool optional = false;

	for (size_t i = 0; i < p->nplaces; i++) {
		const struct pin_place *place = &p->places[i];

		optional = optional || strcmp(place->scope, "optional") == 0;
		if (strcmp(place->scope, "runtime") == 0)
			return place->file ?
				"a dependency of the generated server" :
				place->direct ? "a dependency" :
				"an indirect dependency";
	}
	return optional ? "an optional dependency" :
		"a development dependency";
}
