#include "smelt-intake/entries.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/openapi/openapi.h"
#include "smelt-intake/origin.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "sys/box.h"

struct entry {
	struct origin origin;
	char *base;		/* last part of its path in the artifact */
	char *dir;		/* real directory of a file; NULL: no file */
	char *prefix;		/* before base, "" or with a slash behind */
};

/* --- where they lie -------------------------------------------------------- */

/* the real directory of a file, with a slash behind it */
static char *
real_dir(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? xstrndup(path, (size_t)(slash - path) + 1) :
		xstrdup("."), *real = realpath(dir, NULL), *text;

	text = xasprintf("%s%s", real ? real : dir,
		real && strcmp(real, "/") == 0 ? "" : "/");
	free(real);
	free(dir);
	return text;
}

/* how much of a, which ends in a slash, the directory b begins with */
static size_t
shared(const char *a, size_t n, const char *b)
{
	size_t i, at = 0;

	for (i = 0; i < n && a[i] == b[i]; i++)
		if (a[i] == '/')
			at = i + 1;
	return at;
}

/* "https://host:1/a/b.yaml?x" is of "host:1/a/" */
static char *
url_prefix(const char *url)
{
	const char *host = strstr(url, "://"), *end;
	struct str out;
	size_t n;

	host = host ? host + 3 : url;
	end = host + strcspn(host, "?#");
	while (end > host && end[-1] != '/')
		end--;
	str_init(&out, STR_LINE);
	for (; host < end; host += n + 1) {
		n = strcspn(host, "/");
		if (path_is_inside(host, n))
			str_addf(&out, "%.*s/", (int)n, host);
	}
	return out.buf ? str_detach(&out) : xstrdup("");
}

static void
find_prefixes(struct entries *e)
{
	const char *first = NULL;
	size_t i, n = 0;

	for (i = 0; i < e->n; i++) {
		if (!e->v[i].dir)
			continue;
		n = first ? shared(first, n, e->v[i].dir) :
			strlen(e->v[i].dir);
		if (!first)
			first = e->v[i].dir;
	}
	for (i = 0; i < e->n; i++) {
		struct entry *x = &e->v[i];

		x->prefix = x->dir ? xstrdup(x->dir + n) :
			x->origin.remote ? url_prefix(x->origin.location) :
			xstrdup("");
	}
}

static char *
path_of(const struct entry *x)
{
	return xasprintf("%s%s", x->prefix, x->base);
}

/* two operands are two documents */
static int
check_paths(const struct entries *e, struct err *err)
{
	struct map seen = { 0 };
	bool added = true;
	size_t i;

	for (i = 0; i < e->n && added; i++) {
		char *path = path_of(&e->v[i]);

		map_add(&seen, path, strlen(path), &added);
		if (!added)
			err_at(err, e->v[i].origin.label, 0, 0, "given twice");
		else if (!path_is_inside(path, strlen(path)))
			err_at(err, e->v[i].origin.label, 0, 0,
				"file name is not UTF-8");
		added = added && path_is_inside(path, strlen(path));
		free(path);
	}
	map_release(&seen);
	return added ? 0 : -1;
}

/* --- opening ----------------------------------------------------------------- */

static int
open_one(struct entry *x, const struct request *q, const char *name,
	struct err *err)
{
	struct request own = *q;

	own.operand = strcmp(name, "-") == 0 ? NULL : name;
	if (origin_open(&x->origin, &own, err) < 0)
		return -1;
	if (x->origin.type != ORIGIN_DOCUMENT)
		return err_at(err, x->origin.label, 0, 0, "is no OpenAPI "
			"document: only those can be several");
	if (x->origin.path)
		x->dir = real_dir(x->origin.path);
	x->base = xstrdup(x->origin.path ? path_base(x->origin.path) :
		*x->origin.base ? x->origin.base : "openapi");
	return 0;
}

int
entries_open(struct entries *e, const struct request *q, struct err *err)
{
	size_t i, n = q->noperands;
	int rc = 0;

	if (n > ENTRIES_MAX)
		return err_set(err, "more than %d documents", ENTRIES_MAX);
	e->v = xcalloc(n, sizeof(*e->v));
	e->n = n;
	for (i = 0; i < n; i++)
		e->v[i].origin.fd = -1;
	for (i = 0; i < n && rc == 0; i++)
		rc = open_one(&e->v[i], q, q->operands[i], err);
	if (rc < 0)
		return rc;
	find_prefixes(e);
	return check_paths(e, err);
}

void
entries_close(struct entries *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		origin_close(&e->v[i].origin);
		free(e->v[i].base);
		free(e->v[i].dir);
		free(e->v[i].prefix);
	}
	free(e->v);
	memset(e, 0, sizeof(*e));
}

const struct origin *
entries_origin(const struct entries *e, size_t i)
{
	return &e->v[i].origin;
}

void
entries_box(const struct entries *e, struct box *box)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		origin_box(&e->v[i].origin, box);
}

char *
entries_name(const struct entries *e)
{
	struct map seen = { 0 };
	struct str all, name;
	bool added;
	size_t i;

	str_init(&all, STR_RECORD);
	str_init(&name, STR_LINE);
	for (i = 0; i < e->n; i++) {
		char *one = origin_name(&e->v[i].origin);

		map_add(&seen, one, strlen(one), &added);
		if (added)
			str_addf(&all, "%s%s", i ? "-" : "", one);
		free(one);
	}
	path_server_name(&name, str_s(&all));
	str_release(&all);
	map_release(&seen);
	return str_detach(&name);
}

char *
entries_location(const struct entries *e)
{
	struct str out;
	size_t i;

	str_init(&out, STR_RECORD);
	for (i = 0; i < e->n; i++)
		str_addf(&out, "%s%s", i ? " " : "", e->v[i].origin.location);
	return str_detach(&out);
}

/* --- reading ------------------------------------------------------------------- */

/* The files of one document, which get the place that all agree on.  One that
 * is there already is the same file: known by another document. */
static void
take_files(struct source *s, struct source *from, const struct entry *x,
	bool entry, struct map *known)
{
	size_t i;

	for (i = 0; i < from->nfiles; i++) {
		struct file *f = &from->files[i];
		char *path = xasprintf("%s%s", x->prefix, f->path);
		struct str text;
		bool added;

		if ((strcmp(f->path, x->base) == 0) == entry) {
			map_add(known, path, strlen(path), &added);
			if (added) {
				str_init(&text, STR_RECORD);
				str_add(&text, f->text, f->size);
				source_add_file(s, path, f->language, &text);
				if (f->location)
					source_located(s, f->location);
				str_release(&text);
			}
		}
		free(path);
	}
}

static int
read_one(const struct entry *x, struct source *one, struct err *err)
{
	const struct origin *o = &x->origin;
	int dir = -1, rc;

	if (o->dir)
		dir = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = openapi_read(one, o->bytes, o->label, x->base, dir, err);
	if (dir >= 0)
		close(dir);
	return rc;
}

static void
note_entry(struct source *s, struct source *one, const struct entry *x)
{
	struct source_entry *n;

	s->entries = vec_grow(s->entries, s->nentries, &s->entries_cap,
		sizeof(*s->entries));
	n = &s->entries[s->nentries++];
	n->path = path_of(x);
	n->location = xstrdup(x->origin.location);
	n->title = one->title;
	n->version = one->version;
	one->title = one->version = NULL;
}

int
entries_read(const struct entries *e, struct source *s,
	const struct request *q, struct err *err)
{
	struct source *all = xcalloc(e->n, sizeof(*all));
	struct map known = { 0 };
	size_t i;
	int rc = 0, entry;

	s->type = "openapi";
	for (i = 0; i < e->n; i++)
		source_init(&all[i], q, s->languages);
	for (i = 0; i < e->n && rc == 0; i++) {
		all[i].lint = s->lint;
		all[i].remotes = s->remotes;
		all[i].location = xstrdup(e->v[i].origin.location);
		rc = read_one(&e->v[i], &all[i], err);
		if (rc == 0)
			note_entry(s, &all[i], &e->v[i]);
	}
	/* documents first: what is one is no part of another */
	for (entry = 1; entry >= 0 && rc == 0; entry--)
		for (i = 0; i < e->n; i++)
			take_files(s, &all[i], &e->v[i], entry, &known);
	for (i = 0; i < e->n; i++)
		source_release(&all[i]);
	map_release(&known);
	free(all);
	return rc;
}
