#include "smelt-attest/clients.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/credential.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-attest/artifact.h"
#include "smelt-attest/outdir.h"

enum { TEMPLATE_MAX = 256 * 1024 };

struct clients {
	const struct artifact *a;
	const struct json *index;	/* clients.yaml */
	const struct json *client;	/* the one being written */
	const char *dir;
	struct map variables;		/* environment variables that hold
					 * credentials */
};

static int
load(const char *name, struct str *text, struct err *err)
{
	char *rel = xasprintf("clients/%s", name);
	int rc = io_read_share(rel, text, err);

	free(rel);
	return rc;
}

static void
put_replaced(struct str *out, const char *text, const char *word,
	const char *value)
{
	const char *at;

	for (; (at = strstr(text, word)) != NULL; text = at + strlen(word)) {
		str_add(out, text, (size_t)(at - text));
		str_puts(out, value);
	}
	str_puts(out, text);
}

/* LIBRARY_API_TOKEN is named library-api-token where a client wants an id. */
static void
put_id(struct str *out, const char *variable)
{
	for (; *variable; variable++)
		str_putc(out, *variable == '_' ? '-' :
			(char)tolower((unsigned char)*variable));
}

/* text with {NAME} and {id} of a variable filled in */
static void
fill_variable(struct str *out, const char *text, const char *variable)
{
	struct str id, half;

	str_init(&id, STR_LINE);
	str_init(&half, STR_LINE);
	put_id(&id, variable);
	put_replaced(&half, text, "{NAME}", variable);
	put_replaced(out, str_s(&half), "{id}", str_s(&id));
	str_release(&id);
	str_release(&half);
}

static void
put_env(struct str *out, const struct clients *c)
{
	const struct json *rule = json_get(c->client, "env");
	const char *name = json_get_str(rule, "name");
	const char *value = json_get_str(rule, "value");
	struct str key, text;
	struct emit e;
	size_t i;

	str_init(&key, STR_LINE);
	str_init(&text, STR_LINE);
	emit_init(&e, out);
	emit_object(&e);
	for (i = 0; i < c->variables.n; i++) {
		str_clear(&key);
		str_clear(&text);
		fill_variable(&key, name ? name : "{NAME}",
			c->variables.entries[i].key);
		fill_variable(&text, value ? value : "",
			c->variables.entries[i].key);
		emit_pair(&e, str_s(&key), str_s(&text));
	}
	emit_end(&e);
	str_release(&key);
	str_release(&text);
}

static void
put_names(struct str *out, const struct clients *c)
{
	struct emit e;
	size_t i;

	emit_init(&e, out);
	emit_array(&e);
	for (i = 0; i < c->variables.n; i++)
		emit_str(&e, c->variables.entries[i].key);
	emit_end(&e);
}

static void
put_inputs(struct str *out, const struct clients *c)
{
	struct str id;
	struct emit e;
	size_t i;

	str_init(&id, STR_LINE);
	emit_init(&e, out);
	emit_array(&e);
	for (i = 0; i < c->variables.n; i++) {
		str_clear(&id);
		put_id(&id, c->variables.entries[i].key);
		emit_object(&e);
		emit_pair(&e, "type", "promptString");
		emit_pair(&e, "id", str_s(&id));
		emit_pair(&e, "description", c->variables.entries[i].key);
		emit_pair_bool(&e, "password", true);
		emit_end(&e);
	}
	emit_end(&e);
	str_release(&id);
}

static const struct json *
start_of(const struct clients *c)
{
	const struct json *own = json_get(c->client, "start");

	return json_get(own ? own : json_get(c->index, "start"),
		c->a->target);
}

static void
put_placed(struct str *out, const struct clients *c, const char *text)
{
	struct str placed;

	str_init(&placed, STR_LINE);
	put_replaced(&placed, text, "{dir}", c->dir);
	json_write_str(out, str_s(&placed), placed.len);
	str_release(&placed);
}

static void
put_args(struct str *out, const struct clients *c)
{
	const char *comma = "";
	struct json_iter it;

	str_putc(out, '[');
	for (json_each(&it, json_get(start_of(c), "args")); json_next(&it); ) {
		str_puts(out, comma);
		put_placed(out, c, json_str(it.value) ? json_str(it.value) :
			"");
		comma = ", ";
	}
	str_putc(out, ']');
}

static void
put_text(struct str *out, const char *text)
{
	json_write_str(out, text, strlen(text));
}

/* What the server says of itself: its title, else its name. */
static const char *
title(const struct artifact *a)
{
	const struct json *server = json_get(json_root(a->bindings), "server");
	const char *text = json_get_str(server, "title");

	return text && *text ? text : a->name;
}

static int
put_word(struct str *out, const struct clients *c, const char *word, size_t n)
{
	const char *command = json_get_str(start_of(c), "command");

	if (mem_is(word, n, "id"))
		str_puts(out, c->a->name);
	else if (mem_is(word, n, "name"))
		put_text(out, c->a->name);
	else if (mem_is(word, n, "title") || mem_is(word, n, "description"))
		put_text(out, title(c->a));
	else if (mem_is(word, n, "version"))
		put_text(out, c->a->version);
	else if (mem_is(word, n, "command"))
		put_placed(out, c, command ? command : "");
	else if (mem_is(word, n, "args"))
		put_args(out, c);
	else if (mem_is(word, n, "env"))
		put_env(out, c);
	else if (mem_is(word, n, "envNames"))
		put_names(out, c);
	else if (mem_is(word, n, "inputs"))
		put_inputs(out, c);
	else
		return -1;
	return 0;
}

/* The README's own words, as bare text. */
static int
put_readme_word(struct str *out, const struct clients *c, const char *word,
	size_t n)
{
	struct json_iter it, file;
	size_t i;

	if (mem_is(word, n, "id")) {
		str_puts(out, c->a->name);
	} else if (mem_is(word, n, "dir")) {
		str_puts(out, c->dir);
	} else if (mem_is(word, n, "variables")) {
		str_puts(out, c->variables.n ? "The server reads them from "
			"the environment: each variable, or the same with "
			"`_FILE` for the path of a file that holds it." :
			"This server needs none.");
		for (i = 0; i < c->variables.n; i++)
			str_addf(out, "%s`%s`", i ? ", " : "\n\n",
				c->variables.entries[i].key);
	} else if (mem_is(word, n, "clients")) {
		for (json_each(&it, json_get(c->index, "clients"));
		    json_next(&it); ) {
			str_addf(out, "## %s\n\n",
				json_get_str(it.value, "title"));
			for (json_each(&file, json_get(it.value, "files"));
			    json_next(&file); )
				str_addf(out, "- `%s`\n",
					json_get_str(file.value, "path"));
			str_addf(out, "\nGoes to: %s\n\n",
				json_get_str(it.value, "where"));
		}
	} else {
		return -1;
	}
	return 0;
}

typedef int (*word_writer)(struct str *, const struct clients *, const char *,
	size_t);

static int
expand(struct str *out, const struct clients *c, const char *name,
	word_writer put, struct err *err)
{
	struct str text;
	const char *p, *open, *close;
	int rc;

	str_init(&text, TEMPLATE_MAX);
	rc = load(name, &text, err);
	for (p = str_s(&text); rc == 0 && (open = strstr(p, "{{")) != NULL;
	    p = close + 2) {
		str_add(out, p, (size_t)(open - p));
		close = strstr(open, "}}");
		if (!close || put(out, c, open + 2,
		    (size_t)(close - open) - 2) < 0) {
			rc = err_at(err, name, 0, 0, "an unknown word in {{}}");
			break;
		}
	}
	if (rc == 0)
		str_puts(out, p);
	str_release(&text);
	return rc;
}

/* JSON is parsed again: a template can not give a broken file. */
static int
tidy(struct str *text, const char *name, struct err *err)
{
	struct json_doc doc;
	struct emit e;

	if (json_parse(&doc, str_s(text), text->len, name, err) < 0)
		return -1;
	str_clear(text);
	emit_init(&e, text);
	emit_pretty(&e, 2);
	emit_json(&e, json_root(&doc));
	str_putc(text, '\n');
	json_release(&doc);
	return 0;
}

static int
make_file(struct outdir *out, const struct clients *c,
	const struct json *file, struct err *err)
{
	const char *from = json_get_str(file, "template");
	const char *path = json_get_str(file, "path");
	struct str text, name;
	int rc;

	if (!from || !path)
		return err_at(err, "clients.yaml", 0, 0,
			"a file without template or path");
	str_init(&text, TEMPLATE_MAX);
	str_init(&name, STR_LINE);
	str_addf(&name, "clients/%s", path);
	rc = expand(&text, c, from, put_word, err);
	if (rc == 0 && str_ends(from, ".json"))
		rc = tidy(&text, from, err);
	if (rc == 0)
		outdir_add(out, str_s(&name), &text);
	str_release(&text);
	str_release(&name);
	return rc;
}

static void
add_scheme(struct clients *c, const char *name, const struct json *scheme)
{
	const struct credential *one;
	struct str text;
	size_t i, n;

	one = credential_of(scheme, &n);
	for (i = 0; i < n; i++) {
		if (!one[i].needed)
			continue;
		str_init(&text, STR_LINE);
		credential_name(&text, c->a->name, name, one[i].what);
		map_put(&c->variables, str_s(&text), c);
		str_release(&text);
	}
}

/* The variables of every scheme that some tool asks for. */
static void
find_variables(struct clients *c)
{
	const struct json *root = json_root(c->a->bindings);
	const struct json *schemes = json_get(root, "securitySchemes");
	struct json_iter tool, any, all;

	for (json_each(&tool, json_get(root, "bindings")); json_next(&tool); )
		for (json_each(&any, json_get(tool.value, "security"));
		    json_next(&any); )
			for (json_each(&all, any.value); json_next(&all); )
				add_scheme(c, json_str(all.key), json_getn(
					schemes, json_str(all.key),
					json_len(all.key)));
}

static int
make_readme(struct outdir *out, const struct clients *c, struct err *err)
{
	struct str text;
	int rc;

	str_init(&text, TEMPLATE_MAX);
	rc = expand(&text, c, "README.md", put_readme_word, err);
	if (rc == 0)
		outdir_add(out, "clients/README.md", &text);
	str_release(&text);
	return rc;
}

static int
make_all(struct outdir *out, struct clients *c, const char *dir,
	struct err *err)
{
	const char *holder = json_get_str(c->index, "placeholder");
	struct str place;
	struct json_iter it, file;
	int rc = 0;

	str_init(&place, STR_LINE);
	str_addf(&place, "%s/%s-%s", holder ? holder : "", c->a->name,
		c->a->version);
	c->dir = dir ? dir : str_s(&place);
	if (!start_of(c))
		rc = err_at(err, "clients.yaml", 0, 0, "start has no target "
			"'%s'", c->a->target);
	for (json_each(&it, json_get(c->index, "clients"));
	    rc == 0 && json_next(&it); ) {
		c->client = it.value;
		for (json_each(&file, json_get(it.value, "files"));
		    rc == 0 && json_next(&file); )
			rc = make_file(out, c, file.value, err);
	}
	if (rc == 0)
		rc = make_readme(out, c, err);
	str_release(&place);
	return rc;
}

int
clients_make(struct outdir *out, const struct artifact *a, const char *dir,
	struct err *err)
{
	struct clients c = { .a = a };
	struct document doc;
	struct str text;
	int rc;

	str_init(&text, TEMPLATE_MAX);
	rc = document_share(&doc, &text, "clients/clients.yaml", err);
	if (rc == 0) {
		c.index = document_root(&doc);
		find_variables(&c);
		rc = make_all(out, &c, dir, err);
		document_release(&doc);
	}
	map_release(&c.variables);
	str_release(&text);
	return rc;
}

static int
digest_file(struct sha256 *h, const char *name, struct err *err)
{
	struct str text;
	int rc;

	str_init(&text, TEMPLATE_MAX);
	rc = load(name, &text, err);
	if (rc == 0)
		sha256_field(h, str_s(&text));
	str_release(&text);
	return rc;
}

int
clients_digest(struct sha256 *h, struct err *err)
{
	struct json_iter it, file;
	struct document doc;
	struct str text;
	int rc;

	str_init(&text, TEMPLATE_MAX);
	rc = document_share(&doc, &text, "clients/clients.yaml", err);
	if (rc == 0) {
		sha256_field(h, str_s(&text));
		rc = digest_file(h, "README.md", err);
		for (json_each(&it, json_get(document_root(&doc), "clients"));
		    json_next(&it); )
			for (json_each(&file, json_get(it.value, "files"));
			    rc == 0 && json_next(&file); )
				rc = digest_file(h, json_get_str(file.value,
					"template") ? json_get_str(file.value,
					"template") : "", err);
		document_release(&doc);
	}
	str_release(&text);
	return rc;
}
