/*
 * data/document, data/json: any text.  What is read is written as JSON that
 * reads as the same value.
 */
#include "base/err.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "fuzz.h"

static void
visit(const struct document *d, const struct json *v, int depth)
{
	struct json_iter it;
	unsigned line, col;

	FUZZ_MUST(depth <= JSON_DEPTH);
	document_position(d, v, &line, &col);
	FUZZ_MUST(line >= 1 && col >= 1);
	for (json_each(&it, v); json_next(&it); ) {
		document_position(d, it.key ? it.key : it.value, &line, &col);
		FUZZ_MUST(line >= 1 && col >= 1);
		visit(d, it.value, depth + 1);
	}
}

static void
round_trip(const struct json *v)
{
	struct json_doc again;
	struct str text, sorted;
	struct err err;

	str_init(&text, STR_RECORD);
	str_init(&sorted, STR_RECORD);
	json_write(&text, v);
	json_write_canonical(&sorted, v);
	FUZZ_MUST(json_parse(&again, str_s(&text), text.len, "again",
		&err) == 0);
	FUZZ_MUST(json_equal(v, json_root(&again)));
	json_release(&again);
	FUZZ_MUST(json_parse(&again, str_s(&sorted), sorted.len, "sorted",
		&err) == 0);
	json_release(&again);
	str_release(&sorted);
	str_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document d;
	struct err err;

	if (document_parse(&d, (const char *)data, size, "input", &err) < 0) {
		FUZZ_MUST(err.text[0]);
		document_release(&d);
		return 0;
	}
	FUZZ_MUST(document_root(&d) && !json_duplicate(document_root(&d)));
	visit(&d, document_root(&d), 1);
	round_trip(document_root(&d));
	document_release(&d);
	return 0;
}
