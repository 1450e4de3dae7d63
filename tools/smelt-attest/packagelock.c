#include "smelt-attest/packagelock.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "form/package.h"
#include "form/sbom.h"
#include "smelt-attest/closure.h"

static void
add_integrity(struct closure *c, struct sbom_component *comp,
	const char *text)
{
	const char *algorithm;
	struct str hex;

	str_init(&hex, STR_LINE);
	while (package_digest(&text, &algorithm, &hex))
		closure_hash(c, comp, strcmp(algorithm, "sha512") == 0 ?
			"SHA-512" : "SHA-256", str_s(&hex));
	str_release(&hex);
}

static struct sbom_component *
component_of(struct closure *c, const char *path, const struct json *v)
{
	const char *name = json_get_str(v, "name");

	if (!name)
		name = package_at(path);
	return closure_component(c, "npm", name ? name : path,
		json_get_str(v, "version"));
}

static void
add_package(struct closure *c, const char *path, const struct json *v)
{
	struct sbom_component *comp = component_of(c, path, v);
	bool dev = json_get_bool(v, "dev", false);
	bool optional = json_get_bool(v, "optional", false) ||
		json_get_bool(v, "devOptional", false);

	if (!comp)
		return;
	closure_scope(comp, dev ? "excluded" : optional ? "optional" :
		"required");
	add_integrity(c, comp, json_get_str(v, "integrity"));
	if (!comp->license && json_get_str(v, "license"))
		comp->license = arena_strdup(c->arena,
			json_get_str(v, "license"));
	comp->closed = true;
}

/* The package that name means when asked for at path, or NULL. */
static const struct json *
resolve(const struct json *packages, const char *path, const char *name,
	struct str *found)
{
	size_t n = strlen(path);
	const struct json *v;

	for (;;) {
		str_clear(found);
		str_add(found, path, n);
		if (n)
			str_putc(found, '/');
		str_addf(found, "node_modules/%s", name);
		v = json_get(packages, str_s(found));
		if (v || n == 0)
			return v;
		/* up: cut the last "/node_modules/x", or to the root */
		while (n && !mem_starts(path + n - 1, strlen(path) - n + 1,
		    "/node_modules/"))
			n--;
		if (n)
			n--;
	}
}

static void
add_edges(struct closure *c, const struct json *packages, const char *path,
	const struct json *v, const char *key)
{
	struct sbom_component *comp;
	const struct json *to;
	struct json_iter it;
	const char *ref;
	struct str found;

	str_init(&found, STR_LINE);
	for (json_each(&it, json_get(v, key)); json_next(&it); ) {
		to = resolve(packages, path, json_str(it.key), &found);
		if (!to || json_get_bool(to, "link", false))
			continue;
		comp = component_of(c, str_s(&found), to);
		if (!comp)
			continue;
		ref = comp->ref;
		if (!*path)
			closure_root(c, ref);
		else
			closure_edge(component_of(c, path, v), ref);
	}
	str_release(&found);
}

int
packagelock_read(struct closure *c, const char *text, size_t len,
	const char *name, struct err *err)
{
	static const char *const edges[] = { "dependencies",
		"devDependencies", "optionalDependencies", "peerDependencies" };
	const struct json *packages;
	struct json_doc doc;
	struct json_iter it;
	size_t i;

	if (json_parse(&doc, text, len, name, err) < 0)
		return -1;
	packages = json_get(json_root(&doc), "packages");
	if (!json_is(packages, JSON_OBJECT)) {
		json_release(&doc);
		return err_at(err, name, 1, 1, "no packages: not a lock file "
			"of version 2 or 3");
	}
	for (json_each(&it, packages); json_next(&it); )
		if (json_len(it.key) && !json_get_bool(it.value, "link", false))
			add_package(c, json_str(it.key), it.value);
	for (json_each(&it, packages); json_next(&it); )
		for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
			/* devDependencies are of the root alone */
			if (i != 1 || !json_len(it.key))
				add_edges(c, packages, json_str(it.key),
					it.value, edges[i]);
	json_release(&doc);
	return 0;
}
