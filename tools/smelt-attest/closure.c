#include "smelt-attest/closure.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "form/purl.h"
#include "form/sbom.h"

void
closure_init(struct closure *c, struct arena *arena)
{
	memset(c, 0, sizeof(*c));
	c->arena = arena;
	c->index = xcalloc(1, sizeof(*c->index));
	c->roots = xcalloc(1, sizeof(*c->roots));
	c->flat = xcalloc(1, sizeof(*c->flat));
}

void
closure_release(struct closure *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		free(c->v[i].hashes);
		free(c->v[i].depends);
		free(c->v[i].links);
		free(c->v[i].properties);
	}
	free(c->v);
	map_release(c->index);
	map_release(c->roots);
	map_release(c->flat);
	free(c->index);
	free(c->roots);
	free(c->flat);
	memset(c, 0, sizeof(*c));
}

static const char *
purl_of(struct closure *c, const char *type, const char *name,
	const char *version)
{
	struct str text;
	const char *purl = NULL;

	str_init(&text, STR_LINE);
	if (purl_write(&text, type, name, version) == 0)
		purl = arena_strdup(c->arena, str_s(&text));
	str_release(&text);
	return purl;
}

/* "@scope/name" and "group/artifact" have their group apart. */
static void
set_name(struct closure *c, struct sbom_component *comp, const char *type,
	const char *name)
{
	const char *at = strrchr(name, '/');

	if (!at && strcmp(type, "maven") == 0)
		at = strrchr(name, ':');
	if (at && at > name && strcmp(type, "golang") != 0) {
		comp->group = arena_strndup(c->arena, name,
			(size_t)(at - name));
		name = at + 1;
	}
	comp->name = arena_strdup(c->arena, name);
}

struct sbom_component *
closure_component(struct closure *c, const char *type, const char *name,
	const char *version)
{
	const char *purl = name ? purl_of(c, type, name, version) : NULL;
	struct sbom_component *comp;
	struct map_entry *entry;
	bool added;

	if (!purl)
		return NULL;
	entry = map_add(c->index, purl, strlen(purl), &added);
	if (!added)
		return &c->v[(uintptr_t)entry->value - 1];
	c->v = vec_grow(c->v, c->n, &c->cap, sizeof(*c->v));
	comp = &c->v[c->n++];
	entry->value = (void *)(uintptr_t)c->n;
	memset(comp, 0, sizeof(*comp));
	comp->type = "library";
	comp->ref = comp->purl = purl;
	set_name(c, comp, type, name);
	if (version && *version)
		comp->version = arena_strdup(c->arena, version);
	return comp;
}

void
closure_hash(struct closure *c, struct sbom_component *comp, const char *alg,
	const char *hex)
{
	size_t i, cap = comp->nhashes;

	for (i = 0; i < comp->nhashes; i++)
		if (strcmp(comp->hashes[i].hex, hex) == 0)
			return;
	comp->hashes = xreallocarray(comp->hashes, cap + 1,
		sizeof(*comp->hashes));
	comp->hashes[comp->nhashes].alg = alg;
	comp->hashes[comp->nhashes++].hex = arena_strdup(c->arena, hex);
}

struct sbom_component *
closure_find(const struct closure *c, const char *ref)
{
	uintptr_t at = (uintptr_t)map_get(c->index, ref);

	return at ? &c->v[at - 1] : NULL;
}

static bool
is_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

/* "sha256:hex", "sha512:hex" */
static void
add_digest(struct closure *c, struct sbom_component *comp, const char *text)
{
	if (text && str_starts(text, "sha256:") && is_hex(text + 7, 64))
		closure_hash(c, comp, "SHA-256", text + 7);
	else if (text && str_starts(text, "sha512:") && is_hex(text + 7, 128))
		closure_hash(c, comp, "SHA-512", text + 7);
}

void
closure_edge(struct sbom_component *comp, const char *ref)
{
	size_t i;

	for (i = 0; i < comp->ndepends; i++)
		if (strcmp(comp->depends[i], ref) == 0)
			return;
	comp->depends = xreallocarray(comp->depends, comp->ndepends + 1,
		sizeof(*comp->depends));
	comp->depends[comp->ndepends++] = ref;
}

void
closure_scope(struct sbom_component *comp, const char *scope)
{
	if (!comp->scope || *scope == 'r' ||
	    (*scope == 'o' && *comp->scope == 'e'))
		comp->scope = scope;
}

void
closure_root(struct closure *c, const char *ref)
{
	map_put(c->roots, ref, c);
}

void
closure_dep(struct closure *c, const struct json *dep, bool in_process)
{
	const char *scope = json_get_str(dep, "scope");
	struct sbom_component *comp;
	struct json_iter it;

	comp = closure_component(c, purl_type(json_get_str(dep, "ecosystem")),
		json_get_str(dep, "name"), json_get_str(dep, "version"));
	if (!comp)
		return;
	closure_scope(comp, !in_process || (scope && strcmp(scope, "dev") == 0) ?
		"excluded" : !scope || strcmp(scope, "runtime") == 0 ?
		"required" : "optional");
	for (json_each(&it, json_get(dep, "hashes")); json_next(&it); )
		add_digest(c, comp, json_str(it.value));
	if (!comp->license && json_get_str(dep, "license"))
		comp->license = arena_strdup(c->arena,
			json_get_str(dep, "license"));
	if (in_process && json_get_bool(dep, "direct", false))
		closure_root(c, comp->ref);
}

/* "pkg:npm/%40a/b@1" without "@1" */
static size_t
bare_length(const char *purl)
{
	const char *at = strrchr(purl, '@');

	return at ? (size_t)(at - purl) : strlen(purl);
}

static void
describe(struct sbom_component *comp, const struct json *known)
{
	const char *url = json_get_str(known, "source");

	if (!comp->license)
		comp->license = json_get_str(known, "license");
	if (!comp->supplier)
		comp->supplier = json_get_str(known, "supplier");
	if (!url || comp->nlinks)
		return;
	comp->links = xcalloc(1, sizeof(*comp->links));
	comp->links[0].type = "vcs";
	comp->links[0].url = url;
	comp->nlinks = 1;
}

/* The edges that the table knows, among the packages of the flat lock. */
static void
connect(struct closure *c, const struct json *table)
{
	struct map bare = { 0 }, needed = { 0 };
	struct json_iter it;
	size_t i;

	for (i = 0; i < c->flat->n; i++) {
		const char *ref = c->flat->entries[i].key;
		char *key = xstrndup(ref, bare_length(ref));

		map_put(&bare, key, (void *)(uintptr_t)closure_find(c,
			ref)->ref);
		free(key);
	}
	for (i = 0; i < c->flat->n; i++) {
		struct sbom_component *comp = closure_find(c,
			c->flat->entries[i].key);
		const struct json *known = json_get(json_getn(table,
			comp->ref, bare_length(comp->ref)), "requires");

		comp->closed = known != NULL;
		for (json_each(&it, known); json_next(&it); ) {
			const char *ref = map_get(&bare, arena_printf(c->arena,
				"pkg:pypi/%s", json_str(it.value)));

			if (!ref)
				continue;
			closure_edge(comp, ref);
			map_put(&needed, ref, c);
		}
	}
	for (i = 0; i < c->flat->n; i++)
		if (!map_has(&needed, c->flat->entries[i].key))
			closure_root(c, c->flat->entries[i].key);
	map_release(&bare);
	map_release(&needed);
}

void
closure_describe(struct closure *c, const struct json *table)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		describe(&c->v[i], json_getn(table, c->v[i].ref,
			bare_length(c->v[i].ref)));
	connect(c, table);
}
