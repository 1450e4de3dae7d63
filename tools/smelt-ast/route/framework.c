#include "smelt-ast/route/framework.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "code/ir.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-ast/knowledge.h"

struct framework {
	const struct json *root;
	const char *name;
	struct map objects, mounts, decorators, calls;
};

struct frameworks {
	struct framework *items;
	size_t n;
	struct map last;	/* last words of constructors */
	struct map verbs;	/* names to bits of enum framework_verb */
};

static void *
as_value(const struct json *v)
{
	return (void *)(uintptr_t)v;
}

static void
add_verb(struct map *verbs, const char *name, unsigned verb)
{
	bool added;
	struct map_entry *e;

	if (!verb)
		return;
	e = map_add(verbs, name, strlen(name), &added);
	e->value = (void *)((uintptr_t)e->value | verb);
}

/* entries of a list by each of their names */
static void
index_names(struct map *m, const struct json *list, struct map *verbs,
	unsigned verb)
{
	struct json_iter it, names;
	const char *name;

	for (json_each(&it, list); json_next(&it); ) {
		name = json_get_str(it.value, "name");
		if (name) {
			map_put(m, name, as_value(it.value));
			add_verb(verbs, name, verb);
		}
		for (json_each(&names, json_get(it.value, "names"));
		    json_next(&names); ) {
			name = json_str(names.value);
			if (!name)
				continue;
			map_put(m, name, as_value(it.value));
			add_verb(verbs, name, verb);
		}
	}
}

static void
read_one(struct frameworks *fs, const struct json *root)
{
	struct framework *f = &fs->items[fs->n++];
	const char *name, *dot;

	memset(f, 0, sizeof(*f));
	f->root = root;
	f->name = json_get_str(root, "framework");
	index_names(&f->objects, json_get(root, "objects"), &fs->verbs, 0);
	index_names(&f->mounts, json_get(root, "mounts"), &fs->verbs,
		VERB_MOUNT);
	index_names(&f->decorators, json_get(root, "routes"), &fs->verbs,
		VERB_DECORATOR);
	index_names(&f->calls, json_get(root, "calls"), &fs->verbs, VERB_CALL);
	for (size_t i = 0; i < f->objects.n; i++) {
		name = f->objects.entries[i].key;
		dot = strrchr(name, '.');
		map_put(&fs->last, dot ? dot + 1 : name, f);
	}
}

struct frameworks *
frameworks_new(const struct knowledge *k, struct err *err)
{
	struct frameworks *fs = xcalloc(1, sizeof(*fs));
	const struct knowledge_file *f;
	const struct json *root;
	size_t n = 0;

	while (knowledge_get(k, "frameworks", n))
		n++;
	fs->items = xcalloc(n + 1, sizeof(*fs->items));
	for (size_t i = 0; i < n; i++) {
		f = knowledge_get(k, "frameworks", i);
		root = document_root(f->doc);
		if (!json_get_str(root, "framework")) {
			knowledge_bad(f, root, "no framework named", err);
			frameworks_free(fs);
			return NULL;
		}
		if (json_str_is(json_get(root, "language"), "python"))
			read_one(fs, root);
	}
	return fs;
}

void
frameworks_free(struct frameworks *fs)
{
	if (!fs)
		return;
	for (size_t i = 0; i < fs->n; i++) {
		map_release(&fs->items[i].objects);
		map_release(&fs->items[i].mounts);
		map_release(&fs->items[i].decorators);
		map_release(&fs->items[i].calls);
	}
	map_release(&fs->last);
	map_release(&fs->verbs);
	free(fs->items);
	free(fs);
}

bool
frameworks_may_make(const struct frameworks *fs, const char *last)
{
	return map_has(&fs->last, last);
}

bool
frameworks_may(const struct frameworks *fs, enum framework_verb verb,
	const char *last)
{
	return ((uintptr_t)map_get(&fs->verbs, last) & verb) != 0;
}

const struct json *
frameworks_object(const struct frameworks *fs, const char *dotted,
	const struct framework **which)
{
	const struct json *v;

	for (size_t i = 0; i < fs->n; i++) {
		v = map_get(&fs->items[i].objects, dotted);
		if (v) {
			*which = &fs->items[i];
			return v;
		}
	}
	return NULL;
}

const char *
framework_name(const struct framework *f)
{
	return f->name;
}

const struct json *
framework_get(const struct framework *f, const char *key)
{
	return json_get(f->root, key);
}

const struct json *
framework_mount(const struct framework *f, const char *name)
{
	return map_get(&f->mounts, name);
}

const struct json *
framework_decorator(const struct framework *f, const char *name)
{
	return map_get(&f->decorators, name);
}

const struct json *
framework_call(const struct framework *f, const char *name)
{
	return map_get(&f->calls, name);
}

bool
framework_slash(const struct framework *f)
{
	return json_str_is(json_get(f->root, "join"), "slash");
}

bool
framework_lists(const struct framework *f, const char *key, const char *name)
{
	return json_lists(json_get(f->root, key), name);
}

uint32_t
framework_argument(const struct ir *ir, uint32_t call,
	const struct json *where)
{
	const char *keyword = json_get_str(where, "keyword");
	uint32_t arg = keyword ? ir_keyword(ir, call, keyword) : 0;
	int64_t position;

	if (!arg && json_int(json_get(where, "position"), &position))
		arg = ir_argument(ir, call, (unsigned)position);
	return arg;
}
