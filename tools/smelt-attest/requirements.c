#include "smelt-attest/requirements.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "form/package.h"
#include "form/sbom.h"
#include "smelt-attest/closure.h"

struct requirements {
	struct closure *closure;
	struct map refs;	/* normalised name: ref */
	struct map via;		/* "child\tparent" in order */
	const char *current;	/* normalised name of the package last read */
	bool in_via;
	const char *file;
	unsigned line;
};

/* The name to compare by. */
static const char *
normal(struct arena *arena, const char *p, size_t n)
{
	struct str out;
	const char *kept;

	str_init(&out, STR_LINE);
	package_name(&out, "PyPI", p, n);
	kept = arena_strdup(arena, str_s(&out));
	str_release(&out);
	return kept;
}

/* Length of a package name at p. */
static size_t
name_length(const char *p)
{
	return strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789._-");
}

/* One parent of the current package: "# via parent" or "#   parent". */
static void
read_parent(struct requirements *r, const char *p)
{
	struct arena *arena = r->closure->arena;
	const char *key;
	size_t n;

	p += strspn(p, " \t");
	if (!r->current || !*p)
		return;
	n = name_length(p);
	key = arena_printf(arena, "%s\t%s", r->current,
		*p == '-' || n == 0 ? "" : normal(arena, p, n));
	map_put(&r->via, key, r);
}

static void
read_comment(struct requirements *r, const char *p)
{
	p += strspn(p, " \t");
	if (strncmp(p, "via", 3) == 0 && (!p[3] || p[3] == ' ')) {
		r->in_via = true;
		read_parent(r, p + 3);
	} else if (r->in_via) {
		read_parent(r, p);
	}
}

/* "name[extra]==version" at p */
static int
read_pin(struct requirements *r, const char *p, struct err *err)
{
	struct arena *arena = r->closure->arena;
	struct sbom_component *comp;
	struct package_pin pin;
	const char *name;

	if (!package_pin(&pin, p, strlen(p)))
		return err_at(err, r->file, r->line, 1,
			"not pinned: name==version is wanted");
	name = normal(arena, p, pin.name_len);
	comp = closure_component(r->closure, "pypi", name,
		arena_strndup(arena, pin.version, pin.version_len));
	if (!comp)
		return err_at(err, r->file, r->line, 1, "no package name");
	closure_scope(comp, "required");
	comp->closed = true;
	r->current = name;
	r->in_via = false;
	map_put(&r->refs, name, (void *)(uintptr_t)comp->ref);
	return 0;
}

static void
read_hashes(struct requirements *r, const char *line)
{
	struct closure *c = r->closure;
	const char *ref = r->current ? map_get(&r->refs, r->current) : NULL;
	const char *p = line;
	char hex[65];

	while (ref && (p = strstr(p, "--hash=sha256:")) != NULL) {
		p += strlen("--hash=sha256:");
		if (strspn(p, "0123456789abcdef") != 64)
			continue;
		memcpy(hex, p, 64);
		hex[64] = '\0';
		closure_hash(c, closure_find(c, ref), "SHA-256", hex);
	}
}

static int
read_requirement(struct requirements *r, char *line, struct err *err)
{
	char *comment = *line == '#' ? line : strstr(line, " #");
	const char *p;

	if (comment)
		*comment++ = '\0';
	if (comment && *comment == '#')
		comment++;
	p = line + strspn(line, " \t");
	if (*p && *p != '-' && *p != '\\' && read_pin(r, p, err) < 0)
		return -1;
	read_hashes(r, p);
	if (comment)
		read_comment(r, comment);
	return 0;
}

/* Edges from what the comments said; roots where they said nothing. */
static void
connect(struct requirements *r)
{
	struct closure *c = r->closure;
	size_t i;

	for (i = 0; i < r->via.n; i++) {
		const char *key = r->via.entries[i].key;
		const char *tab = strchr(key, '\t');
		char *child = xstrndup(key, (size_t)(tab - key));
		const char *from = map_get(&r->refs, tab + 1);
		const char *to = map_get(&r->refs, child);

		if (!from)
			closure_root(c, to);
		else
			closure_edge(closure_find(c, from), to);
		free(child);
	}
	for (i = 0; r->via.n == 0 && i < r->refs.n; i++)
		map_put(c->flat, r->refs.entries[i].value, c);
}

int
requirements_read(struct closure *c, const char *text, const char *name,
	struct err *err)
{
	struct requirements r = { .closure = c, .file = name };
	int rc = 0;

	while (*text && rc == 0) {
		size_t n = strcspn(text, "\r\n");
		char *line = xstrndup(text, n);

		r.line++;
		rc = read_requirement(&r, line, err);
		free(line);
		text += n;
		if (*text == '\r')
			text++;
		if (*text == '\n')
			text++;
	}
	if (rc == 0)
		connect(&r);
	map_release(&r.refs);
	map_release(&r.via);
	return rc;
}
