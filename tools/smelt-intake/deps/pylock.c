#include "smelt-intake/deps/depfile.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/deps/toml.h"
#include "smelt-intake/source.h"

/* "sha256:0123..." */
static void
add_hash(struct dep *d, const char *text)
{
	const char *colon = text ? strchr(text, ':') : NULL;
	char algorithm[16];

	if (!colon || (size_t)(colon - text) >= sizeof(algorithm))
		return;
	memcpy(algorithm, text, (size_t)(colon - text));
	algorithm[colon - text] = '\0';
	dep_hash_hex(d, algorithm, colon + 1, strlen(colon + 1));
}

static struct dep *
add_locked(struct source *s, const struct file *f, const struct toml *t)
{
	const char *name = toml_str(toml_get(t, "name"));
	const char *version = toml_str(toml_get(t, "version"));
	const struct toml *end = t->last ? t->last : t;
	struct dep *d;

	if (!name)
		return NULL;
	d = dep_add(s, "PyPI", name, strlen(name), f->path);
	d->locked = true;
	if (version)
		dep_set(&d->version, version, strlen(version));
	dep_place(d, t->line, t->col, end->end_line, end->end_col);
	return d;
}

/* --- uv.lock ---------------------------------------------------------------- */
enum { RUNTIME = 1, OPTIONAL = 2, DEV = 3, FROM_ROOT = 1000 };

struct uv {
	struct map packages;	/* name -> struct toml */
	struct map scopes;	/* name -> the best of the three */
	struct map direct;	/* names that the source itself asks for */
};

static bool
is_root(const struct toml *package)
{
	const struct toml *source = toml_get(package, "source");

	return toml_get(source, "editable") || toml_get(source, "virtual");
}

static void uv_reach(struct uv *u, const struct toml *list, intptr_t scope,
	int depth);

static void
uv_package(struct uv *u, const char *name, intptr_t scope, int depth)
{
	const struct toml *package = map_get(&u->packages, name);
	intptr_t was = (intptr_t)map_get(&u->scopes, name);

	if (!package || depth == 0 || (was && was <= scope))
		return;
	map_put(&u->scopes, name, (void *)scope);
	uv_reach(u, toml_get(package, "dependencies"), scope, depth - 1);
}

static void
uv_reach(struct uv *u, const struct toml *list, intptr_t scope, int depth)
{
	const struct toml *t;
	const char *name;

	for (t = list && list->type == TOML_ARRAY ? list->first : NULL; t;
	    t = t->next) {
		name = toml_str(toml_get(t, "name"));
		if (name && depth == FROM_ROOT)
			map_put(&u->direct, name, NULL);
		if (name)
			uv_package(u, name, scope, depth);
	}
}

static void
uv_groups(struct uv *u, const struct toml *groups, intptr_t scope)
{
	const struct toml *t;

	for (t = groups && groups->type == TOML_TABLE ? groups->first : NULL;
	    t; t = t->next)
		uv_reach(u, t, scope, FROM_ROOT);
}

static void
uv_scopes(struct uv *u, const struct toml *packages)
{
	const struct toml *t;

	for (t = packages->first; t; t = t->next) {
		if (!is_root(t))
			continue;
		uv_reach(u, toml_get(t, "dependencies"), RUNTIME,
			FROM_ROOT);
		uv_groups(u, toml_get(t, "optional-dependencies"), OPTIONAL);
		uv_groups(u, toml_get(t, "dev-dependencies"), DEV);
	}
}

static void
uv_hashes(struct dep *d, const struct toml *package)
{
	const struct toml *wheels = toml_get(package, "wheels"), *w;

	add_hash(d, toml_str(toml_path(package, "sdist.hash")));
	for (w = wheels && wheels->type == TOML_ARRAY ? wheels->first : NULL;
	    w; w = w->next)
		add_hash(d, toml_str(toml_get(w, "hash")));
}

int
pylock_uv(struct source *s, const struct file *f, struct err *err)
{
	static const char *const names[] = { "runtime", "runtime",
		"optional", "dev" };
	const struct toml *packages, *t;
	struct arena a = { 0 };
	struct uv u = { { 0 }, { 0 }, { 0 } };
	struct toml *root;
	struct dep *d;
	int rc = toml_parse(&a, f->text, f->size, f->path, &root, err);

	packages = rc == 0 ? toml_get(root, "package") : NULL;
	if (packages && packages->type == TOML_ARRAY) {
		for (t = packages->first; t; t = t->next)
			if (toml_str(toml_get(t, "name")))
				map_put(&u.packages, toml_get(t, "name")->text,
					(void *)(uintptr_t)t);
		uv_scopes(&u, packages);
		for (t = packages->first; t; t = t->next) {
			d = is_root(t) ? NULL : add_locked(s, f, t);
			if (!d)
				continue;
			uv_hashes(d, t);
			d->locked = false;
			d->direct = map_has(&u.direct,
				toml_get(t, "name")->text);
			d->scope = names[(intptr_t)map_get(&u.scopes,
				toml_get(t, "name")->text)];
		}
	}
	map_release(&u.packages);
	map_release(&u.scopes);
	map_release(&u.direct);
	arena_release(&a);
	return rc;
}

/* --- poetry.lock ------------------------------------------------------------ */
static const char *
poetry_scope(const struct toml *t)
{
	const struct toml *groups = toml_get(t, "groups"), *g;
	const struct toml *optional = toml_get(t, "optional");
	const char *category = toml_str(toml_get(t, "category"));
	bool main = !groups;

	for (g = groups ? groups->first : NULL; g; g = g->next)
		main = main || (toml_str(g) && strcmp(g->text, "main") == 0);
	if (!main || (category && strcmp(category, "dev") == 0))
		return "dev";
	return optional && optional->text &&
		strcmp(optional->text, "true") == 0 ? "optional" : "runtime";
}

static void
poetry_hashes(struct dep *d, const struct toml *files)
{
	const struct toml *x;

	for (x = files && files->type == TOML_ARRAY ? files->first : NULL; x;
	    x = x->next)
		add_hash(d, toml_str(toml_get(x, "hash")));
}

/* Older versions keep the hashes apart, by name. */
static void
gather_files(struct map *files, const struct toml *t)
{
	for (t = t && t->type == TOML_TABLE ? t->first : NULL; t; t = t->next)
		map_put(files, t->key, (void *)(uintptr_t)t);
}

int
pylock_poetry(struct source *s, const struct file *f, struct err *err)
{
	const struct toml *packages, *t;
	struct map old = { 0 };
	struct arena a = { 0 };
	struct toml *root;
	struct dep *d;
	int rc = toml_parse(&a, f->text, f->size, f->path, &root, err);

	packages = rc == 0 ? toml_get(root, "package") : NULL;
	if (rc == 0)
		gather_files(&old, toml_path(root, "metadata.files"));
	if (packages && packages->type == TOML_ARRAY) {
		for (t = packages->first; t; t = t->next) {
			d = add_locked(s, f, t);
			if (!d)
				continue;
			d->scope = poetry_scope(t);
			poetry_hashes(d, toml_get(t, "files"));
			poetry_hashes(d, map_get(&old,
				toml_get(t, "name")->text));
		}
	}
	map_release(&old);
	arena_release(&a);
	return rc;
}

/* --- Pipfile.lock ----------------------------------------------------------- */
static void
pipfile_section(struct source *s, const struct file *f,
	const struct document *doc, const char *section, const char *scope)
{
	struct json_iter it, h;
	unsigned line, col;
	const char *version;
	struct dep *d;

	for (json_each(&it, json_get(document_root(doc), section));
	    json_next(&it); ) {
		d = dep_add(s, "PyPI", json_str(it.key), json_len(it.key),
			f->path);
		d->scope = scope;
		d->locked = true;
		version = json_get_str(it.value, "version");
		if (version && str_starts(version, "=="))
			dep_set(&d->version, version + 2,
				strlen(version) - 2);
		for (json_each(&h, json_get(it.value, "hashes"));
		    json_next(&h); )
			add_hash(d, json_str(h.value));
		document_position(doc, it.key, &line, &col);
		dep_place(d, line, col, line, col +
			(unsigned)json_len(it.key) + 2);
	}
}

int
pylock_pipfile(struct source *s, const struct file *f, struct err *err)
{
	struct document d;

	if (document_parse(&d, f->text, f->size, f->path, err) < 0)
		return -1;
	if (!json_is(document_root(&d), JSON_OBJECT)) {
		document_release(&d);
		return err_at(err, f->path, 1, 1,
			"not an object: its dependencies are not known");
	}
	pipfile_section(s, f, &d, "default", "runtime");
	pipfile_section(s, f, &d, "develop", "dev");
	document_release(&d);
	return 0;
}
