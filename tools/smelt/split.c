#include "smelt/split.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt/build.h"
#include "smelt/order.h"
#include "smelt/place.h"

#define ARTIFACT ".ast.jsonl"
#define LIST ".tags"
#define SERVERS ".servers"

enum { LIST_MAX = 16 * 1024 * 1024 };

/* One line of the list. */
struct server {
	char *slug;
	bool untagged;
	size_t tools, callables;
	int rc;			/* -1: not made */
};

struct servers {
	struct server *v;
	size_t n, cap;
};

/* slug, tools, callables, name: with a tab between; text is cut up */
static void
add_line(struct servers *all, char *line)
{
	char *tools = strchr(line, '\t'), *callables, *name;
	struct server *s;

	callables = tools ? strchr(tools + 1, '\t') : NULL;
	name = callables ? strchr(callables + 1, '\t') : NULL;
	if (!name)
		die("internal: no list of tags");
	*tools = '\0';
	if (!path_is_server_name(line))
		die("internal: '%s' is no name", line);
	all->v = vec_grow(all->v, all->n, &all->cap, sizeof(*all->v));
	s = &all->v[all->n++];
	s->slug = xstrdup(line);
	s->tools = (size_t)strtoul(tools + 1, NULL, 10);
	s->callables = (size_t)strtoul(callables + 1, NULL, 10);
	s->untagged = strcmp(name + 1, "null") == 0;
	s->rc = -1;
}

static int
read_list(const struct place *p, struct servers *all, struct err *err)
{
	char *file = place_file(p, LIST), *at, *nl;
	struct str text;
	int rc;

	str_init(&text, LIST_MAX);
	rc = io_read(file, &text, err);
	for (at = text.buf; rc == 0 && at && *at; at = nl + 1) {
		nl = strchr(at, '\n');
		if (!nl)
			break;
		*nl = '\0';
		add_line(all, at);
	}
	str_release(&text);
	free(file);
	return rc;
}

static void
release(struct servers *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		free(all->v[i].slug);
	free(all->v);
}

/* --- what earlier runs made -------------------------------------------------- */

/* names: those of the servers of this run, NULL: none */
static int
retire_others(const struct place *p, const struct map *names,
	struct err *err)
{
	char *file = place_file(p, SERVERS), *at, *nl;
	struct err none;
	struct str text;
	int rc = 0;

	str_init(&text, LIST_MAX);
	if (io_read(file, &text, &none) < 0)
		str_clear(&text);
	for (at = text.buf; rc == 0 && at && *at; at = nl + 1) {
		nl = strchr(at, '\n');
		if (!nl)
			break;
		*nl = '\0';
		if (!path_is_server_name(at) || (names && map_has(names, at)))
			continue;
		rc = place_retire(p, at, err);
		if (rc == 1)
			diag_say("%s/%s: is no server of this run any more: "
				"what was signed in it is removed", p->dir,
				at);
		rc = rc < 0 ? -1 : 0;
	}
	if (rc == 0 && !names)
		unlink(file);
	str_release(&text);
	free(file);
	return rc;
}

int
split_clear(const struct place *p, struct err *err)
{
	return retire_others(p, NULL, err);
}

static int
note_servers(const struct place *p, const struct servers *all,
	struct err *err)
{
	char *file = place_file(p, SERVERS);
	struct map names = { 0 };
	struct str text;
	size_t i;
	int rc;

	str_init(&text, LIST_MAX);
	for (i = 0; i < all->n; i++) {
		if (!all->v[i].tools)
			continue;
		map_put(&names, all->v[i].slug, all->v[i].slug);
		str_addf(&text, "%s\n", all->v[i].slug);
	}
	rc = retire_others(p, &names, err);
	if (rc == 0 && !text.len)
		rc = err_set(err, "no operation of any tag can be a tool");
	if (rc == 0)
		rc = io_write(file, str_s(&text), text.len, err);
	map_release(&names);
	str_release(&text);
	free(file);
	return rc;
}

/* --- the servers ---------------------------------------------------------------- */

static int
make_one(const struct order *o, const struct place *p, struct server *s,
	const char *artifact, struct err *err)
{
	struct part part = { .artifact = artifact, .name = s->slug,
		.tag = s->untagged ? NULL : s->slug,
		.untagged = s->untagged };
	char *dir = place_file(p, s->slug);
	struct place own;

	diag_say("%s: %zu tools", dir, s->tools);
	if (place_open(&own, dir, err) < 0)
		return -1;
	s->rc = build_server(o, &own, &part, err);
	if (s->rc < 0 || s->rc == 2)
		place_undo(&own);
	return s->rc;
}

static int
make_all(const struct order *o, const struct place *p, struct servers *all,
	struct err *err)
{
	char *artifact = place_file(p, ARTIFACT);
	int worst = 0, rc;
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (!all->v[i].tools)
			continue;
		rc = make_one(o, p, &all->v[i], artifact, err);
		if (rc < 0 || rc == 2) {
			worst = rc;
			break;
		}
		worst = rc > worst ? rc : worst;
	}
	free(artifact);
	return worst;
}

static void
summary(const struct place *p, const struct servers *all)
{
	size_t i, tools = 0, callables = 0, made = 0;

	for (i = 0; i < all->n; i++) {
		const struct server *s = &all->v[i];

		tools += s->tools;
		callables += s->callables;
		made += s->rc >= 0;
		diag_say("%s/%s: %zu of %zu operations%s%s%s", p->dir, s->slug,
			s->tools, s->callables, s->untagged ?
			" without a tag" : "", s->tools ? "" : ": no server",
			s->rc == 1 ? ", and the verdict is no" : "");
	}
	diag_say("%zu servers: %zu operations, each in one of them, %zu are "
		"tools", made, callables, tools);
}

static int
find_servers(const struct order *o, const struct place *p,
	struct servers *all, struct err *err)
{
	int rc = build_artifact(o, p, ARTIFACT, err);

	if (rc == 0)
		rc = build_tags(o, p, ARTIFACT, LIST, err);
	if (rc == 0)
		rc = read_list(p, all, err);
	if (rc == 0)
		rc = note_servers(p, all, err);
	return rc;
}

int
split_run(const struct order *o, const struct place *p, struct err *err)
{
	struct servers all = { 0 };
	char *files[] = { place_file(p, ARTIFACT), place_file(p, LIST) };
	int rc = find_servers(o, p, &all, err);
	size_t i;

	if (rc == 0)
		rc = make_all(o, p, &all, err);
	if (rc == 0 || rc == 1)
		summary(p, &all);
	for (i = 0; i < 2; i++) {
		unlink(files[i]);
		free(files[i]);
	}
	release(&all);
	return rc;
}
