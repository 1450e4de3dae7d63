/*
 * data/rec, data/stage: any bytes as an artifact.
 */
#include <fcntl.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "fuzz.h"

static const char *const owns[] = { "finding", "verdict", NULL };
static const struct stage_spec spec = { "smelt-gate1", "gate1", "tooldef",
	owns, NULL };

static void
read_stage(const char *path)
{
	struct stage s;
	struct rec rec;
	struct json_doc doc;
	struct err err;

	if (stage_read(&s, &spec, path, &err) < 0)
		return;
	while (stage_next(&s, &rec, &err) == 1) {
		FUZZ_MUST(strlen(rec.kind) < sizeof(rec.kind));
		if (stage_parse(&s, &rec, &doc, &err) == 0)
			json_release(&doc);
	}
	stage_abort(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(0, data, size);
	struct rec_reader r;
	struct rec rec;
	struct json_doc doc;
	struct err err;
	size_t n = 0;

	if (rec_open(&r, path, &err) < 0)
		return 0;
	while (rec_next(&r, &rec, &err) == 1) {
		FUZZ_MUST(rec.len < size + 1 && rec.number == ++n);
		if (rec_parse(&r, &rec, &doc, &err) == 0)
			json_release(&doc);
	}
	rec_close(&r);
	read_stage(path);
	return 0;
}
