#include "smelt-ast/openapi/type.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-ast/openapi/discriminator.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/resource.h"
#include "smelt-ast/openapi/schema.h"

enum { ID_MAX = 128 };

static bool
id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* out = name with every other character as _; true when nothing changed */
static bool
clean_id(struct str *out, const char *name)
{
	bool same = *name != '\0';

	for (; *name && out->len < ID_MAX; name++) {
		same = same && id_char(*name);
		str_putc(out, id_char(*name) ? *name : '_');
	}
	return same && !*name;
}

static const char *
component_name(const char *pointer)
{
	static const char head[] = "/components/schemas/";

	if (!str_starts(pointer, head) || strchr(pointer + sizeof(head) - 1, '/'))
		return NULL;
	return pointer + sizeof(head) - 1;
}

/* ~1 and ~0 of one pointer token */
static char *
token_text(const char *token)
{
	struct str out;

	str_init(&out, STR_LINE);
	for (; *token && *token != '/'; token++) {
		if (token[0] == '~' && (token[1] == '0' || token[1] == '1'))
			str_putc(&out, *++token == '0' ? '~' : '/');
		else
			str_putc(&out, *token);
	}
	return out.buf ? str_detach(&out) : xstrdup("");
}

/* the last token of the pointer; the file's stem for a whole file */
static char *
target_name(const struct openapi_target *t)
{
	const char *last = strrchr(t->pointer, '/');
	const char *base = path_base(t->doc->path), *dot = strrchr(base, '.');

	if (last)
		return token_text(last + 1);
	return xstrndup(base, dot ? (size_t)(dot - base) : strlen(base));
}

static char *
make_id(struct openapi *o, const struct openapi_target *t,
	const struct openapi_use *use, const char *name)
{
	bool first = openapi_scope_own(o, use->scope, t) && !use->base;
	bool plain, added = false;
	char hex[SHA256_HEX + 1];
	struct sha256 h;
	struct str id;
	size_t digits = 8;

	str_init(&id, STR_LINE);
	plain = clean_id(&id, name) && t->doc->plain_ids && first &&
		component_name(t->pointer);
	if (!id.len)
		str_puts(&id, "schema");
	if (plain)
		map_add(o->ids, id.buf, id.len, &added);
	if (!added) {
		size_t stem = id.len;

		sha256_init(&h);
		sha256_field(&h, t->doc->path);
		sha256_field(&h, t->pointer);
		if (!first)
			sha256_field(&h, openapi_scope_text(o, use->scope));
		if (use->base)
			sha256_field(&h, "base");
		sha256_final_hex(&h, hex);
		for (; !added && digits <= SHA256_HEX; digits += 8) {
			id.len = stem;
			str_addf(&id, "-%.*s", (int)digits, hex);
			map_add(o->ids, id.buf, id.len, &added);
		}
	}
	return str_detach(&id);
}

static struct openapi_type *
new_type(struct openapi *o, const struct openapi_target *target,
	const struct openapi_use *use)
{
	struct openapi_type *t = xcalloc(1, sizeof(*t));

	t->use = *use;
	t->name = target_name(target);
	t->id = make_id(o, target, use, t->name);
	t->doc = target->doc;
	t->schema = target->value;
	t->key = target->key;
	t->pointer = xstrdup(target->pointer);
	t->deps = xcalloc(1, sizeof(*t->deps));
	t->direct = xcalloc(1, sizeof(*t->direct));
	t->direct->direct = true;
	t->loc = xmalloc(sizeof(*t->loc));
	openapi_locate(t->doc, target->key, t->loc);
	o->types = vec_grow(o->types, o->ntypes, &o->types_cap,
		sizeof(*o->types));
	o->types[o->ntypes++] = t;
	return t;
}

size_t
openapi_type_at(struct openapi *o, const struct openapi_target *target,
	const struct openapi_use *use)
{
	struct openapi_use inner = { .base = use->base };
	struct map_entry *e;
	uintptr_t key[2];
	bool added;

	if (o->scoped < OPENAPI_SCOPED)
		inner.scope = openapi_scope_enter(o, use->scope, target);
	key[0] = (uintptr_t)target->value;
	key[1] = inner.scope * 2 + inner.base;
	e = map_add(o->values, (const char *)key, key[1] ? sizeof(key) :
		sizeof(*key), &added);
	if (added) {
		o->scoped += inner.scope > 0;
		e->value = (void *)(o->ntypes + 1);
		new_type(o, target, &inner);
	}
	return (size_t)e->value - 1;
}

int
openapi_type_ref(struct openapi *o, struct openapi_doc *d,
	const struct json *ref, const struct openapi_use *use, size_t *type,
	struct err *err)
{
	struct openapi_use said = *use;
	struct openapi_target target;

	if (openapi_ref(o, d, ref, &target, err) < 0)
		return -1;
	if (use->dynamic)
		openapi_scope_pick(o, use->scope, d, ref, &target);
	if (use->heir)
		said.base = openapi_inherits(o, use->heir, &target);
	*type = openapi_type_at(o, &target, &said);
	return 0;
}

static void
convert(struct openapi *o, struct openapi_type *t)
{
	struct err err;
	struct str out;

	str_init(&out, STR_RECORD);
	if (openapi_schema_type(o, t, &out, &err) < 0) {
		t->bad = xmalloc(sizeof(*t->bad));
		*t->bad = err;
	}
	t->len = out.len;
	t->text = str_detach(&out);
}

static void
spoil(struct openapi_type *t, const struct err *why)
{
	t->bad = xmalloc(sizeof(*t->bad));
	*t->bad = *why;
}

/* Who depends on whom, the other way round: users of type i are
 * v[first[i]] up to v[first[i + 1]]. */
struct users {
	size_t *first;
	size_t *v;
};

static const struct openapi_deps *
deps_of(const struct openapi *o, size_t i, bool direct)
{
	return direct ? o->types[i]->direct : o->types[i]->deps;
}

static void
users_init(struct users *u, const struct openapi *o, bool direct)
{
	size_t i, k, n = 0, *at;

	u->first = xcalloc(o->ntypes + 2, sizeof(*u->first));
	for (i = 0; i < o->ntypes; i++)
		for (k = 0; k < deps_of(o, i, direct)->n; k++, n++)
			u->first[deps_of(o, i, direct)->v[k] + 1]++;
	for (i = 0; i < o->ntypes; i++)
		u->first[i + 1] += u->first[i];
	u->v = xcalloc(n + 1, sizeof(*u->v));
	at = xcalloc(o->ntypes + 1, sizeof(*at));
	for (i = 0; i < o->ntypes; i++)
		for (k = 0; k < deps_of(o, i, direct)->n; k++) {
			size_t to = deps_of(o, i, direct)->v[k];

			u->v[u->first[to] + at[to]++] = i;
		}
	free(at);
}

static void
users_release(struct users *u)
{
	free(u->first);
	free(u->v);
}

/* What needs a bad type is bad. */
static void
spread(struct openapi *o)
{
	size_t *queue = xcalloc(o->ntypes + 1, sizeof(*queue));
	size_t head = 0, tail = 0, i, k;
	struct users users;

	users_init(&users, o, false);
	for (i = 0; i < o->ntypes; i++)
		if (o->types[i]->bad)
			queue[tail++] = i;
	for (; head < tail; head++) {
		i = queue[head];
		for (k = users.first[i]; k < users.first[i + 1]; k++) {
			struct openapi_type *t = o->types[users.v[k]];

			if (t->bad)
				continue;
			spoil(t, o->types[i]->bad);
			queue[tail++] = users.v[k];
		}
	}
	users_release(&users);
	free(queue);
}

/*
 * A schema that leads back to itself with no property or item between never
 * ends when it is applied.  Take away types whose direct deps are all gone
 * (Kahn); what stays is on or behind such a cycle.
 */
static void
find_endless(struct openapi *o)
{
	size_t *queue = xcalloc(o->ntypes + 1, sizeof(*queue));
	size_t *left = xcalloc(o->ntypes + 1, sizeof(*left));
	size_t head = 0, tail = 0, i, k;
	struct users users;
	struct err err;

	users_init(&users, o, true);
	for (i = 0; i < o->ntypes; i++) {
		left[i] = o->types[i]->direct->n;
		if (!left[i])
			queue[tail++] = i;
	}
	for (; head < tail; head++)
		for (k = users.first[queue[head]];
		    k < users.first[queue[head] + 1]; k++)
			if (--left[users.v[k]] == 0)
				queue[tail++] = users.v[k];
	for (i = 0; i < o->ntypes; i++) {
		struct openapi_type *t = o->types[i];

		if (!left[i] || t->bad)
			continue;
		err_at(&err, t->loc->file, t->loc->line, t->loc->col,
			"schema '%s' leads to itself without end", t->name);
		spoil(t, &err);
	}
	users_release(&users);
	free(queue);
	free(left);
}

int
openapi_types_finish(struct openapi *o, struct err *err)
{
	size_t i;

	for (i = 0; i < o->ntypes; i++) {
		convert(o, o->types[i]);
		if (o->refused) {
			*err = *o->types[i]->bad;
			return -1;
		}
	}
	find_endless(o);
	spread(o);
	return 0;
}

void
openapi_types_release(struct openapi *o)
{
	size_t i;

	for (i = 0; i < o->ntypes; i++) {
		struct openapi_type *t = o->types[i];

		free(t->id);
		free(t->name);
		free(t->pointer);
		free(t->text);
		free(t->loc);
		free(t->deps->v);
		free(t->deps);
		free(t->direct->v);
		free(t->direct);
		free(t->bad);
		free(t);
	}
	free(o->types);
}
