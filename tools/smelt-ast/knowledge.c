#include "smelt-ast/knowledge.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"

enum { KNOWLEDGE_FILE = 4 * 1024 * 1024 };

static const char *const folders[] = { "auth", "effects", "frameworks",
	"types", NULL };

static int
read_file(struct knowledge *k, const char *folder, const char *path,
	struct err *err)
{
	struct knowledge_file *f;
	struct str text;

	str_init(&text, KNOWLEDGE_FILE);
	if (io_read(path, &text, err) < 0) {
		str_release(&text);
		return -1;
	}
	k->files = vec_grow(k->files, k->n, &k->cap, sizeof(*f));
	f = &k->files[k->n++];
	memset(f, 0, sizeof(*f));
	f->folder = xstrdup(folder);
	f->name = xstrdup(path_base(path));
	f->path = xstrdup(path);
	f->len = text.len;
	f->text = str_detach(&text);
	return 0;
}

static int
read_folder(struct knowledge *k, const char *folder, struct err *err)
{
	char *dir = share_path(folder), **list;
	size_t n, i;
	int rc = io_list(dir, ".yaml", &list, &n, err);

	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(k, folder, list[i], err);
		free(list[i]);
	}
	free(list);
	free(dir);
	return rc;
}

int
knowledge_load(struct knowledge *k, struct sha256 *config, struct err *err)
{
	memset(k, 0, sizeof(*k));
	for (size_t i = 0; folders[i]; i++)
		if (read_folder(k, folders[i], err) < 0)
			return -1;
	for (size_t i = 0; config && i < k->n; i++) {
		sha256_field(config, k->files[i].folder);
		sha256_field(config, k->files[i].name);
		sha256_field(config, k->files[i].text);
	}
	return 0;
}

int
knowledge_parse(struct knowledge *k, struct err *err)
{
	struct knowledge_file *f;

	for (f = k->files; f < k->files + k->n; f++) {
		if (f->doc)
			continue;
		f->doc = xcalloc(1, sizeof(*f->doc));
		if (document_parse(f->doc, f->text, f->len, f->path,
		    err) < 0) {
			free(f->doc);
			f->doc = NULL;
			return -1;
		}
	}
	return 0;
}

void
knowledge_release(struct knowledge *k)
{
	for (struct knowledge_file *f = k->files; f < k->files + k->n; f++) {
		if (f->doc)
			document_release(f->doc);
		free(f->doc);
		free(f->folder);
		free(f->name);
		free(f->path);
		free(f->text);
	}
	free(k->files);
	memset(k, 0, sizeof(*k));
}

const struct knowledge_file *
knowledge_get(const struct knowledge *k, const char *folder, size_t i)
{
	for (size_t j = 0; j < k->n; j++)
		if (strcmp(k->files[j].folder, folder) == 0 && i-- == 0)
			return &k->files[j];
	return NULL;
}

const struct json *
knowledge_root(const struct knowledge *k, const char *folder,
	const char *name)
{
	const struct knowledge_file *f;

	for (size_t i = 0; (f = knowledge_get(k, folder, i)); i++)
		if (strcmp(f->name, name) == 0)
			return document_root(f->doc);
	return NULL;
}

int
knowledge_bad(const struct knowledge_file *f, const struct json *v,
	const char *text, struct err *err)
{
	unsigned line, col;

	document_position(f->doc, v, &line, &col);
	return err_at(err, f->path, line, col, "%s", text);
}
