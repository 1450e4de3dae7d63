#include "smelt-tooldef/select.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/json.h"
#include "smelt-tooldef/argument.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/rules.h"
#include "smelt-tooldef/tag.h"

static void skip(struct verdict *, const char *reason, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
skip(struct verdict *v, const char *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->text, sizeof(v->text), fmt, ap);
	va_end(ap);
	v->reason = reason;
}

/* a keyword that says what values there are */
static bool
says_type(const struct json *schema)
{
	static const char *const notes[] = { "$comment", "default",
		"description", "title", NULL };
	struct json_iter it;
	size_t i;

	for (json_each(&it, json_is(schema, JSON_OBJECT) ? schema : NULL);
	    json_next(&it); ) {
		for (i = 0; notes[i] && !json_str_is(it.key, notes[i]); i++)
			;
		if (!notes[i])
			return true;
	}
	return false;
}

static void
select_function(struct verdict *v, const struct json *callable)
{
	struct json_iter it;

	if (json_str_is(json_get(callable, "type"), "method")) {
		skip(v, "unsupported", "method: nothing says how its object "
			"is made");
		return;
	}
	if (!json_get_str(callable, "module") ||
	    !json_get_str(callable, "qualname")) {
		skip(v, "no-handler", "functions of this language can not be "
			"called from the generated server");
		return;
	}
	if (strchr(json_get_str(callable, "qualname"), '.')) {
		skip(v, "unsupported", "not a function of the module itself");
		return;
	}
	if (!json_len(json_get(callable, "doc")) &&
	    !json_len(json_get(callable, "title"))) {
		skip(v, "unsupported", "no docstring says what it does");
		return;
	}
	if (json_get(callable, "returns") &&
	    !says_type(json_get(callable, "returns"))) {
		skip(v, "unsupported", "its result has a type that JSON can "
			"not express");
		return;
	}
	for (json_each(&it, json_get(callable, "parameters"));
	    json_next(&it); )
		if (!says_type(json_get(it.value, "schema"))) {
			skip(v, "unsupported", "parameter '%s' has no type "
				"that JSON can express",
				json_get_str(it.value, "name"));
			return;
		}
}

static void
select_route(struct verdict *v, const struct json *callable,
	const struct arguments *args)
{
	const char *method = json_get_str(json_get(callable, "route"),
		"method");

	if (!method || !json_get_str(json_get(callable, "route"), "path"))
		skip(v, "invalid", "no method or path");
	else if (strcasecmp(method, "TRACE") == 0 ||
	    strcasecmp(method, "TRACK") == 0 ||
	    strcasecmp(method, "CONNECT") == 0)
		skip(v, "unsupported", "method %s", method);
	else if (args->dropped)
		skip(v, "unsupported", "%s", args->dropped);
}

static bool
is_visibility(const struct json *callable, const char *name)
{
	return json_str_is(json_get(callable, "visibility"), name);
}

void
select_callable(struct verdict *v, const struct rules *rules,
	const struct catalog *c, const struct json *callable,
	const char *name, const struct arguments *args)
{
	const char *evidence = json_get_str(callable, "visibilityEvidence");
	const char *invalid = json_get_str(callable, "invalid"), *pattern;
	const char *disabled = json_get_str(json_get(callable, "mcp"),
		"disabled");
	const char *duplicate = json_get_str(callable, "duplicate");
	char *other = tags_refuse(rules->tags, callable);

	memset(v, 0, sizeof(*v));
	if (invalid)
		skip(v, "invalid", "%s", invalid);
	else if (is_visibility(callable, "internal"))
		skip(v, "internal", "%s", evidence && *evidence ? evidence :
			"internal");
	else if (is_visibility(callable, "deprecated") && !rules->deprecated)
		skip(v, "deprecated", "%s", evidence && *evidence ? evidence :
			"deprecated");
	else if (disabled)
		skip(v, "excluded", "%s", disabled);
	else if (duplicate)
		skip(v, "duplicate", "the same call is %s", duplicate);
	else if (other)
		skip(v, "excluded", "%s", other);
	else if (rules_excludes(rules, callable, name, &pattern))
		skip(v, "excluded", "%s", pattern ? pattern :
			"no include pattern names it");
	else if (json_get(callable, "route"))
		select_route(v, callable, args);
	else if (c->routes && !rules->include)
		skip(v, "excluded", "the source has routes: its functions are "
			"taken where an include pattern names them");
	else if (!json_get(callable, "manual"))
		select_function(v, callable);
	free(other);
}
