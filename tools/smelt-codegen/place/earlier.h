/*
 * struct earlier: what an earlier run made in a directory, by its smelt.json.
 */
#ifndef CODEGEN_EARLIER_H
#define CODEGEN_EARLIER_H

#include <stdbool.h>

struct err;
struct folder;
struct json_doc;
struct map;
struct str;

#define EARLIER_MANIFEST	"smelt.json"

struct earlier {
	struct json_doc *doc;
	struct map *files;	/* path to "sha256:…", which doc owns */
};

/* -1: no smelt.json of ours; e is empty then.  Paths that lead out of the
 * directory are left out. */
int earlier_read(struct earlier *e, struct folder *folder, struct err *err);
void earlier_release(struct earlier *e);
/* Is text what was made at path? */
bool earlier_made(const struct earlier *e, const char *path,
	const struct str *text);

#endif
