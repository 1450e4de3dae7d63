#include "smelt-intake/openapi/bundle.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/uri.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/refs.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/openapi/remote.h"
#include "smelt-intake/source.h"
#include "sys/beneath.h"
#include "sys/url.h"

/* A reference whose target may yet turn up. */
struct pending {
	char *ref;
	char *uri;
	char *path;			/* the file beside it; NULL: none */
	struct loc at;			/* owns file */
};

struct bundle {
	struct source *source;
	struct map files;	/* paths, the entry first; in reading order */
	size_t read;		/* of files */
	const char *label;	/* of the entry */
	const char *entry;
	int dir;
	bool ids;		/* $id and $self count: 3.1 and later */
	struct map uris;	/* what has been seen */
	struct pending *pending;
	size_t npending, pending_cap;
	struct err *err;

	/* the file that is being walked */
	const struct document *d;
	const char *path;
	const char *place;	/* where it is, as a URI */
	const struct remote *remote;	/* its record; NULL: a file */
	bool fetched;		/* it stands beside no files */
	bool names;		/* it gives URIs to things */
};

/* "api/openapi.yaml" and "schemas/pet.yaml" give "api/schemas/pet.yaml" */
static void
label_of(const struct bundle *b, const char *path, struct str *out)
{
	size_t head = strlen(b->label), tail = strlen(b->entry);

	if (head >= tail && strcmp(b->label + head - tail, b->entry) == 0)
		str_add(out, b->label, head - tail);
	str_puts(out, path);
}

/* at->file is newly allocated */
static void
locate(const struct bundle *b, const struct json *ref, struct loc *at)
{
	struct document_mark m = { .line = 1, .col = 1 };
	struct str label;

	str_init(&label, STR_LINE);
	document_origin(b->d, ref, &m);
	if (b->remote)
		str_puts(&label, b->remote->url);
	else if (strcmp(b->path, b->entry) == 0)
		str_puts(&label, overlays_label(b->source->overlays, m.file,
			b->label));
	else
		label_of(b, b->path, &label);
	*at = (struct loc){ .file = str_detach(&label), .line = m.line,
		.col = m.col };
}

static int
complain_at(const struct bundle *b, const struct loc *at, const char *ref,
	const char *why)
{
	err_at(b->err, at->file, at->line, at->col, "reference '%s' %s",
		ref, why);
	return -1;
}

static int
complain(const struct bundle *b, const struct json *ref, const char *why)
{
	struct loc at;

	locate(b, ref, &at);
	complain_at(b, &at, json_str(ref), why);
	free((void *)(uintptr_t)at.file);
	return -1;
}

/* where a file is, as a URI */
static void
place_of(const struct bundle *b, const char *path, struct str *out)
{
	if (b->remote || (strcmp(path, b->entry) == 0 &&
	    url_is_http(b->label))) {
		uri_resolve(out, b->remote ? b->remote->url : b->label, "",
			0);
		url_normal(out);
		return;
	}
	str_puts(out, "artifact:///");
	for (; *path; path++) {
		if (strchr("%?#", *path))
			str_addf(out, "%%%02X", (unsigned char)*path);
		else
			str_putc(out, *path);
	}
}

/* out = target, taken from the directory of from; false: it leads out */
static bool
resolve(struct str *out, const char *from, const char *target)
{
	const char *slash = strrchr(from, '/');
	size_t n;

	str_add(out, from, slash ? (size_t)(slash - from) : 0);
	for (; *target; target += n + (target[n] == '/')) {
		n = strcspn(target, "/");
		if (n == 0 || mem_is(target, n, "."))
			continue;
		if (mem_is(target, n, "..")) {
			if (out->len == 0)
				return false;
			while (out->len && out->buf[out->len - 1] != '/')
				out->len--;
			out->len -= out->len > 0;
			str_seal(out);
			continue;
		}
		if (out->len)
			str_putc(out, '/');
		str_add(out, target, n);
	}
	return path_is_inside(str_s(out), out->len);
}

/* the path that ref's first n bytes say, or what is wrong with it */
static const char *
path_of(const struct bundle *b, const char *ref, size_t n, struct str *out)
{
	const char *why = NULL;
	struct str target;

	str_init(&target, STR_LINE);
	percent_decode(&target, ref, n);
	if (strlen(str_s(&target)) != target.len)
		why = "has a NUL";
	else if (*str_s(&target) == '/' || strchr(str_s(&target), '\\'))
		why = "is an absolute path";
	else if (!resolve(out, b->path, str_s(&target)))
		why = "leads out of the document's directory";
	else if (b->dir < 0)
		why = "needs the document as a file";
	str_release(&target);
	return why;
}

static const char *
add_file(struct bundle *b, const char *path)
{
	if (remotes_has_path(b->source->remotes, path))
		return "is a file under the name of one that was fetched";
	map_add(&b->files, path, strlen(path), NULL);
	return b->files.n > BUNDLE_FILES ? "is one file too many" : NULL;
}

static int
wait_for(struct bundle *b, const struct json *ref, const char *uri,
	char *path)
{
	struct pending *p;

	if (b->npending == BUNDLE_PENDING) {
		free(path);
		return complain(b, ref, "is one too many that are not found "
			"yet");
	}
	b->pending = vec_grow(b->pending, b->npending, &b->pending_cap,
		sizeof(*b->pending));
	p = &b->pending[b->npending++];
	*p = (struct pending){ xstrdup(json_str(ref)), xstrdup(uri), path,
		{ 0 } };
	locate(b, ref, &p->at);
	return 0;
}

/* a reference by URI, n bytes without its fragment */
static int
follow_uri(struct bundle *b, const struct json *ref, size_t n,
	const char *base)
{
	const char *text = json_str(ref);
	char *beside = NULL;
	struct str uri, path;
	int rc = 0;

	str_init(&uri, STR_LINE);
	str_init(&path, STR_LINE);
	uri_resolve(&uri, base, text, n);
	url_normal(&uri);
	if (!map_find(&b->uris, str_s(&uri), uri.len)) {
		if (!uri_is_absolute(text, n) && !mem_starts(text, n, "//") &&
		    !b->fetched && !path_of(b, text, n, &path))
			beside = xstrdup(str_s(&path));
		rc = wait_for(b, ref, str_s(&uri), beside);
	}
	str_release(&uri);
	str_release(&path);
	return rc;
}

static int
follow(void *arg, enum refs_kind kind, const struct json *ref,
	const char *base)
{
	struct bundle *b = arg;
	const char *text = json_str(ref), *why;
	size_t n = strcspn(text, "#");
	struct str path;

	if (kind == REFS_MAPPING)
		return 0;
	if (strlen(text) != json_len(ref))
		return complain(b, ref, "has a NUL");
	if (n == 0)
		return 0;
	if (b->names || b->fetched || uri_is_absolute(text, n) ||
	    mem_starts(text, n, "//"))
		return follow_uri(b, ref, n, base);
	str_init(&path, STR_LINE);
	why = path_of(b, text, n, &path);
	if (!why)
		why = add_file(b, str_s(&path));
	str_release(&path);
	return why ? complain(b, ref, why) : 0;
}

static void
add_uri(struct bundle *b, const char *text)
{
	struct str uri;

	str_init(&uri, STR_LINE);
	str_puts(&uri, text);
	url_normal(&uri);
	map_add(&b->uris, str_s(&uri), uri.len, NULL);
	str_release(&uri);
}

static int
see_uri(void *arg, const struct refs_place *at)
{
	add_uri(arg, at->base);
	return 0;
}

static int
walk_file(struct bundle *b, const struct document *d, const char *text,
	size_t len, const char *path)
{
	struct refs r = { .arg = b, .reference = follow };
	struct refs ids = { .arg = b, .ids = true, .resource = see_uri };
	struct str place, self;
	int rc;

	str_init(&place, STR_LINE);
	str_init(&self, STR_LINE);
	place_of(b, path, &place);
	b->d = d;
	b->path = path;
	b->place = str_s(&place);
	b->fetched = url_is_http(b->place);
	b->names = b->ids && (refs_names(text, len) ||
		(b->source->overlays && b->source->overlays->n));
	add_uri(b, str_s(&place));
	if (b->names && refs_self(document_root(d), str_s(&place), &self)) {
		add_uri(b, str_s(&self));
		b->place = str_s(&self);
	}
	if (b->names)
		refs_walk(&ids, document_root(d), b->place);
	r.ids = b->names;
	rc = refs_walk(&r, document_root(d), b->place);
	str_release(&place);
	str_release(&self);
	return rc;
}

static int
read_one(struct bundle *b, const char *path)
{
	struct str text, label;
	struct document d;
	int rc;

	str_init(&text, IO_MAX);
	str_init(&label, STR_LINE);
	label_of(b, path, &label);
	rc = beneath_read(b->dir, path, str_s(&label), &text, b->err);
	if (rc == 0)
		rc = document_parse(&d, str_s(&text), text.len,
			str_s(&label), b->err);
	if (rc == 0) {
		rc = walk_file(b, &d, str_s(&text), text.len, path);
		document_release(&d);
	}
	if (rc == 0)
		source_add_file(b->source, path, NULL, &text);
	str_release(&text);
	str_release(&label);
	return rc;
}

/* the files that are known of; reading one may add more */
static int
read_known(struct bundle *b)
{
	int rc = 0;

	for (; rc == 0 && b->read < b->files.n; b->read++) {
		char *path = xstrdup(b->files.entries[b->read].key);

		rc = read_one(b, path);
		free(path);
	}
	return rc;
}

/* Is there such a file, or one with an ending?  A $self often has none. */
static bool
find_beside(const struct bundle *b, const char *path, struct str *out)
{
	static const char *const ends[] = { "", ".yaml", ".json", ".yml" };
	size_t i;
	int fd;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		str_clear(out);
		str_addf(out, "%s%s", path, ends[i]);
		fd = beneath_open(b->dir, str_s(out), O_RDONLY);
		if (fd >= 0) {
			close(fd);
			return true;
		}
	}
	return false;
}

/* what was fetched, kept as a file of the source */
static int
read_remote(struct bundle *b, const struct remote *x)
{
	bool json = strcmp(path_ext(x->path), "json") == 0;
	struct str text;
	struct document d;
	int rc;

	str_init(&text, IO_MAX);
	str_add(&text, str_s(x->bytes), x->bytes->len);
	rc = document_parse(&d, str_s(&text), text.len, x->url, b->err);
	if (rc == 0) {
		b->remote = x;
		rc = walk_file(b, &d, str_s(&text), text.len, x->path);
		b->remote = NULL;
		document_release(&d);
	}
	if (rc == 0) {
		source_add_file(b->source, x->path, json ? "json" : "yaml",
			&text);
		source_located(b->source, x->url);
	}
	str_release(&text);
	return rc;
}

/* What nobody but its server has: whether it is there now, or is wanted. */
static int
settle_url(struct bundle *b, const struct pending *p)
{
	struct remotes *r = b->source->remotes;
	const struct remote *x = remotes_find(r, p->uri);
	bool relative = !uri_is_absolute(p->ref, strlen(p->ref)) &&
		!str_starts(p->ref, "//");

	if (x)
		return read_remote(b, x);
	if (r && r->wanted && remotes_allow(r, p->uri)) {
		remotes_want(r, p->uri);
		return 0;
	}
	if (r && r->lenient)
		return 0;
	if (relative && b->dir < 0 && !url_is_http(p->uri))
		return complain_at(b, &p->at, p->ref, "needs the document as "
			"a file");
	if (relative)
		return complain_at(b, &p->at, p->ref, "needs the document as "
			"a file, or --allow-ref for its URL");
	return complain_at(b, &p->at, p->ref, url_is_http(p->uri) ? "is "
		"remote: only files beside the document are read, and what "
		"--allow-ref names" : "is remote: only files beside the "
		"document are read");
}

/* what nothing has named so far */
static int
settle(struct bundle *b, size_t i)
{
	const struct pending one = b->pending[i], *p = &one;
	const char *why = NULL;
	struct str path;

	if (map_has(&b->uris, p->uri))
		return 0;
	str_init(&path, STR_LINE);
	if (p->path && find_beside(b, p->path, &path))
		why = add_file(b, str_s(&path));
	else if (!p->path || remotes_allow(b->source->remotes, p->uri))
		return settle_url(b, p);
	else
		why = "is no file beside the document, nor has anything that "
			"URI";
	if (why)
		complain_at(b, &p->at, p->ref, why);
	str_release(&path);
	return why ? -1 : read_known(b);
}

/* Those first that may be files beside the document: they say more URIs. */
static int
settle_all(struct bundle *b)
{
	size_t i = 0, k = 0;
	int rc = 0;

	while (rc == 0 && k < b->npending) {
		if (i < b->npending) {
			if (b->pending[i].path)
				rc = settle(b, i);
			i++;
		} else {
			if (!b->pending[k].path)
				rc = settle(b, k);
			k++;
		}
	}
	return rc;
}

static void
bundle_release(struct bundle *b)
{
	size_t i;

	for (i = 0; i < b->npending; i++) {
		free(b->pending[i].ref);
		free(b->pending[i].uri);
		free(b->pending[i].path);
		free((void *)(uintptr_t)b->pending[i].at.file);
	}
	free(b->pending);
	map_release(&b->uris);
	map_release(&b->files);
}

int
bundle_read(struct source *s, const struct document *d,
	const struct str *text, const char *label, const char *entry,
	int dir, struct err *err)
{
	struct bundle b = { .source = s, .label = label, .entry = entry,
		.dir = dir, .err = err, .read = 1 };
	int rc;

	b.ids = refs_minor(json_get(document_root(d), "openapi")) > 0;
	map_put(&b.files, entry, NULL);
	rc = walk_file(&b, d, str_s(text), text->len, entry);
	if (rc == 0)
		rc = read_known(&b);
	if (rc == 0)
		rc = settle_all(&b);
	bundle_release(&b);
	return rc;
}
