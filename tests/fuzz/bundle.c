/*
 * form/bundle, form/intoto, form/key: any text as a bundle, a statement, a
 * public key.  What is read as a bundle is its own writing.
 */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "form/bundle.h"
#include "form/intoto.h"
#include "form/key.h"
#include "fuzz.h"

static void
as_bundle(const char *text, size_t len)
{
	struct statement inner;
	struct bundle b;
	struct str again;
	struct err err;

	if (bundle_read(&b, text, len, "input", &err) < 0)
		return;
	str_init(&again, BUNDLE_MAX);
	bundle_write(&b, &again);
	FUZZ_MUST(again.len == len && memcmp(str_s(&again), text, len) == 0);
	str_release(&again);
	if (statement_read(&inner, b.payload, b.payload_len, "payload",
	    &err) == 0)
		statement_release(&inner);
	bundle_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct statement s;
	struct key key;
	struct err err;

	as_bundle(text, size);
	if (statement_read(&s, text, size, "input", &err) == 0) {
		FUZZ_MUST(s.nsubjects && s.type && s.predicate);
		statement_release(&s);
	}
	if (key_parse_public(&key, text, size, "input", &err) == 0)
		key_release(&key);
	return 0;
}
