/*
 * smelt-ast on any text as an OpenAPI document; every schema that comes of it
 * is JSON.
 */
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/stage.h"
#include "fuzz.h"
#include "smelt-ast/openapi/openapi.h"

static const char *const owns[] = { NULL };
static const struct stage_spec spec = { "fuzz", "fuzz", NULL, owns, NULL };

static struct json_doc *
record(const uint8_t *data, size_t size, struct json_doc *doc)
{
	struct str text;
	struct err err;

	str_init(&text, STR_RECORD);
	str_puts(&text, "{\"kind\":\"file\",\"path\":\"api.yaml\",\"language\":"
		"\"openapi\",\"encoding\":\"utf-8\",\"text\":");
	json_write_str(&text, (const char *)data, size);
	str_putc(&text, '}');
	FUZZ_MUST(json_parse(doc, str_s(&text), text.len, "record",
		&err) == 0);
	str_release(&text);
	return doc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char config[65];
	struct openapi o;
	struct json_doc doc;
	struct stage s;
	struct err err;

	diag_set_level(DIAG_QUIET);
	memset(config, '0', sizeof(config) - 1);
	FUZZ_MUST(stage_create(&s, &spec, "fuzz", NULL, config, &err) == 0);
	openapi_init(&o);
	openapi_add(&o, record(data, size, &doc));
	if (openapi_analyse(&o, false, &err) == 0)
		openapi_write(&o, &s);
	openapi_release(&o);
	stage_abort(&s);
	return 0;
}
