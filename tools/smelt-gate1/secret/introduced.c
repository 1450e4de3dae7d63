#include "smelt-gate1/secret/introduced.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "sys/repo.h"

#define NONE UINT32_MAX

enum { TREE_MAX = 64 * 1024 * 1024, DEPTH = 128 };
enum state { NEW, OPEN, DONE };

/* A tree or a wanted blob. */
struct node {
	uint32_t commit;	/* oldest so far, if dated */
	uint32_t edge, best;	/* lists of edges; the one that led there */
	enum state state;
	bool dated;
};

/* "parent has this under that name" */
struct edge {
	uint32_t parent, name, next;
};

struct commit {
	struct oid oid;
	uint64_t date;
	uint32_t tree;		/* node */
	uint32_t generation;
	uint32_t parents, nparents;	/* in the list of parents */
};

struct search {
	struct repo *r;
	struct commit *commits;
	size_t ncommits, commits_cap;
	struct oid *parents;
	size_t nparents, parents_cap;
	struct map index;	/* object name: node + 1 */
	struct node *nodes;
	size_t nnodes, nodes_cap;
	struct map names;
	struct edge *edges;
	size_t nedges, edges_cap;
};

static uint32_t
node_of(struct search *s, const struct oid *oid, bool make)
{
	const char *key = (const char *)oid->b;
	struct map_entry *e;
	bool added;

	if (!make) {
		e = map_find(&s->index, key, s->r->oid_size);
		return e ? (uint32_t)((uintptr_t)e->value - 1) : NONE;
	}
	e = map_add(&s->index, key, s->r->oid_size, &added);
	if (added) {
		s->nodes = vec_grow(s->nodes, s->nnodes, &s->nodes_cap,
			sizeof(*s->nodes));
		s->nodes[s->nnodes] = (struct node){ .edge = NONE,
			.best = NONE };
		e->value = (void *)(uintptr_t)++s->nnodes;
	}
	return (uint32_t)((uintptr_t)e->value - 1);
}

static void
add_edge(struct search *s, uint32_t child, uint32_t parent, const char *name,
	size_t len)
{
	struct map_entry *e;
	bool added;

	if (s->nedges >= INTRODUCED_EDGES)
		return;
	e = map_add(&s->names, name, len, &added);
	if (added)
		e->value = (void *)(uintptr_t)s->names.n;
	s->edges = vec_grow(s->edges, s->nedges, &s->edges_cap,
		sizeof(*s->edges));
	s->edges[s->nedges] = (struct edge){ parent,
		(uint32_t)((uintptr_t)e->value - 1), s->nodes[child].edge };
	s->nodes[child].edge = (uint32_t)s->nedges++;
}

/* "100644 name\0" and the binary object name, again and again */
static void
take_tree(struct search *s, const struct repo_object *o)
{
	uint32_t parent = node_of(s, &o->oid, true), child;
	const char *p = o->data, *end = p + o->len, *space, *nul;
	struct oid oid;

	while (p < end) {
		space = memchr(p, ' ', (size_t)(end - p));
		nul = space ? memchr(space, 0, (size_t)(end - space)) : NULL;
		if (!nul || (size_t)(end - nul) <= s->r->oid_size)
			return;
		memset(&oid, 0, sizeof(oid));
		memcpy(oid.b, nul + 1, s->r->oid_size);
		child = node_of(s, &oid, *p == '4');
		if (child != NONE)
			add_edge(s, child, parent, space + 1,
				(size_t)(nul - space) - 1);
		p = nul + 1 + s->r->oid_size;
	}
}

static bool
read_name(const struct search *s, const char *hex, size_t n, struct oid *oid)
{
	size_t want = 2 * s->r->oid_size;

	return n >= want && repo_oid(s->r, hex, want, oid);
}

/* "parent " lines stand behind the tree's, one after the other. */
static void
take_parents(struct search *s, struct commit *c, const char *at)
{
	c->parents = (uint32_t)s->nparents;
	while ((at = strchr(at, '\n')) != NULL && str_starts(++at, "parent ")) {
		s->parents = vec_grow(s->parents, s->nparents,
			&s->parents_cap, sizeof(*s->parents));
		if (!read_name(s, at + 7, strcspn(at + 7, "\n"),
		    &s->parents[s->nparents]))
			break;
		s->nparents++;
	}
	c->nparents = (uint32_t)s->nparents - c->parents;
}

static void
take_commit(struct search *s, const struct repo_object *o)
{
	struct commit c = { .oid = o->oid };
	const char *at, *mail;
	struct oid tree;

	if (!mem_starts(o->data, o->len, "tree ") ||
	    !read_name(s, o->data + 5, o->len - 5, &tree))
		return;
	at = strstr(o->data, "\ncommitter ");
	mail = at ? strstr(at, "> ") : NULL;
	c.date = mail ? strtoull(mail + 2, NULL, 10) : 0;
	c.tree = node_of(s, &tree, true);
	take_parents(s, &c, o->data);
	s->commits = vec_grow(s->commits, s->ncommits, &s->commits_cap,
		sizeof(c));
	s->commits[s->ncommits++] = c;
}

static int
by_name(const void *pa, const void *pb)
{
	const struct commit *a = pa, *b = pb;

	return memcmp(&a->oid, &b->oid, sizeof(a->oid));
}

static struct commit *
commit_of(const struct search *s, const struct oid *oid)
{
	struct commit key = { .oid = *oid };

	return s->ncommits ? bsearch(&key, s->commits, s->ncommits,
		sizeof(key), by_name) : NULL;
}

/* One line of parents at a time, with a stack of our own: histories are long.
 * 0 is not known yet; OPEN_LINE breaks a circle, which names that lie make. */
#define OPEN_LINE UINT32_MAX
static void
number(struct search *s, struct commit *first)
{
	struct commit **stack = NULL, *c, *up = NULL;
	size_t n = 0, cap = 0;

	stack = vec_grow(stack, n, &cap, sizeof(*stack));
	stack[n++] = first;
	while (n) {
		uint32_t highest = 0, i;

		c = stack[n - 1];
		for (i = 0; i < c->nparents; i++) {
			up = commit_of(s, &s->parents[c->parents + i]);
			if (up && up->generation == 0)
				break;
			if (up && up->generation != OPEN_LINE &&
			    up->generation > highest)
				highest = up->generation;
		}
		if (i == c->nparents) {
			c->generation = highest + 1;
			n--;
			continue;
		}
		c->generation = OPEN_LINE;
		stack = vec_grow(stack, n, &cap, sizeof(*stack));
		stack[n++] = up;
	}
	free(stack);
}

static bool
older(const struct search *s, uint32_t commit, const struct node *than)
{
	const struct commit *a = &s->commits[commit], *b;

	if (!than->dated)
		return true;
	b = &s->commits[than->commit];
	if (a->date != b->date)
		return a->date < b->date;
	if (a->generation != b->generation)
		return a->generation < b->generation;
	return commit < than->commit;
}

/* Trees know their oldest commit. */
static void
date_roots(struct search *s)
{
	if (s->ncommits)
		qsort(s->commits, s->ncommits, sizeof(*s->commits), by_name);
	for (size_t i = 0; i < s->ncommits; i++)
		if (s->commits[i].generation == 0)
			number(s, &s->commits[i]);
	for (uint32_t i = 0; i < s->ncommits; i++) {
		struct node *n = &s->nodes[s->commits[i].tree];

		if (older(s, i, n)) {
			n->commit = i;
			n->dated = true;
		}
	}
}

static int
on_object(void *arg, const struct repo_object *o)
{
	struct search *s = arg;

	if (o->type == REPO_TREE)
		take_tree(s, o);
	else
		take_commit(s, o);
	return 0;
}

static const char *
name_at(const struct search *s, uint32_t edge)
{
	return s->names.entries[s->edges[edge].name].key;
}

/* The oldest commit above a node.  A circle, which names that lie can make,
 * ends at the node that is open. */
static void
date_node(struct search *s, uint32_t i, int depth)
{
	struct node *n = &s->nodes[i];

	if (n->state != NEW || depth == 0)
		return;
	n->state = OPEN;
	for (uint32_t e = n->edge; e != NONE; e = s->edges[e].next) {
		const struct node *up = &s->nodes[s->edges[e].parent];

		date_node(s, s->edges[e].parent, depth - 1);
		if (!up->dated || up->state == OPEN)
			continue;
		if (older(s, up->commit, n) || (n->best != NONE &&
		    n->commit == up->commit && strcmp(name_at(s, e),
		    name_at(s, n->best)) < 0)) {
			n->commit = up->commit;
			n->dated = true;
			n->best = e;
		}
	}
	n->state = DONE;
}

/* The names on the way up, top first. */
static const char *
path_of(const struct search *s, uint32_t i, struct arena *arena)
{
	const char *path = "";

	for (int depth = 0; s->nodes[i].best != NONE; depth++) {
		uint32_t e = s->nodes[i].best;

		if (depth > DEPTH)
			return "";
		path = arena_printf(arena, "%s%s%s", name_at(s, e),
			*path ? "/" : "", path);
		i = s->edges[e].parent;
	}
	return path_is_inside(path, strlen(path)) ? path : "";
}

static int
by_age(const void *pa, const void *pb)
{
	const struct introduced *a = pa, *b = pb;
	int order;

	if (a->found != b->found)
		return a->found ? -1 : 1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	if (a->generation != b->generation)
		return a->generation < b->generation ? -1 : 1;
	order = strcmp(a->commit, b->commit);
	if (order == 0)
		order = strcmp(a->path, b->path);
	return order ? order : memcmp(a->blob, b->blob, sizeof(*a->blob));
}

static void
fill(struct search *s, struct introduced *b, struct arena *arena)
{
	uint32_t i = node_of(s, b->blob, true);
	const struct commit *c;

	date_node(s, i, DEPTH);
	b->found = s->nodes[i].dated;
	b->path = "";
	b->commit[0] = 0;
	if (!b->found)
		return;
	c = &s->commits[s->nodes[i].commit];
	b->date = c->date;
	b->generation = c->generation;
	b->path = path_of(s, i, arena);
	repo_hex(s->r, &c->oid, b->commit);
}

int
introduced_find(struct repo *r, struct introduced *list, size_t n,
	struct arena *arena, struct repo_losses *losses, struct err *err)
{
	struct search s = { .r = r };
	int rc;

	for (size_t i = 0; i < n; i++)
		node_of(&s, list[i].blob, true);
	rc = repo_each(r, 1U << REPO_TREE | 1U << REPO_COMMIT, TREE_MAX,
		on_object, &s, losses, err);
	date_roots(&s);
	for (size_t i = 0; rc == 0 && i < n; i++)
		fill(&s, &list[i], arena);
	if (rc == 0 && n)
		qsort(list, n, sizeof(*list), by_age);
	map_release(&s.index);
	map_release(&s.names);
	free(s.commits);
	free(s.parents);
	free(s.nodes);
	free(s.edges);
	return rc;
}
