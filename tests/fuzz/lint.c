/*
 * smelt-intake's lint on any text as an OpenAPI document: what it writes as
 * fixes is an overlay that can be applied.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/overlay.h"
#include "form/finding.h"
#include "form/rule.h"
#include "fuzz.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/lint.h"

static struct rules rules;

static void
apply(struct document *d, const struct str *text)
{
	struct document overlay;
	struct err err;

	FUZZ_MUST(document_parse(&overlay, str_s(text), text->len, "fixes",
		&err) == 0);
	if (overlay_apply(d, &overlay, "fixes", 1, NULL, &err) < 0)
		FUZZ_MUST(strstr(err.text, "too large") ||
			strstr(err.text, "too much work") ||
			strstr(err.text, "too many parts"));
	document_release(&overlay);
}

static void
look(struct document *d, const char *text, size_t len, struct str *fix)
{
	static const struct lint_options options;
	struct findings findings = { 0 };
	struct fixes fixes;
	struct lint l = { .options = &options, .rules = &rules,
		.findings = &findings, .fixes = &fixes };

	fixes_init(&fixes);
	lint_document(&l, d, NULL, "input", "https://h.example/d/api.json",
		text, len);
	fixes_write(&fixes, fix, "input");
	fixes_release(&fixes);
	findings_release(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct document d;
	struct str fix;
	struct err err;
	char *path;

	diag_set_level(DIAG_QUIET);
	if (!rules.store) {
		path = share_path("rules/openapi");
		FUZZ_MUST(rules_load(&rules, "lint", path, &err) == 0);
		free(path);
	}
	if (document_parse(&d, text, size, "input", &err) == 0) {
		str_init(&fix, STR_RECORD);
		look(&d, text, size, &fix);
		apply(&d, &fix);
		str_clear(&fix);
		look(&d, text, size, &fix);
		apply(&d, &fix);
		str_release(&fix);
	}
	document_release(&d);
	return 0;
}
