#include "sys/repo.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

struct walk {
	struct repo *r;
	repo_visit *visit;
	void *arg;
	struct err *err;
	struct str path;
};

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
	if (e->mode == 040000)
		rc = walk_tree(w, &e->oid, depth - 1);
	else
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

/* "tree <hex>\nparent <hex>\n...": the tree */
static int
read_commit(struct repo *r, const struct oid *oid, struct oid *tree,
	struct err *err)
{
	char hex[REPO_HEX + 1];
	enum repo_type type;
	struct str text;
	int rc;

	str_init(&text, REPO_META_MAX);
	rc = repo_read(r, oid, text.max, &type, NULL, &text, err);
	if (rc > 0 || (rc == 0 && (type != REPO_COMMIT ||
	    !str_starts(str_s(&text), "tree ") ||
	    !repo_oid(r, text.buf + 5, strcspn(text.buf + 5, "\n"), tree)))) {
		repo_hex(r, oid, hex);
		rc = err_at(err, r->name, 0, 0, "commit %s is damaged", hex);
	}
	str_release(&text);
	return rc;
}

int
repo_walk(struct repo *r, const struct oid *commit, repo_visit *visit,
	void *arg, struct err *err)
{
	struct walk w = { .r = r, .visit = visit, .arg = arg, .err = err };
	struct oid tree;
	int rc;

	str_init(&w.path, 16384);
	rc = read_commit(r, commit, &tree, err);
	if (rc == 0)
		rc = check_count(&w, &tree);
	if (rc == 0)
		rc = walk_tree(&w, &tree, REPO_TREE_DEPTH);
	str_release(&w.path);
	return rc;
}
