#include "smelt-intake/deps/depfile.h"

#include <stdbool.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/deps/toml.h"
#include "smelt-intake/source.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

static size_t
skip(const char *p, size_t n, size_t i)
{
	while (i < n && is_space(p[i]))
		i++;
	return i;
}

/* "==1.2.3" alone, without a wildcard, is an exact version */
static void
set_version(struct dep *d, const char *p, size_t n)
{
	size_t i = 2, k;

	if (!mem_starts(p, n, "=="))
		return;
	i += i < n && p[i] == '=';
	i = skip(p, n, i);
	for (k = i; k < n && !strchr(",;*() \t", p[k]); k++)
		;
	if (k > i && skip(p, n, k) == n)
		dep_set(&d->version, p + i, k - i);
}

struct dep *
pydep_add(struct source *s, const struct file *f, const char *text,
	size_t len)
{
	size_t i = skip(text, len, 0), name = i, spec, end;
	struct dep *d;

	while (i < len && name_char(text[i]))
		i++;
	if (i == name)
		return NULL;
	d = dep_add(s, "PyPI", text + name, i - name, f->path);
	d->direct = true;
	i = skip(text, len, i);
	if (i < len && text[i] == '[') {
		const char *close = memchr(text + i, ']', len - i);

		i = close ? skip(text, len, (size_t)(close - text) + 1) : len;
	}
	while (len > i && is_space(text[len - 1]))
		len--;
	spec = i;
	for (end = i; end < len && text[end] != ';'; end++)
		;
	while (end > spec && is_space(text[end - 1]))
		end--;
	if (end > spec && text[spec] == '(' && text[end - 1] == ')') {
		spec++;
		end--;
	}
	set_version(d, text + spec, end - spec);
	if (len > i)
		dep_set(&d->requirement, text + i, len - i);
	return d;
}

/* --- requirements.txt ------------------------------------------------------- */
static bool
is_dev_name(const char *path)
{
	static const char *const words[] = { "dev", "test", "lint", "doc",
		"typing", "ci" };
	const char *base = path_base(path);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(base, words[i]))
			return true;
	return false;
}

/* The hashes behind a requirement, which they are cut off of. */
static size_t
take_hashes(struct dep *d, const char *p, size_t n)
{
	static const char option[] = "--hash=";
	size_t keep = n, i, k, colon;
	char algorithm[16];

	for (i = 0; i + sizeof(option) < n; i++) {
		if (!mem_starts(p + i, n - i, option))
			continue;
		if (keep == n)
			keep = i;
		i += sizeof(option) - 1;
		for (colon = i; colon < n && p[colon] != ':'; colon++)
			;
		for (k = colon; k < n && !is_space(p[k]); k++)
			;
		if (d && colon < n && colon - i < sizeof(algorithm)) {
			memcpy(algorithm, p + i, colon - i);
			algorithm[colon - i] = '\0';
			dep_hash_hex(d, algorithm, p + colon + 1,
				k - colon - 1);
		}
		i = k;
	}
	return keep;
}

/* "https://host/x.whl", but not "name @ https://host/x.whl" */
static bool
is_url(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (name_char(p[i]) || p[i] == '+'))
		i++;
	return mem_starts(p + i, n - i, "://");
}

/* One logical line, its continuations joined by blanks. */
static void
requirement_line(struct source *s, const struct file *f, struct str *line,
	const struct lines *lines, size_t from, size_t to)
{
	size_t n = line->len, i, keep;
	unsigned l1, c1, l2, c2;
	struct dep *d;

	for (i = 0; i < n; i++)
		if (line->buf[i] == '#' && (i == 0 ||
		    is_space(line->buf[i - 1])))
			break;
	n = i;
	i = skip(str_s(line), n, 0);
	/* options, paths and plain URLs name no package */
	if (i == n || line->buf[i] == '-' || line->buf[i] == '.' ||
	    line->buf[i] == '/' || is_url(line->buf + i, n - i))
		return;
	keep = take_hashes(NULL, line->buf, n);
	d = pydep_add(s, f, line->buf, keep);
	if (!d)
		return;
	take_hashes(d, line->buf, n);
	if (is_dev_name(f->path))
		d->scope = "dev";
	lines_position(lines, from, &l1, &c1);
	lines_position(lines, to, &l2, &c2);
	dep_place(d, l1, c1, l2, c2);
}

int
pydep_requirements(struct source *s, const struct file *f, struct err *err)
{
	const char *p = f->text, *end = p + f->size, *nl, *stop;
	struct lines lines;
	struct str line;
	size_t from = 0;
	bool more = false;

	(void)err;
	lines_init(&lines, f->text, f->size);
	str_init(&line, STR_LINE * 16);
	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		stop = nl > p && nl[-1] == '\r' ? nl - 1 : nl;
		if (!more) {
			str_clear(&line);
			from = (size_t)(p - f->text) +
				skip(p, (size_t)(stop - p), 0);
		}
		more = stop > p && stop[-1] == '\\';
		str_add(&line, p, (size_t)(stop - p) - more);
		str_putc(&line, ' ');
		if (!more || nl == end)
			requirement_line(s, f, &line, &lines, from,
				(size_t)(stop - f->text));
	}
	str_release(&line);
	lines_release(&lines);
	return 0;
}

/* --- pyproject.toml --------------------------------------------------------- */
static void
place(struct dep *d, const struct toml *t)
{
	dep_place(d, t->line, t->col, t->end_line, t->end_col);
}

static void
pep508_list(struct source *s, const struct file *f, const struct toml *list,
	const char *scope)
{
	const struct toml *t;
	struct dep *d;

	if (!list || list->type != TOML_ARRAY)
		return;
	for (t = list->first; t; t = t->next) {
		d = toml_str(t) ? pydep_add(s, f, t->text, t->len) : NULL;
		if (!d)
			continue;
		d->scope = scope;
		place(d, t);
	}
}

static void
pep508_groups(struct source *s, const struct file *f,
	const struct toml *groups, const char *scope)
{
	const struct toml *t;

	if (groups && groups->type == TOML_TABLE)
		for (t = groups->first; t; t = t->next)
			pep508_list(s, f, t, scope);
}

/* A bare version is exact to Poetry, not to Pipenv. */
static void
table_entry(struct source *s, const struct file *f, const struct toml *t,
	const struct toml *value, const char *scope, bool bare_is_exact)
{
	const char *v = toml_str(value);
	const struct toml *optional = NULL;
	struct dep *d;

	if (value->type == TOML_TABLE) {
		v = toml_str(toml_get(value, "version"));
		optional = toml_get(value, "optional");
	}
	d = dep_add(s, "PyPI", t->key, strlen(t->key), f->path);
	d->direct = true;
	d->scope = optional && optional->text &&
		strcmp(optional->text, "true") == 0 ? "optional" : scope;
	place(d, t);
	if (!v || strcmp(v, "*") == 0)
		return;
	dep_set(&d->requirement, v, strlen(v));
	set_version(d, v, strlen(v));
	if (bare_is_exact && v[0] >= '0' && v[0] <= '9' &&
	    !strpbrk(v, "*,<>=| "))
		dep_set(&d->version, v, strlen(v));
}

static void
table(struct source *s, const struct file *f, const struct toml *t,
	const char *scope, bool bare_is_exact)
{
	const struct toml *m, *one;

	if (!t || t->type != TOML_TABLE)
		return;
	for (m = t->first; m; m = m->next) {
		if (strcmp(m->key, "python") == 0)
			continue;
		if (m->type != TOML_ARRAY) {
			table_entry(s, f, m, m, scope, bare_is_exact);
			continue;
		}
		for (one = m->first; one; one = one->next)
			table_entry(s, f, m, one, scope, bare_is_exact);
	}
}

static void
poetry(struct source *s, const struct file *f, const struct toml *t)
{
	const struct toml *group;

	table(s, f, toml_get(t, "dependencies"), "runtime", true);
	table(s, f, toml_get(t, "dev-dependencies"), "dev", true);
	group = toml_get(t, "group");
	if (!group || group->type != TOML_TABLE)
		return;
	for (group = group->first; group; group = group->next)
		table(s, f, toml_get(group, "dependencies"), "dev", true);
}

int
pydep_pyproject(struct source *s, const struct file *f, struct err *err)
{
	struct arena a = { 0 };
	struct toml *root;
	int rc = toml_parse(&a, f->text, f->size, f->path, &root, err);

	if (rc == 0) {
		pep508_list(s, f, toml_path(root, "project.dependencies"),
			"runtime");
		pep508_groups(s, f, toml_path(root,
			"project.optional-dependencies"), "optional");
		pep508_groups(s, f, toml_get(root, "dependency-groups"),
			"dev");
		pep508_list(s, f, toml_path(root, "build-system.requires"),
			"dev");
		poetry(s, f, toml_path(root, "tool.poetry"));
	}
	arena_release(&a);
	return rc;
}

int
pydep_pipfile(struct source *s, const struct file *f, struct err *err)
{
	struct arena a = { 0 };
	struct toml *root;
	int rc = toml_parse(&a, f->text, f->size, f->path, &root, err);

	if (rc == 0) {
		table(s, f, toml_get(root, "packages"), "runtime", false);
		table(s, f, toml_get(root, "dev-packages"), "dev", false);
	}
	arena_release(&a);
	return rc;
}

/* --- setup.cfg -------------------------------------------------------------- */
/* The scope of requirements under a key of a section; NULL: none there. */
static const char *
cfg_scope(const char *section, size_t n, const char *key, size_t k)
{
	if (mem_is(section, n, "options")) {
		if (mem_is(key, k, "install_requires"))
			return "runtime";
		if (mem_is(key, k, "tests_require") ||
		    mem_is(key, k, "setup_requires"))
			return "dev";
	}
	return mem_is(section, n, "options.extras_require") ? "optional" :
		NULL;
}

static void
cfg_value(struct source *s, const struct file *f, const char *p, size_t n,
	size_t from, unsigned line, const char *scope)
{
	size_t i = skip(p, n, from);
	struct dep *d;

	while (n > i && is_space(p[n - 1]))
		n--;
	if (i == n || p[i] == '#' || !scope)
		return;
	d = pydep_add(s, f, p + i, n - i);
	if (!d)
		return;
	d->scope = scope;
	dep_place(d, line, (unsigned)i + 1, line, (unsigned)n + 1);
}

static size_t
length_to(const char *p, size_t n, char c)
{
	const char *at = memchr(p, c, n);

	return at ? (size_t)(at - p) : n;
}

int
pydep_setup_cfg(struct source *s, const struct file *f, struct err *err)
{
	const char *p = f->text, *end = p + f->size, *nl, *section = "", *eq;
	const char *scope = NULL;
	size_t section_len = 0, n, k;
	unsigned line = 1;

	(void)err;
	for (; p < end; p = nl + 1, line++) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		n = (size_t)(nl - p);
		if (n && *p == '[') {
			section = p + 1;
			section_len = length_to(section, n - 1, ']');
			scope = NULL;
		} else if (n && is_space(*p)) {
			cfg_value(s, f, p, n, 0, line, scope);
		} else if (n && *p != '#' && *p != ';') {
			eq = memchr(p, '=', n);
			k = eq ? (size_t)(eq - p) : n;
			while (k && is_space(p[k - 1]))
				k--;
			scope = cfg_scope(section, section_len, p, k);
			if (eq)
				cfg_value(s, f, p, n, (size_t)(eq - p) + 1,
					line, scope);
		}
	}
	return 0;
}
