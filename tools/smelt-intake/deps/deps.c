#include "smelt-intake/deps/deps.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/deps/depfile.h"
#include "smelt-intake/source.h"

static const struct {
	const char *name;
	depfile_read *read;
} readers[] = {
	{ "pyproject.toml", pydep_pyproject },
	{ "setup.cfg", pydep_setup_cfg },
	{ "Pipfile", pydep_pipfile },
	{ "uv.lock", pylock_uv },
	{ "poetry.lock", pylock_poetry },
	{ "Pipfile.lock", pylock_pipfile },
	{ "package.json", npmdep_package },
	{ "package-lock.json", npmdep_lock },
	{ "npm-shrinkwrap.json", npmdep_lock },
	{ "yarn.lock", npmdep_yarn },
	{ "pnpm-lock.yaml", npmdep_pnpm },
	{ "go.mod", godep_mod },
	{ "pom.xml", mavendep_pom }
};

static bool
is_requirements(const char *path)
{
	const char *base = path_base(path);

	if (!str_ends(base, ".txt"))
		return false;
	return str_starts(base, "requirements") ||
		str_ends(base, "-requirements.txt") ||
		str_ends(base, "_requirements.txt") ||
		str_starts(path, "requirements/") ||
		strstr(path, "/requirements/");
}

static depfile_read *
reader_of(const char *path)
{
	const char *base = path_base(path);
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(base, readers[i].name) == 0)
			return readers[i].read;
	return is_requirements(path) ? pydep_requirements : NULL;
}

/* ecosystem, directory and name as one key */
static char *
key_of(const struct dep *d)
{
	const char *base = path_base(d->file);

	return xasprintf("%s\n%.*s\n%s", d->ecosystem,
		(int)(base - d->file), d->file, d->name);
}

static void
put(struct map *m, char *key)
{
	map_put(m, key, NULL);
	free(key);
}

static bool
has(const struct map *m, char *key)
{
	bool there = map_has(m, key);

	free(key);
	return there;
}

/* What a lock file has is direct when the manifest beside it names it. */
static void
mark_direct(struct source *s)
{
	struct map named = { 0 };
	size_t i;

	for (i = 0; i < s->ndeps; i++)
		if (!s->deps[i].locked && s->deps[i].direct)
			put(&named, key_of(&s->deps[i]));
	for (i = 0; i < s->ndeps; i++)
		if (s->deps[i].locked)
			s->deps[i].direct = has(&named,
				key_of(&s->deps[i]));
	map_release(&named);
}

/* A package without a name is none. */
static void
drop_nameless(struct source *s)
{
	size_t i, k = 0;

	for (i = 0; i < s->ndeps; i++) {
		if (*s->deps[i].name)
			s->deps[k++] = s->deps[i];
		else
			dep_release(&s->deps[i]);
	}
	s->ndeps = k;
}

void
deps_read(struct source *s)
{
	depfile_read *read;
	struct err err;
	size_t i;

	for (i = 0; i < s->nfiles; i++) {
		read = reader_of(s->files[i].path);
		if (read && read(s, &s->files[i], &err) < 0)
			diag_warn_err(&err);
	}
	drop_nameless(s);
	mark_direct(s);
}
