#include "smelt-codegen/check.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/path.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"
#include "data/json.h"
#include "smelt-codegen/dynamic.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/runtime.h"
#include "smelt-codegen/tree.h"

/* endings that an interpreter, a shell or a tool would run */
static const struct {
	const char *ext;
	const char *lang;	/* NULL: code that no server has */
} codes[] = {
	{ "py", "python" }, { "ts", "typescript" }, { "js", NULL },
	{ "mjs", "javascript" }, { "cjs", NULL }, { "tsx", NULL }, { "jsx", NULL },
	{ "mts", NULL }, { "cts", NULL }, { "pyc", NULL }, { "pyi", NULL },
	{ "pyx", NULL }, { "pth", NULL }, { "so", NULL }, { "node", NULL },
	{ "sh", NULL }, { "mk", NULL }, { "cfg", NULL }, { "wasm", NULL }
};

static bool
is_code(const char *path, const char **lang)
{
	const char *ext = path_ext(path);
	size_t i;

	*lang = NULL;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strcmp(ext, codes[i].ext) == 0) {
			*lang = codes[i].lang;
			return true;
		}
	}
	return false;
}

/* Did the text of this digest parse when smelt was tested?  The runtimes' code, as
 * the build found it; a runtime that was changed since is parsed. */
static bool
is_known(const char *hex)
{
	static const char *const known[] = {
#include "smelt-codegen/parsed.inc"
		NULL
	};

	return str_in(hex, known);
}

int
check_prepare(const struct runtime *r, struct err *err)
{
	const struct tree_file *f;
	const char *lang;
	size_t i;

	if (!is_code(r->handler_path, &lang) || !lang)
		return err_set(err, "handlers of this target are in no known "
			"language");
	if (!lang_get(lang, err))
		return -1;
	for (i = 0; i < r->files->n; i++) {
		f = &r->files->files[i];
		if (is_code(f->path, &lang) && lang && !is_known(f->sha256) &&
		    !lang_get(lang, err))
			return -1;
	}
	return 0;
}

static bool
same_text(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(str_s(a), str_s(b), a->len) == 0;
}

static bool
is_handler_of(const struct runtime *r, const struct model *m, const char *path)
{
	const char *at = strstr(r->handler_path, RUNTIME_TOOL);
	const char *rest = at + strlen(RUNTIME_TOOL);
	size_t head = (size_t)(at - r->handler_path), n = strlen(path);
	size_t tail = strlen(rest);

	if (n < head + tail || memcmp(path, r->handler_path, head) != 0 ||
	    strcmp(path + n - tail, rest) != 0)
		return false;
	return map_find(m->names, path + head, n - head - tail) != NULL;
}

static int
check_file(const struct tree_file *f, const struct runtime *r,
	const struct model *m, struct err *err)
{
	const struct tree_file *own = tree_find(r->files, f->path);
	const char *lang;

	if (f->role == ROLE_SOURCE)
		return str_starts(f->path, "source/") ? 0 :
			err_set(err, "'%s': source outside source/", f->path);
	if (own)
		return same_text(own->text, f->text) ? 0 :
			err_set(err, "'%s' is not the runtime's", f->path);
	if (f->role == ROLE_HANDLER)
		return same_text(r->handler, f->text) &&
			is_handler_of(r, m, f->path) ? 0 :
			err_set(err, "'%s' is not a handler", f->path);
	if (f->role == ROLE_RUNTIME || f->executable ||
	    is_code(f->path, &lang))
		return err_set(err, "'%s' is code that is not the runtime's",
			f->path);
	return 0;
}

static int
check_parses(struct ir_parser *p, const char *path, const struct str *text,
	const char *hex, struct err *err)
{
	const struct lang *lang;
	const char *name;
	struct ir ir;
	int rc = 0;

	if (!is_code(path, &name) || is_known(hex))
		return 0;
	if (!name)
		return err_set(err, "'%s' is code in no known language", path);
	lang = lang_get(name, err);
	if (!lang)
		return -1;
	if (ir_parse(p, lang, str_s(text), text->len, &ir, err) < 0)
		return -1;
	if (ir.errors || ir.cut)
		rc = err_set(err, "'%s' does not parse", path);
	ir_release(&ir);
	return rc;
}

static int
check_code(const struct runtime *r, struct err *err)
{
	struct atoms *atoms = atoms_new(NULL);
	struct ir_parser *p = ir_parser_new(atoms);
	const struct tree_file *f;
	char hex[SHA256_HEX + 1];
	size_t i;
	int rc;

	sha256_hex(str_s(r->handler), r->handler->len, hex);
	rc = check_parses(p, r->handler_path, r->handler, hex, err);
	for (i = 0; i < r->files->n && rc == 0; i++) {
		f = &r->files->files[i];
		rc = check_parses(p, f->path, f->text, f->sha256, err);
	}
	ir_parser_free(p);
	atoms_free(atoms);
	return rc;
}

static int
check_names(const char *path, const struct json *tools,
	const struct json *bindings, const struct model *m, struct err *err)
{
	const struct json *tool;
	struct json_iter it;
	size_t i = 0;

	for (json_each(&it, json_get(tools, "tools")); json_next(&it); i++) {
		tool = json_get(it.value, "name");
		if (i >= m->ntools || !json_str_is(tool, m->tools[i].name) ||
		    !json_get(json_get(bindings, "bindings"),
		    m->tools[i].name))
			return err_set(err, "tool %zu of %s is not the "
				"definition's", i, path);
	}
	return i == m->ntools &&
		json_size(json_get(bindings, "bindings")) == i ? 0 :
		err_set(err, "%s and bindings.json differ", path);
}

/* what tools/list serves must be the meta-tools, and nothing of the source */
static int
check_meta(const struct tree *t, const struct model *m, struct err *err)
{
	const struct str *text = tree_find(t, "tools.json")->text;
	struct json_doc doc;
	int rc = 0;

	if (!m->dynamic)
		return 0;
	if (json_parse(&doc, str_s(text), text->len, "tools.json", err) < 0)
		return -1;
	if (json_size(json_root(&doc)) != 1 || !json_equal(m->dynamic->tools,
	    json_get(json_root(&doc), "tools")))
		rc = err_set(err, "tools.json is not the meta-tools");
	json_release(&doc);
	return rc;
}

static int
check_data(const struct tree *t, const struct model *m, struct err *err)
{
	const char *path = m->dynamic ? "catalogue.json" : "tools.json";
	const struct str *a = tree_find(t, path)->text;
	const struct str *b = tree_find(t, "bindings.json")->text;
	struct json_doc tools, bindings;
	int rc = -1;

	if (json_parse(&tools, str_s(a), a->len, path, err) < 0)
		return -1;
	if (json_parse(&bindings, str_s(b), b->len, "bindings.json",
	    err) == 0) {
		rc = check_names(path, json_root(&tools), json_root(&bindings),
			m, err);
		json_release(&bindings);
	}
	json_release(&tools);
	return rc < 0 ? rc : check_meta(t, m, err);
}

int
check_tree(const struct tree *t, const struct runtime *r,
	const struct model *m, struct err *err)
{
	struct err why;
	size_t i;
	int rc = 0;

	for (i = 0; i < t->n && rc == 0; i++)
		rc = check_file(&t->files[i], r, m, &why);
	if (rc == 0)
		rc = check_code(r, &why);
	if (rc == 0)
		rc = check_data(t, m, &why);
	return rc == 0 ? 0 : err_set(err, "own output refused: %s", why.text);
}
