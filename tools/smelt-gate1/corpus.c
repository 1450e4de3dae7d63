#include "smelt-gate1/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "form/finding.h"
#include "form/linehash.h"

struct corpus_store {
	struct json_doc *docs;
	size_t ndocs, docs_cap;
	struct str *texts;		/* decoded base64 */
	size_t ntexts, texts_cap;
	char **masked;
	size_t nmasked, masked_cap;
	struct map by_path;		/* source: index + 1 */
	struct map by_sum;		/* source */
};

static const struct json *
keep(struct corpus_store *s, struct json_doc doc)
{
	s->docs = vec_grow(s->docs, s->ndocs, &s->docs_cap, sizeof(doc));
	s->docs[s->ndocs++] = doc;
	return json_root(&doc);
}

static int
decode(struct corpus_store *s, struct corpus_file *f, const struct json *v)
{
	const struct json *text = json_get(v, "text");
	struct str out;

	f->text = json_str(text);
	f->len = json_len(text);
	if (!f->text || !json_str_is(json_get(v, "encoding"), "base64"))
		return f->text ? 0 : -1;
	str_init(&out, STR_RECORD);
	if (base64_decode(&out, f->text, f->len) < 0) {
		str_release(&out);
		return -1;
	}
	s->texts = vec_grow(s->texts, s->ntexts, &s->texts_cap, sizeof(out));
	s->texts[s->ntexts++] = out;
	f->text = str_s(&out);
	f->len = out.len;
	return 0;
}

static int
add_file(struct corpus *c, const struct json *v, bool emitted)
{
	struct corpus_file f = { 0 };

	f.path = json_get_str(v, "path");
	f.language = json_get_str(v, "language");
	f.sha256 = json_get_str(v, "sha256");
	f.role = json_get_str(v, "role");
	f.emitted = emitted;
	if (!f.path || decode(c->store, &f, v) < 0)
		return -1;
	c->files = vec_grow(c->files, c->nfiles, &c->files_cap, sizeof(f));
	c->files[c->nfiles++] = f;
	if (!emitted)
		map_put(&c->store->by_path, f.path, (void *)c->nfiles);
	if (!emitted && f.sha256)
		map_put(&c->store->by_sum, f.sha256, (void *)c->nfiles);
	return 0;
}

static int
take(struct corpus *c, const struct json *v, const char *kind)
{
	if (strcmp(kind, "file") == 0)
		return add_file(c, v, false);
	if (strcmp(kind, "emit") == 0)
		return add_file(c, v, true);
	if (strcmp(kind, "finding") == 0 || strcmp(kind, "verdict") == 0) {
		if (!json_str_is(json_get(v, "stage"), "gate1"))
			return 0;
		c->own = vec_grow(c->own, c->nown, &c->own_cap,
			sizeof(*c->own));
		c->own[c->nown++] = v;
	} else if (strcmp(kind, "dep") == 0) {
		c->deps = vec_grow(c->deps, c->ndeps, &c->deps_cap,
			sizeof(*c->deps));
		c->deps[c->ndeps++] = v;
	} else if (strcmp(kind, "tool") == 0) {
		c->tools = vec_grow(c->tools, c->ntools, &c->tools_cap,
			sizeof(*c->tools));
		c->tools[c->ntools++] = v;
		return json_get_str(v, "name") ? 0 : -1;
	} else {
		c->source = v;
	}
	return 0;
}

static void
mark_copies(struct corpus *c)
{
	for (size_t i = 0; i < c->nfiles; i++) {
		struct corpus_file *f = &c->files[i];

		f->copy = f->emitted && f->sha256 &&
			map_has(&c->store->by_sum, f->sha256);
	}
}

static int
read_record(struct corpus *c, struct stage *s, const struct rec *rec,
	struct err *err)
{
	struct json_doc doc;

	if (!rec_is(rec, "file") && !rec_is(rec, "emit") &&
	    !rec_is(rec, "dep") && !rec_is(rec, "tool") &&
	    !rec_is(rec, "source") && !rec_is(rec, "finding") &&
	    !rec_is(rec, "verdict"))
		return 0;
	if (stage_parse(s, rec, &doc, err) < 0)
		return -1;
	if (take(c, keep(c->store, doc), rec->kind) < 0)
		return err_at(err, s->reader->name, rec->number, 0,
			"incomplete record of kind '%s'", rec->kind);
	return 0;
}

void
corpus_init(struct corpus *c)
{
	memset(c, 0, sizeof(*c));
	c->store = xcalloc(1, sizeof(*c->store));
}

int
corpus_first(struct corpus *c, struct stage *s, struct err *err)
{
	struct rec rec;
	int rc = stage_next(s, &rec, err);

	return rc == 1 ? read_record(c, s, &rec, err) : rc;
}

int
corpus_read(struct corpus *c, struct stage *s, struct err *err)
{
	struct rec rec;
	int rc;

	while ((rc = stage_next(s, &rec, err)) == 1)
		if (read_record(c, s, &rec, err) < 0)
			return -1;
	mark_copies(c);
	return rc;
}

void
corpus_release(struct corpus *c)
{
	struct corpus_store *s = c->store;

	if (!s)
		return;
	for (size_t i = 0; i < c->nfiles; i++) {
		if (c->files[i].hashes)
			linehash_release(c->files[i].hashes);
		free(c->files[i].hashes);
	}
	for (size_t i = 0; i < s->ndocs; i++)
		json_release(&s->docs[i]);
	for (size_t i = 0; i < s->ntexts; i++)
		str_release(&s->texts[i]);
	for (size_t i = 0; i < s->nmasked; i++)
		free(s->masked[i]);
	free(s->masked);
	free(s->docs);
	free(s->texts);
	map_release(&s->by_path);
	map_release(&s->by_sum);
	free(s);
	free(c->files);
	free(c->deps);
	free(c->tools);
	free(c->own);
	memset(c, 0, sizeof(*c));
}

bool
corpus_is_scanned(const struct corpus *c)
{
	for (size_t i = 0; i < c->nfiles; i++)
		if (!c->files[i].emitted)
			return false;
	for (size_t i = 0; i < c->nown; i++)
		if (json_str_is(json_get(c->own[i], "kind"), "verdict"))
			return true;
	return false;
}

struct corpus_file *
corpus_file(const struct corpus *c, const char *path)
{
	size_t at = (size_t)map_get(&c->store->by_path, path);

	return at ? &c->files[at - 1] : NULL;
}

struct linehash *
corpus_hashes(struct corpus_file *f)
{
	if (!f->hashes) {
		f->hashes = xcalloc(1, sizeof(*f->hashes));
		linehash_init(f->hashes, f->text, f->len);
	}
	return f->hashes;
}

void
corpus_replace(struct corpus *c, struct corpus_file *f, char *text)
{
	struct corpus_store *s = c->store;

	corpus_hashes(f);
	s->masked = vec_grow(s->masked, s->nmasked, &s->masked_cap,
		sizeof(*s->masked));
	s->masked[s->nmasked++] = text;
	f->text = text;
}

void
corpus_context(struct corpus *c, struct findings *fs, struct finding *f,
	struct corpus_file *file)
{
	if (!file)
		file = corpus_file(c, f->loc->file);
	if (!file)
		return;
	finding_context(fs, f, file->text, file->len, corpus_hashes(file));
}
