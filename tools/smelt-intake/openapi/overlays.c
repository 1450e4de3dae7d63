#include "smelt-intake/openapi/overlays.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/overlay.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "sys/url.h"

struct overlay_file {
	char *label;
	char *path;		/* NULL until it is added */
	struct str *bytes;
	char hex[SHA256_HEX + 1];
};

static int
read_file(struct overlay_file *f, const char *name, struct err *err)
{
	const char *base = path_base(name);

	f->label = xstrdup(*name == '/' ? base : name);
	f->bytes = xmalloc(sizeof(*f->bytes));
	str_init(f->bytes, OVERLAY_BYTES);
	if (url_is_http(name))
		return err_at(err, name, 0, 0,
			"an overlay is a file, not a URL");
	if (!path_is_inside(base, strlen(base)))
		return err_at(err, f->label, 0, 0,
			"file name is not UTF-8, or none");
	if (io_read(name, f->bytes, err) < 0)
		return -1;
	sha256_hex(str_s(f->bytes), f->bytes->len, f->hex);
	return 0;
}

int
overlays_open(struct overlays *o, const struct request *q, struct sha256 *h,
	struct err *err)
{
	size_t i;

	if (q->overlays->n > OVERLAY_FILES)
		return err_set(err, "more than %d overlays", OVERLAY_FILES);
	o->list = xcalloc(q->overlays->n + 1, sizeof(*o->list));
	for (i = 0; i < q->overlays->n; i++) {
		o->n++;
		if (read_file(&o->list[i], q->overlays->items[i], err) < 0)
			return -1;
	}
	overlays_digest(o, h);
	return 0;
}

void
overlays_digest(const struct overlays *o, struct sha256 *h)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		sha256_field(h, "overlay");
		sha256_field(h, path_base(o->list[i].label));
		sha256_field(h, o->list[i].hex);
	}
}

void
overlays_release(struct overlays *o)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		if (o->list[i].bytes)
			str_release(o->list[i].bytes);
		free(o->list[i].bytes);
		free(o->list[i].label);
		free(o->list[i].path);
	}
	free(o->list);
	memset(o, 0, sizeof(*o));
}

int
overlays_apply(const struct overlays *o, struct document *d, struct err *err)
{
	struct document overlay;
	size_t i;
	int rc = 0;

	for (i = 0; i < o->n && rc == 0; i++) {
		const struct overlay_file *f = &o->list[i];

		rc = document_parse(&overlay, str_s(f->bytes), f->bytes->len,
			f->label, err);
		if (rc < 0)
			break;
		rc = overlay_apply(d, &overlay, f->label, (unsigned)i + 1,
			diag_warn_err, err);
		document_release(&overlay);
	}
	return rc;
}

const char *
overlays_label(const struct overlays *o, unsigned file, const char *otherwise)
{
	return file && file <= o->n ? o->list[file - 1].label : otherwise;
}

static bool
is_json(const struct overlay_file *f)
{
	return strcmp(path_ext(f->label), "json") == 0;
}

void
overlays_add(struct overlays *o, struct source *s)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		struct overlay_file *f = &o->list[i];
		char *path = xstrdup(path_base(f->label));

		source_sort(s);
		while (source_file(s, path)) {
			f->path = path;
			path = xasprintf("overlays/%zu/%s", i + 1, f->path);
			free(f->path);
		}
		f->path = path;
		source_add_file(s, f->path, is_json(f) ? "json" : "yaml",
			f->bytes);
	}
}

const char *
overlays_path(const struct overlays *o, size_t i)
{
	return o->list[i].path;
}
