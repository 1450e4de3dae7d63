#include "smelt-codegen/tables.h"

#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-codegen/dynamic.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

/* Bytes of a message at which official clients cut the connection, less what
 * stands around the tools. */
enum { LISTED_MAX = 10485760 - 4096 };

static void
add(struct tree *t, const char *path, struct str *text)
{
	if (!tree_add(t, path, ROLE_DATA, text))
		die("internal: two files '%s'", path);
}

static void
add_tools(struct tree *t, const char *path, const struct model *m)
{
	struct str out;
	size_t i;

	str_init(&out, STR_RECORD);
	str_puts(&out, "{\"tools\":[\n");
	for (i = 0; i < m->ntools; i++)
		str_addf(&out, "%s%s", i ? ",\n" : "", m->tools[i].definition);
	str_puts(&out, "\n]}\n");
	add(t, path, &out);
}

static void
add_meta_tools(struct tree *t, const struct dynamic *d)
{
	struct json_iter it;
	struct str out;
	size_t n = 0;

	str_init(&out, STR_RECORD);
	str_puts(&out, "{\"tools\":[\n");
	for (json_each(&it, d->tools); json_next(&it); ) {
		str_puts(&out, n++ ? ",\n" : "");
		json_write(&out, it.value);
	}
	str_puts(&out, "\n]}\n");
	add(t, "tools.json", &out);
}

static void
write_server(struct str *out, const struct model *m)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "name", m->name);
	emit_pair(&e, "title", m->title ? m->title : m->name);
	emit_pair(&e, "version", m->version);
	if (m->dynamic)
		emit_pair(&e, "instructions", m->dynamic->instructions);
	emit_end(&e);
}

static void
write_schemes(struct str *out, const struct model *m)
{
	const struct map_entry *e;
	size_t i, n = 0;

	for (i = 0; i < m->schemes->n; i++) {
		e = &m->schemes->entries[i];
		if (!map_find(m->used, e->key, e->len))
			continue;
		str_puts(out, n++ ? ",\n" : "\n");
		json_write_str(out, e->key, e->len);
		str_addf(out, ":%s", (const char *)e->value);
	}
}

static void
add_bindings(struct tree *t, const struct model *m, const char *limits)
{
	struct str out;
	size_t i;

	str_init(&out, STR_RECORD);
	str_puts(&out, "{\"format\":1,\n");
	if (m->dynamic) {
		str_puts(&out, "\"mode\":\"dynamic\",\n\"search\":");
		json_write(&out, m->dynamic->search);
		str_puts(&out, ",\n");
	}
	str_puts(&out, "\"server\":");
	write_server(&out, m);
	str_puts(&out, ",\n\"securitySchemes\":{");
	write_schemes(&out, m);
	str_puts(&out, "},\n\"bindings\":{");
	for (i = 0; i < m->ntools; i++)
		str_addf(&out, "%s\"%s\":%s", i ? ",\n" : "\n",
			m->tools[i].name, m->tools[i].binding);
	str_addf(&out, "},\n\"limits\":%s}\n", limits);
	add(t, "bindings.json", &out);
}

int
tables_add(struct tree *t, const struct model *m, const char *limits,
	struct err *err)
{
	size_t listed;

	add_tools(t, m->dynamic ? "catalogue.json" : "tools.json", m);
	if (m->dynamic)
		add_meta_tools(t, m->dynamic);
	add_bindings(t, m, limits);
	listed = tree_find(t, "tools.json")->text->len;
	if (listed <= LISTED_MAX)
		return 0;
	return err_set(err, "tools/list would have %zu tools in %zu bytes, and "
		"clients cut the connection at 10485760 bytes: use --mode "
		"dynamic, or --max-tokens or --max-tools of smelt-tooldef",
		m->ntools, listed);
}

void
tables_add_manifest(struct tree *t, const struct model *m)
{
	const struct tree_file *f;
	struct str out, digest;
	struct emit e;
	size_t i;

	tree_sort(t);
	str_init(&out, STR_RECORD);
	str_init(&digest, STR_LINE);
	emit_init(&e, &out);
	emit_pretty(&e, 1);
	emit_object(&e);
	emit_pair_int(&e, "format", 1);
	emit_pair(&e, "tool", "smelt-codegen");
	emit_pair(&e, "version", SMELT_VERSION);
	emit_pair(&e, "name", m->name);
	emit_pair(&e, "target", m->target == TARGET_PYTHON ? "python" :
		"typescript");
	if (m->dynamic)
		emit_pair(&e, "mode", "dynamic");
	emit_key(&e, "files");
	emit_array(&e);
	for (i = 0; i < t->n; i++) {
		f = &t->files[i];
		str_clear(&digest);
		str_addf(&digest, "sha256:%s", f->sha256);
		emit_object(&e);
		emit_pair(&e, "path", f->path);
		emit_pair(&e, "role", role_name(f->role));
		emit_pair(&e, "sha256", str_s(&digest));
		emit_end(&e);
	}
	emit_end(&e);
	emit_end(&e);
	str_putc(&out, '\n');
	str_release(&digest);
	add(t, "smelt.json", &out);
}
