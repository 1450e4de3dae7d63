#include "smelt-gate2/definition.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "data/json.h"
#include "form/finding.h"
#include "smelt-gate2/judge.h"
#include "smelt-gate2/model.h"

enum { PADDING = 40, HIDDEN_DEPTH = 200 };

static void
report(struct judge *j, const struct json *tool, const char *rule,
	const char *a, const char *b)
{
	const char *args[] = { json_get_str(tool, "name"), a, b, NULL };

	judge_tool(j, tool, rule, args);
}

static bool
lists(const struct json *list, const char *member, const char *text)
{
	const struct json *v;
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); ) {
		v = member ? json_get(it.value, member) : it.value;
		if (json_str_is(v, text))
			return true;
	}
	return false;
}

/* --- arguments --- */

static void
add_arguments(struct map *used, const struct json *list)
{
	struct json_iter it;
	const char *name;

	for (json_each(&it, list); json_next(&it); ) {
		name = json_get_str(it.value, "argument");
		if (name)
			map_put(used, name, used);
	}
}

static void
check_arguments(struct judge *j, const struct json *tool)
{
	const struct json *b = json_get(tool, "binding"), *properties;
	const struct json *body = json_get(b, "body");
	const char *whole = json_get_str(body, "argument");
	struct map used = { 0 };
	struct json_iter it;
	size_t i;

	if (json_str_is(json_get(b, "type"), "manual"))
		return;
	add_arguments(&used, json_get(b, "parameters"));
	add_arguments(&used, json_get(b, "arguments"));
	add_arguments(&used, json_get(body, "properties"));
	if (whole)
		map_put(&used, whole, &used);
	properties = json_get(json_get(tool, "inputSchema"), "properties");
	for (json_each(&it, properties); json_next(&it); )
		if (it.key && !map_has(&used, json_str(it.key)))
			report(j, tool, "drift-argument", json_str(it.key),
				"is accepted but never used");
	for (i = 0; i < used.n; i++)
		if (!json_get(properties, used.entries[i].key))
			report(j, tool, "drift-argument",
				used.entries[i].key,
				"is used but not in the schema");
	map_release(&used);
}

/* --- permissions --- */

static void
check_effects(struct judge *j, const struct json *tool,
	const struct json *callable)
{
	const struct json *said = json_get(json_get(tool, "permissions"),
		"effects");
	const struct json *real = json_get(callable, "effects");
	bool calls = json_str_is(json_get(json_get(tool, "binding"), "type"),
		"http");
	struct json_iter it;
	const char *name;

	/* a call by HTTP is an effect of the tool, whatever is behind it */
	for (json_each(&it, said); json_next(&it); )
		if (!lists(real, "effect", json_str(it.value)) &&
		    !(calls && json_str_is(it.value, "net")))
			report(j, tool, "permission-effect",
				json_str(it.value), "declared, not real");
	for (json_each(&it, real); json_next(&it); ) {
		name = json_get_str(it.value, "effect");
		if (!lists(said, NULL, name))
			report(j, tool, "permission-effect", name,
				"real, not declared");
	}
}

static void
check_route(struct judge *j, const struct model *m, const struct json *tool,
	const struct json *callable)
{
	const struct json *b = json_get(tool, "binding");
	const struct json *route = json_get(callable, "route");
	const char *server = json_get_str(b, "server");
	char host[256], got[512], want[512];

	if (!json_str_is(json_get(b, "type"), "http"))
		return;
	snprintf(got, sizeof(got), "%s %s", json_get_str(b, "method"),
		json_get_str(b, "path"));
	snprintf(want, sizeof(want), "%s %s", route ?
		json_get_str(route, "method") : "no", route ?
		json_get_str(route, "path") : "route");
	if (strcmp(got, want) != 0)
		report(j, tool, "permission-route", got, want);
	if (server && url_host(server, host, sizeof(host)) &&
	    json_size(json_get(route, "servers")) &&
	    !map_has(m->hosts, host))
		report(j, tool, "permission-host", host, NULL);
}

/* what of ask (schemes, all of them) need does not grant, or NULL */
static const char *
surplus(const struct json *ask, const struct json *need)
{
	struct json_iter scheme, scope;
	const struct json *granted;

	for (json_each(&scheme, ask); json_next(&scheme); ) {
		granted = json_get(need, json_str(scheme.key));
		if (!granted)
			return json_str(scheme.key);
		for (json_each(&scope, scheme.value); json_next(&scope); )
			if (!lists(granted, NULL, json_str(scope.value)))
				return json_str(scope.value);
	}
	return NULL;
}

/* One alternative of the tool's must fit within one of the source's. */
static void
check_alternative(struct judge *j, const struct json *tool,
	const struct json *ask, const struct json *needs)
{
	const char *more = NULL, *worst = NULL;
	struct json_iter need, scheme;

	for (json_each(&need, needs); json_next(&need); ) {
		more = surplus(ask, need.value);
		if (!more)
			return;
		if (!worst || json_get(ask, worst))
			worst = more;
	}
	json_each(&scheme, ask);
	if (!worst && json_next(&scheme))
		worst = json_str(scheme.key);
	if (worst)
		report(j, tool, "permission-scope", worst, NULL);
}

static void
check_security(struct judge *j, const struct json *tool,
	const struct json *callable)
{
	const struct json *auth = json_get(callable, "auth");
	const struct json *need = json_get(auth, "requirements");
	const struct json *have = json_get(tool, "security");
	struct json_iter it;

	if (json_get_bool(auth, "required", false) && json_size(need) &&
	    !json_size(have) && json_str_is(json_get(json_get(tool,
	    "binding"), "type"), "http"))
		report(j, tool, "permission-auth", NULL, NULL);
	for (json_each(&it, have); json_next(&it); )
		check_alternative(j, tool, it.value, need);
}

/* --- nothing hidden --- */

static bool
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Blanks push text out of sight by lines, or to the right of one: those that end
 * a line push nothing.  Cells of a Markdown table are padded to be read. */
static size_t
longest_blank(const struct json *v)
{
	const char *p = json_str(v), *end = p + json_len(v);
	size_t longest = 0, lines, right;

	while (p < end) {
		for (lines = right = 0; p < end && blank(*p); p++) {
			lines += *p == '\n';
			right = *p == '\n' ? 0 : right + 1;
		}
		if (p < end && *p != '|' && lines + right > longest)
			longest = lines + right;
		p++;
	}
	return longest;
}

static void
check_text(struct judge *j, const struct json *tool, const struct json *v)
{
	char n[24];
	size_t run = longest_blank(v);

	if (run < PADDING)
		return;
	snprintf(n, sizeof(n), "%zu", run);
	report(j, tool, "hidden-padding", n, NULL);
}

static bool
holds_schemas(const struct json *key)
{
	static const char *const maps[] = { "properties",
		"patternProperties", "$defs", "dependentSchemas",
		"dependentRequired" };
	size_t i;

	for (i = 0; i < 5; i++)
		if (json_str_is(key, maps[i]))
			return true;
	return false;
}

static bool
holds_values(const struct json *key)
{
	return json_str_is(key, "enum") || json_str_is(key, "const") ||
	    json_str_is(key, "default") || json_str_is(key, "examples");
}

/* names: v maps names to schemas, its keys are no keywords */
static void
check_schema(struct judge *j, const struct json *tool, const struct json *v,
	bool names, int depth)
{
	struct json_iter it;

	if (depth > HIDDEN_DEPTH)
		return;
	if (json_is(v, JSON_STRING))
		check_text(j, tool, v);
	for (json_each(&it, v); json_next(&it); ) {
		if (it.key && !names && !lists(json_get(j->drift,
		    "keywords"), NULL, json_str(it.key)))
			report(j, tool, "hidden-keyword", json_str(it.key),
				NULL);
		if (it.key && !names && holds_values(it.key))
			continue;
		check_schema(j, tool, it.value, it.key && !names &&
			holds_schemas(it.key), depth + 1);
	}
}

void
definition_check(struct judge *j, const struct model *m,
	const struct json *tool, const struct json *callable)
{
	check_text(j, tool, json_get(tool, "title"));
	check_text(j, tool, json_get(tool, "description"));
	check_schema(j, tool, json_get(tool, "inputSchema"), false, 0);
	check_schema(j, tool, json_get(tool, "outputSchema"), false, 0);
	check_arguments(j, tool);
	if (!callable) {
		if (!json_str_is(json_get(json_get(tool, "binding"), "type"),
		    "manual"))
			report(j, tool, "permission-no-source",
				json_get_str(tool, "callable"), NULL);
		return;
	}
	check_effects(j, tool, callable);
	check_route(j, m, tool, callable);
	check_security(j, tool, callable);
}
