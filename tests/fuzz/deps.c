/*
 * smelt-intake's readers of manifests and lock files: any text under each of
 * their names.  The first byte says which.
 */
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/deps/deps.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"

static const char *const names[] = { "requirements.txt", "pyproject.toml",
	"setup.cfg", "Pipfile", "uv.lock", "poetry.lock", "Pipfile.lock",
	"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml",
	"go.mod", "pom.xml" };

enum { NAMES = sizeof(names) / sizeof(*names) };

void
fuzz_seed(const char *path, const char *bytes, size_t len, struct str *input)
{
	unsigned char i;

	for (i = 0; i < NAMES - 1 && !str_ends(path, names[i]); i++)
		continue;
	str_putc(input, (char)i);
	str_add(input, bytes, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request q = { .plain = true };
	struct source s;
	struct str text, line;

	if (!size)
		return 0;
	diag_set_level(DIAG_QUIET);
	source_init(&s, &q, NULL);
	str_init(&text, STR_RECORD);
	str_init(&line, STR_RECORD);
	str_add(&text, data + 1, size - 1);
	source_add_file(&s, names[data[0] % NAMES], "text", &text);
	source_sort(&s);
	deps_read(&s);
	for (size_t i = 0; i < s.ndeps; i++)
		dep_record(&line, &s.deps[i]);
	source_release(&s);
	str_release(&line);
	return 0;
}
