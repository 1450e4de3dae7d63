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

#define UNDECLARED	"openapi-auth-undeclared"

/* One in so many operations that answer 401 is no slip. */
enum { FEW = 20 };

/* How the API seems to be authenticated. */
struct way {
	const struct json *at;		/* the text that says so; NULL: none */
	const char *name;		/* of the scheme */
	const char *type, *scheme;	/* http */
	char key[PROSE_NAME];		/* name of an apiKey */
	char prefix[PROSE_NAME];	/* that it begins with; "" */
	const char *in;
	bool sure;
};

static bool
negated(const struct checker *c, const struct prose *p)
{
	return prose_has(p, check_list(c, UNDECLARED, "unless")) != NULL;
}

static void
set_http(struct way *w, const char *scheme)
{
	w->name = strcmp(scheme, "basic") == 0 ? "basicAuth" : "bearerAuth";
	w->type = "http";
	w->scheme = scheme;
	w->sure = true;
}

static void
set_key(struct way *w, const char *name, const char *in)
{
	w->name = "apiKeyAuth";
	w->type = "apiKey";
	snprintf(w->key, sizeof(w->key), "%s", name);
	w->in = in;
	w->sure = true;
}

/* "?api_key=…", "the `api_key` parameter" */
static void
look_for_query(const struct checker *c, const struct prose *p,
	struct way *w)
{
	const char *at = p->sentence, *end = at + p->len, *word;
	char name[PROSE_NAME];

	for (; at < end && !w->sure; at++) {
		for (word = at; at < end && (char_lower(*at) == '_' ||
		    char_lower(*at) == '-' || (char_lower(*at) >= 'a' &&
		    char_lower(*at) <= 'z')); at++)
			;
		if (at - word < 4 || at - word >= PROSE_NAME)
			continue;
		memcpy(name, word, (size_t)(at - word));
		name[at - word] = '\0';
		if (strcasecmp(name, "authorization") == 0 ||
		    !check_listed(check_list(c, "openapi-auth-parameter",
		    "names"), name))
			continue;
		if (word > p->sentence && strchr("?&", word[-1]) &&
		    at < end && *at == '=')
			set_key(w, name, "query");
		while (at < end && strchr("`'\"*_ <>/code", *at))
			at++;
		if (mem_starts(at, (size_t)(end - at), "parameter") ||
		    mem_starts(at, (size_t)(end - at), "query parameter"))
			set_key(w, name, "query");
	}
}

/* a header that is a credential, or the word before the token */
static void
look_closer(const struct checker *c, const struct prose *p, struct way *w)
{
	const struct json *names = check_list(c, UNDECLARED, "credentials");
	struct prose_header h;
	char word[PROSE_NAME];
	size_t at = 0;

	if (prose_authorization(p, word) && word[0]) {
		if (strcasecmp(word, "basic") == 0) {
			set_http(w, "basic");
		} else if (strcasecmp(word, "bearer") == 0) {
			set_http(w, "bearer");
		} else {
			set_key(w, "Authorization", "header");
			memcpy(w->prefix, word, sizeof(word));
		}
		return;
	}
	while (prose_header(p, &at, &h))
		if (check_listed(names, h.name)) {
			set_key(w, h.name, "header");
			return;
		}
	look_for_query(c, p, w);
	if (w->sure)
		return;
	if (prose_has(p, check_list(c, UNDECLARED, "bearer")))
		set_http(w, "bearer");
	else if (prose_has(p, check_list(c, UNDECLARED, "basic")))
		set_http(w, "basic");
}

/* Does a text ask for a credential? */
static void
look(const struct checker *c, const struct json *text, struct way *w)
{
	struct prose p;

	for (prose_init(&p, text); !w->sure && prose_next(&p); ) {
		if (!prose_has(&p, check_list(c, UNDECLARED, "phrases"))) {
			/* how it is sent may stand in another sentence */
			if (w->at)
				look_for_query(c, &p, w);
			continue;
		}
		if (negated(c, &p))
			continue;
		if (!w->at)
			w->at = text;
		look_closer(c, &p, w);
		if (w->sure)
			w->at = text;
	}
}

static void
look_everywhere(const struct checker *c, struct way *w)
{
	const struct json *tags = json_get(c->root, "tags");
	struct json_iter it;

	look(c, json_get(json_get(c->root, "info"), "description"), w);
	for (json_each(&it, tags); json_next(&it) && !w->at; )
		look(c, json_get(it.value, "description"), w);
}

/* --- what the walk notes --- */

static void
note_requirements(struct checker *c, const struct json *list)
{
	struct json_iter it, names;
	struct map_entry *e;
	struct str text;
	bool added;

	str_init(&text, STR_LINE);
	json_each(&it, json_is(list, JSON_ARRAY) ? list : NULL);
	while (json_next(&it)) {
		for (json_each(&names, it.value); json_next(&names); ) {
			if (!names.key)
				continue;
			e = map_add(c->schemes, json_str(names.key),
				json_len(names.key), &added);
			if (added)
				e->value = (void *)(uintptr_t)names.key;
		}
		str_clear(&text);
		json_write(&text, it.value);
		e = map_add(c->requirements, str_s(&text), text.len, NULL);
		e->value = (void *)((size_t)e->value + 1);
	}
	str_release(&text);
}

static const struct json *
refusal(const struct json *responses, bool forbidden)
{
	const struct json *v = json_get(responses, "401");

	if (!v && forbidden)
		v = json_get(responses, "403");
	return json_key_of(v);
}

static void
note_credential(struct checker *c, const struct operation *op)
{
	const struct json *names = check_list(c, "openapi-auth-parameter",
		"names");
	const struct json *v;
	size_t i;

	for (i = 0; i < op->parameters->n && !c->credential; i++) {
		const char *key = op->parameters->entries[i].key;

		if (!str_starts(key, "header ") && !str_starts(key, "query "))
			continue;
		if (!check_listed(names, strchr(key, ' ') + 1))
			continue;
		v = check_deref(c, op->parameters->entries[i].value);
		c->credential = json_get(v, "name");
		c->credential_in = json_get(v, "in");
	}
}

static const char *
commonest(const struct checker *c)
{
	const struct map_entry *best = NULL;
	size_t i;

	for (i = 0; i < c->requirements->n; i++) {
		const struct map_entry *e = &c->requirements->entries[i];

		if (e->len > 2 && (!best ||
		    (size_t)e->value > (size_t)best->value))
			best = e;
	}
	return best ? best->key : NULL;
}

static void
unapplied_one(struct checker *c, const struct operation *op,
	const struct json *at)
{
	const char *requirement = commonest(c);
	struct emit *e;

	if (!requirement)
		return;
	found(c, "openapi-auth-unapplied", at, op->method, op->path,
		json_str(at), NULL);
	fix_clear(c->fixes, op->place, "security");
	e = fix_update(c->fixes, op->place);
	emit_key(e, "security");
	emit_array(e);
	emit_raw(e, requirement, strlen(requirement));
	emit_end(e);
	fix_close(c->fixes);
}

/* Signing in is refused without being secured. */
static bool
is_login(const struct checker *c, const struct operation *op)
{
	const struct json *words = check_list(c, "openapi-auth-unapplied",
		"logins");
	const char *id = json_get_str(op->place->value, "operationId");

	return check_listed(words, op->path) || (id && check_listed(words,
		id));
}

void
check_security_of(struct checker *c, const struct operation *op)
{
	const struct json *own = json_get(op->place->value, "security");
	const struct json *responses = json_get(op->place->value,
		"responses");
	const struct json *refused = refusal(responses, false);

	note_credential(c, op);
	if (refused && !is_login(c, op)) {
		c->nrefused++;
		c->refused = c->refused ? c->refused : refused;
	}
	if (!c->forbidden)
		c->forbidden = refusal(responses, true);
	if (refused && !own && c->nsecured && !json_get(c->root,
	    "security") && !is_login(c, op))
		unapplied_one(c, op, refused);
}

/* --- the document as a whole --- */

static void
put_way(struct checker *c, struct emit *e, const struct way *w)
{
	bool two = c->version == SWAGGER_2_0;

	if (!two) {
		emit_key(e, "components");
		emit_object(e);
	}
	emit_key(e, two ? "securityDefinitions" : "securitySchemes");
	emit_object(e);
	emit_key(e, w->name);
	emit_object(e);
	check_put_prefix(e, w->prefix, NULL);
	if (w->key[0] || (two && strcmp(w->scheme, "bearer") == 0)) {
		emit_pair(e, "type", "apiKey");
		emit_pair(e, "name", w->key[0] ? w->key : "Authorization");
		emit_pair(e, "in", w->key[0] ? w->in : "header");
	} else if (two) {
		emit_pair(e, "type", "basic");
	} else {
		emit_pair(e, "type", "http");
		emit_pair(e, "scheme", w->scheme);
	}
	emit_end(e);
	emit_end(e);
	if (!two)
		emit_end(e);
}

static void
put_security(struct emit *e, const char *name)
{
	emit_key(e, "security");
	emit_array(e);
	emit_object(e);
	emit_key(e, name);
	emit_array(e);
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

static void
fix_way(struct checker *c, const struct place *root, const struct way *w)
{
	struct emit *e;

	fix_clear(c->fixes, root, "security");
	e = fix_update(c->fixes, root);
	put_way(c, e, w);
	put_security(e, w->name);
	fix_close(c->fixes);
}

static void
undeclared(struct checker *c, const struct place *root)
{
	struct way w = { 0 };
	char how[120];
	const struct json *at;

	look_everywhere(c, &w);
	if (!w.at && c->nrefused * FEW < c->operations)
		return;
	if (!w.at && !c->refused)
		return;
	at = w.at ? w.at : c->refused;
	if (w.at)
		snprintf(how, sizeof(how), "this text asks for one");
	else
		snprintf(how, sizeof(how), "%zu of %zu operations answer 401",
			c->nrefused, c->operations);
	if (!w.sure) {
		set_http(&w, "bearer");
		w.sure = false;
	}
	found(c, UNDECLARED, at, how, w.key[0] ? w.key : w.scheme, w.sure ?
		"as the text says" : "a placeholder: how is not told", NULL);
	fix_way(c, root, &w);
	if (!w.sure)
		fix_placeholder(c->fixes, "how the API is authenticated");
}

static void
parameter(struct checker *c, const struct place *root)
{
	const char *name = json_str(c->credential);
	const char *in = json_str(c->credential_in);
	struct way w = { 0 }, text = { 0 };

	look_everywhere(c, &text);
	set_key(&w, name, in);
	if (strcasecmp(name, "authorization") == 0 && text.type &&
	    strcmp(text.type, "http") == 0)
		w = text;
	found(c, "openapi-auth-parameter", c->credential, name, in, NULL);
	fix_way(c, root, &w);
}

/* A key with a secret beside it: both are sent.  Others are a choice. */
static bool
is_pair(const struct json *schemes)
{
	bool secret = false;
	struct json_iter it;

	for (json_each(&it, schemes); json_next(&it); ) {
		if (!check_is_scheme(&it))
			continue;
		if (!json_str_is(json_get(it.value, "type"), "apiKey"))
			return false;
		secret |= strstr(json_str(it.key), "ecret") != NULL;
	}
	return secret;
}

static void
put_all_schemes(struct emit *e, const struct json *schemes, bool optional)
{
	bool pair = is_pair(schemes);
	struct json_iter it;

	emit_key(e, "security");
	emit_array(e);
	if (pair)
		emit_object(e);
	for (json_each(&it, schemes); json_next(&it); ) {
		if (!check_is_scheme(&it))
			continue;
		if (!pair)
			emit_object(e);
		emit_keyn(e, json_str(it.key), json_len(it.key));
		emit_array(e);
		emit_end(e);
		if (!pair)
			emit_end(e);
	}
	if (pair)
		emit_end(e);
	if (optional) {
		emit_object(e);
		emit_end(e);
	}
	emit_end(e);
}

static void
unapplied(struct checker *c, const struct place *root,
	const struct json *schemes)
{
	struct way w = { 0 };
	bool asked;

	look_everywhere(c, &w);
	asked = w.at || c->forbidden;
	if (asked)
		found(c, "openapi-auth-missing", json_key_of(schemes),
			w.at ? "the prose asks for a credential" :
			"operations answer 401 or 403", NULL);
	else
		found(c, "openapi-scheme-unused", json_key_of(schemes), NULL);
	fix_clear(c->fixes, root, "security");
	put_all_schemes(fix_update(c->fixes, root), schemes, !asked);
	fix_close(c->fixes);
}

void
check_auth(struct checker *c, const struct place *root)
{
	const struct json *security = json_get(root->value, "security");
	const struct json *schemes = c->version == SWAGGER_2_0 ?
		json_get(root->value, "securityDefinitions") :
		json_get(json_get(root->value, "components"),
		"securitySchemes");

	if (c->operations == 0)
		return;
	if (json_size(schemes)) {
		if (!c->nsecured && !json_size(security))
			unapplied(c, root, schemes);
	} else if (!json_size(security) && !c->nsecured) {
		if (c->credential)
			parameter(c, root);
		else
			undeclared(c, root);
	}
}

/* Before the walk: what the document requires, and how often. */
void
check_security_before(struct checker *c)
{
	const struct json *own;
	struct json_iter items, ops;

	note_requirements(c, json_get(c->root, "security"));
	for (json_each(&items, json_get(c->root, "paths"));
	    json_next(&items); )
		for (json_each(&ops, items.value); json_next(&ops); ) {
			own = json_get(ops.value, "security");
			c->nsecured += json_is(own, JSON_ARRAY) &&
				json_size(own);
			note_requirements(c, own);
		}
}
