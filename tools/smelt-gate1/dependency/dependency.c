#include "smelt-gate1/dependency/dependency.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/version.h"
#include "form/finding.h"
#include "form/package.h"
#include "form/rule.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/dependency/advisory.h"
#include "smelt-gate1/dependency/affected.h"
#include "smelt-gate1/dependency/osv.h"
#include "smelt-gate1/dependency/pin.h"
#include "smelt-gate1/gate.h"

enum { PLACES = 20 };	/* told as evidence */

struct meeting {
	size_t pin;
	struct advisory advisory;
};

struct dependency {
	struct gate *g;
	struct osv *osv;
	const struct rule *floor;
	struct pins pins;
	struct arena arena;
	struct map names;	/* of packages, for the database */
	struct map packages;	/* "ecosystem\tname" to first pin + 1 */
	size_t *next;		/* by pin: + 1 of the next of its package */
	struct meeting *met;
	size_t nmet, cap;
	size_t records, uncovered;
};

struct dependency *
dependency_new(struct gate *g, struct osv *osv, struct err *err)
{
	struct dependency *d = xcalloc(1, sizeof(*d));
	const struct json *floors;
	enum version_scheme scheme;
	struct json_iter it;

	d->g = g;
	d->osv = osv;
	d->floor = rules_get(g->rules, "dependency-sdk-floor");
	floors = d->floor ? json_get(d->floor->body, "floors") : NULL;
	for (json_each(&it, floors); json_next(&it); ) {
		unsigned line, col;

		if (json_get_str(it.value, "name") &&
		    json_get_str(it.value, "why") &&
		    json_get_str(it.value, "below") &&
		    version_scheme(json_get_str(it.value, "ecosystem"),
			&scheme))
			continue;
		rule_position(g->rules, d->floor, it.value, &line, &col);
		err_at(err, d->floor->file, line, col, "a floor needs "
			"ecosystem, name, below and why [%s]", d->floor->id);
		dependency_free(d);
		return NULL;
	}
	return d;
}

void
dependency_free(struct dependency *d)
{
	if (!d)
		return;
	pins_release(&d->pins);
	map_release(&d->names);
	map_release(&d->packages);
	arena_release(&d->arena);
	free(d->next);
	free(d->met);
	free(d);
}

static struct finding *
report(struct dependency *d, const struct rule *rule, const struct pin *pin,
	const char *const *args, size_t nargs)
{
	const struct pin_place *first = &pin->places[0];
	struct findings *fs = d->g->findings;
	struct finding *f;

	f = gate_find(d->g, rule, first->loc, first->file, args, nargs,
		pin->purl);
	f->purl = findings_keep(fs, pin->purl);
	for (size_t i = 1; i < pin->nplaces && i <= PLACES; i++)
		finding_evidence(fs, f, pin->places[i].loc,
			pin->places[i].file ? "the generated server pins it" :
			"it is needed here, too");
	return f;
}

/* --- floors ------------------------------------------------------------------ */
static void
hold_against_floor(struct dependency *d, const struct pin *pin,
	const struct json *floor)
{
	const char *ecosystem = json_get_str(floor, "ecosystem");
	const char *below = json_get_str(floor, "below");
	const char *args[RULE_ARGS] = { NULL };
	enum version_scheme scheme;
	struct finding *f;
	struct str text;

	if (strcmp(pin->ecosystem, ecosystem) != 0 ||
	    strcmp(pin->key, json_get_str(floor, "name")) != 0 ||
	    !version_scheme(ecosystem, &scheme) ||
	    version_compare(scheme, pin->version, below) >= 0)
		return;
	for (size_t i = 0; i < d->floor->nargs; i++) {
		const char *name = d->floor->args[i];

		args[i] = strcmp(name, "$NAME") == 0 ? pin->name :
			strcmp(name, "$VERSION") == 0 ? pin->version :
			strcmp(name, "$ROLE") == 0 ? pin_role(pin) :
			strcmp(name, "$FLOOR") == 0 ? below :
			strcmp(name, "$WHY") == 0 ?
			json_get_str(floor, "why") : "";
	}
	f = report(d, d->floor, pin, args, d->floor->nargs);
	str_init(&text, STR_LINE);
	str_addf(&text, "update %s to %s or later", pin->name, below);
	f->fix = findings_keep(d->g->findings, str_s(&text));
	str_release(&text);
}

static void
check_floors(struct dependency *d)
{
	const struct json *floors = d->floor ?
		json_get(d->floor->body, "floors") : NULL;
	struct json_iter it;

	for (size_t i = 0; i < d->pins.n; i++)
		for (json_each(&it, floors); json_next(&it); )
			hold_against_floor(d, &d->pins.v[i], it.value);
}

/* --- advisories -------------------------------------------------------------- */
static char *
package_id(const char *ecosystem, size_t len, const char *key)
{
	return xasprintf("%.*s\t%s", (int)len, ecosystem, key);
}

static void
index_pins(struct dependency *d)
{
	const struct pins *p = &d->pins;

	d->next = xcalloc(p->n + 1, sizeof(*d->next));
	for (size_t i = 0; i < p->n; i++) {
		const struct pin *pin = &p->v[i];
		char *id = package_id(pin->ecosystem,
			strlen(pin->ecosystem), pin->key);

		if (!osv_covers(d->osv, pin->ecosystem)) {
			d->uncovered++;
		} else {
			d->next[i] = (size_t)map_get(&d->packages, id);
			map_put(&d->packages, id, (void *)(i + 1));
			map_put(&d->names, pin->key, d);
		}
		free(id);
	}
}

static void
meet(struct dependency *d, size_t i, const struct json *record)
{
	const struct pin *pin = &d->pins.v[i];
	const struct affected a = { pin->ecosystem, pin->key, pin->version };
	struct meeting *m;

	/* a record may name a package several times */
	if (d->nmet && d->met[d->nmet - 1].pin == i &&
	    json_str_is(json_get(record, "id"),
		d->met[d->nmet - 1].advisory.id))
		return;
	if (!affected_by(&a, record))
		return;
	d->met = vec_grow(d->met, d->nmet, &d->cap, sizeof(*d->met));
	m = &d->met[d->nmet++];
	m->pin = i;
	advisory_read(&m->advisory, record, &a, &d->arena);
}

static int
on_record(void *arg, const struct json *record)
{
	struct map looked = { 0 };
	struct dependency *d = arg;
	struct json_iter it;

	for (json_each(&it, json_get(record, "affected")); json_next(&it); ) {
		const struct json *package = json_get(it.value, "package");
		const char *ecosystem = json_get_str(package, "ecosystem");
		const char *name = json_get_str(package, "name");
		struct str key;
		bool added;
		char *id;

		if (!ecosystem || !name)
			continue;
		str_init(&key, STR_LINE);
		id = xstrndup(ecosystem, strcspn(ecosystem, ":"));
		package_name(&key, id, name, strlen(name));
		free(id);
		id = package_id(ecosystem, strcspn(ecosystem, ":"),
			str_s(&key));
		map_add(&looked, id, strlen(id), &added);
		for (size_t i = added ? (size_t)map_get(&d->packages, id) : 0;
		    i; i = d->next[i - 1])
			meet(d, i - 1, record);
		free(id);
		str_release(&key);
	}
	map_release(&looked);
	return 0;
}

static int
by_pin(const void *pa, const void *pb)
{
	const struct meeting *a = pa, *b = pb;

	return (a->pin > b->pin) - (a->pin < b->pin);
}

static void
report_group(struct dependency *d, const struct pin *pin,
	const struct advisory *list, size_t n, size_t group)
{
	const struct rule *rule = advisory_rule(list, n, group, d->g->rules);
	const char *args[5] = { pin->name, pin->version, pin_role(pin) };
	const char *fixes = NULL;
	struct str names, fix;
	struct finding *f;

	str_init(&names, STR_LINE);
	str_init(&fix, STR_LINE);
	advisory_names(list, n, group, &names);
	args[3] = str_s(&names);
	args[4] = list[group].summary;
	for (size_t i = group; !fixes && i < n; i++)
		if (list[i].group == group)
			fixes = list[i].fixes;
	if (fixes)
		str_addf(&fix, "update %s to %s%s", pin->name, fixes,
			strchr(fixes, ',') ? "" : " or later");
	else
		str_addf(&fix, "no fixed version is known: replace %s",
			pin->name);
	f = report(d, rule, pin, args, 5);
	f->fix = findings_keep(d->g->findings, str_s(&fix));
	str_release(&names);
	str_release(&fix);
}

static void
report_all(struct dependency *d)
{
	size_t first = 0;

	if (d->nmet)
		qsort(d->met, d->nmet, sizeof(*d->met), by_pin);
	while (first < d->nmet) {
		size_t n = 0, pin = d->met[first].pin;
		struct advisory *list;

		while (first + n < d->nmet && d->met[first + n].pin == pin)
			n++;
		list = xcalloc(n, sizeof(*list));
		for (size_t i = 0; i < n; i++)
			list[i] = d->met[first + i].advisory;
		advisory_group(list, n);
		for (size_t i = 0; i < n; i++)
			if (list[i].group == i)
				report_group(d, &d->pins.v[pin], list, n, i);
		free(list);
		first += n;
	}
}

static void
told(struct dependency *d)
{
	size_t n = d->pins.n - d->uncovered;
	struct str text;

	str_init(&text, STR_LINE);
	if (d->pins.unpinned)
		str_addf(&text, "; %zu without an exact version not checked",
			d->pins.unpinned);
	if (d->uncovered)
		str_addf(&text, "; %zu not checked: their ecosystem is not "
			"in the database", d->uncovered);
	if (!d->osv)
		gate_scanned(d->g, "dependency", false, "no --osv database "
			"given; %zu packages held against the floors only%s",
			n, str_s(&text));
	else
		gate_scanned(d->g, "dependency", true, "%zu packages, %zu "
			"advisories, database sha256:%s%s", n, d->records,
			osv_digest(d->osv), str_s(&text));
	str_release(&text);
}

int
dependency_scan(struct dependency *d, struct err *err)
{
	int rc = pins_collect(&d->pins, d->g->corpus, err);

	if (rc < 0)
		return -1;
	check_floors(d);
	if (d->osv) {
		index_pins(d);
		rc = osv_each(d->osv, &d->names, on_record, d, &d->records,
			err);
	}
	if (rc < 0)
		return -1;
	report_all(d);
	told(d);
	return 0;
}
