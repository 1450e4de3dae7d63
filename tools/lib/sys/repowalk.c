#include "sys/repo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/reporef.h"

struct walk {
	struct repo *r;
	repo_visit *visit;
	void *arg;
	struct err *err;
	struct str path;
	struct map *seen;	/* trees and blobs, by binary name; or NULL */
	const struct oid *commit;
};

static bool
first_time(struct walk *w, const struct oid *oid)
{
	bool added = true;

	if (w->seen)
		map_add(w->seen, (const char *)oid->b, w->r->oid_size,
			&added);
	return added;
}

/* "100644 name\0" and the binary object name */
static bool
read_entry(const struct walk *w, const char **at, const char *end,
	struct repo_entry *e, const char **name, size_t *len)
{
	const char *p = *at, *nul;
	unsigned mode = 0;
	int digits = 0;

	for (; p < end && *p >= '0' && *p <= '7' && digits < 7; p++, digits++)
		mode = mode * 8 + (unsigned)(*p - '0');
	if (p >= end || *p != ' ' || !digits)
		return false;
	p++;
	nul = memchr(p, '\0', (size_t)(end - p));
	if (!nul || (size_t)(end - nul) <= w->r->oid_size)
		return false;
	*name = p;
	*len = (size_t)(nul - p);
	memset(e, 0, sizeof(*e));
	e->mode = mode;
	memcpy(e->oid.b, nul + 1, w->r->oid_size);
	*at = nul + 1 + w->r->oid_size;
	return true;
}

static int
tree_damaged(struct walk *w, const struct oid *oid)
{
	char hex[REPO_HEX + 1];

	repo_hex(w->r, oid, hex);
	return err_at(w->err, w->r->name, 0, 0, "tree %s is damaged", hex);
}

static int walk_tree(struct walk *w, const struct oid *oid, int depth);

static int
walk_entry(struct walk *w, struct repo_entry *e, const char *name,
	size_t len, int depth)
{
	size_t before = w->path.len;
	int rc = 0;

	if (before)
		str_putc(&w->path, '/');
	if (str_add(&w->path, name, len) < 0)
		return err_at(w->err, w->r->name, 0, 0, "path too long");
	e->path = str_s(&w->path);
	e->len = w->path.len;
	e->commit = w->commit;
	if (e->mode == 040000)
		rc = walk_tree(w, &e->oid, depth - 1);
	else if (e->mode == 0160000 || first_time(w, &e->oid))
		rc = w->visit(w->arg, e);
	w->path.len = before;
	str_seal(&w->path);
	return rc;
}

static int
read_tree(struct walk *w, const struct oid *oid, int depth, struct str *tree)
{
	enum repo_type type;
	int rc;

	if (depth == 0)
		return err_at(w->err, w->r->name, 0, 0,
			"directories nested deeper than %d levels",
			REPO_TREE_DEPTH);
	rc = repo_read(w->r, oid, tree->max, &type, NULL, tree, w->err);
	if (rc > 0 || (rc == 0 && type != REPO_TREE))
		rc = tree_damaged(w, oid);
	return rc;
}

static int
walk_tree(struct walk *w, const struct oid *oid, int depth)
{
	const char *at, *end, *name;
	struct repo_entry e;
	struct str tree;
	size_t len;
	int rc;

	if (!first_time(w, oid))
		return 0;
	str_init(&tree, REPO_META_MAX);
	rc = read_tree(w, oid, depth, &tree);
	at = str_s(&tree);
	end = at + tree.len;
	while (rc == 0 && at < end)
		rc = read_entry(w, &at, end, &e, &name, &len) ?
			walk_entry(w, &e, name, len, depth) :
			tree_damaged(w, oid);
	str_release(&tree);
	return rc;
}

/*
 * How many paths a tree spells, each tree read once: few trees that hold each
 * other can spell more than anybody walks.
 */
static int
count_paths(struct walk *w, const struct oid *oid, int depth,
	struct map *known, size_t *count)
{
	const char *at, *end, *name;
	struct map_entry *m = map_find(known, (const char *)oid->b,
		w->r->oid_size);
	struct repo_entry e;
	struct str tree;
	size_t len, n = 0, below;
	int rc;

	if (m) {
		*count = (size_t)(uintptr_t)m->value;
		return 0;
	}
	str_init(&tree, REPO_META_MAX);
	rc = read_tree(w, oid, depth, &tree);
	at = str_s(&tree);
	end = at + tree.len;
	while (rc == 0 && at < end && n <= REPO_ENTRIES) {
		below = 1;
		if (!read_entry(w, &at, end, &e, &name, &len))
			rc = tree_damaged(w, oid);
		else if (e.mode == 040000)
			rc = count_paths(w, &e.oid, depth - 1, known, &below);
		n += below;
	}
	str_release(&tree);
	*count = n;
	map_add(known, (const char *)oid->b, w->r->oid_size, NULL)->value =
		(void *)(uintptr_t)n;
	return rc;
}

static int
check_count(struct walk *w, const struct oid *tree)
{
	struct map known = { 0 };
	size_t n = 0;
	int rc = count_paths(w, tree, REPO_TREE_DEPTH, &known, &n);

	map_release(&known);
	if (rc == 0 && n > REPO_ENTRIES)
		rc = err_at(w->err, w->r->name, 0, 0,
			"more than %d files in one commit", REPO_ENTRIES);
	return rc;
}

/* "tree <hex>\nparent <hex>\n...committer name <mail> 1700000000 +0000\n" */
struct commit {
	struct oid oid, tree;
	uint64_t date;
};

static int
read_commit(struct repo *r, const struct oid *oid, struct commit *c,
	struct str *text, struct err *err)
{
	char hex[REPO_HEX + 1];
	enum repo_type type;
	const char *at, *mail;
	int rc;

	str_clear(text);
	rc = repo_read(r, oid, text->max, &type, NULL, text, err);
	if (rc < 0)
		return -1;
	if (rc > 0 || type != REPO_COMMIT ||
	    !str_starts(str_s(text), "tree ") ||
	    !reporef_oid(r, text->buf + 5, strcspn(text->buf + 5, "\n"),
		&c->tree)) {
		repo_hex(r, oid, hex);
		return err_at(err, r->name, 0, 0, "commit %s is damaged",
			hex);
	}
	c->oid = *oid;
	c->date = 0;
	at = strstr(text->buf, "\ncommitter ");
	mail = at ? strstr(at, "> ") : NULL;
	if (mail)
		c->date = strtoull(mail + 2, NULL, 10);
	return 0;
}

int
repo_walk(struct repo *r, const struct oid *commit, repo_visit *visit,
	void *arg, struct err *err)
{
	struct walk w = { .r = r, .visit = visit, .arg = arg, .err = err };
	struct commit c;
	struct str text;
	int rc;

	str_init(&text, REPO_META_MAX);
	str_init(&w.path, 16384);
	rc = read_commit(r, commit, &c, &text, err);
	w.commit = commit;
	if (rc == 0)
		rc = check_count(&w, &c.tree);
	if (rc == 0)
		rc = walk_tree(&w, &c.tree, REPO_TREE_DEPTH);
	str_release(&text);
	str_release(&w.path);
	return rc;
}

/* --- history ---------------------------------------------------------------- */
struct history {
	struct repo *r;
	struct map known;	/* commits met, by binary name */
	struct oid *queue;
	size_t head, nqueue, queue_cap;
	struct commit *commits;
	size_t ncommits, cap;
};

static void
enqueue(struct history *h, const struct oid *oid)
{
	bool added;

	map_add(&h->known, (const char *)oid->b, h->r->oid_size, &added);
	if (!added)
		return;
	h->queue = vec_grow(h->queue, h->nqueue, &h->queue_cap,
		sizeof(*h->queue));
	h->queue[h->nqueue++] = *oid;
}

static void
enqueue_parents(struct history *h, const char *text)
{
	struct oid oid;
	const char *at = strchr(text, '\n');

	while (at && str_starts(at + 1, "parent ")) {
		at += 8;
		if (reporef_oid(h->r, at, strcspn(at, "\n"), &oid))
			enqueue(h, &oid);
		at = strchr(at, '\n');
	}
}

static int
by_date(const void *pa, const void *pb)
{
	const struct commit *a = pa, *b = pb;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return memcmp(&a->oid, &b->oid, sizeof(a->oid));
}

static bool
shallow_at(struct repo *r, const struct oid *oid)
{
	struct err ignored;
	struct str none;
	uint64_t size;
	int rc;

	str_init(&none, 1);
	rc = repo_read(r, oid, 0, NULL, &size, &none, &ignored);
	str_release(&none);
	return rc < 0;
}

static int
gather_commits(struct history *h, size_t max, bool *cut, struct err *err)
{
	struct commit c;
	struct str text;
	int rc = 0;

	str_init(&text, REPO_META_MAX);
	while (rc == 0 && h->head < h->nqueue) {
		struct oid oid = h->queue[h->head++];

		if (h->ncommits >= max) {
			*cut = true;
			break;
		}
		/* where a shallow repository ends, the parent is missing */
		if (shallow_at(h->r, &oid)) {
			*cut = true;
			continue;
		}
		rc = read_commit(h->r, &oid, &c, &text, err);
		if (rc < 0)
			break;
		h->commits = vec_grow(h->commits, h->ncommits, &h->cap,
			sizeof(*h->commits));
		h->commits[h->ncommits++] = c;
		enqueue_parents(h, str_s(&text));
	}
	str_release(&text);
	return rc;
}

static void
start_at_refs(struct history *h)
{
	struct oid *oids, head;
	struct err ignored;
	size_t n = reporef_all(h->r, &oids), i;

	if (repo_find(h->r, "HEAD", &head, &ignored) == 0)
		enqueue(h, &head);
	/* a ref may name something else than a commit */
	for (i = 0; i < n; i++)
		if (reporef_peel(h->r, &oids[i], &ignored) == 0)
			enqueue(h, &oids[i]);
	free(oids);
}

int
repo_history(struct repo *r, size_t max_commits, bool *cut,
	repo_visit *visit, void *arg, struct err *err)
{
	struct walk w = { .r = r, .visit = visit, .arg = arg, .err = err };
	struct history h = { .r = r };
	struct map seen = { 0 };
	size_t i;
	int rc;

	*cut = false;
	w.seen = &seen;
	str_init(&w.path, 16384);
	start_at_refs(&h);
	rc = gather_commits(&h, max_commits, cut, err);
	if (h.ncommits)
		qsort(h.commits, h.ncommits, sizeof(*h.commits), by_date);
	for (i = 0; i < h.ncommits && rc == 0; i++) {
		w.commit = &h.commits[i].oid;
		rc = walk_tree(&w, &h.commits[i].tree, REPO_TREE_DEPTH);
	}
	str_release(&w.path);
	map_release(&seen);
	map_release(&h.known);
	free(h.queue);
	free(h.commits);
	return rc;
}
