#include "smelt-codegen/docs.h"

#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/credential.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-codegen/dynamic.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

static void
write_values(struct str *out, const struct model *m)
{
	struct emit e;
	size_t i;

	emit_init(&e, out);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_pair(&e, "name", m->name);
	emit_pair(&e, "title", m->title ? m->title : m->name);
	emit_pair(&e, "version", m->version);
	emit_key(&e, "tools");
	emit_object(&e);
	for (i = 0; i < m->ntools; i++)
		emit_pair(&e, m->tools[i].name, m->tools[i].title);
	emit_end(&e);
	emit_end(&e);
}

/* JSON text again, with nothing in it that Markdown or HTML would act on */
static void
add_inert(struct str *out, const struct str *json)
{
	static const char marks[] = "`<>&~";
	const char *p = str_s(json);
	size_t n;

	for (; *p; p += n) {
		n = strcspn(p, marks);
		str_add(out, p, n);
		if (p[n])
			str_addf(out, "\\u%04x", (unsigned)p[n++]);
	}
}

static void
add_bases(struct str *out, const struct model *m)
{
	const struct model_base *bases;
	size_t i, n;

	bases = model_bases(m, &n);
	for (i = 0; i < n; i++)
		str_addf(out, "%s`%s`", i ? ", " : "", bases[i].name);
}

static void
fill(struct str *out, const char *mark, const struct model *m, bool packages)
{
	struct str values;

	if (str_starts(mark, "@NAME@")) {
		str_puts(out, m->name);
	} else if (str_starts(mark, "@SOURCE@")) {
		if (packages)
			str_puts(out, " && .venv/bin/pip install"
				" -r requirements-source.txt");
	} else if (str_starts(mark, "@BASE_URL@")) {
		add_bases(out, m);
	} else if (str_starts(mark, "@MODE@")) {
		if (m->dynamic)
			str_puts(out, str_s(m->dynamic->readme));
	} else {
		str_init(&values, STR_RECORD);
		write_values(&values, m);
		add_inert(out, &values);
		str_release(&values);
	}
}

static void
add_readme(struct tree *t, const struct model *m, const struct str *readme,
	bool packages)
{
	static const char *const marks[] = { "@NAME@", "@SOURCE@",
		"@VALUES@", "@MODE@", "@BASE_URL@" };
	const char *p = str_s(readme), *next;
	struct str out;
	size_t i, n;

	str_init(&out, STR_RECORD);
	while ((next = strchr(p, '@'))) {
		str_add(&out, p, (size_t)(next - p));
		n = 1;
		for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (str_starts(next, marks[i]))
				n = strlen(marks[i]);
		if (n > 1)
			fill(&out, next, m, packages);
		else
			str_putc(&out, '@');
		p = next + n;
	}
	str_puts(&out, p);
	if (!tree_add(t, "README.md", ROLE_DOC, &out))
		die("internal: two files 'README.md'");
}

/* Those that need not be there stand in comments. */
static void
add_variables(struct str *out, const char *server, const char *scheme,
	const struct json *v)
{
	const struct credential *c;
	size_t i, n;

	c = credential_of(v, &n);
	for (i = 0; i < n; i++) {
		if (!c[i].needed)
			str_puts(out, "# ");
		credential_name(out, server, scheme, c[i].what);
		str_puts(out, "=\n");
	}
}

static void
add_env(struct tree *t, const struct model *m)
{
	const struct map_entry *e;
	struct json_doc doc;
	struct err ignored;
	const struct model_base *bases;
	struct str out;
	size_t i, n;

	str_init(&out, STR_RECORD);
	str_puts(&out, "# Environment of this server: copy to .env, fill in, "
		"and start it with\n#     set -a; . ./.env; set +a\n"
		"# NAME_FILE=/path/of/a/file works for every credential.\n");
	for (i = 0; i < m->schemes->n; i++) {
		e = &m->schemes->entries[i];
		if (!map_find(m->used, e->key, e->len) ||
		    json_parse(&doc, e->value, strlen(e->value), "",
		    &ignored) < 0)
			continue;
		add_variables(&out, m->name, e->key, json_root(&doc));
		json_release(&doc);
	}
	bases = model_bases(m, &n);
	for (i = 0; i < n; i++)
		str_addf(&out, "%s%s=\n", bases[i].relative ? "# Needed: no "
			"server of the document is absolute.\n" : "# ",
			bases[i].name);
	str_puts(&out, "# SMELT_LOG=info\n"
		"# SMELT_CALL_LOG=\n# SMELT_CA_FILE=\n"
		"# SMELT_HTTP_HOST=127.0.0.1\n# SMELT_HTTP_PORT=8000\n"
		"# SMELT_HTTP_TOKEN=\n"
		"# SMELT_OAUTH_ISSUER=\n# SMELT_OAUTH_RESOURCE=\n");
	if (m->dynamic)
		str_puts(&out, "# Destructive tools that may be called: "
			"patterns as delete_*,remove_tag\n"
			"# SMELT_ALLOW_DESTRUCTIVE=\n");
	if (!tree_add(t, ".env.example", ROLE_CONFIG, &out))
		die("internal: two files '.env.example'");
}

void
docs_add(struct tree *t, const struct model *m, const struct str *readme,
	bool packages)
{
	add_readme(t, m, readme, packages);
	add_env(t, m);
}
