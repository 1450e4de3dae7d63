#include "smelt-intake/deps/depfile.h"

#include <stdbool.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/version.h"
#include "form/package.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/source.h"

static void
add_integrity(struct dep *d, const char *text)
{
	const char *algorithm;
	struct str hex;

	str_init(&hex, STR_LINE);
	while (package_digest(&text, &algorithm, &hex))
		dep_hash_hex(d, algorithm, str_s(&hex), hex.len);
	str_release(&hex);
}

/* "1.2.3", "=1.2.3", "v1.2.3-rc.1+x": no range */
static bool
is_exact(const char *v, size_t *skip)
{
	*skip = strspn(v, "=v ");
	return version_is_exact(VERSION_SEMVER, v + *skip);
}

static void
place(struct dep *d, const struct document *doc, const struct json *key)
{
	unsigned line, col;

	document_position(doc, key, &line, &col);
	dep_place(d, line, col, line, col +
		(unsigned)utf16_length(json_str(key), json_len(key)) +
		(doc->yaml ? 0 : 2));
}

static void
section(struct source *s, const struct file *f, const struct document *doc,
	const char *name, const char *scope)
{
	struct json_iter it;
	const char *range, *real, *at;
	struct dep *d;
	size_t n, skip;

	for (json_each(&it, json_get(document_root(doc), name));
	    json_next(&it); ) {
		real = json_str(it.key);
		n = json_len(it.key);
		range = json_str(it.value);
		/* "npm:other@^1" is another package under this name */
		if (range && str_starts(range, "npm:")) {
			real = range + 4;
			at = strchr(real + 1, '@');
			n = at ? (size_t)(at - real) : strlen(real);
			range = at ? at + 1 : "*";
		}
		if (n == 0)
			continue;
		d = dep_add(s, "npm", real, n, f->path);
		d->scope = scope;
		d->direct = true;
		if (range)
			dep_set(&d->requirement, range, strlen(range));
		if (range && is_exact(range, &skip))
			dep_set(&d->version, range + skip,
				strlen(range + skip));
		place(d, doc, it.key);
	}
}

/* A document whose root is an object. */
static int
open_object(struct document *d, const struct file *f, struct err *err)
{
	if (document_parse(d, f->text, f->size, f->path, err) < 0)
		return -1;
	if (json_is(document_root(d), JSON_OBJECT))
		return 0;
	document_release(d);
	return err_at(err, f->path, 1, 1,
		"not an object: its dependencies are not known");
}

int
npmdep_package(struct source *s, const struct file *f, struct err *err)
{
	struct document d;

	if (open_object(&d, f, err) < 0)
		return -1;
	section(s, f, &d, "dependencies", "runtime");
	section(s, f, &d, "devDependencies", "dev");
	section(s, f, &d, "optionalDependencies", "optional");
	section(s, f, &d, "peerDependencies", "runtime");
	document_release(&d);
	return 0;
}

/* --- package-lock.json ------------------------------------------------------ */
static const char *
lock_scope(const struct json *v)
{
	if (json_get_bool(v, "dev", false) ||
	    json_get_bool(v, "devOptional", false))
		return "dev";
	return json_get_bool(v, "optional", false) ? "optional" : "runtime";
}

static void
locked(struct source *s, const struct file *f, const struct document *doc,
	const struct json *key, const char *name, const struct json *v,
	bool direct)
{
	const char *version = json_get_str(v, "version");
	const char *license = json_get_str(v, "license");
	struct dep *d;

	/* what is linked is part of the source; what has no version is not
	 * a package of a registry */
	if (!version || !*name || json_get_bool(v, "link", false))
		return;
	d = dep_add(s, "npm", name, strlen(name), f->path);
	d->scope = lock_scope(v);
	d->direct = direct;
	if (license)
		dep_set(&d->license, license, strlen(license));
	if (version[0] >= '0' && version[0] <= '9')
		dep_set(&d->version, version, strlen(version));
	else
		dep_set(&d->requirement, version, strlen(version));
	add_integrity(d, json_get_str(v, "integrity"));
	place(d, doc, key);
}

/* What the package of the source itself asks for. */
static void
gather_root(struct map *names, const struct json *root)
{
	static const char *const keys[] = { "dependencies",
		"devDependencies", "optionalDependencies",
		"peerDependencies" };
	struct json_iter it;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		for (json_each(&it, json_get(root, keys[i])); json_next(&it); )
			if (it.key)
				map_put(names, json_str(it.key), NULL);
}

static void
lock_packages(struct source *s, const struct file *f,
	const struct document *doc, const struct json *packages)
{
	struct map root = { 0 };
	const char *path, *name;
	struct json_iter it;

	gather_root(&root, json_get(packages, ""));
	for (json_each(&it, packages); json_next(&it); ) {
		path = json_str(it.key);
		name = package_at(path);
		if (!name)
			continue;
		locked(s, f, doc, it.key, json_get_str(it.value, "name") ?
			json_get_str(it.value, "name") : name, it.value,
			name == path + strlen("node_modules/") &&
			map_has(&root, name));
	}
	map_release(&root);
}

/* Version 1: packages lie in each other. */
static void
lock_tree(struct source *s, const struct file *f, const struct document *doc,
	const struct json *packages, int depth)
{
	struct json_iter it;

	for (json_each(&it, packages); depth && json_next(&it); ) {
		locked(s, f, doc, it.key, json_str(it.key), it.value, false);
		lock_tree(s, f, doc, json_get(it.value, "dependencies"),
			depth - 1);
	}
}

int
npmdep_lock(struct source *s, const struct file *f, struct err *err)
{
	const struct json *packages;
	struct document d;
	size_t before = s->ndeps, i;

	if (open_object(&d, f, err) < 0)
		return -1;
	packages = json_get(document_root(&d), "packages");
	if (packages) {
		lock_packages(s, f, &d, packages);
	} else {
		lock_tree(s, f, &d, json_get(document_root(&d),
			"dependencies"), JSON_DEPTH);
		for (i = before; i < s->ndeps; i++)
			s->deps[i].locked = true;
	}
	document_release(&d);
	return 0;
}

/* --- yarn.lock, version 1 --------------------------------------------------- */
/* The value of "  key value" or "  key \"value\"" */
static const char *
yarn_value(const char *line, size_t n, const char *key, size_t *len)
{
	size_t k = strlen(key);

	if (n < k + 4 || line[0] != ' ' || line[1] != ' ' ||
	    memcmp(line + 2, key, k) != 0 || line[2 + k] != ' ')
		return NULL;
	line += k + 3;
	n -= k + 3;
	while (n && strchr("\r ", line[n - 1]))
		n--;
	if (n >= 2 && line[0] == '"' && line[n - 1] == '"') {
		line++;
		n -= 2;
	}
	*len = n;
	return line;
}

/* "\"@scope/name@^1\", other@^2:" starts a package: its name */
static struct dep *
yarn_package(struct source *s, const struct file *f, const char *line,
	size_t n, unsigned number)
{
	const char *p = line + (*line == '"'), *at;
	size_t rest = n - (size_t)(p - line);
	struct dep *d;

	at = rest > 1 ? memchr(p + 1, '@', rest - 1) : NULL;
	if (!at)
		return NULL;
	d = dep_add(s, "npm", p, (size_t)(at - p), f->path);
	d->locked = true;
	dep_place(d, number, 1, number, (unsigned)n + 1);
	return d;
}

int
npmdep_yarn(struct source *s, const struct file *f, struct err *err)
{
	const char *p = f->text, *end = p + f->size, *nl, *v;
	struct dep *d = NULL;
	unsigned number = 1;
	char *hash;
	size_t n, len;

	if (f->size && !strstr(f->text, "yarn lockfile v1"))
		return err_at(err, f->path, 1, 1, "only version 1 of yarn.lock "
			"is read: its dependencies are not known");
	for (; p < end; p = nl + 1, number++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		n = (size_t)(nl - p);
		if (n && *p != ' ' && *p != '#' && *p != '\r')
			d = yarn_package(s, f, p, n, number);
		else if (d && (v = yarn_value(p, n, "version", &len)) != NULL)
			dep_set(&d->version, v, len);
		else if (d && (v = yarn_value(p, n, "integrity", &len))) {
			hash = NULL;
			dep_set(&hash, v, len);
			add_integrity(d, hash);
			dep_set(&hash, NULL, 0);
		}
	}
	return 0;
}

/* --- pnpm-lock.yaml --------------------------------------------------------- */
/* "/@scope/name@1.0.0(peer@2)", "name@1.0.0", and of older ones "/name/1.0.0" */
static void
pnpm_package(struct source *s, const struct file *f,
	const struct document *doc, const struct json *key,
	const struct json *v)
{
	const char *p = json_str(key) + (*json_str(key) == '/');
	size_t n = strcspn(p, "("), cut = n;
	struct dep *d;

	while (cut > 1 && p[cut - 1] != '@')
		cut--;
	if (cut <= 1)
		for (cut = n; cut > 1 && p[cut - 1] != '/'; cut--)
			;
	if (cut <= 1 || cut == n)
		return;
	d = dep_add(s, "npm", p, cut - 1, f->path);
	d->locked = true;
	d->scope = lock_scope(v);
	dep_set(&d->version, p + cut, n - cut);
	add_integrity(d, json_get_str(json_get(v, "resolution"),
		"integrity"));
	place(d, doc, key);
}

int
npmdep_pnpm(struct source *s, const struct file *f, struct err *err)
{
	struct json_iter it;
	struct document d;

	if (open_object(&d, f, err) < 0)
		return -1;
	for (json_each(&it, json_get(document_root(&d), "packages"));
	    json_next(&it); )
		pnpm_package(s, f, &d, it.key, it.value);
	document_release(&d);
	return 0;
}
