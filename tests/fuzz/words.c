/*
 * Everything that looks at plain text: normal forms and structure of the
 * poisoning rules, ranges of examples, line hashes, string literals, paths,
 * .gitignore, regular expressions of schemas.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/literal.h"
#include "data/glob.h"
#include "data/json.h"
#include "form/linehash.h"
#include "form/purl.h"
#include "fuzz.h"
#include "smelt-gate1/example.h"
#include "smelt-gate1/poison/normal.h"
#include "smelt-gate1/poison/structure.h"
#include "smelt-intake/tree/ignore.h"
#include "smelt-tooldef/pattern.h"

static struct str out;

static void
forms(const char *text, size_t len, const char *z)
{
	static const char *const checks[] = { "tag-characters", "zero-width",
		"bidi", "variation-selectors", "control", "padding",
		"homoglyph-name" };
	struct str count;

	str_clear(&out);
	normal_text(&out, text, len);
	str_clear(&out);
	normal_decoded(&out, text, len);
	str_clear(&out);
	normal_name(&out, z);
	str_init(&count, STR_LINE);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		structure_test *test = structure_by_name(checks[i]);

		FUZZ_MUST(test != NULL);
		str_clear(&out);
		str_clear(&count);
		test(text, len, &out, &count);
	}
	str_release(&count);
}

static void
places(const char *text, size_t len)
{
	struct examples e;
	struct linehash h;
	struct json_doc keys;
	struct err *none = NULL;
	char hash[LINEHASH_SIZE];

	FUZZ_MUST(json_parse(&keys, "[\"example\",\"examples\"]", 22, "keys",
		none) == 0);
	examples_init(&e, text, len, json_root(&keys));
	for (size_t i = 0; i < len; i += 1 + len / 16)
		examples_has(&e, i);
	examples_release(&e);
	json_release(&keys);
	linehash_init(&h, text, len);
	for (unsigned i = 0; i < h.n + 2 && i < 64; i++)
		linehash_get(&h, i, hash);
	linehash_release(&h);
}

static void
escaped(const char *text, size_t len)
{
	str_clear(&out);
	diag_escape(&out, text, len);
	for (size_t i = 0; i < out.len; i++)
		FUZZ_MUST((unsigned char)out.buf[i] >= 0x20 &&
			out.buf[i] != 0x7f);
	for (int i = LITERAL_RAW; i <= LITERAL_PYTHON; i++) {
		str_clear(&out);
		literal_decode(&out, text, len, (enum literal_escapes)i,
			i == LITERAL_C);
	}
	str_clear(&out);
	base64_decode(&out, text, len);
	str_clear(&out);
	if (pattern_plain(&out, text, len))
		FUZZ_MUST(pattern_portable(str_s(&out), out.len));
}

static void
paths(const char *z, size_t len)
{
	const char *end = strchr(z, '\n');
	char *pattern = xstrndup(z, end ? (size_t)(end - z) : strlen(z));
	struct ignore g = { 0 };

	glob_match(pattern, end ? end + 1 : z);
	ignore_push(&g, "", z, len);
	ignore_match(&g, pattern, false);
	ignore_match_deep(&g, "a/b/c.txt");
	ignore_release(&g);
	str_clear(&out);
	purl_write(&out, "npm", pattern, end ? end + 1 : NULL);
	purl_write(&out, "maven", pattern, NULL);
	free(pattern);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	char *z;

	if (size > 4096)
		size = 4096;
	z = xstrndup(text, size);
	str_init(&out, STR_RECORD);
	forms(text, size, z);
	places(z, size);
	escaped(text, size);
	paths(z, strlen(z));
	str_release(&out);
	free(z);
	return 0;
}
