#include "smelt-intake/lint/check.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/lint/prose.h"

#define RULE	"openapi-header-undeclared"
/* path items, and no extension */
#define ALL_ITEMS	"$.paths[?@.get || @.put || @.post || @.delete || " \
	"@.patch || @.head || @.options]"

static void
lower(const char *name, char out[PROSE_NAME])
{
	size_t i;

	for (i = 0; name[i] && i < PROSE_NAME - 1; i++)
		out[i] = char_lower(name[i]);
	out[i] = '\0';
}

static bool
is_scheme(const struct checker *c, const char *name)
{
	const struct json *schemes = c->version == SWAGGER_2_0 ?
		json_get(c->root, "securityDefinitions") :
		json_get(json_get(c->root, "components"), "securitySchemes");
	const char *key;
	char other[PROSE_NAME];
	struct json_iter it;

	for (json_each(&it, schemes); json_next(&it); ) {
		key = json_get_str(it.value, "name");
		if (key)
			lower(key, other);
		if (key && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

/* Is it for the API's users to send, and not one that is sent anyway? */
static bool
is_asked(const struct checker *c, const struct prose *p, const char *name)
{
	return !check_listed(check_list(c, RULE, "known"), name) &&
		!check_listed(check_list(c, "openapi-auth-undeclared",
		"credentials"), name) &&
		!prose_has(p, check_list(c, RULE, "unless")) &&
		prose_has(p, check_list(c, RULE, "asks"));
}

static bool
is_value(const char *value)
{
	return value[0] && !strpbrk(value, "<>{}[]()$*…") &&
		!strstr(value, "...") && strncmp(value, "YOUR", 4) != 0 &&
		strncmp(value, "your", 4) != 0 && strncmp(value, "xxx", 3) &&
		value[strlen(value) - 1] != ':' && strlen(value) < 40;
}

static void
put_header(struct checker *c, struct emit *e, const struct prose_header *h)
{
	const char *value = is_value(h->value) ? h->value : NULL;

	emit_key(e, "parameters");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "name", h->name);
	emit_pair(e, "in", "header");
	if (h->required)
		emit_pair_bool(e, "required", true);
	if (c->version != SWAGGER_2_0) {
		emit_key(e, "schema");
		emit_object(e);
	}
	emit_pair(e, "type", "string");
	emit_pair(e, "default", value);
	if (c->version != SWAGGER_2_0)
		emit_end(e);
	emit_end(e);
	emit_end(e);
}

static void
fix_header(struct checker *c, const struct place *op,
	const struct prose_header *h)
{
	struct str filter;

	str_init(&filter, STR_LINE);
	if (!op)
		str_puts(&filter, "$.paths.*.parameters[?");
	str_puts(&filter, "@.name == ");
	place_quote(&filter, h->name, strlen(h->name));
	if (op) {
		const struct place list = place_member(op, "parameters");

		fix_remove_where(c->fixes, &list, str_s(&filter), true);
		put_header(c, fix_update(c->fixes, op), h);
	} else {
		str_putc(&filter, ']');
		fix_remove_all(c->fixes, str_s(&filter), true);
		put_header(c, fix_update_all(c->fixes, ALL_ITEMS), h);
	}
	fix_close(c->fixes);
	str_release(&filter);
}

/* The headers that text names; op NULL: for all operations. */
static void
look(struct checker *c, const struct json *text, const struct operation *op)
{
	struct prose_header h;
	char name[PROSE_NAME];
	struct prose p;
	struct str key;
	size_t at;
	bool added;

	str_init(&key, STR_LINE);
	for (prose_init(&p, text); prose_next(&p); )
		for (at = 0; prose_header(&p, &at, &h); ) {
			lower(h.name, name);
			str_clear(&key);
			str_addf(&key, "header %s", name);
			if (op ? map_has(op->parameters, str_s(&key)) :
			    map_has(c->headers, name))
				continue;
			if (is_scheme(c, name) || !is_asked(c, &p, name))
				continue;
			map_add(op ? op->parameters : c->headers, op ?
				str_s(&key) : name, strlen(op ? str_s(&key) :
				name), &added);
			found(c, RULE, text, h.name, op ? op->method :
				"every operation", op ? op->path :
				"of the API", NULL);
			fix_header(c, op ? op->place : NULL, &h);
		}
	str_release(&key);
}

/* Only texts that have the word are read: most have not. */
static bool
has_header(const char *text)
{
	return text && (strstr(text, "eader") || strstr(text, "EADER") ||
		strstr(text, "-H "));
}

void
check_headers_of(struct checker *c, const struct operation *op)
{
	const struct json *text = json_get(op->place->value, "description");

	if (has_header(json_str(text)))
		look(c, text, op);
}

void
check_headers(struct checker *c, const struct place *root)
{
	const struct json *text = json_get(json_get(root->value, "info"),
		"description");
	struct json_iter it;

	if (!c->operations)
		return;
	if (has_header(json_str(text)))
		look(c, text, NULL);
	for (json_each(&it, json_get(root->value, "tags")); json_next(&it); ) {
		text = json_get(it.value, "description");
		if (has_header(json_str(text)))
			look(c, text, NULL);
	}
}
