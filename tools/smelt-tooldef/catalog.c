#include "smelt-tooldef/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "smelt-tooldef/shape.h"

enum { ALIASES = 32 };

void
catalog_init(struct catalog *c)
{
	memset(c, 0, sizeof(*c));
	c->types = xcalloc(1, sizeof(*c->types));
}

void
catalog_release(struct catalog *c)
{
	size_t i;

	for (i = 0; i < c->types->n; i++) {
		struct type *t = c->types->entries[i].value;

		shape_free(t->shapes[0]);
		shape_free(t->shapes[1]);
		free(t);
	}
	map_release(c->types);
	free(c->types);
	for (i = 0; i < c->ndocs; i++) {
		json_release(c->docs[i]);
		free(c->docs[i]);
	}
	free(c->docs);
	free(c->callables);
	free(c->texts);
	free(c->units);
	memset(c, 0, sizeof(*c));
}

static int
take_type(struct catalog *c, const struct json *v, const struct rec *rec,
	struct err *err)
{
	const char *id = json_get_str(v, "id");
	struct type *t;

	if (!id || !json_get(v, "schema"))
		return err_at(err, "artifact", rec->number, 1,
			"type record without id or schema");
	if (map_has(c->types, id))
		return err_at(err, "artifact", rec->number, 1,
			"second type '%s'", id);
	t = xcalloc(1, sizeof(*t));
	t->id = id;
	t->schema = json_get(v, "schema");
	t->base = json_get_str(v, "base");
	map_put(c->types, id, t);
	return 0;
}

static int
check_callable(const struct json *v, const struct rec *rec, struct err *err)
{
	static const char *const needed[] = { "id", "type", "unit", "loc",
		"parameters", "auth", "visibility", "effects", NULL };
	size_t i;

	for (i = 0; needed[i]; i++)
		if (!json_get(v, needed[i]))
			return err_at(err, "artifact", rec->number, 1,
				"callable record without '%s'", needed[i]);
	return 0;
}

static int
keep(struct catalog *c, const struct json *v, const struct rec *rec,
	struct err *err)
{
	if (rec_is(rec, "type"))
		return take_type(c, v, rec, err);
	if (rec_is(rec, "source")) {
		c->source = v;
	} else if (rec_is(rec, "unit")) {
		c->units = vec_grow(c->units, c->nunits, &c->units_cap,
			sizeof(*c->units));
		c->units[c->nunits++] = v;
	} else if (rec_is(rec, "doc")) {
		c->texts = vec_grow(c->texts, c->ntexts, &c->texts_cap,
			sizeof(*c->texts));
		c->texts[c->ntexts++] = v;
	} else {
		c->callables = vec_grow(c->callables, c->ncallables,
			&c->callables_cap, sizeof(*c->callables));
		c->callables[c->ncallables++] = v;
		c->routes += json_str_is(json_get(v, "type"), "route");
		return check_callable(v, rec, err);
	}
	return 0;
}

int
catalog_take(struct catalog *c, const struct stage *s,
	const struct rec *rec, struct err *err)
{
	struct json_doc *doc;

	if (!rec_is(rec, "type") && !rec_is(rec, "source") &&
	    !rec_is(rec, "doc") && !rec_is(rec, "callable") &&
	    !(c->wants_units && rec_is(rec, "unit")))
		return 0;
	doc = xcalloc(1, sizeof(*doc));
	if (stage_parse(s, rec, doc, err) < 0) {
		free(doc);
		return -1;
	}
	c->docs = vec_grow(c->docs, c->ndocs, &c->docs_cap,
		sizeof(*c->docs));
	c->docs[c->ndocs++] = doc;
	return keep(c, json_root(doc), rec, err);
}

void
catalog_add(struct catalog *c, struct json_doc *doc)
{
	c->docs = vec_grow(c->docs, c->ndocs, &c->docs_cap,
		sizeof(*c->docs));
	c->docs[c->ndocs++] = doc;
	c->callables = vec_grow(c->callables, c->ncallables,
		&c->callables_cap, sizeof(*c->callables));
	c->callables[c->ncallables++] = json_root(doc);
}

bool
catalog_is_text(const struct catalog *c)
{
	return json_str_is(json_get(c->source, "type"), "text");
}

struct type *
catalog_type(const struct catalog *c, const struct json *ref)
{
	static const char head[] = "#/$defs/";
	const char *text = json_str(ref);

	if (!text || !str_starts(text, head))
		return NULL;
	return map_get(c->types, text + sizeof(head) - 1);
}

const struct json *
catalog_schema(const struct catalog *c, const struct type *t, bool output)
{
	const struct type *base = output ? map_get(c->types, t->base) : NULL;

	return base ? base->schema : t->schema;
}

static const struct json *
follow(const struct catalog *c, const struct json *v, bool output)
{
	const struct type *t;
	int i;

	for (i = 0; i < ALIASES; i++) {
		if (json_size(v) != 1 || !json_is(v, JSON_OBJECT))
			return v;
		t = catalog_type(c, json_get(v, "$ref"));
		if (!t)
			return v;
		v = catalog_schema(c, t, output);
	}
	return v;
}

const struct json *
catalog_follow(const struct catalog *c, const struct json *v)
{
	return follow(c, v, false);
}

const struct json *
catalog_answer(const struct catalog *c, const struct json *v)
{
	return follow(c, v, true);
}
