#include "smelt-ast/openapi/mcp.h"

#include <stdbool.h>
#include <stddef.h>

#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/operation.h"

enum { SCOPES = 64 };

static const char *const extensions[] = { "x-mcp", "x-speakeasy-mcp" };
enum { EXTENSIONS = sizeof(extensions) / sizeof(*extensions) };

/* How no tool is said, or NULL. */
static const char *
refusal(const struct json *extension, bool speakeasy)
{
	if (!json_bool(extension, true))
		return speakeasy ? "x-speakeasy-mcp: false" : "x-mcp: false";
	if (json_get_bool(extension, "disabled", false))
		return speakeasy ? "x-speakeasy-mcp: disabled" :
			"x-mcp: disabled";
	if (!json_get_bool(extension, "enabled", true))
		return speakeasy ? "x-speakeasy-mcp: not enabled" :
			"x-mcp: not enabled";
	return NULL;
}

static const char *
disabled(const struct openapi_place *at)
{
	const struct json *places[] = { at->value, at->item,
		openapi_doc_root(at->doc) };
	size_t i, k;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		for (k = 0; k < EXTENSIONS; k++) {
			const struct json *v = json_get(places[i],
				extensions[k]);

			if (json_is(v, JSON_BOOL) || json_is(v, JSON_OBJECT))
				return refusal(v, k == 1);
		}
	return NULL;
}

/* the operation's own member, of the first extension that has it */
static const struct json *
member(const struct openapi_place *at, const char *key, enum json_type type)
{
	const struct json *v;
	size_t k;

	for (k = 0; k < EXTENSIONS; k++) {
		v = json_get(json_get(at->value, extensions[k]), key);
		if (json_is(v, type) && (json_len(v) || json_size(v)))
			return v;
	}
	return NULL;
}

bool
openapi_mcp_disabled(const struct openapi_place *at)
{
	return disabled(at) != NULL;
}

static void
put_scopes(const struct json *scopes, struct emit *e)
{
	struct json_iter it;
	size_t n = 0;

	if (!scopes)
		return;
	emit_key(e, "scopes");
	emit_array(e);
	for (json_each(&it, scopes); json_next(&it) && n < SCOPES; n++)
		if (json_len(it.value))
			emit_json(e, it.value);
	emit_end(e);
}

void
openapi_put_mcp(const struct openapi_place *at, struct emit *e)
{
	static const char *const texts[] = { "name", "title",
		"description" };
	const struct json *scopes = member(at, "scopes", JSON_ARRAY);
	const struct json *v[3];
	const char *why = disabled(at);
	bool any = why || scopes;
	size_t i;

	for (i = 0; i < 3; i++) {
		v[i] = member(at, texts[i], JSON_STRING);
		any = any || v[i];
	}
	if (!any)
		return;
	emit_key(e, "mcp");
	emit_object(e);
	emit_pair(e, "disabled", why);
	for (i = 0; i < 3; i++)
		emit_pair_json(e, texts[i], v[i]);
	put_scopes(scopes, e);
	emit_end(e);
}
