#include "smelt-tooldef/words/manual.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/toolname.h"
#include "smelt-tooldef/words/lexicon.h"
#include "smelt-tooldef/words/phrase.h"
#include "smelt-tooldef/words/words.h"

struct search {
	struct catalog *c;
	const struct lexicon *l;
	const struct json *doc;		/* the record with the words */
	const char *text;
	struct map names;
	size_t found;
};

static void
put_schema(struct emit *e, const struct phrase_argument *a)
{
	bool array = a->list &&
		!json_str_is(json_get(a->schema, "type"), "array");
	size_t i;

	if (array) {
		emit_object(e);
		emit_pair(e, "type", "array");
		emit_key(e, "items");
	}
	if (a->nchoices) {
		emit_object(e);
		emit_pair(e, "type", "string");
		emit_key(e, "enum");
		emit_array(e);
		for (i = 0; i < a->nchoices; i++)
			emit_str(e, a->choices[i]);
		emit_end(e);
		emit_end(e);
	} else if (a->schema) {
		emit_json(e, a->schema);
	} else {
		emit_raw(e, "{\"type\":\"string\"}", 17);
	}
	if (array)
		emit_end(e);
}

static void
put_parameter(struct emit *e, const struct phrase_argument *a)
{
	emit_object(e);
	emit_pair(e, "name", a->name);
	emit_pair(e, "in", "argument");
	emit_pair_bool(e, "required", !a->optional);
	emit_key(e, "schema");
	put_schema(e, a);
	emit_key(e, "doc");
	emit_strn(e, a->words, a->words_len);
	emit_pair(e, "kind", "keyword");
	emit_end(e);
}

static void
put_place(const struct search *s, const struct phrase *p, struct emit *e)
{
	size_t len = json_len(json_get(s->doc, "text"));
	struct loc loc = { .file = json_get_str(s->doc, "location") };

	if (!loc.file || !*loc.file)
		loc.file = "description";
	text_position(s->text, len, p->from, &loc.line, &loc.col);
	text_position(s->text, len, p->to, &loc.end_line, &loc.end_col);
	emit_pair(e, "unit", loc.file);
	emit_pair_loc(e, "loc", &loc);
}

static void
put_callable(const struct search *s, const struct phrase *p,
	const char *name, struct str *out)
{
	const char *title = json_get_str(s->doc, "title");
	struct emit e;
	struct str id;
	size_t i;

	str_init(&id, STR_LINE);
	str_addf(&id, "%s#%s", title ? title : "description", name);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "callable");
	emit_pair(&e, "id", str_s(&id));
	emit_pair(&e, "type", "function");
	emit_pair(&e, "name", name);
	emit_key(&e, "doc");
	emit_strn(&e, s->text + p->said, p->to - p->said);
	put_place(s, p, &e);
	emit_key(&e, "parameters");
	emit_array(&e);
	for (i = 0; i < p->nargs; i++)
		put_parameter(&e, &p->args[i]);
	emit_end(&e);
	emit_key(&e, "auth");
	emit_raw(&e, "{\"required\":false,\"requirements\":[]}", 36);
	emit_pair(&e, "visibility", "public");
	emit_key(&e, "effects");
	emit_raw(&e, "[]", 2);
	emit_pair(&e, "manual", p->class);
	emit_end(&e);
	str_release(&id);
}

static void
add(struct search *s, const struct phrase *p)
{
	struct catalog *c = s->c;
	struct json_doc *doc;
	struct str name, text;
	struct err err;
	bool added;

	str_init(&name, STR_LINE);
	str_init(&text, STR_RECORD);
	str_puts(&name, p->name);
	if (name.len > toolname_limit(c->server)) {
		while (name.len > toolname_limit(c->server) ||
		    name.buf[name.len - 1] == '_')
			name.len--;
		str_seal(&name);
	}
	map_add(&s->names, str_s(&name), name.len, &added);
	if (added && s->found < MANUAL_TOOLS) {
		put_callable(s, p, str_s(&name), &text);
		doc = xcalloc(1, sizeof(*doc));
		if (json_parse(doc, text.buf, text.len, "description",
		    &err) == 0) {
			catalog_add(c, doc);
			s->found++;
		} else {
			free(doc);
		}
	}
	str_release(&name);
	str_release(&text);
}

static void
search(struct search *s, const struct json *doc)
{
	const struct json *text = json_get(doc, "text");
	struct words w = { 0 };
	struct phrases all = { 0 };
	size_t pos = 0, i;

	s->doc = doc;
	s->text = json_str(text);
	while (s->text && words_next(&w, s->text, json_len(text), &pos))
		phrases_find(&all, s->l, &w, s->text);
	for (i = 0; i < all.n; i++)
		add(s, &all.v[i]);
	phrases_release(&all);
	words_release(&w);
}

int
manual_find(struct catalog *c, const struct lexicon *l, struct err *err)
{
	struct search s = { .c = c, .l = l };
	const char *file = "description";
	size_t i;

	for (i = 0; i < c->ntexts; i++) {
		const struct json *doc = c->texts[i];

		if (c->ntexts > 1 && !json_str_is(json_get(doc, "title"),
		    "description"))
			continue;
		if (json_get_str(doc, "location"))
			file = json_get_str(doc, "location");
		search(&s, doc);
	}
	map_release(&s.names);
	if (!s.found)
		return err_at(err, file, 1, 1, "no sentence says what a tool "
			"does; write one a line, as in '- find_book: finds "
			"books, takes a title and a limit'");
	return 0;
}
