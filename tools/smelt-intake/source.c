#include "smelt-intake/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/stage.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/docs/doc.h"
#include "smelt-intake/language.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/request.h"

void
source_init(struct source *s, const struct request *q,
	const struct languages *languages)
{
	memset(s, 0, sizeof(*s));
	s->dirty = -1;
	s->languages = languages;
	s->max_file = q->max_file ? (uint64_t)q->max_file :
		UINT64_C(1024) * 1024;
	s->max_total = q->max_total ? (uint64_t)q->max_total :
		UINT64_C(256) * 1024 * 1024;
}

void
source_release(struct source *s)
{
	size_t i;

	for (i = 0; i < s->nfiles; i++) {
		free(s->files[i].path);
		free(s->files[i].location);
		free(s->files[i].text);
	}
	for (i = 0; i < s->nomitted; i++)
		free(s->omitted[i].path);
	for (i = 0; i < s->ndeps; i++)
		dep_release(&s->deps[i]);
	for (i = 0; i < s->ndocs; i++)
		doc_release(&s->docs[i]);
	for (i = 0; i < s->nentries; i++) {
		free(s->entries[i].path);
		free(s->entries[i].location);
		free(s->entries[i].title);
		free(s->entries[i].version);
	}
	free(s->entries);
	free(s->files);
	free(s->omitted);
	free(s->deps);
	free(s->docs);
	free(s->name);
	free(s->title);
	free(s->version);
	free(s->location);
	free(s->entry);
	free(s->revision);
	memset(s, 0, sizeof(*s));
}

static bool
is_lock(const char *path)
{
	static const char *const names[] = {
		"package-lock.json", "npm-shrinkwrap.json", "yarn.lock",
		"pnpm-lock.yaml", "uv.lock", "poetry.lock", "Pipfile.lock",
		"go.sum", "Cargo.lock", "Gemfile.lock", "composer.lock"
	};
	const char *base = strrchr(path, '/');
	size_t i;

	base = base ? base + 1 : path;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(base, names[i]) == 0)
			return true;
	return false;
}

/* such a file is hardly anything but an OpenAPI document */
static bool
is_document(const char *path)
{
	static const char *const exts[] = { "json", "yaml", "yml", NULL };
	const char *base = path_base(path);

	return str_in(path_ext(path), exts) && (strstr(base, "openapi") ||
		strstr(base, "swagger"));
}

uint64_t
source_max(const struct source *s, const char *path)
{
	return (is_lock(path) || is_document(path)) &&
		s->max_file < LOCK_MAX ? LOCK_MAX : s->max_file;
}

const char *
source_refuses(struct source *s, const char *path, uint64_t size)
{
	if (size > source_max(s, path))
		return "size";
	if (size > s->max_total - s->bytes || s->nfiles >= SOURCE_FILES) {
		s->truncated = true;
		return "limit";
	}
	return NULL;
}

void
source_add_file(struct source *s, const char *path, const char *language,
	struct str *text)
{
	struct file *f;

	s->files = vec_grow(s->files, s->nfiles, &s->files_cap,
		sizeof(*s->files));
	f = &s->files[s->nfiles++];
	memset(f, 0, sizeof(*f));
	f->path = xstrdup(path);
	f->language = language ? language : languages_of(s->languages, path,
		str_s(text), text->len);
	f->size = text->len;
	sha256_hex(str_s(text), text->len, f->sha256);
	/* what was read may have room for much more */
	f->text = text->buf ? xreallocarray(str_detach(text), f->size + 1,
		1) : xstrdup("");
	s->bytes += f->size;
}

void
source_located(struct source *s, const char *location)
{
	s->files[s->nfiles - 1].location = xstrdup(location);
}

void
source_omit(struct source *s, const char *path, const char *reason,
	int64_t bytes)
{
	struct omitted *o;

	s->omitted = vec_grow(s->omitted, s->nomitted, &s->omitted_cap,
		sizeof(*s->omitted));
	o = &s->omitted[s->nomitted++];
	o->path = xstrdup(path);
	o->reason = reason;
	o->bytes = bytes;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path,
		((const struct file *)b)->path);
}

const struct file *
source_file(const struct source *s, const char *path)
{
	size_t lo = 0, hi = s->nfiles, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = strcmp(s->files[mid].path, path);
		if (c == 0)
			return &s->files[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static int
by_omitted(const void *a, const void *b)
{
	return strcmp(((const struct omitted *)a)->path,
		((const struct omitted *)b)->path);
}

void
source_sort(struct source *s)
{
	if (s->nfiles)
		qsort(s->files, s->nfiles, sizeof(*s->files), by_path);
	if (s->nomitted)
		qsort(s->omitted, s->nomitted, sizeof(*s->omitted),
			by_omitted);
	if (s->ndeps)
		qsort(s->deps, s->ndeps, sizeof(*s->deps), dep_order);
}

void
source_digest(const struct source *s, char out[72])
{
	struct sha256 h;
	size_t i;

	sha256_init(&h);
	for (i = 0; i < s->nfiles; i++) {
		sha256_field(&h, s->files[i].path);
		sha256_field(&h, s->files[i].sha256);
	}
	for (i = 0; i < s->ndocs; i++) {
		sha256_field(&h, s->docs[i].location);
		sha256_field(&h, s->docs[i].text);
	}
	memcpy(out, "sha256:", 7);
	sha256_final_hex(&h, out + 7);
}

static void
put_omitted(struct emit *e, const struct source *s)
{
	size_t i;

	emit_key(e, "omitted");
	emit_array(e);
	for (i = 0; i < s->nomitted && i < SOURCE_LISTED; i++) {
		const struct omitted *o = &s->omitted[i];

		emit_object(e);
		emit_pair(e, "path", o->path);
		emit_pair(e, "reason", o->reason);
		if (o->bytes >= 0)
			emit_pair_int(e, "bytes", o->bytes);
		emit_end(e);
	}
	emit_end(e);
	emit_pair_int(e, "omittedTotal", (int64_t)s->nomitted);
}

static void
put_entries(struct emit *e, const struct source *s)
{
	size_t i;

	if (!s->nentries)
		return;
	emit_key(e, "entries");
	emit_array(e);
	for (i = 0; i < s->nentries; i++) {
		const struct source_entry *n = &s->entries[i];

		emit_object(e);
		emit_pair(e, "path", n->path);
		emit_pair(e, "location", n->location);
		emit_pair(e, "title", n->title);
		emit_pair(e, "version", n->version);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_overlays(struct emit *e, const struct source *s)
{
	size_t i;

	if (!s->overlays || !s->overlays->n)
		return;
	emit_key(e, "overlays");
	emit_array(e);
	for (i = 0; i < s->overlays->n; i++)
		emit_str(e, overlays_path(s->overlays, i));
	emit_end(e);
}

static void
put_source(struct str *line, const struct source *s)
{
	struct emit e;
	char digest[72];

	source_digest(s, digest);
	emit_init(&e, line);
	emit_object(&e);
	emit_pair(&e, "kind", "source");
	emit_pair(&e, "type", s->type);
	emit_pair(&e, "name", s->name);
	emit_pair(&e, "title", s->title);
	emit_pair(&e, "version", s->version);
	emit_pair(&e, "location", s->location);
	emit_pair(&e, "entry", s->entry);
	put_entries(&e, s);
	put_overlays(&e, s);
	emit_pair(&e, "revision", s->revision);
	if (s->dirty >= 0)
		emit_pair_bool(&e, "dirty", s->dirty);
	emit_pair(&e, "digest", digest);
	emit_pair_int(&e, "files", (int64_t)s->nfiles);
	emit_pair_int(&e, "bytes", (int64_t)s->bytes);
	put_omitted(&e, s);
	emit_pair_bool(&e, "truncated", s->truncated);
	emit_end(&e);
}

static void
put_file(struct str *line, const struct file *f)
{
	bool utf8 = utf8_valid(f->text, f->size);
	struct emit e;
	struct str encoded;

	emit_init(&e, line);
	emit_object(&e);
	emit_pair(&e, "kind", "file");
	emit_pair(&e, "path", f->path);
	emit_pair(&e, "location", f->location);
	emit_pair(&e, "language", f->language);
	emit_pair_int(&e, "size", (int64_t)f->size);
	emit_pair(&e, "sha256", f->sha256);
	emit_pair(&e, "encoding", utf8 ? "utf-8" : "base64");
	emit_key(&e, "text");
	if (utf8) {
		emit_strn(&e, f->text, f->size);
	} else {
		str_init(&encoded, STR_RECORD);
		base64_encode(&encoded, f->text, f->size);
		emit_strn(&e, str_s(&encoded), encoded.len);
		str_release(&encoded);
	}
	emit_end(&e);
}

void
source_write(struct source *s, struct stage *stage)
{
	struct str line;
	size_t i;

	source_sort(s);
	str_init(&line, STR_RECORD);
	put_source(&line, s);
	stage_put(stage, &line);
	for (i = 0; i < s->nfiles; i++) {
		str_clear(&line);
		put_file(&line, &s->files[i]);
		stage_put(stage, &line);
	}
	for (i = 0; i < s->ndeps; i++) {
		str_clear(&line);
		dep_record(&line, &s->deps[i]);
		stage_put(stage, &line);
	}
	for (i = 0; i < s->ndocs; i++) {
		str_clear(&line);
		doc_record(&line, &s->docs[i]);
		stage_put(stage, &line);
	}
	str_release(&line);
}

static void
say_omitted(const struct source *s, struct str *out)
{
	static const char *const reasons[] = {
		"ignored", "binary", "size", "symlink", "special", "limit",
		"not-utf8-path"
	};
	size_t r, i, n;

	for (r = 0; r < sizeof(reasons) / sizeof(reasons[0]); r++) {
		n = 0;
		for (i = 0; i < s->nomitted; i++)
			n += strcmp(s->omitted[i].reason, reasons[r]) == 0;
		if (n)
			str_addf(out, "%s%zu %s", out->len ? ", " : "", n,
				reasons[r]);
	}
}

void
source_say(const struct source *s)
{
	struct str left;

	str_init(&left, STR_LINE);
	say_omitted(s, &left);
	diag_say("%s: %zu file%s, %llu bytes, %zu dependenc%s, %zu document%s",
		s->type, s->nfiles, s->nfiles == 1 ? "" : "s",
		(unsigned long long)s->bytes, s->ndeps,
		s->ndeps == 1 ? "y" : "ies", s->ndocs,
		s->ndocs == 1 ? "" : "s");
	if (left.len)
		diag_say("left out: %s", str_s(&left));
	if (s->truncated)
		diag_warn("the source is larger than the limits: cut");
	str_release(&left);
}
