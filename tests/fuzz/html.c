/*
 * smelt-intake's reader of HTML pages.
 */
#include "base/err.h"
#include "base/str.h"
#include "fuzz.h"
#include "smelt-intake/docs/html.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str out, title;
	struct err err;

	str_init(&out, STR_RECORD);
	str_init(&title, STR_LINE);
	html_text((const char *)data, size, "input", &out, &title, &err);
	str_release(&out);
	str_release(&title);
	return 0;
}
