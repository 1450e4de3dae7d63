#include "smelt-gate1/secret/history.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/gate.h"
#include "smelt-gate1/secret/introduced.h"
#include "smelt-gate1/secret/lineset.h"
#include "smelt-gate1/secret/secret.h"
#include "sys/repo.h"

#define ARRAY(v) (sizeof(v) / sizeof(*(v)))

enum { BINARY_LOOK = 8000, LINE_MIN = 12, SEVERAL = 16 * 1024 };

/* What the lines of a blob may still need. */
enum told { UNTOLD, QUIETLY, TOLD };

/* A blob that has a secret; ids are hashes of the lines that have it. */
struct hit {
	struct oid oid;
	size_t first, n;	/* ids */
	bool several;		/* over several lines */
};

struct line {
	uint64_t hash;
	size_t at, len;		/* in fresh */
	size_t from;		/* in the blob */
};

struct walk {
	struct gate *g;
	struct secret *secret;
	struct repo repo;
	struct lineset seen;
	struct str fresh;	/* lines of the blob that are new */
	struct line *lines;
	size_t nlines, lines_cap;
	size_t *opens;		/* where, in the blob */
	size_t nopens, opens_cap;
	bool several;		/* a value over several lines was met */
	const char *window;
	struct hit *hits;
	size_t nhits, hits_cap;
	uint64_t *ids;
	size_t nids, ids_cap;
	struct map state;	/* of ids: enum told */
	size_t blobs, binary;
	unsigned long long bytes;
	struct repo_losses losses;
	bool cut, commits_cut;
};

static bool
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* DIR/.git, or DIR when it is bare. */
static char *
gitdir(const char *dir)
{
	char *sub = xasprintf("%s/.git", dir);
	char *objects = xasprintf("%s/objects", dir);
	char *found = NULL;

	if (is_dir(sub))
		found = xstrdup(sub);
	else if (is_dir(objects))
		found = xstrdup(dir);
	free(sub);
	free(objects);
	return found;
}

int
history_find(struct history *h, const char *repo, const struct json *source,
	struct err *err)
{
	const char *location = json_get_str(source, "location");

	memset(h, 0, sizeof(*h));
	if (repo) {
		h->given = true;
		h->gitdir = gitdir(repo);
		return h->gitdir ? 0 : err_at(err, repo, 0, 0,
			"no git repository there");
	}
	if (!json_get_str(source, "revision"))
		h->why = xstrdup("the source names no git revision; give the "
			"repository by --repo");
	else if (!location || location[0] == '/' || strstr(location, "://") ||
	    !(h->gitdir = gitdir(location)))
		h->why = xstrdup("the source's repository is not here; give "
			"it by --repo");
	return 0;
}

void
history_release(struct history *h)
{
	free(h->gitdir);
	free(h->why);
	memset(h, 0, sizeof(*h));
}

static void
add_id(struct walk *w, uint64_t hash)
{
	w->ids = vec_grow(w->ids, w->nids, &w->ids_cap, sizeof(*w->ids));
	w->ids[w->nids++] = hash;
}

static void
add_open(struct walk *w, size_t at)
{
	w->opens = vec_grow(w->opens, w->nopens, &w->opens_cap,
		sizeof(*w->opens));
	w->opens[w->nopens++] = at;
}

static void
add_new(struct walk *w, uint64_t hash, const char *line, size_t len,
	size_t from)
{
	w->lines = vec_grow(w->lines, w->nlines, &w->lines_cap,
		sizeof(*w->lines));
	w->lines[w->nlines++] = (struct line){ hash, w->fresh.len, len, from };
	str_add(&w->fresh, line, len);
}

/* Gather the new lines, and what the marks of the others say. */
static void
split(struct walk *w, const char *text, size_t len)
{
	const char *p = text, *end = p + len;

	str_clear(&w->fresh);
	w->nlines = w->nopens = 0;
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((lf ? lf + 1 : end) - p);

		if (n >= LINE_MIN) {
			uint64_t hash = lineset_hash(&w->seen, p, n);
			int mark = lineset_add(&w->seen, hash);

			if (mark < 0)
				add_new(w, hash, p, n, (size_t)(p - text));
			else if (mark & LINE_SECRET)
				add_id(w, hash);
			if (mark > 0 && mark & LINE_OPENS)
				add_open(w, (size_t)(p - text));
		}
		p += n;
	}
}

/* The new line that a place in fresh is in. */
static const struct line *
line_at(const struct walk *w, size_t at)
{
	size_t low = 0, high = w->nlines;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (w->lines[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return &w->lines[low];
}

/* A value within one line; over several, lines of different places may have
 * come together. */
static void
on_value(void *arg, size_t start, size_t end)
{
	struct walk *w = arg;
	const struct line *l = line_at(w, start);

	if (end > l->at + l->len)
		return;
	lineset_mark(&w->seen, l->hash, LINE_SECRET);
	if (!w->nids || w->ids[w->nids - 1] != l->hash)
		add_id(w, l->hash);
}

/* Mark those of the new lines that say something. */
static void
look(struct walk *w)
{
	bool opens = secret_opens(w->secret, str_s(&w->fresh), w->fresh.len);

	secret_in(w->secret, str_s(&w->fresh), w->fresh.len, on_value, w);
	for (size_t i = 0; opens && i < w->nlines; i++) {
		const struct line *l = &w->lines[i];

		if (!secret_opens(w->secret, str_s(&w->fresh) + l->at,
		    l->len))
			continue;
		lineset_mark(&w->seen, l->hash, LINE_OPENS);
		add_open(w, l->from);
	}
}

static void
on_several(void *arg, size_t start, size_t end)
{
	struct walk *w = arg;

	w->several = w->several || memchr(w->window + start, '\n',
		end - start);
}

/* Rules over several lines look at the blob itself, where one may start. */
static bool
look_around(struct walk *w, const char *text, size_t len)
{
	w->several = false;
	for (size_t i = 0; !w->several && i < w->nopens; i++) {
		size_t rest = len - w->opens[i];

		w->window = text + w->opens[i];
		secret_in(w->secret, w->window, rest < SEVERAL ? rest :
			SEVERAL, on_several, w);
	}
	return w->several;
}

static bool
is_binary(const char *data, size_t len)
{
	return memchr(data, 0, len < BINARY_LOOK ? len : BINARY_LOOK) != NULL;
}

static int
on_blob(void *arg, const struct repo_object *o)
{
	struct walk *w = arg;
	struct hit hit = { .oid = o->oid, .first = w->nids };

	w->blobs++;
	w->bytes += o->len;
	w->cut = w->bytes > HISTORY_TOTAL;
	if (w->cut)
		return 1;
	if (is_binary(o->data, o->len)) {
		w->binary++;
		return 0;
	}
	split(w, o->data, o->len);
	if (w->nlines)
		look(w);
	hit.n = w->nids - hit.first;
	hit.several = look_around(w, o->data, o->len);
	if (hit.n || hit.several) {
		w->hits = vec_grow(w->hits, w->nhits, &w->hits_cap,
			sizeof(hit));
		w->hits[w->nhits++] = hit;
	}
	return 0;
}

/* Has the blob a line that was not told yet?  It is told now. */
static bool
settle(struct walk *w, const struct hit *h, bool quiet)
{
	uintptr_t now = quiet ? QUIETLY : TOLD;
	bool needed = h->several;

	for (size_t i = 0; i < h->n; i++) {
		const char *key = (const char *)&w->ids[h->first + i];
		struct map_entry *e;
		bool added;

		e = map_add(&w->state, key, sizeof(*w->ids), &added);
		if ((uintptr_t)e->value >= now)
			continue;
		e->value = (void *)now;
		needed = true;
	}
	return needed;
}

static void
report(struct walk *w, const struct introduced *list)
{
	struct err ignored;
	struct str text;

	str_init(&text, HISTORY_BLOB + 1);
	for (size_t i = 0; i < w->nhits; i++) {
		const struct introduced *b = &list[i];

		if (!settle(w, &w->hits[b->tag], secret_quiet(w->secret,
		    b->path)))
			continue;
		str_clear(&text);
		if (repo_read(&w->repo, b->blob, HISTORY_BLOB, NULL, NULL,
		    &text, &ignored) == 0)
			secret_scan_text(w->secret, b->path, b->commit,
				str_s(&text), text.len);
		else
			w->losses.damaged++;
	}
	str_release(&text);
}

static int
find_commits(struct walk *w, struct err *err)
{
	struct introduced *list = xcalloc(w->nhits + 1, sizeof(*list));
	struct repo_losses losses;
	struct arena arena = { 0 };
	int rc = 0;

	for (size_t i = 0; i < w->nhits; i++) {
		list[i].blob = &w->hits[i].oid;
		list[i].tag = i;
	}
	if (w->nhits)
		rc = introduced_find(&w->repo, list, w->nhits, &arena,
			&losses, err);
	if (rc == 0 && w->nhits) {
		w->commits_cut = losses.large || losses.damaged;
		report(w, list);
	}
	arena_release(&arena);
	free(list);
	return rc;
}

static void
tell(struct walk *w)
{
	struct repo_gaps gaps;
	struct str text;
	const struct {
		bool is;
		const char *text;
	} rest[] = {
		{ w->cut, "; not all of them" },
		{ w->commits_cut, "; some commits can not be read" },
		{ true, "" }
	};

	repo_gaps(&w->repo, &gaps);
	str_init(&text, STR_LINE);
	str_addf(&text, "secrets in %zu blobs of the git repository, %zu "
		"different lines", w->blobs, w->seen.n);
	if (w->binary)
		str_addf(&text, "; %zu binary ones left out", w->binary);
	if (w->losses.large)
		str_addf(&text, "; %zu larger than %d MiB left out",
			w->losses.large, HISTORY_BLOB / 1024 / 1024);
	if (w->losses.damaged)
		str_addf(&text, "; %zu damaged objects", w->losses.damaged);
	for (size_t i = 0; i < ARRAY(rest); i++)
		str_puts(&text, rest[i].is ? rest[i].text : "");
	if (gaps.shallow)
		str_puts(&text, "; a shallow clone: older ones are not here");
	if (gaps.partial)
		str_puts(&text, "; a partial clone: others are not here");
	if (gaps.borrowed)
		str_puts(&text, "; those of the repository that it borrows "
			"from left out");
	gate_scanned(w->g, "history", true, "%s", str_s(&text));
	str_release(&text);
}

/* The revision that was taken in is in the repository. */
static bool
has_revision(struct walk *w, struct err *err)
{
	const char *revision = json_get_str(w->g->corpus->source, "revision");
	struct oid oid;

	if (revision && repo_find(&w->repo, revision, &oid, err) == 0)
		return true;
	err_set(err, "the repository here does not have the revision that "
		"was taken in; give the right one by --repo");
	return false;
}

static int
scan(struct walk *w, bool given, struct err *err)
{
	int rc;

	if (!given && !has_revision(w, err))
		return -1;
	rc = repo_each(&w->repo, 1U << REPO_BLOB, HISTORY_BLOB, on_blob, w,
		&w->losses, err);
	return rc < 0 ? -1 : find_commits(w, err);
}

void
history_scan(const struct history *h, struct gate *g, struct secret *s)
{
	struct walk w = { .g = g, .secret = s };
	struct err err;

	if (!h->gitdir) {
		gate_scanned(g, "history", false, "%s", h->why);
		return;
	}
	if (repo_open(&w.repo, h->gitdir, &err) < 0) {
		gate_scanned(g, "history", false, "%s", err.text);
		return;
	}
	lineset_init(&w.seen);
	str_init(&w.fresh, 2 * (size_t)HISTORY_BLOB);
	if (scan(&w, h->given, &err) < 0)
		gate_scanned(g, "history", false, "%s", err.text);
	else
		tell(&w);
	repo_close(&w.repo);
	lineset_release(&w.seen);
	str_release(&w.fresh);
	map_release(&w.state);
	free(w.lines);
	free(w.opens);
	free(w.hits);
	free(w.ids);
}
