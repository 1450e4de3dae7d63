#include "smelt-intake/tree/packed.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tree/ignore.h"
#include "smelt-intake/tree/tree.h"
#include "sys/tar.h"

struct reader {
	struct source *source;
};

static int
visit(void *arg, const struct tar_entry *e, struct tar *t, struct err *err)
{
	struct reader *r = arg;
	const char *reason = NULL;
	struct str text;
	int rc = 0;

	if (ignore_is_git(e->path))
		reason = "ignored";
	else if (e->type == TAR_LINK)
		reason = "symlink";
	else if (!e->utf8)
		reason = "not-utf8-path";
	else if (e->size > 0)
		reason = source_refuses(r->source, e->path, (uint64_t)e->size);
	str_init(&text, STR_RECORD);
	if (!reason)
		rc = tar_content(t, (size_t)source_max(r->source, e->path),
			&text, err);
	if (rc == 1)
		reason = "size";
	else if (!reason && tree_is_binary(str_s(&text), text.len))
		reason = "binary";
	else if (!reason)
		reason = source_refuses(r->source, e->path, text.len);
	if (rc >= 0 && reason)
		source_omit(r->source, e->path, reason,
			strcmp(reason, "ignored") == 0 ? -1 : e->size);
	else if (rc == 0)
		source_add_file(r->source, e->path, NULL, &text);
	str_release(&text);
	return rc < 0 ? -1 : 0;
}

/* Length of the one directory that all names start with, its slash included;
 * 0: there is none. */
static size_t
common_top(const struct source *s)
{
	const char *first = s->nfiles ? s->files[0].path :
		s->nomitted ? s->omitted[0].path : "";
	const char *slash = strchr(first, '/');
	size_t n = slash ? (size_t)(slash - first) + 1 : 0, i;

	for (i = 0; n && i < s->nfiles; i++)
		if (strncmp(s->files[i].path, first, n) != 0)
			return 0;
	for (i = 0; n && i < s->nomitted; i++)
		if (strncmp(s->omitted[i].path, first, n) != 0)
			return 0;
	return n;
}

static void
cut(char *path, size_t n)
{
	memmove(path, path + n, strlen(path + n) + 1);
}

/* --exclude holds for the names as they are in the end */
static void
exclude(struct source *s, const struct request *q)
{
	struct ignore rules = { 0 };
	size_t i, k = 0;

	for (i = 0; i < q->excludes->n; i++)
		ignore_push(&rules, "", q->excludes->items[i],
			strlen(q->excludes->items[i]));
	for (i = 0; i < s->nfiles; i++) {
		struct file *f = &s->files[i];

		if (ignore_match_deep(&rules, f->path)) {
			source_omit(s, f->path, "ignored", -1);
			s->bytes -= f->size;
			free(f->path);
			free(f->text);
		} else {
			s->files[k++] = *f;
		}
	}
	s->nfiles = k;
	ignore_release(&rules);
}

int
packed_read(struct source *s, int fd, const char *name,
	const struct request *q, struct err *err)
{
	struct reader r = { s };
	size_t top, i;

	s->type = "archive";
	if (tar_read(fd, name, s->max_total, visit, &r, err) != 0)
		return -1;
	top = common_top(s);
	for (i = 0; top && i < s->nfiles; i++)
		cut(s->files[i].path, top);
	for (i = 0; top && i < s->nomitted; i++)
		cut(s->omitted[i].path, top);
	exclude(s, q);
	if (s->nfiles == 0)
		return err_at(err, name, 0, 0, "no files to read");
	return 0;
}
