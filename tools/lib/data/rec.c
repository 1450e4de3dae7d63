#include "data/rec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"

static const char head[] = "{\"kind\":\"";

int
rec_open(struct rec_reader *r, const char *path, struct err *err)
{
	memset(r, 0, sizeof(*r));
	r->fd = STDIN_FILENO;
	if (path && strcmp(path, "-") != 0) {
		r->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (r->fd < 0)
			return err_at(err, path, 0, 0, "cannot open: %s",
				strerror(errno));
	} else {
		path = "<stdin>";
	}
	r->name = xstrdup(path);
	r->buf = xmalloc(sizeof(*r->buf));
	str_init(r->buf, REC_MAX);
	return 0;
}

void
rec_close(struct rec_reader *r)
{
	if (!r->name)
		return;
	if (r->fd != STDIN_FILENO)
		close(r->fd);
	str_release(r->buf);
	free(r->buf);
	free(r->name);
	memset(r, 0, sizeof(*r));
}

/* make room at the end, moving the unread part to the front */
static int
fill(struct rec_reader *r, struct err *err)
{
	struct str *b = r->buf;
	size_t want;
	ssize_t n;
	char *at;

	if (r->pos) {
		memmove(b->buf, b->buf + r->pos, b->len - r->pos);
		b->len -= r->pos;
		r->pos = 0;
	}
	want = b->len < 128 * 1024 ? 128 * 1024 : b->len;
	if (want > b->max - b->len)
		want = b->max - b->len;
	at = want ? str_room(b, want) : NULL;
	if (!at)
		return err_at(err, r->name, r->line + 1, 0,
			"record larger than %zu bytes", b->max);
	do
		n = read(r->fd, at, want);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		int saved = errno;

		str_seal(b);
		return err_at(err, r->name, 0, 0, "cannot read: %s",
			strerror(saved));
	}
	if (n == 0)
		r->eof = true;
	b->len += (size_t)n;
	str_seal(b);
	return 0;
}

static int
kind_by_parse(struct rec_reader *r, struct rec *rec, struct err *err)
{
	struct json_doc doc;
	const char *kind;

	if (rec_parse(r, rec, &doc, err) < 0)
		return -1;
	kind = json_get_str(json_root(&doc), "kind");
	if (!kind || strlen(kind) >= sizeof(rec->kind)) {
		json_release(&doc);
		return err_at(err, r->name, r->line, 0,
			"not a record: no kind");
	}
	memcpy(rec->kind, kind, strlen(kind) + 1);
	json_release(&doc);
	return 0;
}

static int
find_kind(struct rec_reader *r, struct rec *rec, struct err *err)
{
	const char *p = rec->line + sizeof(head) - 1;
	size_t i, n;

	if (!mem_starts(rec->line, rec->len, head))
		return kind_by_parse(r, rec, err);
	n = rec->len - (sizeof(head) - 1);
	for (i = 0; i < n && i < sizeof(rec->kind); i++) {
		if (p[i] == '\\')
			break;
		if (p[i] == '"') {
			memcpy(rec->kind, p, i);
			rec->kind[i] = '\0';
			return 0;
		}
	}
	return kind_by_parse(r, rec, err);
}

int
rec_next(struct rec_reader *r, struct rec *rec, struct err *err)
{
	struct str *b = r->buf;
	size_t seen = 0;
	char *nl;

	for (;;) {
		nl = b->len > r->pos + seen ? memchr(b->buf + r->pos + seen,
			'\n', b->len - r->pos - seen) : NULL;
		if (nl)
			break;
		if (r->eof) {
			if (b->len == r->pos)
				return 0;
			return err_at(err, r->name, r->line + 1, 0,
				"input is cut off: the last line has no end");
		}
		seen = b->len - r->pos;
		if (fill(r, err) < 0)
			return -1;
	}
	rec->line = b->buf + r->pos;
	rec->len = (size_t)(nl - rec->line);
	rec->number = ++r->line;
	r->pos += rec->len + 1;
	return find_kind(r, rec, err) < 0 ? -1 : 1;
}

bool
rec_is(const struct rec *rec, const char *kind)
{
	return strcmp(rec->kind, kind) == 0;
}

int
rec_parse(const struct rec_reader *r, const struct rec *rec,
	struct json_doc *doc, struct err *err)
{
	if (json_parse(doc, rec->line, rec->len, r->name, err) < 0) {
		err->col = err->line == 1 ? err->col : 0;
		err->line = rec->number;
		return -1;
	}
	if (!json_is(json_root(doc), JSON_OBJECT)) {
		json_release(doc);
		return err_at(err, r->name, rec->number, 1,
			"not a record: not an object");
	}
	return 0;
}
