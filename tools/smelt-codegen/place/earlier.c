#include "smelt-codegen/place/earlier.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-codegen/place/folder.h"

static int
parse(struct earlier *e, struct folder *folder, struct err *err)
{
	struct str text;
	int rc = -1;

	str_init(&text, STR_RECORD);
	if (folder_read(folder, EARLIER_MANIFEST, &text) == FILE_READ)
		rc = json_parse(e->doc, str_s(&text), text.len,
			EARLIER_MANIFEST, err);
	else
		err_set(err, "it has no %s", EARLIER_MANIFEST);
	str_release(&text);
	return rc;
}

int
earlier_read(struct earlier *e, struct folder *folder, struct err *err)
{
	const struct json *root, *path;
	struct json_iter it;
	const char *sha;

	e->doc = xcalloc(1, sizeof(*e->doc));
	e->files = xcalloc(1, sizeof(*e->files));
	if (parse(e, folder, err) < 0)
		return -1;
	root = json_root(e->doc);
	if (!json_str_is(json_get(root, "tool"), "smelt-codegen"))
		return err_set(err, "its %s is not ours", EARLIER_MANIFEST);
	for (json_each(&it, json_get(root, "files")); json_next(&it); ) {
		path = json_get(it.value, "path");
		sha = json_get_str(it.value, "sha256");
		if (sha && json_str(path) &&
		    path_is_clean(json_str(path), json_len(path)))
			map_put(e->files, json_str(path),
				(void *)(uintptr_t)sha);
	}
	return 0;
}

void
earlier_release(struct earlier *e)
{
	map_release(e->files);
	free(e->files);
	json_release(e->doc);
	free(e->doc);
}

bool
earlier_made(const struct earlier *e, const char *path, const struct str *text)
{
	const char *was = map_get(e->files, path);
	char now[SHA256_HEX + 1];

	if (!was || !str_starts(was, "sha256:"))
		return false;
	sha256_hex(str_s(text), text->len, now);
	return strcmp(was + strlen("sha256:"), now) == 0;
}
