#include "smelt-intake/lint/check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/lint/prose.h"

#define TOKEN_URL	"https://api.example.com/oauth/token"

static struct place
schemes_of(struct checker *c, const struct place *root,
	struct place *components)
{
	if (c->version == SWAGGER_2_0)
		return place_member(root, "securityDefinitions");
	*components = place_member(root, "components");
	return place_member(components, "securitySchemes");
}

static bool
has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; text && *text; text++)
		if (strncasecmp(text, word, n) == 0)
			return true;
	return false;
}

/* --- what a scheme is, by its name and description --- */

enum kind { BEARER, BASIC, KEY, UNKNOWN };

static enum kind
kind_of(const char *name, const struct json *v)
{
	const char *text = json_get_str(v, "description");

	if (json_get(v, "bearerFormat") || has_word(name, "bearer") ||
	    has_word(name, "jwt") || has_word(text, "bearer"))
		return BEARER;
	if (has_word(name, "basic") || has_word(text, "basic auth"))
		return BASIC;
	if (json_get(v, "in") || has_word(name, "key") ||
	    has_word(text, "api key"))
		return KEY;
	return UNKNOWN;
}

/* Members of a scheme that works; Swagger 2.0 has no bearer. */
static void
put_scheme(struct checker *c, struct emit *e, enum kind kind,
	const struct json *v)
{
	bool two = c->version == SWAGGER_2_0;
	const char *name = json_get_str(v, "name");
	const char *in = json_get_str(v, "in");
	bool header = kind != KEY;

	if (kind == BASIC) {
		emit_pair(e, "type", two ? "basic" : "http");
		emit_pair(e, "scheme", two ? NULL : "basic");
		return;
	}
	if (kind != KEY && !two) {
		emit_pair(e, "type", "http");
		emit_pair(e, "scheme", "bearer");
		return;
	}
	emit_pair(e, "type", "apiKey");
	emit_pair(e, "name", name && *name ? name : header ? "Authorization" :
		"X-API-Key");
	emit_pair(e, "in", in && (strcmp(in, "query") == 0 ||
		(strcmp(in, "cookie") == 0 && !two)) ? in : "header");
}

static void
incomplete(struct checker *c, const struct place *scheme, const char *what)
{
	found(c, "openapi-scheme-incomplete", scheme->key,
		json_str(scheme->key), what, NULL);
}

static void
guess(struct checker *c, const struct place *scheme, const char *what)
{
	enum kind kind = kind_of(json_str(scheme->key), scheme->value);
	struct emit *e;

	incomplete(c, scheme, what);
	e = fix_update(c->fixes, scheme);
	put_scheme(c, e, kind, scheme->value);
	fix_close(c->fixes);
	if (kind == UNKNOWN)
		fix_placeholder(c->fixes, "how the API is authenticated");
}

static void
check_key(struct checker *c, const struct place *scheme)
{
	const struct json *v = scheme->value;
	const char *name = json_get_str(v, "name"), *in = json_get_str(v, "in");
	bool where = in && (strcmp(in, "header") == 0 ||
		strcmp(in, "query") == 0 || (strcmp(in, "cookie") == 0 &&
		c->version != SWAGGER_2_0));
	struct emit *e;

	if (name && *name && where)
		return;
	incomplete(c, scheme, !name || !*name ? "its key has no 'name'" :
		"its key has no 'in' that is one of header, query, cookie");
	e = fix_update(c->fixes, scheme);
	put_scheme(c, e, KEY, v);
	fix_close(c->fixes);
	if (!name || !*name)
		fix_placeholder(c->fixes, "the name of the key");
}

static void
check_http(struct checker *c, const struct place *scheme)
{
	const char *name = json_get_str(scheme->value, "scheme");

	if (!name || !*name)
		guess(c, scheme, "type http without 'scheme'");
}

static void
flow_url(struct checker *c, const struct place *flow, const char *name)
{
	const char *url = json_get_str(flow->value, name);
	char what[80];

	if (url && *url)
		return;
	snprintf(what, sizeof(what), "its flow has no '%s'", name);
	found(c, "openapi-scheme-incomplete", place_mark(flow),
		json_str(flow->up->key ? flow->up->key : flow->key), what,
		NULL);
	fix_set(c->fixes, flow, name, TOKEN_URL);
	fix_placeholder(c->fixes, "a URL of the authorization server");
}

static bool
has_flow(const struct json *flows)
{
	struct json_iter it;

	for (json_each(&it, flows); json_next(&it); )
		if (it.key && !str_starts(json_str(it.key), "x-") &&
		    json_is(it.value, JSON_OBJECT))
			return true;
	return false;
}

static void
no_flow(struct checker *c, const struct place *scheme, bool two)
{
	struct emit *e;

	incomplete(c, scheme, two ? "type oauth2 without 'flow'" :
		"type oauth2 without 'flows'");
	e = fix_update(c->fixes, scheme);
	if (two) {
		emit_pair(e, "flow", "application");
	} else {
		emit_key(e, "flows");
		emit_object(e);
		emit_key(e, "clientCredentials");
		emit_object(e);
	}
	emit_pair(e, "tokenUrl", TOKEN_URL);
	emit_key(e, "scopes");
	emit_object(e);
	emit_end(e);
	if (!two) {
		emit_end(e);
		emit_end(e);
	}
	fix_close(c->fixes);
	fix_placeholder(c->fixes, "the flow and the URL of its tokens");
}

static void
check_oauth(struct checker *c, const struct place *scheme)
{
	static const char *const token[] = { "password", "clientCredentials",
		"authorizationCode", "application", "accessCode", NULL };
	const char *two = json_get_str(scheme->value, "flow");
	const struct place flows = place_member(scheme, "flows");
	struct json_iter it;
	struct place flow;

	if (c->version == SWAGGER_2_0) {
		if (!two)
			no_flow(c, scheme, true);
		else if (str_in(two, token))
			flow_url(c, scheme, "tokenUrl");
		return;
	}
	if (!has_flow(flows.value)) {
		no_flow(c, scheme, false);
		return;
	}
	for (json_each(&it, flows.value); json_next(&it); ) {
		flow = place_next(&flows, &it, 0);
		if (!json_is(it.value, JSON_OBJECT))
			continue;
		if (str_in(json_str(it.key), token))
			flow_url(c, &flow, "tokenUrl");
	}
}

static void
check_openid(struct checker *c, const struct place *scheme)
{
	const char *url = json_get_str(scheme->value, "openIdConnectUrl");

	if (url && *url)
		return;
	incomplete(c, scheme, "type openIdConnect without "
		"'openIdConnectUrl'");
	fix_set(c->fixes, scheme, "openIdConnectUrl",
		"https://api.example.com/.well-known/openid-configuration");
	fix_placeholder(c->fixes, "the URL of the OpenID discovery document");
}

/* --- Authorization with a prefix that nobody sends --- */

static bool
says_bearer(const char *text)
{
	return has_word(text, "bearer") || has_word(text, "jwt");
}

static void
bearer(struct checker *c, const struct place *scheme)
{
	struct emit *e;

	found(c, "openapi-scheme-prefix", scheme->key, json_str(scheme->key),
		"Bearer", NULL);
	e = fix_update(c->fixes, scheme);
	emit_pair(e, "type", "http");
	emit_pair(e, "scheme", "bearer");
	fix_close(c->fixes);
	fix_clear(c->fixes, scheme, "name");
	fix_clear(c->fixes, scheme, "in");
}

static void
prefix_sentence(struct str *out, const char *word)
{
	str_addf(out, "The value of the key begins with \"%s \".", word);
}

bool
check_says_prefix(const char *text, const char *word)
{
	struct str sentence;
	bool says;

	str_init(&sentence, STR_LINE);
	prefix_sentence(&sentence, word);
	says = text && strstr(text, str_s(&sentence));
	str_release(&sentence);
	return says;
}

void
check_put_prefix(struct emit *e, const char *word, const char *text)
{
	struct str more;

	if (!*word)
		return;
	str_init(&more, STR_LINE);
	if (text && *text)
		str_addf(&more, "%s ", text);
	prefix_sentence(&more, word);
	emit_pair(e, "description", str_s(&more));
	str_release(&more);
}

/* Another word: the key is given with it, and its description says so. */
static void
other_prefix(struct checker *c, const struct place *scheme, const char *word)
{
	const char *text = json_get_str(scheme->value, "description");
	struct emit *e;

	if (check_says_prefix(text, word))
		return;
	found(c, "openapi-token-prefix", scheme->key, json_str(scheme->key),
		word, NULL);
	e = fix_update(c->fixes, scheme);
	emit_pair(e, "type", "apiKey");
	emit_pair(e, "name", "Authorization");
	emit_pair(e, "in", "header");
	check_put_prefix(e, word, text);
	fix_close(c->fixes);
}

/* The word that prose wants before a token, other than Basic; "" for none. */
static void
wanted_prefix(const struct json *text, char word[PROSE_NAME])
{
	char first[PROSE_NAME];
	struct prose p;

	word[0] = '\0';
	for (prose_init(&p, text); !word[0] && prose_next(&p); )
		if (prose_authorization(&p, first) && first[0] &&
		    strcasecmp(first, "basic") != 0)
			memcpy(word, first, sizeof(first));
}

static void
check_prefix(struct checker *c, const struct place *scheme)
{
	const struct json *v = scheme->value, *text, *info;
	const char *scheme_name = json_get_str(v, "scheme");
	bool key = json_str_is(json_get(v, "type"), "apiKey") &&
		json_str_is(json_get(v, "in"), "header") &&
		json_get_str(v, "name") &&
		strcasecmp(json_get_str(v, "name"), "authorization") == 0;
	bool http = json_str_is(json_get(v, "type"), "http") && scheme_name &&
		strcasecmp(scheme_name, "bearer") == 0;
	char word[PROSE_NAME];

	if (!key && !http)
		return;
	text = json_get(v, "description");
	info = json_get(json_get(c->root, "info"), "description");
	wanted_prefix(text, word);
	/* what the whole document says is of its only scheme */
	if (!word[0] && json_size(scheme->up->value) == 1)
		wanted_prefix(info, word);
	if (word[0] && (strncasecmp(word, "your", 4) == 0 || !check_listed(
	    check_list(c, "openapi-token-prefix", "prefixes"), word)))
		word[0] = '\0';
	if (word[0] && strcasecmp(word, "bearer") != 0)
		other_prefix(c, scheme, word);
	else if (key && (word[0] || says_bearer(json_str(text)) ||
	    has_word(json_str(scheme->key), "bearer")) &&
	    c->version != SWAGGER_2_0)
		bearer(c, scheme);
	else if (key && (word[0] || says_bearer(json_str(text))) &&
	    c->version == SWAGGER_2_0)
		other_prefix(c, scheme, "Bearer");
}

static void
check_scheme(struct checker *c, const struct place *scheme)
{
	const struct json *type = json_get(scheme->value, "type");

	if (json_str(json_get(scheme->value, "$ref"))) {
		check_ref(c, scheme);
		return;
	}
	if (json_str_is(type, "apiKey"))
		check_key(c, scheme);
	else if (json_str_is(type, "oauth2"))
		check_oauth(c, scheme);
	else if (json_str_is(type, "basic") && c->version == SWAGGER_2_0)
		return;
	else if (c->version == SWAGGER_2_0)
		guess(c, scheme, type ? "its type is none of basic, apiKey, "
			"oauth2" : "it has no type");
	else if (json_str_is(type, "http"))
		check_http(c, scheme);
	else if (json_str_is(type, "openIdConnect"))
		check_openid(c, scheme);
	else if (!json_str_is(type, "mutualTLS"))
		guess(c, scheme, type ? "its type is none of apiKey, http, "
			"oauth2, openIdConnect, mutualTLS" :
			"it has no type");
	check_prefix(c, scheme);
}

/* --- requirements of schemes that are not there --- */

static bool
alike(const char *a, const char *b)
{
	for (;;) {
		while (*a && strchr("-_ .", *a))
			a++;
		while (*b && strchr("-_ .", *b))
			b++;
		if (!*a || !*b)
			return !*a && !*b;
		if (char_lower(*a++) != char_lower(*b++))
			return false;
	}
}

static const struct json *
like(const struct json *schemes, const char *name)
{
	struct json_iter it;

	for (json_each(&it, schemes); json_next(&it); )
		if (it.key && json_is(it.value, JSON_OBJECT) &&
		    alike(json_str(it.key), name))
			return it.value;
	return NULL;
}

static void
put_definition(struct checker *c, struct emit *e, const char *name,
	const struct json *same, enum kind kind)
{
	bool two = c->version == SWAGGER_2_0;

	if (!two) {
		emit_key(e, "components");
		emit_object(e);
	}
	emit_key(e, two ? "securityDefinitions" : "securitySchemes");
	emit_object(e);
	emit_key(e, name);
	if (same) {
		emit_json(e, same);
	} else {
		emit_object(e);
		put_scheme(c, e, kind, NULL);
		emit_end(e);
	}
	emit_end(e);
	if (!two)
		emit_end(e);
}

static void
undefined(struct checker *c, const struct place *root,
	const struct json *schemes, const struct map_entry *use)
{
	const struct json *same = like(schemes, use->key);
	enum kind kind = kind_of(use->key, NULL);

	found(c, "openapi-security-undefined", use->value, use->key, same ?
		"one has that name but for case and hyphens" :
		"nothing is defined under that name", NULL);
	put_definition(c, fix_update(c->fixes, root), use->key, same, kind);
	fix_close(c->fixes);
	if (!same && kind != BASIC && kind != BEARER)
		fix_placeholder(c->fixes, "what the security scheme is");
}

bool
check_is_scheme(const struct json_iter *member)
{
	return member->key && json_is(member->value, JSON_OBJECT) &&
		(!str_starts(json_str(member->key), "x-") ||
		json_get(member->value, "type"));
}

void
check_schemes(struct checker *c, const struct place *root)
{
	struct place components, schemes = schemes_of(c, root, &components);
	struct json_iter it;
	struct place scheme;
	size_t i;

	for (json_each(&it, schemes.value); json_next(&it); ) {
		scheme = place_next(&schemes, &it, 0);
		if (check_is_scheme(&it))
			check_scheme(c, &scheme);
	}
	for (i = 0; i < c->schemes->n; i++) {
		const struct map_entry *e = &c->schemes->entries[i];

		if (strlen(e->key) == e->len &&
		    !json_get(schemes.value, e->key))
			undefined(c, root, schemes.value, e);
	}
}
