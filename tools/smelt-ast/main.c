#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/opt.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "openapi.h"
#include "sys/box.h"

static const struct opt_tool tool = {
	.name = "smelt-ast",
	.summary = "find what a source lets others call",
	.operands = "[ARTIFACT]",
	.max_operands = 1,
};

static const char *const owns[] = { "unit", "type", "callable", NULL };
static const struct stage_spec spec = { "smelt-ast", "ast", "intake", owns,
	NULL };

static bool
is_data(const char *language)
{
	return strcmp(language, "json") == 0 || strcmp(language, "yaml") == 0;
}

/* A file that nothing here can read yet: said so, in the artifact too. */
static void
put_unsupported(struct str *units, const struct json *file)
{
	const char *text = json_get_str(file, "text");
	int64_t lines = 0;
	struct str line;
	struct emit e;

	for (; *text; text++)
		lines += *text == '\n';
	str_init(&line, STR_RECORD);
	emit_init(&e, &line);
	emit_object(&e);
	emit_pair(&e, "kind", "unit");
	emit_pair_json(&e, "path", json_get(file, "path"));
	emit_pair_json(&e, "language", json_get(file, "language"));
	emit_pair(&e, "parse", "unsupported");
	emit_pair_int(&e, "lines", lines);
	emit_pair_int(&e, "functions", 0);
	emit_pair_int(&e, "classes", 0);
	emit_key(&e, "imports");
	emit_array(&e);
	emit_end(&e);
	emit_end(&e);
	str_add(units, line.buf, line.len);
	str_putc(units, '\n');
	str_release(&line);
}

static size_t
write_unsupported(struct stage *stage, const struct str *units)
{
	const char *p = str_s(units), *end;
	struct str line;
	size_t n = 0;

	str_init(&line, STR_RECORD);
	for (; *p; p = end + 1, n++) {
		end = strchr(p, '\n');
		str_clear(&line);
		str_add(&line, p, (size_t)(end - p));
		stage_put(stage, &line);
	}
	str_release(&line);
	return n;
}

/* Takes doc over. */
static int
add_file(struct openapi *openapi, struct str *units,
	struct json_doc *doc, unsigned line, struct err *err)
{
	const struct json *file = json_root(doc);
	const char *path = json_get_str(file, "path");
	const char *language = json_get_str(file, "language");

	if (!path || !language || !json_get_str(file, "text")) {
		json_release(doc);
		return err_at(err, "artifact", line, 1,
			"file record without path, language or text");
	}
	if (strcmp(language, "openapi") == 0) {
		openapi_add(openapi, doc);
		return 0;
	}
	if (is_data(language)) {
		openapi_add(openapi, doc);
		return 0;
	}
	put_unsupported(units, file);
	json_release(doc);
	return 0;
}

static int
read_all(struct stage *stage, struct openapi *openapi,
	struct str *units, struct err *err)
{
	struct json_doc doc;
	struct rec rec;
	int rc;

	while ((rc = stage_next(stage, &rec, err)) == 1) {
		bool file = rec_is(&rec, "file");

		if (!file && !rec_is(&rec, "source"))
			continue;
		if (stage_parse(stage, &rec, &doc, err) < 0)
			return -1;
		if (!file) {
			openapi_source(openapi, json_root(&doc));
			json_release(&doc);
		} else if (add_file(openapi, units, &doc, rec.number,
		    err) < 0) {
			return -1;
		}
	}
	return rc;
}

static void
summarise(const struct openapi *o)
{
	const struct openapi_counts *c = &o->counts;
	struct str methods;
	size_t i;

	if (!c->documents)
		return;
	str_init(&methods, STR_LINE);
	for (i = 0; i < 8; i++)
		if (c->methods[i])
			str_addf(&methods, "%s%s %zu", methods.len ? ", " :
				"", openapi_methods[i], c->methods[i]);
	diag_say("OpenAPI: %zu operations (%s), %zu types, %zu require auth",
		c->operations, str_s(&methods), c->types, c->auth);
	if (c->deprecated || c->internal || c->dropped)
		diag_say("OpenAPI: %zu deprecated, %zu internal, %zu left out "
			"as bad", c->deprecated, c->internal, c->dropped);
	str_release(&methods);
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct opt_common common;
	struct openapi openapi;
	struct str units;
	struct sha256 digest;
	struct stage stage;
	size_t unsupported;
	struct err err;
	struct box box = { .profile = BOX_FILTER };

	opt_parse(&tool, argc, argv, &common);
	openapi_init(&openapi);
	sha256_init(&digest);
	opt_digest(&tool, &digest);
	str_init(&units, STR_RECORD);
	sha256_final_hex(&digest, config);
	if (stage_open(&stage, &spec, common.noperands ? common.operands[0] :
	    NULL, common.output, config, &err) < 0)
		die_err(&err);
	box_output(&box, common.output);
	if (box_enter(&box, &err) < 0 ||
	    read_all(&stage, &openapi, &units, &err) < 0 ||
	    openapi_analyse(&openapi, &err) < 0)
		die_err(&err);
	openapi_write(&openapi, &stage);
	unsupported = write_unsupported(&stage, &units);
	if (stage_close(&stage, &err) < 0)
		die_err(&err);
	summarise(&openapi);
	if (unsupported)
		diag_say("%zu files are in a form that is not read yet",
			unsupported);
	str_release(&units);
	openapi_release(&openapi);
	return 0;
}
