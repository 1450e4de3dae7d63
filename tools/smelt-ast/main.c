#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/opt.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-ast/duplicate.h"
#include "smelt-ast/openapi/documents.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/source.h"
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

/* Source text, decoded. */
static void
add_source(struct source *source, const struct json *file,
	const char *language)
{
	const struct json *text = json_get(file, "text");
	const char *path = json_get_str(file, "path");
	struct str bytes;

	if (!json_str_is(json_get(file, "encoding"), "base64")) {
		source_add(source, path, language, json_str(text),
			json_len(text));
		return;
	}
	str_init(&bytes, STR_RECORD);
	if (base64_decode(&bytes, json_str(text), json_len(text)) < 0)
		die("%s: the text is not base64", path);
	source_add(source, path, language, str_s(&bytes), bytes.len);
	str_release(&bytes);
}

/* Takes doc over. */
static int
add_file(struct openapi *openapi, struct source *source,
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
	add_source(source, file, language);
	if (is_data(language))
		openapi_add(openapi, doc);
	else
		json_release(doc);
	return 0;
}

static int
read_all(struct stage *stage, struct openapi *openapi,
	struct source *source, struct err *err)
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
		} else if (add_file(openapi, source, &doc, rec.number,
		    err) < 0) {
			return -1;
		}
	}
	return rc;
}

/* Code first: where it has routes, documents are told from them. */
static int
analyse(struct openapi *openapi, struct source *source, long jobs,
	struct err *err)
{
	if (source_analyse(source, jobs, err) < 0 ||
	    openapi_analyse(openapi, source_serves(source), err) < 0)
		return -1;
	if (openapi->several)
		source_set_document(source, DOCUMENTS_CODE,
			openapi->code_prefix);
	duplicates_find(openapi, source);
	return 0;
}

static void
summarise(const struct openapi *o)
{
	const struct openapi_counts *c = &o->counts;
	struct str methods, bad;
	size_t i;

	if (!c->documents)
		return;
	str_init(&bad, STR_LINE);
	str_addf(&bad, ", %zu of them not read", c->bad);
	str_init(&methods, STR_LINE);
	for (i = 0; i < OPENAPI_METHODS; i++)
		if (c->methods[i])
			str_addf(&methods, "%s%s %zu", methods.len ? ", " :
				"", openapi_methods[i], c->methods[i]);
	if (c->others)
		str_addf(&methods, "%sothers %zu", methods.len ? ", " : "",
			c->others);
	diag_say("OpenAPI: %zu operations%s%s%s, %zu types, %zu require auth",
		c->operations, methods.len ? " (" : "", str_s(&methods),
		methods.len ? ")" : "", c->types, c->auth);
	if (c->deprecated || c->internal || c->dropped)
		diag_say("OpenAPI: %zu deprecated, %zu internal, %zu left out "
			"as bad", c->deprecated, c->internal, c->dropped);
	if (o->several || c->bad)
		diag_say("OpenAPI: %zu documents%s", c->documents,
			c->bad ? str_s(&bad) : "");
	str_release(&methods);
	str_release(&bad);
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct opt_common common;
	struct openapi openapi;
	struct source *source;
	struct sha256 digest;
	struct stage stage;
	struct err err;
	struct box box = { .profile = BOX_FILTER };

	opt_parse(&tool, argc, argv, &common);
	openapi_init(&openapi);
	sha256_init(&digest);
	opt_digest(&tool, &digest);
	source = source_new(&digest, &err);
	if (!source || documents_load(&openapi, &digest, &err) < 0)
		die_err(&err);
	sha256_final_hex(&digest, config);
	if (stage_open(&stage, &spec, common.noperands ? common.operands[0] :
	    NULL, common.output, config, &err) < 0)
		die_err(&err);
	box_output(&box, common.output);
	if (box_enter(&box, &err) < 0 ||
	    read_all(&stage, &openapi, source, &err) < 0 ||
	    analyse(&openapi, source, common.jobs, &err) < 0)
		die_err(&err);
	openapi_write(&openapi, &stage);
	source_write(source, &stage);
	if (stage_close(&stage, &err) < 0)
		die_err(&err);
	summarise(&openapi);
	if (source_any(source))
		source_summary(source);
	source_free(source);
	openapi_release(&openapi);
	return 0;
}
