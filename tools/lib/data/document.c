#include "data/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "data/yaml.h"

static int
refuse_duplicates(const struct document *d, const char *name,
	struct err *err)
{
	const struct json *key = json_duplicate(document_root(d));
	unsigned line, col;

	if (!key)
		return 0;
	document_position(d, key, &line, &col);
	return err_at(err, name, line, col, "duplicate key '%s'",
		json_str(key));
}

static int
parse_json(struct document *d, const char *text, size_t len,
	const char *name, struct err *err)
{
	if (json_parse(d->json, text, len, name, err) < 0)
		return -1;
	d->lines = xmalloc(sizeof(*d->lines));
	lines_init(d->lines, text, len);
	return 0;
}

static int
parse_yaml(struct document *d, const char *text, size_t len,
	const char *name, struct err *err)
{
	struct str out;
	int rc;

	str_init(&out, STR_RECORD);
	rc = yaml_to_json(text, len, name, &out, &d->marks, &d->nmarks, err);
	if (rc == 0)
		rc = json_parse(d->json, str_s(&out), out.len, name, err);
	str_release(&out);
	d->yaml = true;
	return rc;
}

int
document_parse(struct document *d, const char *text, size_t len,
	const char *name, struct err *err)
{
	struct err json_err;
	unsigned line, col;
	size_t i;

	memset(d, 0, sizeof(*d));
	i = utf8_check(text, len);
	if (i != len) {
		text_position(text, len, i, &line, &col);
		return err_at(err, name, line, col, "not valid UTF-8");
	}
	d->json = xcalloc(1, sizeof(*d->json));
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3, len -= 3;
	for (i = 0; i < len && strchr(" \t\r\n", text[i]); i++)
		;
	if (i < len && (text[i] == '{' || text[i] == '[')) {
		if (parse_json(d, text, len, name, err) == 0)
			goto duplicates;
		json_err = *err;
		/* flow YAML such as {a: 1} is rare, but YAML all the same */
		if (parse_yaml(d, text, len, name, err) < 0) {
			document_release(d);
			*err = json_err;
			return -1;
		}
	} else if (parse_yaml(d, text, len, name, err) < 0) {
		document_release(d);
		return -1;
	}
duplicates:
	if (refuse_duplicates(d, name, err) < 0) {
		document_release(d);
		return -1;
	}
	return 0;
}

int
document_read(struct document *d, struct str *text, const char *path,
	struct err *err)
{
	memset(d, 0, sizeof(*d));
	if (io_read(path, text, err) < 0)
		return -1;
	return document_parse(d, str_s(text), text->len, path, err);
}

int
document_share(struct document *d, struct str *text, const char *name,
	struct err *err)
{
	char *path = share_path(name);
	int rc = document_read(d, text, path, err);

	free(path);
	return rc;
}

void
document_release(struct document *d)
{
	if (d->json)
		json_release(d->json);
	if (d->lines)
		lines_release(d->lines);
	free(d->json);
	free(d->lines);
	free(d->marks);
	memset(d, 0, sizeof(*d));
}

const struct json *
document_root(const struct document *d)
{
	return d->json ? json_root(d->json) : NULL;
}

static bool
find_mark(const struct document *d, size_t off, struct document_mark *mark)
{
	size_t lo = 0, hi = d->nmarks, mid;

	while (hi - lo > 1) {
		mid = lo + (hi - lo) / 2;
		if (d->marks[mid].offset <= off)
			lo = mid;
		else
			hi = mid;
	}
	if (d->nmarks)
		*mark = d->marks[lo];
	return d->nmarks != 0;
}

bool
document_origin(const struct document *d, const struct json *v,
	struct document_mark *mark)
{
	size_t off = d->json ? json_offset(d->json, v) : SIZE_MAX;

	if (off == SIZE_MAX)
		return false;
	if (!d->lines)
		return find_mark(d, off, mark);
	memset(mark, 0, sizeof(*mark));
	mark->offset = off;
	/* a string's content starts behind its quote */
	lines_position(d->lines, json_is(v, JSON_STRING) && off ? off - 1 :
		off, &mark->line, &mark->col);
	return true;
}

void
document_position(const struct document *d, const struct json *v,
	unsigned *line, unsigned *col)
{
	struct document_mark mark;
	bool known = document_origin(d, v, &mark);

	*line = known ? mark.line : 1;
	*col = known ? mark.col : 1;
}
