#include "smelt-gate1/dependency/affected.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/version.h"
#include "form/package.h"

enum { FIXES = 5 };

enum { INTRODUCED, FIXED, LAST_AFFECTED, LIMIT };

struct event {
	int type;
	const char *version;
	enum version_scheme scheme;
};

struct events {
	struct event *v;
	size_t n, cap;
	bool limited;
};

/* "Maven:https://…" is Maven */
static bool
same_package(const struct affected *a, const struct json *package)
{
	const char *ecosystem = json_get_str(package, "ecosystem");
	const char *name = json_get_str(package, "name");
	size_t n = strlen(a->ecosystem);
	struct str normal;
	bool same;

	if (!ecosystem || !name || strncmp(ecosystem, a->ecosystem, n) ||
	    (ecosystem[n] && ecosystem[n] != ':'))
		return false;
	str_init(&normal, STR_LINE);
	package_name(&normal, a->ecosystem, name, strlen(name));
	same = strcmp(str_s(&normal), a->name) == 0;
	str_release(&normal);
	return same;
}

/* "0" is before every version */
static int
compare(enum version_scheme scheme, const char *version, const char *event)
{
	if (strcmp(event, "0") == 0)
		return 1;
	return version_compare(scheme, version, event);
}

static int
by_version(const void *pa, const void *pb)
{
	const struct event *a = pa, *b = pb;
	bool zero_a = strcmp(a->version, "0") == 0;
	bool zero_b = strcmp(b->version, "0") == 0;
	int order;

	if (zero_a || zero_b)
		order = zero_b - zero_a;
	else
		order = version_compare(a->scheme, a->version, b->version);
	return order ? order : a->type - b->type;
}

static void
read_events(struct events *e, const struct json *range,
	enum version_scheme scheme)
{
	static const char *const names[] = { "introduced", "fixed",
		"last_affected", "limit" };
	struct json_iter it;

	memset(e, 0, sizeof(*e));
	for (json_each(&it, json_get(range, "events")); json_next(&it); )
		for (int i = INTRODUCED; i <= LIMIT; i++) {
			const char *version = json_get_str(it.value, names[i]);

			if (!version || !json_is(it.value, JSON_OBJECT))
				continue;
			e->v = vec_grow(e->v, e->n, &e->cap, sizeof(*e->v));
			e->v[e->n++] = (struct event){ i, version, scheme };
			e->limited = e->limited || i == LIMIT;
		}
	if (e->n)
		qsort(e->v, e->n, sizeof(*e->v), by_version);
}

static bool
before_limits(const struct events *e, enum version_scheme scheme,
	const char *version)
{
	bool before = !e->limited;

	for (size_t i = 0; i < e->n; i++)
		before = before || (e->v[i].type == LIMIT &&
			(strcmp(e->v[i].version, "*") == 0 ||
			compare(scheme, version, e->v[i].version) < 0));
	return before;
}

static bool
in_events(const struct events *e, enum version_scheme scheme,
	const char *version)
{
	bool hit = false;

	for (size_t i = 0; i < e->n; i++) {
		int order = e->v[i].type == LIMIT ? -1 :
			compare(scheme, version, e->v[i].version);

		if (e->v[i].type == INTRODUCED && order >= 0)
			hit = true;
		else if (e->v[i].type == FIXED && order >= 0)
			hit = false;
		else if (e->v[i].type == LAST_AFFECTED && order > 0)
			hit = false;
	}
	return hit && before_limits(e, scheme, version);
}

/* The order that a range goes by; false: no range of versions. */
static bool
scheme_of(const struct affected *a, const struct json *range,
	enum version_scheme *scheme)
{
	const char *type = json_get_str(range, "type");

	if (type && strcmp(type, "SEMVER") == 0) {
		*scheme = VERSION_SEMVER;
		return true;
	}
	return type && strcmp(type, "ECOSYSTEM") == 0 &&
		version_scheme(a->ecosystem, scheme);
}

static bool
enumerated(const struct affected *a, const struct json *list)
{
	enum version_scheme scheme;
	struct json_iter it;
	bool known = version_scheme(a->ecosystem, &scheme);

	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); ) {
		const char *v = json_str(it.value);

		if (v && (strcmp(v, a->version) == 0 || (known &&
		    version_compare(scheme, a->version, v) == 0)))
			return true;
	}
	return false;
}

static bool
in_entry(const struct affected *a, const struct json *entry)
{
	enum version_scheme scheme;
	struct json_iter it;
	struct events e;
	bool hit = enumerated(a, json_get(entry, "versions"));

	for (json_each(&it, json_get(entry, "ranges")); !hit &&
	    json_next(&it); ) {
		if (!scheme_of(a, it.value, &scheme))
			continue;
		read_events(&e, it.value, scheme);
		hit = in_events(&e, scheme, a->version);
		free(e.v);
	}
	return hit;
}

const struct json *
affected_entry(const struct affected *a, const struct json *record)
{
	struct json_iter it;

	for (json_each(&it, json_get(record, "affected")); json_next(&it); )
		if (same_package(a, json_get(it.value, "package")) &&
		    in_entry(a, it.value))
			return it.value;
	return NULL;
}

bool
affected_by(const struct affected *a, const struct json *record)
{
	return !json_get_str(record, "withdrawn") &&
		affected_entry(a, record) != NULL;
}

static void
add_fixes(const struct affected *a, const struct json *entry,
	struct events *all)
{
	enum version_scheme scheme;
	struct json_iter it;
	struct events e;

	for (json_each(&it, json_get(entry, "ranges")); json_next(&it); ) {
		if (!scheme_of(a, it.value, &scheme))
			continue;
		read_events(&e, it.value, scheme);
		for (size_t i = 0; i < e.n; i++) {
			if (e.v[i].type != FIXED ||
			    compare(scheme, a->version, e.v[i].version) >= 0)
				continue;
			all->v = vec_grow(all->v, all->n, &all->cap,
				sizeof(*all->v));
			all->v[all->n++] = e.v[i];
		}
		free(e.v);
	}
}

void
affected_fixes(const struct affected *a, const struct json *record,
	struct str *out)
{
	struct events all = { 0 };
	struct json_iter it;
	size_t told = 0;

	for (json_each(&it, json_get(record, "affected")); json_next(&it); )
		if (same_package(a, json_get(it.value, "package")))
			add_fixes(a, it.value, &all);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_version);
	for (size_t i = 0; i < all.n && told < FIXES; i++) {
		if (i && strcmp(all.v[i].version, all.v[i - 1].version) == 0)
			continue;
		str_addf(out, "%s%s", told++ ? ", " : "", all.v[i].version);
	}
	free(all.v);
}
