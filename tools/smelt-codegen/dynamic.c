#include "smelt-codegen/dynamic.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"

static const char data_file[] = "runtime/common/dynamic.json";
static const char readme_file[] = "runtime/common/readme-dynamic.md";

static int
parse(struct dynamic *d, struct err *err)
{
	const struct json *root;
	struct str text;
	int rc;

	str_init(&text, IO_MAX);
	rc = io_read_share(data_file, &text, err);
	if (rc == 0)
		rc = json_parse(d->doc, str_s(&text), text.len, data_file,
			err);
	str_release(&text);
	if (rc < 0)
		return -1;
	root = json_root(d->doc);
	d->tools = json_get(root, "tools");
	d->search = json_get(root, "search");
	d->instructions = json_get_str(root, "instructions");
	if (!json_is(d->tools, JSON_ARRAY) || !json_size(d->tools) ||
	    !json_is(d->search, JSON_OBJECT) || !d->instructions)
		return err_set(err, "%s: no tools, search or instructions",
			data_file);
	return 0;
}

int
dynamic_load(struct dynamic *d, struct err *err)
{
	memset(d, 0, sizeof(*d));
	d->doc = xcalloc(1, sizeof(*d->doc));
	d->readme = xmalloc(sizeof(*d->readme));
	str_init(d->readme, IO_MAX);
	if (parse(d, err) < 0)
		return -1;
	return io_read_share(readme_file, d->readme, err);
}

void
dynamic_release(struct dynamic *d)
{
	if (d->doc)
		json_release(d->doc);
	if (d->readme)
		str_release(d->readme);
	free(d->doc);
	free(d->readme);
	memset(d, 0, sizeof(*d));
}

void
dynamic_digest(const struct dynamic *d, struct sha256 *h)
{
	struct str text;

	str_init(&text, STR_RECORD);
	json_write(&text, json_root(d->doc));
	sha256_field(h, str_s(&text));
	sha256_field(h, str_s(d->readme));
	str_release(&text);
}
