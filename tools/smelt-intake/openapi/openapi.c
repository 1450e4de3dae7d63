#include "smelt-intake/openapi/openapi.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "data/refs.h"
#include "smelt-intake/lint/lint.h"
#include "smelt-intake/openapi/bundle.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/source.h"

/* Where v stands, for a message. */
struct place {
	const char *file;
	unsigned line, col;
};

struct parsed {
	const struct document *d;
	const char *label;
	const struct overlays *overlays;
};

static struct place
place_of(const struct parsed *p, const struct json *v)
{
	struct document_mark m;
	struct place at = { p->label, 1, 1 };

	if (document_origin(p->d, v, &m))
		at = (struct place){ overlays_label(p->overlays, m.file,
			p->label), m.line, m.col };
	return at;
}

/* "2.0", or 2.0 for want of quotes */
static bool
is_two(const struct json *v)
{
	size_t n;
	const char *number = json_num_text(v, &n);

	return json_str_is(v, "2.0") || (number && mem_is(number, n, "2.0"));
}

static int
check(const struct parsed *p, struct err *err)
{
	const struct json *root = document_root(p->d), *v;
	const char *version;
	struct place at;

	if (!json_is(root, JSON_OBJECT))
		return err_at(err, p->label, 1, 1, "not an OpenAPI document: "
			"the root is %s, not an object", json_type_name(root));
	v = json_get(root, "swagger");
	at = place_of(p, v);
	if (v && is_two(v))
		return 0;
	if (v)
		return err_at(err, at.file, at.line, at.col,
			"Swagger %s is not read, only \"2.0\"",
			json_str(v) ? json_str(v) : json_type_name(v));
	v = json_get(root, "openapi");
	at = place_of(p, v);
	if (!v)
		return err_at(err, p->label, 1, 1,
			"not an OpenAPI document: no key 'openapi'");
	version = json_str(v);
	if (!version)
		return err_at(err, at.file, at.line, at.col,
			"'openapi' is %s, not a string such as \"3.1.0\"",
			json_type_name(v));
	if (refs_minor(v) < 0)
		return err_at(err, at.file, at.line, at.col,
			"OpenAPI %s is not read: 3.0, 3.1 and 3.2 are",
			version);
	return 0;
}

/* A member of info for the source record; a NUL inside would cut it. */
static char *
info_text(const struct document *d, const char *key)
{
	const struct json *v = json_get(json_get(document_root(d), "info"),
		key);

	if (!json_str(v) || strlen(json_str(v)) != json_len(v))
		return NULL;
	return xstrdup(json_str(v));
}

static int
not_empty(const struct str *text, const char *name, struct err *err)
{
	size_t i;

	for (i = 0; i < text->len; i++)
		if (!strchr(" \t\r\n", text->buf[i]) || !text->buf[i])
			return 0;
	return err_at(err, name, 1, 1, "empty document");
}

int
openapi_read(struct source *s, struct str *text, const char *label,
	const char *entry, int dir, struct err *err)
{
	struct document d;
	struct parsed p = { &d, label, s->overlays };
	int rc;

	if (not_empty(text, label, err) < 0)
		return -1;
	if (document_parse(&d, str_s(text), text->len, label, err) < 0)
		return -1;
	rc = check(&p, err);
	if (rc == 0 && s->overlays && s->overlays->n) {
		rc = overlays_apply(s->overlays, &d, err);
		if (rc == 0)
			rc = check(&p, err);
	}
	if (rc == 0)
		rc = bundle_read(s, &d, text, label, entry, dir, err);
	if (rc == 0) {
		s->title = info_text(&d, "title");
		s->version = info_text(&d, "version");
		s->entry = xstrdup(entry);
	}
	if (rc == 0 && lint_wanted(s->lint))
		lint_document(s->lint, &d, s->overlays, label, s->location,
			str_s(text), text->len);
	document_release(&d);
	if (rc == 0)
		source_add_file(s, entry, "openapi", text);
	return rc;
}
