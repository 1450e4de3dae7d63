#include "smelt-ast/openapi/openapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/overlay.h"
#include "data/refs.h"
#include "data/stage.h"
#include "smelt-ast/openapi/discriminator.h"
#include "smelt-ast/openapi/documents.h"
#include "smelt-ast/openapi/operation.h"
#include "smelt-ast/openapi/ref.h"
#include "smelt-ast/openapi/resource.h"
#include "smelt-ast/openapi/swagger.h"
#include "smelt-ast/openapi/type.h"
#include "smelt-ast/openapi/unit.h"

enum {
	LATEST = 2,		/* of 3.x, that is known */
	METHOD_LEN = 32
};

void
openapi_init(struct openapi *o)
{
	memset(o, 0, sizeof(*o));
	o->paths = xcalloc(1, sizeof(*o->paths));
	o->refs = xcalloc(1, sizeof(*o->refs));
	o->values = xcalloc(1, sizeof(*o->values));
	o->indexes = xcalloc(1, sizeof(*o->indexes));
	o->ids = xcalloc(1, sizeof(*o->ids));
	o->names = xcalloc(1, sizeof(*o->names));
	openapi_resources_init(o);
	o->locations = xcalloc(1, sizeof(*o->locations));
	o->plain = xcalloc(1, sizeof(*o->plain));
}

static void
map_free(struct map *m)
{
	map_release(m);
	free(m);
}

static void
doc_free(struct openapi_doc *d)
{
	if (d->tree) {
		document_release(d->tree);
		free(d->tree);
	}
	json_release(d->record);
	free(d->record);
	free(d->bad);
	free(d->slug);
	free(d->prefix);
	free(d->path);
	free(d->url);
	free(d);
}

void
openapi_release(struct openapi *o)
{
	size_t i;

	for (i = 0; i < o->nops; i++) {
		free(o->ops[i].place);
		free(o->ops[i].line);
		free(o->ops[i].why);
		free(o->ops[i].duplicate);
		free(o->ops[i].deps->v);
		free(o->ops[i].deps);
	}
	openapi_refs_release(o);
	openapi_resources_release(o);
	openapi_heirs_release(o);
	openapi_types_release(o);
	for (i = 0; i < o->ndocs; i++)
		doc_free(o->docs[i]);
	map_free(o->paths);
	map_free(o->values);
	map_free(o->ids);
	map_free(o->names);
	map_free(o->plain);
	for (i = 0; i < o->locations->n; i++)
		free(o->locations->entries[i].value);
	map_free(o->locations);
	free(o->docs);
	free(o->ops);
	free(o->location);
	free(o->entry);
	for (i = 0; i < o->noverlays; i++)
		free(o->overlays[i]);
	free(o->overlays);
	memset(o, 0, sizeof(*o));
}

static bool
is_http(const char *location)
{
	return location && (str_starts(location, "https://") ||
		str_starts(location, "http://"));
}

/* one of several documents that were named */
static void
add_entry(struct openapi *o, const struct json *entry)
{
	const char *path = json_get_str(entry, "path");
	const char *location = json_get_str(entry, "location");

	if (path && !map_has(o->locations, path))
		map_put(o->locations, path, xstrdup(is_http(location) ?
			location : ""));
}

void
openapi_source(struct openapi *o, const struct json *source)
{
	const char *location = json_get_str(source, "location");
	const char *entry = json_get_str(source, "entry");
	struct json_iter it;

	if (is_http(location) &&
	    json_str_is(json_get(source, "type"), "openapi"))
		o->location = xstrdup(location);
	if (entry)
		o->entry = xstrdup(entry);
	for (json_each(&it, json_get(source, "entries")); json_next(&it); )
		add_entry(o, it.value);
	o->found = !o->entry && !o->locations->n;
	for (json_each(&it, json_get(source, "overlays")); json_next(&it); ) {
		o->overlays = xreallocarray(o->overlays, o->noverlays + 1,
			sizeof(*o->overlays));
		o->overlays[o->noverlays++] = xstrdup(json_str(it.value) ?
			json_str(it.value) : "");
	}
}

void
openapi_add(struct openapi *o, struct json_doc *record)
{
	const struct json *file = json_root(record);
	const struct json *text = json_get(file, "text");
	struct openapi_doc *d = xcalloc(1, sizeof(*d));

	d->set = o;
	d->record = xmalloc(sizeof(*d->record));
	*d->record = *record;
	d->path = xstrdup(json_get_str(file, "path") ?
		json_get_str(file, "path") : "");
	d->description = json_str_is(json_get(file, "language"), "openapi");
	d->location = o->location;
	if (o->locations->n)
		d->location = map_get(o->locations, d->path);
	if (d->location && !*d->location)
		d->location = NULL;
	d->insecure = d->location && str_starts(d->location, "http://");
	if (json_str_is(json_get(file, "encoding"), "utf-8")) {
		d->text = json_str(text);
		d->len = json_len(text);
		d->names = refs_names(d->text, d->len);
	}
	if (json_get_str(file, "location"))
		d->url = xstrdup(json_get_str(file, "location"));
	else if (o->locations->n && d->location)
		d->url = xstrdup(d->location);
	o->docs = vec_grow(o->docs, o->ndocs, &o->docs_cap,
		sizeof(*o->docs));
	o->docs[o->ndocs++] = d;
	map_put(o->paths, d->path, d);
}

/* Change the entry as smelt-intake did, which has told what is odd. */
static int
overlay(struct openapi_doc *d, struct err *err)
{
	const struct openapi *o = d->set;
	struct openapi_doc *with;
	size_t i;

	if (o->noverlays > OPENAPI_OVERLAYS)
		return err_at(err, d->path, 0, 0, "more than %d overlays",
			OPENAPI_OVERLAYS);
	for (i = 0; i < o->noverlays; i++) {
		with = map_get(o->paths, o->overlays[i]);
		if (!with || with == d)
			return err_at(err, o->overlays[i], 0, 0,
				"no such overlay in this artifact");
		if (openapi_doc_read(with, err) < 0 ||
		    overlay_apply(d->tree, with->tree, with->path,
		    (unsigned)i + 1, NULL, err) < 0)
			return -1;
	}
	return 0;
}

/* Kept: what can not be read is not tried a thousand times. */
static int
spoil(struct openapi_doc *d, const struct err *err)
{
	if (!d->bad)
		d->bad = xmalloc(sizeof(*d->bad));
	*d->bad = *err;
	return -1;
}

int
openapi_doc_parse(struct openapi_doc *d, struct err *err)
{
	struct document *tree;

	if (d->bad) {
		*err = *d->bad;
		return -1;
	}
	if (d->tree)
		return 0;
	if (!d->text) {
		err_at(err, d->path, 0, 0, "not UTF-8 text");
		return spoil(d, err);
	}
	tree = xcalloc(1, sizeof(*tree));
	if (document_parse(tree, d->text, d->len, d->path, err) < 0) {
		free(tree);
		return spoil(d, err);
	}
	d->tree = tree;
	return 0;
}

static int
make_ready(struct openapi_doc *d, struct err *err)
{
	if (d->description && d->set->entry &&
	    strcmp(d->set->entry, d->path) == 0 && overlay(d, err) < 0)
		return -1;
	if (!d->description || !swagger_is(document_root(d->tree)))
		return 0;
	d->swagger = true;
	return swagger_convert(d, err);
}

int
openapi_doc_read(struct openapi_doc *d, struct err *err)
{
	if (openapi_doc_parse(d, err) < 0)
		return -1;
	if (d->ready)
		return 0;
	d->ready = true;
	return make_ready(d, err) < 0 ? spoil(d, err) : 0;
}

const struct json *
openapi_doc_root(const struct openapi_doc *d)
{
	return d->tree ? document_root(d->tree) : NULL;
}

static const struct openapi_doc *
overlay_doc(const struct openapi_doc *d, unsigned file)
{
	const struct openapi *o = d->set;

	return file && file <= o->noverlays ?
		map_get(o->paths, o->overlays[file - 1]) : NULL;
}

void
openapi_locate(const struct openapi_doc *d, const struct json *v,
	struct loc *loc)
{
	struct document_mark m = { .line = 1, .col = 1 };
	const struct openapi_doc *from = d;

	document_origin(d->tree, v, &m);
	if (m.file && overlay_doc(d, m.file))
		from = overlay_doc(d, m.file);
	*loc = (struct loc){ from->path, m.line, m.col, m.line, m.col +
		(unsigned)json_len(v) + (from->tree->yaml ? 0 : 2) };
}

int
openapi_at(struct err *err, const struct openapi_doc *d,
	const struct json *v, const char *fmt, ...)
{
	struct loc at = { .file = d->path };
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (v)
		openapi_locate(d, v, &at);
	return err_at(err, at.file, at.line, at.col, "%s", text);
}

void
openapi_warn(const struct openapi_doc *d, const struct json *v,
	const char *fmt, ...)
{
	char text[1024];
	struct err err;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	openapi_at(&err, d, v, "%s", text);
	diag_warn_err(&err);
}

void
openapi_deps_add(struct openapi *o, struct openapi_deps *deps, size_t type)
{
	size_t *stamp = &o->types[type]->stamps[deps->direct];

	if (!deps->stamp)
		deps->stamp = ++o->stamps;
	if (*stamp == deps->stamp)
		return;
	*stamp = deps->stamp;
	deps->v = vec_grow(deps->v, deps->n, &deps->cap, sizeof(*deps->v));
	deps->v[deps->n++] = type;
}

static int
method_of(const struct openapi_doc *d, const char *key)
{
	int i, n = d->minor >= 2 ? OPENAPI_METHODS : OPENAPI_METHODS - 1;

	for (i = 0; i < n; i++)
		if (strcmp(key, openapi_methods[i]) == 0)
			return i;
	return -1;
}

static int
count_id(struct openapi *o, const struct openapi_place *at,
	struct err *err)
{
	const struct json *id = json_get(at->value, "operationId");
	struct map_entry *e;
	struct str key;

	(void)err;
	at->doc->operations++;
	if (!json_is(id, JSON_STRING))
		return 0;
	str_init(&key, STR_RECORD);
	openapi_id_key(at->doc, id, &key);
	e = map_add(o->names, key.buf, key.len, NULL);
	e->value = (void *)((size_t)e->value + 1);
	if ((size_t)e->value == 2)
		openapi_warn(at->item_doc, id, "operationId '%s' is used "
			"twice: those operations go by method and path",
			json_str(id));
	str_release(&key);
	return 0;
}

typedef int visit_fn(struct openapi *, const struct openapi_place *,
	struct err *);

/* Can it be sent, and is it none that a path item has by name? */
static bool
is_other_method(const struct json *name)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *text = json_str(name);
	int i;

	for (i = 0; i < OPENAPI_METHODS; i++)
		if (strcasecmp(text, openapi_methods[i]) == 0)
			return false;
	return *text && strspn(text, token) == json_len(name) &&
		json_len(name) <= METHOD_LEN;
}

/* additionalOperations of at->item */
static int
each_other(struct openapi *o, struct openapi_place *at, visit_fn *visit,
	struct err *err)
{
	const struct json *all = json_get(at->item, "additionalOperations");
	const struct json *first = json_get(at->beside,
		"additionalOperations");
	struct json_iter it;

	if (at->doc->minor < 2 || !json_is(all, JSON_OBJECT))
		return 0;
	for (json_each(&it, all); json_next(&it); ) {
		at->method = OPENAPI_METHODS;
		at->key = it.key;
		at->value = it.value;
		if (json_get(first, json_str(it.key)))
			continue;
		if (is_other_method(it.key)) {
			if (visit(o, at, err) < 0)
				return -1;
		} else if (visit == count_id) {
			openapi_warn(at->item_doc, it.key, "'%s' is no "
				"further method: left out", json_str(it.key));
		}
	}
	return 0;
}

/* those of at->item that at->beside does not have */
static int
each_of_item(struct openapi *o, struct openapi_place *at, visit_fn *visit,
	struct err *err)
{
	struct json_iter member;

	if (!json_is(at->item, JSON_OBJECT))
		return 0;
	for (json_each(&member, at->item); json_next(&member); ) {
		at->method = method_of(at->doc, json_str(member.key));
		at->key = member.key;
		at->value = member.value;
		if (at->method >= 0 &&
		    !json_get(at->beside, json_str(member.key)) &&
		    visit(o, at, err) < 0)
			return -1;
	}
	return each_other(o, at, visit, err);
}

/* call visit for each operation of d, in the document's order */
static int
each_operation(struct openapi *o, struct openapi_doc *d, visit_fn *visit,
	struct err *err)
{
	const struct json *paths = json_get(openapi_doc_root(d), "paths");
	struct openapi_place at = { .doc = d };
	struct json_iter path;

	if (!json_is(paths, JSON_OBJECT) || d->bad)
		paths = NULL;
	for (json_each(&path, paths); json_next(&path); ) {
		if (json_str(path.key)[0] != '/')
			continue;
		at.path = path.key;
		at.item = path.value;
		at.item_doc = d;
		at.beside = NULL;
		if (json_get(path.value, "$ref") && each_of_item(o, &at,
		    visit, err) < 0)
			return -1;
		if (openapi_deref(o, &at.item_doc, &at.item, err) < 0) {
			if (o->refused)
				return -1;
			/* told once, not by each visit */
			if (visit == count_id)
				diag_warn_err(err);
			continue;
		}
		if (at.item != path.value)
			at.beside = path.value;
		if (each_of_item(o, &at, visit, err) < 0)
			return -1;
	}
	return 0;
}

/* Is root an OpenAPI document that we know? */
static int
check_version(struct openapi_doc *d, struct err *err)
{
	const struct json *root = openapi_doc_root(d);
	const struct json *v = json_get(root, "openapi");
	int minor;

	if (!json_is(root, JSON_OBJECT))
		return err_at(err, d->path, 1, 1, "not an OpenAPI document: "
			"the document is %s", json_type_name(root));
	if (d->swagger)
		return 0;
	if (json_get(root, "swagger"))
		return openapi_at(err, d, json_get(root, "swagger"),
			"of Swagger, only version 2.0 is read");
	if (!v)
		return err_at(err, d->path, 1, 1, "not an OpenAPI document: "
			"no member 'openapi'");
	minor = refs_minor(v);
	if (minor < 0)
		return openapi_at(err, d, v, "OpenAPI version '%s' is not "
			"read, only 3.0, 3.1 and 3.2", json_str(v) ?
			json_str(v) : json_type_name(v));
	if (minor > LATEST)
		openapi_warn(d, v, "OpenAPI %s is newer than what is known: "
			"read as 3.%d", json_str(v), LATEST);
	d->minor = minor;
	d->siblings = minor > 0;
	return 0;
}

static void
settle(struct openapi *o, struct openapi_operation *op)
{
	size_t k;

	for (k = 0; !op->why && k < op->deps->n; k++) {
		const struct openapi_type *t = o->types[op->deps->v[k]];

		if (!t->bad)
			continue;
		op->why = xmalloc(sizeof(*op->why));
		*op->why = *t->bad;
	}
	if (op->why) {
		o->counts.dropped++;
		return;
	}
	o->counts.operations++;
	o->counts.deprecated += op->deprecated;
	o->counts.internal += op->internal;
	o->counts.auth += op->auth;
	if (op->place->method < OPENAPI_METHODS)
		o->counts.methods[op->place->method]++;
	else
		o->counts.others++;
}

static void
report(const struct openapi_operation *op)
{
	char *label = openapi_operation_label(op->place);
	struct err err = *op->why;

	snprintf(err.text, sizeof(err.text), "%s is left out: %.900s", label,
		op->why->text);
	diag_warn_err(&err);
	free(label);
}

static void
say_beside(const struct openapi_doc *d)
{
	if (d->beside)
		openapi_warn(d, d->first_beside, "'%s' beside a $ref is "
			"ignored, as OpenAPI 3.0 says%s",
			json_str(d->first_beside), d->beside > 1 ?
			"; so are others" : "");
}

static int
settle_all(struct openapi *o, struct err *err)
{
	size_t i;

	for (i = 0; i < o->nops; i++)
		settle(o, &o->ops[i]);
	if (o->nops && !o->counts.operations && !o->found) {
		*err = *o->ops[0].why;
		return -1;
	}
	for (i = 0; i < o->nops; i++)
		if (o->ops[i].why)
			report(&o->ops[i]);
	for (i = 0; i < o->ntypes; i++)
		o->counts.types += !o->types[i]->bad;
	for (i = 0; i < o->ndocs; i++)
		say_beside(o->docs[i]);
	return 0;
}

/* What a document describes and no tool can be made of, in words. */
static void
say_webhooks(const struct openapi_doc *d)
{
	const struct json *hooks = json_get(openapi_doc_root(d), "webhooks");

	if (json_is(hooks, JSON_OBJECT) && json_size(hooks))
		openapi_warn(d, json_key_of(hooks), "%zu webhook%s left out: "
			"the API calls those, nobody calls them",
			json_size(hooks), json_size(hooks) == 1 ? " is" :
			"s are");
}

/* Read the document, and what it gives names to. */
static int
begin(struct openapi *o, struct openapi_doc *d, struct err *err)
{
	d->plain_ids = o->counts.documents == 1 ||
		(o->entry && strcmp(o->entry, d->path) == 0);
	if (openapi_doc_read(d, err) < 0 || check_version(d, err) < 0)
		return -1;
	openapi_resources_add(o, d);
	return 0;
}

int
openapi_analyse(struct openapi *o, bool code, struct err *err)
{
	size_t i;

	if (o->found)
		documents_choose(o);
	for (i = 0; i < o->ndocs; i++)
		o->counts.documents += o->docs[i]->description;
	openapi_resources_begin(o);
	for (i = 0; i < o->ndocs; i++) {
		struct openapi_doc *d = o->docs[i];

		if (!d->description || begin(o, d, err) == 0)
			continue;
		if (!o->found)
			return -1;
		spoil(d, err);
		diag_warn_err(err);
		o->counts.bad++;
	}
	for (i = 0; i < o->ndocs; i++) {
		if (!o->docs[i]->description || o->docs[i]->bad)
			continue;
		if (each_operation(o, o->docs[i], count_id, err) < 0)
			return -1;
		say_webhooks(o->docs[i]);
	}
	documents_name(o, code);
	for (i = 0; i < o->ndocs; i++) {
		if (!o->docs[i]->description || o->docs[i]->bad)
			continue;
		openapi_check_servers(o->docs[i]);
		if (each_operation(o, o->docs[i], openapi_operation, err) < 0)
			return -1;
	}
	if (openapi_types_finish(o, err) < 0)
		return -1;
	return settle_all(o, err);
}

static int
by_id(const void *a, const void *b)
{
	const struct openapi_type *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static void
write_types(struct openapi *o, struct stage *stage, struct str *line)
{
	struct openapi_type **sorted = xcalloc(o->ntypes + 1, sizeof(*sorted));
	size_t i;

	if (o->ntypes)
		memcpy(sorted, o->types, o->ntypes * sizeof(*sorted));
	qsort(sorted, o->ntypes, sizeof(*sorted), by_id);
	for (i = 0; i < o->ntypes; i++) {
		const struct openapi_type *t = sorted[i];
		struct emit e;

		if (t->bad)
			continue;
		str_clear(line);
		emit_init(&e, line);
		emit_object(&e);
		emit_pair(&e, "kind", "type");
		emit_pair(&e, "id", t->id);
		emit_pair(&e, "name", t->name);
		if (t->base)
			emit_pair(&e, "base", o->types[t->base - 1]->id);
		emit_key(&e, "schema");
		emit_raw(&e, t->text, t->len);
		emit_pair_loc(&e, "loc", t->loc);
		emit_end(&e);
		stage_put(stage, line);
	}
	free(sorted);
}

static void
put_operation(const struct openapi_operation *op, struct str *line)
{
	if (!op->duplicate) {
		str_add(line, op->line, op->len);
		return;
	}
	/* its last member, before the brace */
	str_add(line, op->line, op->len - 1);
	str_puts(line, ",\"duplicate\":");
	json_write_str(line, op->duplicate, strlen(op->duplicate));
	str_putc(line, '}');
}

void
openapi_write(struct openapi *o, struct stage *stage)
{
	struct str line;
	size_t i;

	str_init(&line, STR_RECORD);
	for (i = 0; i < o->ndocs; i++) {
		if (!o->docs[i]->description)
			continue;
		str_clear(&line);
		openapi_unit(o, o->docs[i], &line);
		stage_put(stage, &line);
	}
	write_types(o, stage, &line);
	for (i = 0; i < o->nops; i++) {
		const struct openapi_operation *op = &o->ops[i];

		str_clear(&line);
		if (op->why)
			openapi_operation_invalid(o, op, &line);
		else
			put_operation(op, &line);
		stage_put(stage, &line);
	}
	str_release(&line);
}
