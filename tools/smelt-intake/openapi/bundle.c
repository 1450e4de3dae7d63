#include "smelt-intake/openapi/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/source.h"
#include "sys/beneath.h"

struct bundle {
	struct source *source;
	struct map files;	/* paths, the entry first; in reading order */
	const char *label;	/* of the entry */
	const char *entry;
	int dir;
	struct err *err;

	/* the file that is being walked */
	const struct document *d;
	const char *path;
	struct map ids;		/* its $id members */
};

/* What a value is: an object with keywords, names to such, or data. */
enum role { KEYWORDS, NAMES, DATA };

/* "api/openapi.yaml" and "schemas/pet.yaml" give "api/schemas/pet.yaml" */
static void
label_of(const struct bundle *b, const char *path, struct str *out)
{
	size_t head = strlen(b->label), tail = strlen(b->entry);

	if (head >= tail && strcmp(b->label + head - tail, b->entry) == 0)
		str_add(out, b->label, head - tail);
	str_puts(out, path);
}

static int
complain(const struct bundle *b, const struct json *ref, const char *why)
{
	struct document_mark m = { .line = 1, .col = 1 };
	struct str label;

	str_init(&label, STR_LINE);
	document_origin(b->d, ref, &m);
	if (strcmp(b->path, b->entry) == 0)
		str_puts(&label, overlays_label(b->source->overlays, m.file,
			b->label));
	else
		label_of(b, b->path, &label);
	err_at(b->err, str_s(&label), m.line, m.col, "reference '%s' %s",
		json_str(ref), why);
	str_release(&label);
	return -1;
}

static bool
has_scheme(const char *ref)
{
	size_t n = strspn(ref, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	return n && ref[n] == ':' && (ref[0] < '0' || ref[0] > '9');
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

static int
add_file(struct bundle *b, const struct json *ref, const char *target)
{
	struct str path;
	bool added;
	int rc = 0;

	str_init(&path, STR_LINE);
	if (*target == '/' || strchr(target, '\\'))
		rc = complain(b, ref, "is an absolute path");
	else if (!resolve(&path, b->path, target))
		rc = complain(b, ref,
			"leads out of the document's directory");
	else if (b->dir < 0)
		rc = complain(b, ref, "needs the document as a file");
	else
		map_add(&b->files, str_s(&path), path.len, &added);
	if (rc == 0 && b->files.n > BUNDLE_FILES)
		rc = complain(b, ref, "is one file too many");
	str_release(&path);
	return rc;
}

static int
follow(struct bundle *b, const struct json *ref)
{
	const char *text = json_str(ref);
	size_t n = strcspn(text, "#");
	struct str target;
	int rc;

	if (strlen(text) != json_len(ref))
		return complain(b, ref, "has a NUL");
	if (n == 0 || map_find(&b->ids, text, n))
		return 0;
	if (has_scheme(text) || str_starts(text, "//"))
		return complain(b, ref,
			"is remote: only files beside the document are read");
	str_init(&target, STR_LINE);
	percent_decode(&target, text, n);
	if (strlen(str_s(&target)) != target.len)
		rc = complain(b, ref, "has a NUL");
	else
		rc = add_file(b, ref, str_s(&target));
	str_release(&target);
	return rc;
}

static bool
listed(const char *key, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(key, list[i]) == 0)
			return true;
	return false;
}

#define LISTED(key, list) listed(key, list, sizeof(list) / sizeof(*(list)))

static enum role
role_below(const char *key, const struct json *v)
{
	static const char *const data[] = {
		"example", "default", "const", "enum", "value", "mapping"
	};
	static const char *const names[] = {
		"properties", "patternProperties", "$defs", "definitions",
		"dependentSchemas", "schemas", "responses", "requestBodies",
		"headers", "securitySchemes", "links", "callbacks",
		"pathItems", "paths", "webhooks", "content", "encoding",
		"variables", "scopes"
	};

	if (str_starts(key, "x-") || LISTED(key, data))
		return DATA;
	if (strcmp(key, "examples") == 0)
		return json_is(v, JSON_OBJECT) ? NAMES : DATA;
	if (strcmp(key, "parameters") == 0 && json_is(v, JSON_OBJECT))
		return NAMES;
	return LISTED(key, names) ? NAMES : KEYWORDS;
}

static void
gather_ids(struct bundle *b, const struct json *v, int depth)
{
	const char *id = json_get_str(v, "$id");
	struct json_iter it;

	if (id)
		map_put(&b->ids, id, NULL);
	for (json_each(&it, v); depth && json_next(&it); )
		gather_ids(b, it.value, depth - 1);
}

static int
walk(struct bundle *b, const struct json *v, enum role role, int depth)
{
	struct json_iter it;
	const char *key;
	enum role below;
	int rc = 0;

	for (json_each(&it, v); depth && rc == 0 && json_next(&it); ) {
		key = it.key ? json_str(it.key) : NULL;
		if (!key || role == NAMES)
			below = KEYWORDS;
		else
			below = role_below(key, it.value);
		if (key && role == KEYWORDS && strcmp(key, "$ref") == 0 &&
		    json_str(it.value))
			rc = follow(b, it.value);
		else if (below != DATA)
			rc = walk(b, it.value, below, depth - 1);
	}
	return rc;
}

static int
walk_file(struct bundle *b, const struct document *d, const char *path)
{
	int rc;

	b->d = d;
	b->path = path;
	memset(&b->ids, 0, sizeof(b->ids));
	gather_ids(b, document_root(d), JSON_DEPTH);
	rc = walk(b, document_root(d), KEYWORDS, JSON_DEPTH);
	map_release(&b->ids);
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
		rc = walk_file(b, &d, path);
		document_release(&d);
	}
	if (rc == 0)
		source_add_file(b->source, path, NULL, &text);
	str_release(&text);
	str_release(&label);
	return rc;
}

int
bundle_read(struct source *s, const struct document *d, const char *label,
	const char *entry, int dir, struct err *err)
{
	struct bundle b = { .source = s, .label = label, .entry = entry,
		.dir = dir, .err = err };
	size_t i;
	int rc;

	map_put(&b.files, entry, NULL);
	rc = walk_file(&b, d, entry);
	/* reading one may add more */
	for (i = 1; rc == 0 && i < b.files.n; i++) {
		char *path = xstrdup(b.files.entries[i].key);

		rc = read_one(&b, path);
		free(path);
	}
	map_release(&b.files);
	return rc;
}
