#include "smelt-gate1/history.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-gate1/corpus.h"
#include "smelt-gate1/gate.h"
#include "smelt-gate1/secret.h"
#include "sys/repo.h"

enum { BLOB_MAX = 8 * 1024 * 1024, BINARY_LOOK = 8000, LINE_MIN = 12,
	COMMITS_MAX = 1000 * 1000 };

/* Hashes of lines seen: open addressing, grows by doubling. */
struct lineset {
	uint64_t *slots;
	size_t n, size;
};

struct walk {
	struct gate *g;
	struct secret *secret;
	struct repo repo;
	struct lineset seen;
	struct str blob, fresh;
	size_t blobs, binary, large, unread;
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

static bool lineset_add(struct lineset *s, uint64_t hash);

static void
grow(struct lineset *s)
{
	struct lineset bigger = { NULL, 0, s->size ? s->size * 2 : 4096 };

	bigger.slots = xcalloc(bigger.size, sizeof(*bigger.slots));
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i])
			lineset_add(&bigger, s->slots[i]);
	free(s->slots);
	*s = bigger;
}

/* True when it is new. */
static bool
lineset_add(struct lineset *s, uint64_t hash)
{
	size_t at;

	if (s->n * 2 >= s->size)
		grow(s);
	hash += hash == 0;
	for (at = hash & (s->size - 1); s->slots[at];
	    at = (at + 1) & (s->size - 1))
		if (s->slots[at] == hash)
			return false;
	s->slots[at] = hash;
	s->n++;
	return true;
}

/* Lines of the blob that were in no blob before. */
static void
new_lines(struct walk *w)
{
	const char *p = str_s(&w->blob), *end = p + w->blob.len;

	str_clear(&w->fresh);
	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((lf ? lf + 1 : end) - p);

		if (n >= LINE_MIN && lineset_add(&w->seen, map_hash(p, n)))
			str_add(&w->fresh, p, n);
		p += n;
	}
}

static bool
is_binary(const struct str *blob)
{
	return memchr(str_s(blob), 0, blob->len < BINARY_LOOK ? blob->len :
		BINARY_LOOK) != NULL;
}

static void
scan_blob(struct walk *w, const struct repo_entry *e)
{
	char commit[REPO_HEX + 1] = "";
	struct str path;

	new_lines(w);
	if (!w->fresh.len || !secret_in(w->secret, str_s(&w->fresh),
	    w->fresh.len))
		return;
	if (e->commit)
		repo_hex(&w->repo, e->commit, commit);
	str_init(&path, STR_LINE);
	if (utf8_valid(e->path, e->len))
		str_add(&path, e->path, e->len);
	secret_scan_text(w->secret, str_s(&path), commit, str_s(&w->blob),
		w->blob.len);
	str_release(&path);
}

static int
on_entry(void *arg, const struct repo_entry *e)
{
	struct walk *w = arg;
	struct err err;
	int rc;

	if ((e->mode & 0170000) != 0100000)
		return 0;
	str_clear(&w->blob);
	rc = repo_read(&w->repo, &e->oid, BLOB_MAX, NULL, NULL, &w->blob,
		&err);
	w->blobs++;
	if (rc < 0)
		w->unread++;
	else if (rc > 0)
		w->large++;
	else if (is_binary(&w->blob))
		w->binary++;
	else
		scan_blob(w, e);
	return 0;
}

static void
tell(struct walk *w, bool cut)
{
	struct str text;

	str_init(&text, STR_LINE);
	str_addf(&text, "secrets in %zu blobs of the git history, %zu "
		"different lines", w->blobs, w->seen.n);
	if (w->binary)
		str_addf(&text, "; %zu binary ones left out", w->binary);
	if (w->large)
		str_addf(&text, "; %zu larger than %d MiB left out", w->large,
			BLOB_MAX / 1024 / 1024);
	if (w->unread)
		str_addf(&text, "; %zu can not be read", w->unread);
	if (cut)
		str_addf(&text, "; only the first %d commits", COMMITS_MAX);
	gate_scanned(w->g, "history", true, "%s", str_s(&text));
	str_release(&text);
}

/* The revision that was taken in is what HEAD names. */
static bool
is_the_source(struct walk *w, struct err *err)
{
	const char *revision = json_get_str(w->g->corpus->source, "revision");
	char head[REPO_HEX + 1];
	struct oid oid;

	if (repo_find(&w->repo, "HEAD", &oid, err) < 0)
		return false;
	repo_hex(&w->repo, &oid, head);
	if (revision && strcmp(revision, head) == 0)
		return true;
	err_set(err, "HEAD of the repository here is not the revision that "
		"was taken in");
	return false;
}

void
history_scan(const struct history *h, struct gate *g, struct secret *s)
{
	struct walk w = { .g = g, .secret = s };
	struct err err;
	bool cut = false;

	if (!h->gitdir) {
		gate_scanned(g, "history", false, "%s", h->why);
		return;
	}
	if (repo_open(&w.repo, h->gitdir, &err) < 0) {
		gate_scanned(g, "history", false, "%s", err.text);
		return;
	}
	str_init(&w.blob, BLOB_MAX + 1);
	str_init(&w.fresh, BLOB_MAX + 1);
	if (!h->given && !is_the_source(&w, &err))
		gate_scanned(g, "history", false, "%s", err.text);
	else if (repo_history(&w.repo, COMMITS_MAX, &cut, on_entry, &w,
	    &err) < 0)
		gate_scanned(g, "history", false, "after %zu blobs: %s",
			w.blobs, err.text);
	else
		tell(&w, cut);
	repo_close(&w.repo);
	free(w.seen.slots);
	str_release(&w.blob);
	str_release(&w.fresh);
}
