#include "smelt-tooldef/tag.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/define.h"

enum { TOLD = 30 };

struct tag {
	const struct json *name;	/* NULL: untagged */
	char *slug;
	bool wanted;
	size_t callables, tools;
};

void
tags_init(struct tags *t, const struct opt_list *wanted, bool untagged)
{
	memset(t, 0, sizeof(*t));
	t->wanted = wanted;
	t->untagged = untagged;
	t->all = xcalloc(1, sizeof(*t->all));
}

void
tags_release(struct tags *t)
{
	size_t i;

	for (i = 0; i < t->all->n; i++) {
		struct tag *tag = t->all->entries[i].value;

		free(tag->slug);
		free(tag);
	}
	if (t->none)
		free(t->none->slug);
	free(t->none);
	map_release(t->all);
	free(t->all);
	memset(t, 0, sizeof(*t));
}

/* the tag that a callable belongs to, or NULL */
static const struct json *
first_tag(const struct json *callable)
{
	struct json_iter it;

	for (json_each(&it, json_get(callable, "tags")); json_next(&it); )
		if (json_len(it.value))
			return it.value;
	return NULL;
}

static struct tag *
tag_of(const struct tags *t, const struct json *callable)
{
	const struct json *name = first_tag(callable);
	struct map_entry *e;

	if (!name)
		return t->none;
	e = map_find(t->all, json_str(name), json_len(name));
	return e ? e->value : NULL;
}

static void
gather(struct tags *t, const struct catalog *c)
{
	struct map_entry *e;
	struct tag *tag;
	bool added;
	size_t i;

	t->none = xcalloc(1, sizeof(*t->none));
	for (i = 0; i < c->ncallables; i++) {
		const struct json *name = first_tag(c->callables[i]);

		if (!name)
			continue;
		e = map_add(t->all, json_str(name), json_len(name), &added);
		if (!added)
			continue;
		e->value = tag = xcalloc(1, sizeof(*tag));
		tag->name = name;
	}
}

/* --- slugs ------------------------------------------------------------------- */

static char *
plain_slug(const struct tag *tag)
{
	struct str slug;

	str_init(&slug, STR_LINE);
	path_server_name(&slug, json_str(tag->name));
	return str_detach(&slug);
}

/* cut, and with digits of the tag's digest */
static char *
longer_slug(const struct tag *tag, const char *plain, size_t digits)
{
	size_t n = strlen(plain);
	char hex[SHA256_HEX + 1];

	sha256_hex(json_str(tag->name), json_len(tag->name), hex);
	if (n > PATH_SERVER_NAME - 5)
		n = PATH_SERVER_NAME - 5;
	while (n && plain[n - 1] == '-')
		n--;
	return xasprintf("%.*s-%.*s", (int)n, plain, (int)digits, hex);
}

static void
give_slug(struct tag *tag, const struct map *plain, struct map *taken)
{
	char *slug = plain_slug(tag), *more;
	bool added = (size_t)map_get(plain, slug) == 1;
	size_t digits;

	for (digits = 4; !added && digits <= SHA256_HEX; digits += 4) {
		more = longer_slug(tag, slug, digits);
		/* nor what another tag is called */
		if (!map_has(plain, more))
			map_add(taken, more, strlen(more), &added);
		if (added) {
			free(slug);
			slug = more;
		} else {
			free(more);
		}
	}
	tag->slug = slug;
}

static void
give_slugs(struct tags *t, const char *server)
{
	struct map plain = { 0 }, taken = { 0 };
	size_t i;

	for (i = 0; i < t->all->n; i++) {
		char *slug = plain_slug(t->all->entries[i].value);
		struct map_entry *e = map_add(&plain, slug, strlen(slug),
			NULL);

		e->value = (void *)((size_t)e->value + 1);
		free(slug);
	}
	for (i = 0; i < t->all->n; i++)
		give_slug(t->all->entries[i].value, &plain, &taken);
	t->none->slug = xstrdup(server);
	while (map_has(&plain, t->none->slug) ||
	    map_has(&taken, t->none->slug)) {
		char *slug = xasprintf("%s-untagged", t->none->slug);

		free(t->none->slug);
		t->none->slug = slug;
	}
	map_release(&plain);
	map_release(&taken);
}

/* --- what is asked for --------------------------------------------------------- */

static struct tag *
find(const struct tags *t, const char *name)
{
	struct tag *tag = map_get(t->all, name);
	size_t i;

	for (i = 0; !tag && i < t->all->n; i++) {
		struct tag *other = t->all->entries[i].value;

		if (strcmp(other->slug, name) == 0)
			tag = other;
	}
	return tag;
}

static int
unknown(const struct tags *t, const char *name, struct err *err)
{
	struct str list;
	size_t i;

	str_init(&list, STR_RECORD);
	for (i = 0; i < t->all->n && i < TOLD; i++)
		str_addf(&list, "%s%s", i ? ", " : "",
			t->all->entries[i].key);
	if (i < t->all->n)
		str_addf(&list, " and %zu more", t->all->n - i);
	err_set(err, "--tag: nothing has the tag '%s'; tags are: %s", name,
		list.len ? str_s(&list) : "none");
	str_release(&list);
	return -1;
}

int
tags_find(struct tags *t, const struct catalog *c, struct err *err)
{
	struct tag *tag;
	size_t i;

	gather(t, c);
	give_slugs(t, c->server);
	for (i = 0; i < t->wanted->n; i++) {
		tag = find(t, t->wanted->items[i]);
		if (!tag)
			return unknown(t, t->wanted->items[i], err);
		tag->wanted = true;
	}
	t->none->wanted = t->untagged;
	return 0;
}

char *
tags_refuse(const struct tags *t, const struct json *callable)
{
	const struct tag *tag = tag_of(t, callable);

	if ((!t->wanted->n && !t->untagged) || !tag || tag->wanted)
		return NULL;
	return tag == t->none ? xstrdup("it has no tag, others are selected") :
		xasprintf("its tag '%s' is not selected",
			json_str(tag->name));
}

/* --- the list -------------------------------------------------------------------- */

static void
put_line(const struct tag *tag, struct str *out)
{
	str_addf(out, "%s\t%zu\t%zu\t", tag->slug, tag->tools,
		tag->callables);
	if (tag->name)
		json_write_str(out, json_str(tag->name),
			json_len(tag->name));
	else
		str_puts(out, "null");
	str_putc(out, '\n');
}

void
tags_list(struct tags *t, const struct definitions *d, struct str *out)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		struct tag *tag = tag_of(t, d->v[i].callable);

		if (!tag)
			continue;
		tag->callables++;
		tag->tools += !d->v[i].reason;
	}
	for (i = 0; i < t->all->n; i++)
		put_line(t->all->entries[i].value, out);
	if (t->none->callables)
		put_line(t->none, out);
}
