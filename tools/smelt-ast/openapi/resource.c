#include "smelt-ast/openapi/resource.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/uri.h"
#include "data/json.h"
#include "data/refs.h"
#include "smelt-ast/openapi/openapi.h"
#include "smelt-ast/openapi/ref.h"
#include "sys/url.h"

struct anchor {
	char *name, *pointer;
	const struct openapi_resource *of;
	const struct json *value, *key;
};

/* The dynamic anchors that hold from here on, one a name. */
struct scope {
	const struct anchor **v;
	size_t n;
	const char *text;
};

struct openapi_resources {
	struct openapi_resource **v;
	size_t n, cap;
	struct map uris;	/* URI -> resource */
	struct map own;		/* document and URI -> resource */
	struct map schemas;	/* value -> resource */
	struct map places;	/* document and pointer -> resource */
	struct map refs;	/* string inside of one -> resource */
	struct map anchors;	/* URI#name -> anchor */
	bool twice;		/* some name is there twice in a resource */
	struct anchor **dynamic;
	size_t ndynamic, dynamic_cap;
	struct map times;	/* name -> how many dynamic anchors */
	bool several;		/* some name has more than one */
	struct scope scopes[OPENAPI_SCOPES];
	size_t nscopes;
	struct map texts;	/* text of a scope -> its index + 1 */
	struct map said;	/* names that were warned of */
	bool all;
};

/* One document that is looked through. */
struct search {
	struct openapi *o;
	struct openapi_doc *d;
	struct openapi_resource *now;	/* of the last place */
};

void
openapi_resources_init(struct openapi *o)
{
	o->resources = xcalloc(1, sizeof(*o->resources));
	o->resources->nscopes = 1;
	o->resources->scopes[0].text = "";
}

void
openapi_resources_release(struct openapi *o)
{
	struct openapi_resources *s = o->resources;
	size_t i;

	for (i = 0; i < s->anchors.n; i++) {
		struct anchor *a = s->anchors.entries[i].value;

		free(a->name);
		free(a->pointer);
		free(a);
	}
	for (i = 0; i < s->n; i++) {
		free(s->v[i]->uri);
		free(s->v[i]->pointer);
		free(s->v[i]);
	}
	for (i = 0; i < s->nscopes; i++)
		free(s->scopes[i].v);
	map_release(&s->uris);
	map_release(&s->own);
	map_release(&s->schemas);
	map_release(&s->places);
	map_release(&s->refs);
	map_release(&s->anchors);
	map_release(&s->times);
	map_release(&s->texts);
	map_release(&s->said);
	free(s->dynamic);
	free(s->v);
	free(s);
}

/* where a document is, as a URI */
static void
place_of(const struct openapi_doc *d, struct str *out)
{
	static const char plain[] = "%?#";
	const char *p;

	if (d->url) {
		uri_resolve(out, d->url, "", 0);
		url_normal(out);
		return;
	}
	str_puts(out, "artifact:///");
	for (p = d->path; *p; p++) {
		if (strchr(plain, *p))
			str_addf(out, "%%%02X", (unsigned char)*p);
		else
			str_putc(out, *p);
	}
}

/* Two documents may give one name to two things: each means its own. */
static void
name_resource(struct openapi_resources *s, struct openapi_resource *r,
	const char *uri)
{
	struct map_entry *e;
	struct str key;
	bool added;

	e = map_add(&s->uris, uri, strlen(uri), &added);
	if (added)
		e->value = r;
	str_init(&key, STR_LINE);
	str_add(&key, &r->doc, sizeof(r->doc));
	str_puts(&key, uri);
	e = map_add(&s->own, key.buf, key.len, &added);
	if (added)
		e->value = r;
	str_release(&key);
}

/* what uri is in d */
static struct openapi_resource *
named(const struct openapi_resources *s, const struct openapi_doc *d,
	const char *uri)
{
	struct map_entry *e;
	struct str key;

	str_init(&key, STR_LINE);
	str_add(&key, &d, sizeof(d));
	str_puts(&key, uri);
	e = map_find(&s->own, key.buf, key.len);
	str_release(&key);
	return e ? e->value : map_get(&s->uris, uri);
}

static struct openapi_resource *
add_resource(struct openapi *o, struct openapi_doc *d, const char *uri)
{
	struct openapi_resources *s = o->resources;
	struct openapi_resource *r = xcalloc(1, sizeof(*r));
	struct str normal;

	r->uri = xstrdup(uri);
	r->doc = d;
	s->v = vec_grow(s->v, s->n, &s->cap, sizeof(*s->v));
	s->v[s->n++] = r;
	str_init(&normal, STR_LINE);
	str_puts(&normal, uri);
	url_normal(&normal);
	name_resource(s, r, str_s(&normal));
	/* as the walk calls it */
	name_resource(s, r, uri);
	str_release(&normal);
	return r;
}

static void
put_by_value(struct map *m, const struct json *v, void *value)
{
	map_add(m, (const char *)&v, sizeof(v), NULL)->value = value;
}

static void *
get_by_value(const struct map *m, const struct json *v)
{
	struct map_entry *e = map_find(m, (const char *)&v, sizeof(v));

	return e ? e->value : NULL;
}

static void
place_key(struct str *out, const struct openapi_doc *d, const char *pointer,
	size_t n)
{
	str_add(out, &d, sizeof(d));
	str_add(out, pointer, n);
}

static int
see_resource(void *arg, const struct refs_place *at)
{
	struct search *x = arg;
	struct str key;

	x->now = add_resource(x->o, x->d, at->base);
	x->now->value = at->value;
	x->now->key = at->key;
	x->now->pointer = xstrdup(at->pointer);
	x->now->schema = true;
	put_by_value(&x->o->resources->schemas, at->value, x->now);
	str_init(&key, STR_LINE);
	place_key(&key, x->d, at->pointer, strlen(at->pointer));
	map_add(&x->o->resources->places, str_s(&key), key.len,
		NULL)->value = x->now;
	str_release(&key);
	return 0;
}

static void
see_dynamic(struct openapi_resources *s, struct anchor *a)
{
	struct map_entry *e;

	if (s->ndynamic == OPENAPI_DYNAMIC)
		return;
	e = map_add(&s->times, a->name, strlen(a->name), NULL);
	e->value = (void *)((size_t)e->value + 1);
	s->several = s->several || (size_t)e->value > 1;
	s->dynamic = vec_grow(s->dynamic, s->ndynamic, &s->dynamic_cap,
		sizeof(*s->dynamic));
	s->dynamic[s->ndynamic++] = a;
}

static int
see_anchor(void *arg, const struct refs_place *at, const struct json *name,
	bool dynamic)
{
	struct search *x = arg;
	struct openapi_resources *s = x->o->resources;
	struct anchor *a = xcalloc(1, sizeof(*a));
	struct str key;
	bool added;

	a->name = xstrdup(json_str(name));
	a->pointer = xstrdup(at->pointer);
	a->of = named(s, x->d, at->base);
	a->value = at->value;
	a->key = at->key;
	str_init(&key, STR_LINE);
	str_addf(&key, "%s#%s", at->base, a->name);
	map_add(&s->anchors, str_s(&key), key.len, &added);
	/* a second one of a name: under a key that nobody asks for */
	if (!added) {
		s->twice = true;
		str_addf(&key, "#%s#%zu", x->d->path, s->anchors.n);
	}
	map_put(&s->anchors, str_s(&key), a);
	str_release(&key);
	if (dynamic)
		see_dynamic(s, a);
	return 0;
}

static int
see_reference(void *arg, enum refs_kind kind, const struct json *ref,
	const char *base)
{
	struct search *x = arg;
	struct openapi_resource *r;

	(void)kind;
	if (strcmp(base, x->d->resource->uri) == 0)
		return 0;
	r = named(x->o->resources, x->d, base);
	if (r)
		put_by_value(&x->o->resources->refs, ref, r);
	return 0;
}

void
openapi_resources_begin(struct openapi *o)
{
	struct openapi_doc *entry = map_get(o->paths, o->entry);
	struct str place;
	size_t i;

	for (i = 0; i < o->noverlays; i++) {
		struct openapi_doc *d = map_get(o->paths, o->overlays[i]);

		if (entry && d && d->names)
			entry->names = d->named = true;
	}
	for (i = 0; i < o->ndocs; i++) {
		struct openapi_doc *d = o->docs[i];

		if (d->description && !d->url && d->location)
			d->url = xstrdup(d->location);
		if (!d->url)
			continue;
		str_init(&place, STR_LINE);
		place_of(d, &place);
		d->resource = add_resource(o, d, str_s(&place));
		str_release(&place);
	}
}

void
openapi_resources_add(struct openapi *o, struct openapi_doc *d)
{
	struct search x = { .o = o, .d = d };
	struct refs r = { .arg = &x, .ids = true, .reference = see_reference,
		.resource = see_resource, .anchor = see_anchor };
	struct str place, self;

	if (d->named || !(d->names || d->url))
		return;
	d->named = true;
	str_init(&place, STR_LINE);
	str_init(&self, STR_LINE);
	place_of(d, &place);
	if (!d->resource)
		d->resource = add_resource(o, d, str_s(&place));
	if (d->siblings && refs_self(openapi_doc_root(d), str_s(&place),
	    &self))
		d->resource = add_resource(o, d, str_s(&self));
	d->resource->value = openapi_doc_root(d);
	if (!d->resource->pointer)
		d->resource->pointer = xstrdup("");
	if (d->siblings && d->names)
		refs_walk(&r, openapi_doc_root(d), d->resource->uri);
	str_release(&place);
	str_release(&self);
}

void
openapi_resources_all(struct openapi *o)
{
	struct err ignored;
	size_t i;

	if (o->resources->all)
		return;
	o->resources->all = true;
	for (i = 0; i < o->ndocs; i++) {
		struct openapi_doc *d = o->docs[i];

		if (!d->names || d->named)
			continue;
		if (!d->description)
			d->siblings = true;
		if (openapi_doc_read(d, &ignored) == 0)
			openapi_resources_add(o, d);
	}
}

struct openapi_resource *
openapi_resource_of(const struct openapi *o, const struct json *ref)
{
	return o->resources->refs.n ?
		get_by_value(&o->resources->refs, ref) : NULL;
}

struct openapi_resource *
openapi_resource_named(const struct openapi *o, const struct openapi_doc *d,
	const struct json *ref, size_t n)
{
	const struct openapi_resource *from = openapi_resource_of(o, ref);
	struct openapi_resource *r;
	struct str base, uri;

	if (!from)
		from = d->resource;
	str_init(&base, STR_LINE);
	str_init(&uri, STR_LINE);
	if (!from)
		place_of(d, &base);
	uri_resolve(&uri, from ? from->uri : str_s(&base), json_str(ref), n);
	url_normal(&uri);
	r = named(o->resources, d, str_s(&uri));
	str_release(&base);
	str_release(&uri);
	return r;
}

bool
openapi_anchor(const struct openapi *o, const struct openapi_doc *d,
	const struct openapi_resource *r, const char *name,
	struct openapi_target *t)
{
	const struct anchor *a;
	struct str key;

	if (!r)
		r = d->resource;
	if (!r)
		return false;
	str_init(&key, STR_LINE);
	str_addf(&key, "%s#%s", r->uri, name);
	a = map_get(&o->resources->anchors, str_s(&key));
	str_release(&key);
	if (!a)
		return false;
	t->doc = r->doc;
	t->value = a->value;
	t->key = a->key;
	t->pointer = xstrdup(a->pointer);
	return true;
}

bool
openapi_anchors_alone(const struct openapi *o)
{
	const struct openapi_resources *s = o->resources;

	return s->n == 1 && !s->several && !s->twice;
}

/* --- scopes ------------------------------------------------------------- */

static bool
beneath(const char *pointer, const char *top)
{
	size_t n = strlen(top);

	return strncmp(pointer, top, n) == 0 &&
	    (pointer[n] == '/' || !pointer[n]);
}

/* the innermost resource around a place of d */
static const struct openapi_resource *
around(const struct openapi_resources *s, const struct openapi_doc *d,
	const char *pointer)
{
	const struct map_entry *e = NULL;
	size_t n = strlen(pointer);
	struct str key;

	while (!e && n) {
		str_init(&key, STR_LINE);
		place_key(&key, d, pointer, n);
		e = map_find(&s->places, str_s(&key), key.len);
		str_release(&key);
		while (n && pointer[--n] != '/')
			;
	}
	return e ? e->value : d->resource;
}

static const struct anchor *
bound(const struct scope *scope, const char *name)
{
	size_t i;

	for (i = 0; i < scope->n; i++)
		if (strcmp(scope->v[i]->name, name) == 0)
			return scope->v[i];
	return NULL;
}

static size_t
keep(struct openapi_resources *s, struct scope *scope, size_t otherwise)
{
	struct map_entry *e;
	struct str text;
	bool added;
	size_t i;

	str_init(&text, STR_LINE);
	for (i = 0; i < scope->n; i++)
		str_addf(&text, "%s=%s#%s\n", scope->v[i]->name,
			scope->v[i]->of ? scope->v[i]->of->uri : "",
			scope->v[i]->pointer);
	e = map_add(&s->texts, str_s(&text), text.len, &added);
	if (added && s->nscopes < OPENAPI_SCOPES) {
		scope->text = e->key;
		s->scopes[s->nscopes] = *scope;
		e->value = (void *)++s->nscopes;
		scope->v = NULL;
	}
	free(scope->v);
	str_release(&text);
	return e->value ? (size_t)e->value - 1 : otherwise;
}

static size_t
enter(struct openapi *o, size_t scope, const struct openapi_doc *d,
	const char *pointer)
{
	struct openapi_resources *s = o->resources;
	const struct scope *outer = &s->scopes[scope];
	const struct openapi_resource *r = around(s, d, pointer);
	struct scope next = { NULL, outer->n, NULL };
	size_t i;

	next.v = xcalloc(outer->n + s->ndynamic + 1, sizeof(*next.v));
	if (outer->n)
		memcpy(next.v, outer->v, outer->n * sizeof(*next.v));
	for (i = 0; i < s->ndynamic; i++) {
		const struct anchor *a = s->dynamic[i];

		/* of a document, which is no schema, only what is inside */
		if (a->of == r && (size_t)map_get(&s->times, a->name) > 1 &&
		    (r->schema || beneath(a->pointer, pointer)) &&
		    !bound(&next, a->name))
			next.v[next.n++] = a;
	}
	if (next.n == outer->n) {
		free(next.v);
		return scope;
	}
	return keep(s, &next, scope);
}

size_t
openapi_scope_enter(struct openapi *o, size_t scope,
	const struct openapi_target *target)
{
	return o->resources->several ?
		enter(o, scope, target->doc, target->pointer) : 0;
}

size_t
openapi_scope_inside(struct openapi *o, size_t scope,
	const struct json *schema)
{
	const struct openapi_resource *r;

	if (!o->resources->several)
		return 0;
	r = get_by_value(&o->resources->schemas, schema);
	return r ? enter(o, scope, r->doc, r->pointer) : scope;
}

bool
openapi_scope_own(struct openapi *o, size_t scope,
	const struct openapi_target *target)
{
	return scope == openapi_scope_enter(o, 0, target);
}

void
openapi_scope_pick(struct openapi *o, size_t scope, struct openapi_doc *d,
	const struct json *ref, struct openapi_target *t)
{
	struct openapi_resources *s = o->resources;
	const char *name = strchr(json_str(ref), '#');
	const struct anchor *a;
	bool added;
	size_t i;

	if (!s->several || !name || (size_t)map_get(&s->times, ++name) < 2)
		return;
	for (i = 0; i < s->ndynamic; i++)
		if (s->dynamic[i]->value == t->value &&
		    strcmp(s->dynamic[i]->name, name) == 0)
			break;
	if (i == s->ndynamic)
		return;
	map_add(&s->said, name, strlen(name), &added);
	if (added)
		openapi_warn(d, ref, "$dynamicRef '%s' has %zu candidates: "
			"each use gets that of the schema where it begins",
			json_str(ref), (size_t)map_get(&s->times, name));
	a = bound(&s->scopes[scope], name);
	if (!a || !a->of)
		return;
	t->doc = a->of->doc;
	t->value = a->value;
	t->key = a->key;
	t->pointer = a->pointer;
}

const char *
openapi_scope_text(const struct openapi *o, size_t scope)
{
	return o->resources->scopes[scope].text;
}
