#include "smelt-gate1/dependency/advisory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "form/rule.h"
#include "smelt-gate1/dependency/affected.h"
#include "smelt-gate1/dependency/cvss.h"

enum { SUMMARY = 200, ID_MAX = 100 };

static const double unknown_severity = 5.0;

static double
word_severity(const char *word)
{
	static const struct {
		const char *word;
		double severity;
	} words[] = {
		{ "CRITICAL", 9.5 }, { "HIGH", 8.0 }, { "MODERATE", 5.5 },
		{ "MEDIUM", 5.5 }, { "LOW", 2.5 }
	};

	for (size_t i = 0; word && i < sizeof(words) / sizeof(*words); i++)
		if (strcasecmp(word, words[i].word) == 0)
			return words[i].severity;
	return 0;
}

/* The vector that a list "severity" has of a type. */
static double
vector_severity(const struct json *list, const char *type)
{
	struct json_iter it;
	double score;

	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); ) {
		const char *is = json_get_str(it.value, "type");
		const char *vector = json_get_str(it.value, "score");

		if (is && vector && strcmp(is, type) == 0 &&
		    cvss_score(vector, &score))
			return score;
	}
	return 0;
}

/* An exact score, a word, an approximation: the first that there is. */
static double
severity_of(const struct json *record, const struct json *entry)
{
	const struct json *lists[] = { json_get(entry, "severity"),
		json_get(record, "severity") };
	const struct json *places[] = { json_get(entry, "database_specific"),
		json_get(entry, "ecosystem_specific"),
		json_get(record, "database_specific") };
	double found = 0;

	if (str_starts(json_get_str(record, "id"), "MAL-"))
		return 10;
	for (size_t i = 0; found <= 0 && i < 2; i++)
		found = vector_severity(lists[i], "CVSS_V3");
	for (size_t i = 0; found <= 0 && i < 3; i++)
		found = word_severity(json_get_str(places[i], "severity"));
	for (size_t i = 0; found <= 0 && i < 2; i++)
		found = vector_severity(lists[i], "CVSS_V4");
	return found;
}

static void
add_ids(struct advisory *a, const struct json *list, struct arena *arena)
{
	const char **all = arena_array(arena, a->naliases + json_size(list) +
		1, sizeof(*all));
	struct json_iter it;

	if (a->naliases)
		memcpy(all, a->aliases, a->naliases * sizeof(*all));
	a->aliases = all;
	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); )
		if (json_str(it.value))
			all[a->naliases++] = arena_strdup(arena,
				json_str(it.value));
}

static const char *
one_line(const char *text, struct arena *arena)
{
	size_t n = strcspn(text, "\r\n");
	bool cut = n > SUMMARY;

	if (cut)
		for (n = SUMMARY; n && ((unsigned char)text[n] & 0xC0) == 0x80;)
			n--;
	return arena_printf(arena, "%.*s%s", (int)n, text, cut ? "…" : "");
}

static void
add_cwes(struct advisory *a, const struct json *list, struct arena *arena)
{
	struct json_iter it;

	for (json_each(&it, list); json_is(list, JSON_ARRAY) &&
	    json_next(&it); ) {
		const char *id = json_str(it.value);
		size_t n;

		if (!id || !str_starts(id, "CWE-") ||
		    a->ncwes == ADVISORY_CWES)
			continue;
		n = strspn(id + 4, "0123456789");
		if (n && n < 6 && !id[4 + n])
			a->cwes[a->ncwes++] = arena_printf(arena,
				"external/cwe/cwe-%s%s", n == 1 ? "00" :
				n == 2 ? "0" : "", id + 4);
	}
}

void
advisory_read(struct advisory *a, const struct json *record,
	const struct affected *dependency, struct arena *arena)
{
	const char *summary = json_get_str(record, "summary");
	struct str fixes;

	memset(a, 0, sizeof(*a));
	if (!summary || !*summary)
		summary = json_get_str(record, "details");
	a->id = arena_strdup(arena, json_get_str(record, "id"));
	add_ids(a, json_get(record, "aliases"), arena);
	add_ids(a, json_get(json_get(record, "database_specific"),
		"deprecatedIds"), arena);
	add_ids(a, json_get(record, "deprecatedIds"), arena);
	a->summary = one_line(summary && *summary ? summary :
		"known vulnerability", arena);
	if (!*a->summary)
		a->summary = "known vulnerability";
	a->severity = severity_of(record, affected_entry(dependency, record));
	add_cwes(a, json_get(json_get(record, "database_specific"),
		"cwe_ids"), arena);
	str_init(&fixes, STR_LINE);
	affected_fixes(dependency, record, &fixes);
	if (fixes.len)
		a->fixes = arena_strdup(arena, str_s(&fixes));
	str_release(&fixes);
}

static int
by_id(const void *pa, const void *pb)
{
	const struct advisory *a = pa, *b = pb;
	bool ghsa_a = str_starts(a->id, "GHSA-");
	bool ghsa_b = str_starts(b->id, "GHSA-");

	return ghsa_a != ghsa_b ? ghsa_b - ghsa_a : strcmp(a->id, b->id);
}

/* Everything that was in group from is in group to. */
static void
join(struct advisory *list, size_t n, size_t from, size_t to)
{
	size_t low = from < to ? from : to;

	for (size_t i = 0; from != to && i < n; i++)
		if (list[i].group == from || list[i].group == to)
			list[i].group = low;
}

static void
meet(struct advisory *list, size_t n, size_t i, const char *name,
	struct map *seen)
{
	bool added;
	struct map_entry *e = map_add(seen, name, strlen(name), &added);

	if (added)
		e->value = (void *)(i + 1);
	else
		join(list, n, list[(size_t)e->value - 1].group,
			list[i].group);
}

void
advisory_group(struct advisory *list, size_t n)
{
	struct map seen = { 0 };

	if (n)
		qsort(list, n, sizeof(*list), by_id);
	for (size_t i = 0; i < n; i++)
		list[i].group = i;
	for (size_t i = 0; i < n; i++) {
		meet(list, n, i, list[i].id, &seen);
		for (size_t k = 0; k < list[i].naliases; k++)
			meet(list, n, i, list[i].aliases[k], &seen);
	}
	map_release(&seen);
}

void
advisory_names(const struct advisory *list, size_t n, size_t group,
	struct str *out)
{
	struct map told = { 0 };
	size_t others = 0;

	str_puts(out, list[group].id);
	map_put(&told, list[group].id, &told);
	for (size_t i = group; i < n; i++) {
		for (size_t k = 0; list[i].group == group &&
		    k <= list[i].naliases; k++) {
			const char *name = k ? list[i].aliases[k - 1] :
				list[i].id;

			if (map_has(&told, name))
				continue;
			map_put(&told, name, &told);
			str_addf(out, "%s%s", others++ ? ", " : " (", name);
		}
	}
	str_puts(out, others ? ")" : "");
	map_release(&told);
}

static double
worst_severity(const struct advisory *list, size_t n, size_t group)
{
	double worst = 0;

	for (size_t i = group; i < n; i++)
		if (list[i].group == group && list[i].severity > worst)
			worst = list[i].severity;
	return worst;
}

/* [a-z0-9][a-z0-9-]*, as rule ids are. */
static void
rule_id(char out[ID_MAX], const char *id)
{
	size_t n = 0;

	for (; *id && n < ID_MAX - 1; id++)
		if (isalnum((unsigned char)*id) || (n && *id == '-'))
			out[n++] = (char)tolower((unsigned char)*id);
		else if (n)
			out[n++] = '-';
	out[n] = 0;
}

const struct rule *
advisory_rule(const struct advisory *list, size_t n, size_t group,
	struct rules *rules)
{
	double severity = worst_severity(list, n, group);
	const struct advisory *a = &list[group];
	struct rule r = { .scanner = "dependency", .precision = "very-high" };
	const struct rule *made;
	char id[ID_MAX];
	struct str names;

	rule_id(id, a->id);
	str_init(&names, STR_LINE);
	str_addf(&names, "%s: ", a->summary);
	advisory_names(list, n, group, &names);
	if (severity <= 0)
		str_puts(&names, "; no severity is stated");
	r.id = *id ? id : "advisory";
	r.severity = severity > 0 ? severity : unknown_severity;
	r.level = r.severity >= 7 ? "error" : r.severity >= 4 ? "warning" :
		"note";
	r.title = a->summary;
	r.description = str_s(&names);
	r.help = "Update the dependency to a version that is fixed. Where "
		"there is none, replace it, or waive the finding with a reason "
		"and a date.";
	r.message = "{0} {1}, {2}, is affected by {3}: {4}";
	r.tags[r.ntags++] = "security";
	r.tags[r.ntags++] = "dependency";
	for (size_t i = 0; i < a->ncwes; i++)
		r.tags[r.ntags++] = a->cwes[i];
	made = rules_add(rules, &r);
	str_release(&names);
	return made;
}
