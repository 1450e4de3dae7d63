#include "smelt-codegen/bundle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/credential.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-codegen/dynamic.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

enum { TITLE_MAX = 64, TEXT_MAX = 300, REGISTRY_NAME_MAX = 200 };

static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool
bundle_is_registry_name(const char *name)
{
	size_t space = strspn(name, alnum), rest;

	while (name[space] == '.' || name[space] == '-')
		space += 1 + strspn(name + space + 1, alnum);
	if (!space || name[space] != '/')
		return false;
	rest = space + 1;
	while (name[rest] && (strchr("._-", name[rest]) ||
	    strchr(alnum, name[rest])))
		rest++;
	return !name[rest] && rest > space + 1 && rest <= REGISTRY_NAME_MAX;
}

/* text with every run of blanks and control characters as one blank, at most
 * max characters */
static void
add_plain(struct str *out, const char *text, size_t max)
{
	size_t len = strlen(text), i, n, count = 0;
	bool blank = false;
	uint32_t c;

	for (i = 0; i < len && count < max; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		if (!n || c <= ' ' || (c >= 0x7f && c < 0xa0) ||
		    c == 0x2028 || c == 0x2029) {
			blank = count > 0;
			n = n ? n : 1;
			continue;
		}
		if (blank)
			str_putc(out, ' ');
		str_add(out, text + i, n);
		count += 1 + blank;
		blank = false;
	}
}

static bool
is_semver(const char *text)
{
	int part;
	size_t n;

	for (part = 0; part < 3; part++) {
		n = strspn(text, "0123456789");
		if (n == 0 || n > 9 || (n > 1 && text[0] == '0'))
			return false;
		text += n;
		if (part < 2 && *text++ != '.')
			return false;
	}
	if (*text != '-' && *text != '+')
		return !*text;
	n = strspn(text + 1, alnum);
	while (n && (text[n + 1] == '.' || text[n + 1] == '-') &&
	    strchr(alnum, text[n + 2]) && text[n + 2])
		n += 1 + strspn(text + n + 2, alnum);
	return n && !text[n + 1] && n < 100;
}

static void
add_semver(struct str *out, const char *text)
{
	unsigned long number;
	int part;
	char *end;

	if (is_semver(text)) {
		str_puts(out, text);
		return;
	}
	for (part = 0; part < 3; part++) {
		text += strcspn(text, "0123456789");
		number = strtoul(text, &end, 10);
		str_addf(out, "%s%lu", part ? "." : "",
			number < 1000000000 ? number : 0);
		text = end;
	}
}

/* A pair whose value is one of the texts above. */
static void
put_plain(struct emit *e, const char *key, const char *text, size_t max)
{
	struct str plain;

	str_init(&plain, STR_LINE);
	add_plain(&plain, text, max);
	emit_pair(e, key, str_s(&plain));
	str_release(&plain);
}

static void
put_version(struct emit *e, const struct model *m)
{
	struct str version;

	str_init(&version, STR_LINE);
	add_semver(&version, m->version);
	emit_pair(e, "version", str_s(&version));
	str_release(&version);
}

static const char *
title_of(const struct model *m)
{
	return m->title && m->title[0] ? m->title : m->name;
}

static void
put_description(struct emit *e, const struct model *m)
{
	struct str text;

	str_init(&text, STR_LINE);
	str_puts(&text, "MCP server for ");
	add_plain(&text, title_of(m), TITLE_MAX);
	str_addf(&text, ": %zu tool%s", m->ntools, m->ntools == 1 ? "" : "s");
	emit_pair(e, "description", str_s(&text));
	str_release(&text);
}

/* --- credentials ---------------------------------------------------------- */

struct variable {
	const char *name;	/* of the environment */
	const char *key;	/* of user_config */
	const char *title;
	const char *type;
	bool secret;
	bool required;
};

typedef void variable_fn(struct emit *e, const struct variable *v);

/* Two schemes may have variables of one name. */
static void
each_of_scheme(struct emit *e, const struct model *m, const char *scheme,
	const struct json *definition, struct map *seen, variable_fn *fn)
{
	const struct credential *c;
	struct variable v = { 0 };
	struct str name, key, title;
	size_t i, j, n;
	bool added;

	c = credential_of(definition, &n);
	for (i = 0; i < n; i++) {
		if (!c[i].secret && !c[i].needed)
			continue;
		str_init(&name, STR_LINE);
		str_init(&key, STR_LINE);
		str_init(&title, STR_LINE);
		credential_name(&name, m->name, scheme, c[i].what);
		for (j = 0; j < name.len; j++)
			str_putc(&key, char_lower(name.buf[j]));
		add_plain(&title, scheme, TITLE_MAX);
		str_addf(&title, " %s", c[i].what);
		v.name = str_s(&name);
		v.key = str_s(&key);
		v.title = str_s(&title);
		v.type = str_ends(c[i].what, "_FILE") ? "file" : "string";
		v.secret = c[i].secret;
		map_add(seen, v.name, name.len, &added);
		if (added)
			fn(e, &v);
		str_release(&name);
		str_release(&key);
		str_release(&title);
	}
}

static void
each_base(struct emit *e, const struct model *m, variable_fn *fn)
{
	const struct model_base *bases;
	struct str key, title;
	size_t i, n;
	const char *c;

	bases = model_bases(m, &n);
	str_init(&key, STR_LINE);
	str_init(&title, STR_LINE);
	for (i = 0; i < n; i++) {
		str_clear(&key);
		str_clear(&title);
		for (c = bases[i].name; *c; c++)
			str_putc(&key, char_lower(*c));
		str_addf(&title, "Base URL%s%s", bases[i].document ? " of " :
			"", bases[i].document ? bases[i].document : "");
		fn(e, &(struct variable){ bases[i].name, str_s(&key),
			str_s(&title), "string", false, bases[i].relative });
	}
	str_release(&key);
	str_release(&title);
}

static const struct variable destructive = { "SMELT_ALLOW_DESTRUCTIVE",
	"smelt_allow_destructive", "Destructive tools", "string", false, false };

static void
each_variable(struct emit *e, const struct model *m, variable_fn *fn)
{
	const struct map_entry *s;
	struct map seen = { 0 };
	struct json_doc doc;
	struct err ignored;
	size_t i;

	for (i = 0; i < m->schemes->n; i++) {
		s = &m->schemes->entries[i];
		if (!map_find(m->used, s->key, s->len) || json_parse(&doc,
		    s->value, strlen(s->value), "", &ignored) < 0)
			continue;
		each_of_scheme(e, m, s->key, json_root(&doc), &seen, fn);
		json_release(&doc);
	}
	each_base(e, m, fn);
	if (m->dynamic)
		fn(e, &destructive);
	map_release(&seen);
}

static void
put_env(struct emit *e, const struct variable *v)
{
	struct str value;

	str_init(&value, STR_LINE);
	str_addf(&value, "${user_config.%s}", v->key);
	emit_pair(e, v->name, str_s(&value));
	str_release(&value);
}

/* A client leaves ${user_config.…} of an entry without value and default as it
 * is: hence the empty default. */
static void
put_user_config(struct emit *e, const struct variable *v)
{
	struct str text;

	str_init(&text, STR_LINE);
	if (str_starts(v->name, "SMELT_BASE_URL"))
		str_puts(&text, v->required ?
			"Origin and base path of the API" :
			"Origin and base path of the API, in place of the "
			"documented ones");
	else if (v == &destructive)
		str_puts(&text, "Names of those that may be called, as "
			"delete_*,remove_tag");
	else
		str_addf(&text, "Handed to the server as %s", v->name);
	emit_key(e, v->key);
	emit_object(e);
	emit_pair(e, "type", v->type);
	emit_pair(e, "title", v->title);
	emit_pair(e, "description", str_s(&text));
	emit_pair_bool(e, "required", v->required);
	if (!v->required)
		emit_pair(e, "default", "");
	if (v->secret)
		emit_pair_bool(e, "sensitive", true);
	emit_end(e);
	str_release(&text);
}

/* --- manifest.json -------------------------------------------------------- */

static void
put_list(struct emit *e, const char *key, const char *item)
{
	emit_key(e, key);
	emit_array(e);
	emit_str(e, item);
	emit_end(e);
}

static void
put_server(struct emit *e, const struct model *m)
{
	bool python = m->target == TARGET_PYTHON;

	emit_key(e, "server");
	emit_object(e);
	emit_pair(e, "type", python ? "python" : "node");
	emit_pair(e, "entry_point", python ? "server.py" : "dist/server.js");
	emit_key(e, "mcp_config");
	emit_object(e);
	emit_pair(e, "command", python ? "python3" : "node");
	put_list(e, "args", python ? "${__dirname}/server.py" :
		"${__dirname}/dist/server.js");
	emit_key(e, "env");
	emit_object(e);
	if (python)
		emit_pair(e, "PYTHONPATH", "${__dirname}/lib");
	each_variable(e, m, put_env);
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

static void
put_tool(struct emit *e, const char *name, const char *title)
{
	emit_object(e);
	emit_pair(e, "name", name);
	put_plain(e, "description", title, TEXT_MAX);
	emit_end(e);
}

static void
put_tools(struct emit *e, const struct model *m)
{
	struct json_iter it;
	size_t i;

	emit_key(e, "tools");
	emit_array(e);
	if (m->dynamic) {
		json_each(&it, m->dynamic->tools);
		while (json_next(&it))
			put_tool(e, json_get_str(it.value, "name"),
				json_get_str(it.value, "title"));
	} else {
		for (i = 0; i < m->ntools; i++)
			put_tool(e, m->tools[i].name, m->tools[i].title);
	}
	emit_end(e);
}

static void
put_compatibility(struct emit *e, const struct model *m)
{
	bool python = m->target == TARGET_PYTHON;

	emit_key(e, "compatibility");
	emit_object(e);
	if (python) {
		emit_key(e, "platforms");
		emit_array(e);
		emit_str(e, "darwin");
		emit_str(e, "linux");
		emit_end(e);
	}
	emit_key(e, "runtimes");
	emit_object(e);
	emit_pair(e, python ? "python" : "node", python ? ">=3.11" : ">=20");
	emit_end(e);
	emit_end(e);
}

static void
add(struct tree *t, const char *path, struct str *text)
{
	str_putc(text, '\n');
	if (!tree_add(t, path, ROLE_CONFIG, text))
		die("internal: two files '%s'", path);
}

static void
add_manifest(struct tree *t, const struct model *m, const char *author)
{
	struct emit e;
	struct str out;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_pair(&e, "manifest_version", "0.3");
	emit_pair(&e, "name", m->name);
	put_plain(&e, "display_name", title_of(m), TITLE_MAX);
	put_version(&e, m);
	put_description(&e, m);
	emit_key(&e, "author");
	emit_object(&e);
	emit_pair(&e, "name", author);
	emit_end(&e);
	put_server(&e, m);
	put_tools(&e, m);
	put_compatibility(&e, m);
	emit_key(&e, "user_config");
	emit_object(&e);
	each_variable(&e, m, put_user_config);
	emit_end(&e);
	emit_end(&e);
	add(t, "manifest.json", &out);
}

/* --- server.json ---------------------------------------------------------- */

static void
add_registry(struct tree *t, const struct model *m, const char *name)
{
	struct emit e;
	struct str out;

	str_init(&out, STR_RECORD);
	emit_init(&e, &out);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_pair(&e, "$schema", "https://static.modelcontextprotocol.io/"
		"schemas/2025-12-11/server.schema.json");
	emit_pair(&e, "name", name);
	put_plain(&e, "title", title_of(m), TITLE_MAX);
	put_description(&e, m);
	put_version(&e, m);
	emit_key(&e, "_meta");
	emit_object(&e);
	emit_key(&e, "io.modelcontextprotocol.registry/publisher-provided");
	emit_object(&e);
	emit_pair(&e, "generator", "smelt-codegen " SMELT_VERSION);
	emit_pair_sha256(&e, "tools.json", tree_find(t, "tools.json")->sha256);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
	add(t, "server.json", &out);
}

void
bundle_add(struct tree *t, const struct model *m, const struct bundle *b)
{
	add_manifest(t, m, b->author);
	if (b->registry)
		add_registry(t, m, b->registry);
}
