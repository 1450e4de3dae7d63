#include "smelt-codegen/runtime.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

static const char common[] = "common";

/* share/smelt/runtime/FOLDER/NAME */
static int
read_share(struct str *out, const char *folder, const char *name,
	struct err *err)
{
	char *rel = xasprintf("runtime/%s/%s", folder, name);
	int rc = io_read_share(rel, out, err);

	free(rel);
	return rc;
}

static struct str *
new_str(void)
{
	struct str *s = xmalloc(sizeof(*s));

	str_init(s, IO_MAX);
	return s;
}

static int
load_file(struct runtime *r, const char *target, const struct json *v,
	struct err *err)
{
	const char *from = json_get_str(v, "from"), *to = json_get_str(v, "to");
	struct tree_file *f = NULL;
	struct str text;
	enum role role;

	if (!from || !to || !role_parse(json_get_str(v, "role"), &role))
		return err_set(err, "runtime/%s/manifest.json: entry without "
			"from, to or role", target);
	str_init(&text, IO_MAX);
	if (read_share(&text, target, from, err) == 0) {
		f = tree_add(r->files, to, role, &text);
		if (!f)
			err_set(err, "runtime/%s/manifest.json: bad or "
				"repeated path '%s'", target, to);
	}
	str_release(&text);
	if (!f)
		return -1;
	f->executable = json_str_is(json_get(v, "mode"), "0755");
	return 0;
}

static int
load_handler(struct runtime *r, const char *target, const struct json *v,
	struct err *err)
{
	const char *from = json_get_str(v, "from"), *to = json_get_str(v, "to");

	if (!from || !to || !strstr(to, RUNTIME_TOOL))
		return err_set(err, "runtime/%s/manifest.json: no handler "
			"with %s in its path", target, RUNTIME_TOOL);
	r->handler_path = xstrdup(to);
	return read_share(r->handler, target, from, err);
}

static int
load_manifest(struct runtime *r, const char *target, const struct json *v,
	struct err *err)
{
	struct json_iter it;

	if (!json_str_is(json_get(v, "target"), target))
		return err_set(err, "runtime/%s/manifest.json: not of target "
			"%s", target, target);
	for (json_each(&it, json_get(v, "files")); json_next(&it); )
		if (load_file(r, target, it.value, err) < 0)
			return -1;
	return load_handler(r, target, json_get(v, "handler"), err);
}

static int
load_limits(struct runtime *r, struct err *err)
{
	struct json_doc doc;
	struct str text;
	int rc;

	str_init(&text, IO_MAX);
	rc = read_share(&text, common, "limits.json", err);
	if (rc == 0)
		rc = json_parse(&doc, text.buf, text.len, "limits.json", err);
	if (rc == 0) {
		json_write(r->limits, json_root(&doc));
		json_release(&doc);
	}
	str_release(&text);
	return rc;
}

int
runtime_load(struct runtime *r, const char *target, struct err *err)
{
	char *name = xasprintf("readme-%s.md", target);
	struct json_doc doc;
	struct str text;
	int rc;

	memset(r, 0, sizeof(*r));
	r->files = xmalloc(sizeof(*r->files));
	tree_init(r->files);
	r->handler = new_str();
	r->readme = new_str();
	r->limits = new_str();
	str_init(&text, IO_MAX);
	rc = read_share(&text, target, "manifest.json", err);
	if (rc == 0)
		rc = json_parse(&doc, text.buf, text.len, "manifest.json", err);
	if (rc == 0) {
		rc = load_manifest(r, target, json_root(&doc), err);
		json_release(&doc);
	}
	if (rc == 0)
		rc = load_limits(r, err);
	if (rc == 0)
		rc = read_share(r->readme, common, name, err);
	str_release(&text);
	free(name);
	tree_sort(r->files);
	return rc;
}

static void
free_str(struct str *s)
{
	str_release(s);
	free(s);
}

void
runtime_release(struct runtime *r)
{
	tree_release(r->files);
	free(r->files);
	free_str(r->handler);
	free_str(r->readme);
	free_str(r->limits);
	free(r->handler_path);
	memset(r, 0, sizeof(*r));
}

void
runtime_digest(const struct runtime *r, struct sha256 *h)
{
	size_t i;

	for (i = 0; i < r->files->n; i++) {
		sha256_field(h, r->files->files[i].path);
		sha256_field(h, r->files->files[i].sha256);
	}
	sha256_field(h, str_s(r->handler));
	sha256_field(h, r->handler_path);
	sha256_field(h, str_s(r->readme));
	sha256_field(h, str_s(r->limits));
}

static void
copy_text(struct str *to, const struct str *from)
{
	str_init(to, IO_MAX);
	str_add(to, str_s(from), from->len);
}

static int
add_handler(struct runtime *r, struct tree *t, const char *tool,
	struct err *err)
{
	const char *at = strstr(r->handler_path, RUNTIME_TOOL);
	struct str path, text;
	int rc = 0;

	str_init(&path, STR_LINE);
	str_add(&path, r->handler_path, (size_t)(at - r->handler_path));
	str_puts(&path, tool);
	str_puts(&path, at + strlen(RUNTIME_TOOL));
	copy_text(&text, r->handler);
	if (!tree_add(t, str_s(&path), ROLE_HANDLER, &text))
		rc = err_set(err, "tool '%s': its handler would take the "
			"place of '%s'", tool, str_s(&path));
	str_release(&text);
	str_release(&path);
	return rc;
}

int
runtime_add(struct runtime *r, struct tree *t, const struct model *m,
	struct err *err)
{
	const struct tree_file *f;
	struct str text;
	size_t i;

	for (i = 0; i < r->files->n; i++) {
		f = &r->files->files[i];
		copy_text(&text, f->text);
		tree_add(t, f->path, f->role, &text)->executable =
			f->executable;
	}
	for (i = 0; i < m->ntools; i++)
		if (add_handler(r, t, m->tools[i].name, err) < 0)
			return -1;
	return 0;
}
