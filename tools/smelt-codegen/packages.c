#include "smelt-codegen/packages.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "form/package.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

static const char alnum[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool
made_of(const char *s, const char *more)
{
	for (; *s; s++)
		if (!strchr(alnum, *s) && !strchr(more, *s))
			return false;
	return true;
}

static bool
is_name(const char *s)
{
	return *s && strchr(alnum, *s) && strchr(alnum, s[strlen(s) - 1]) &&
		made_of(s, "._-");
}

static bool
is_version(const char *s)
{
	return *s && strchr(alnum, *s) && made_of(s, ".!+_-");
}

/* ">=1.0,<2": comparisons only, nothing that pip reads as an option or URL */
static bool
is_range(const char *s)
{
	return *s && strchr("<>=!~", *s) && made_of(s, "<>=!~.,*+_ ");
}

static bool
is_hash(const char *s)
{
	static const char prefix[] = "sha256:";

	return str_starts(s, prefix) &&
		strlen(s) == sizeof(prefix) - 1 + 64 &&
		strspn(s + sizeof(prefix) - 1, "0123456789abcdef") == 64;
}

/* one name however it is written */
static char *
normal(const char *name, size_t len)
{
	struct str out;

	str_init(&out, STR_LINE);
	package_name(&out, "PyPI", name, len);
	return str_detach(&out);
}

/* name to the start of its version in the runtime's requirements.txt */
static void
read_pins(struct map *pins, const struct str *requirements)
{
	const char *line = str_s(requirements);
	struct package_pin pin;
	char *name;
	size_t n;

	for (; *line; line += n + (line[n] == '\n')) {
		n = strcspn(line, "\n");
		if (!package_pin(&pin, line, n))
			continue;
		name = normal(line, pin.name_len);
		map_put(pins, name, (void *)(uintptr_t)pin.version);
		free(name);
	}
}

static size_t
count_hashes(const struct model_dep *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->nhashes; i++)
		n += is_hash(d->hashes[i]);
	return n;
}

static void
write_dep(struct str *out, const struct model_dep *d, bool hashed)
{
	size_t i;

	str_puts(out, d->name);
	if (d->version)
		str_addf(out, "==%s", d->version);
	else if (d->requirement && *d->requirement)
		str_puts(out, d->requirement);
	for (i = 0; i < d->nhashes; i++)
		if (hashed && is_hash(d->hashes[i]))
			str_addf(out, " \\\n    --hash=%s", d->hashes[i]);
	str_putc(out, '\n');
}

/* note d in wanted, when it is to be installed */
static void
take_dep(struct map *wanted, const struct map *pins,
	const struct model_dep *d)
{
	char *name = normal(d->name, strlen(d->name));
	const char *pin = map_get(pins, name);

	if (!is_name(d->name) || (d->version && !is_version(d->version)) ||
	    (!d->version && d->requirement && *d->requirement &&
	    !is_range(d->requirement))) {
		diag_warn("package '%s' of the source is left out: not a plain "
			"name and version", d->name);
	} else if (pin) {
		size_t n = strcspn(pin, " \\\n");

		if (d->version && (strlen(d->version) != n ||
		    strncmp(d->version, pin, n) != 0))
			diag_warn("the source wants %s %s, the runtime has "
				"%.*s", d->name, d->version, (int)n, pin);
	} else if (!map_has(wanted, name)) {
		map_put(wanted, name, (void *)(uintptr_t)d);
		if (!d->version)
			diag_warn("package '%s' of the source has no exact "
				"version", d->name);
	}
	free(name);
}

/* pip wants a hash of every package or of none */
static void
write_wanted(struct str *out, const struct map *wanted)
{
	bool hashed = true;
	size_t i;

	for (i = 0; i < wanted->n; i++)
		if (!count_hashes(wanted->entries[i].value))
			hashed = false;
	if (!hashed)
		diag_warn("the source's packages are installed without hashes:"
			" not every one has them");
	for (i = 0; i < wanted->n; i++)
		write_dep(out, wanted->entries[i].value, hashed);
}

static bool
add_requirements(struct tree *t, const struct model *m)
{
	const struct tree_file *runtime = tree_find(t, "requirements.txt");
	struct map pins = { 0 }, wanted = { 0 };
	struct str out;
	bool any;
	size_t i;

	str_init(&out, STR_RECORD);
	if (runtime)
		read_pins(&pins, runtime->text);
	for (i = 0; i < m->ndeps; i++)
		take_dep(&wanted, &pins, &m->deps[i]);
	any = wanted.n != 0;
	if (any)
		write_wanted(&out, &wanted);
	if (any && !tree_add(t, "requirements-source.txt", ROLE_CONFIG, &out))
		die("internal: two files 'requirements-source.txt'");
	str_release(&out);
	map_release(&pins);
	map_release(&wanted);
	return any;
}

int
packages_add(struct tree *t, const struct model *m, bool *packages,
	struct err *err)
{
	struct str path, text;
	size_t i;
	int rc = 0;

	*packages = false;
	if (!model_is_python(m))
		return 0;
	str_init(&path, STR_LINE);
	for (i = 0; i < m->nsources && rc == 0; i++) {
		str_clear(&path);
		str_addf(&path, "source/%s", m->sources[i].path);
		str_init(&text, STR_RECORD);
		str_add(&text, m->sources[i].text, m->sources[i].len);
		if (!tree_add(t, str_s(&path), ROLE_SOURCE, &text))
			rc = err_set(err, "two files '%s' in the source",
				m->sources[i].path);
		str_release(&text);
	}
	str_release(&path);
	if (rc == 0)
		*packages = add_requirements(t, m);
	return rc;
}
