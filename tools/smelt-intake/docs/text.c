#include "smelt-intake/docs/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/docs/doc.h"
#include "smelt-intake/docs/html.h"
#include "smelt-intake/source.h"

void
page_release(struct page *p)
{
	if (p->bytes)
		str_release(p->bytes);
	if (p->media_type)
		str_release(p->media_type);
	free(p->bytes);
	free(p->media_type);
	free(p->label);
	memset(p, 0, sizeof(*p));
}

static const char *
type_of(const struct page *p)
{
	const char *media = p->media_type ? str_s(p->media_type) : "";
	const char *ext = path_ext(p->label), *at = str_s(p->bytes);

	if (strncasecmp(media, "text/html", 9) == 0 ||
	    strncasecmp(media, "application/xhtml+xml", 21) == 0)
		return "html";
	if (strncasecmp(media, "text/markdown", 13) == 0)
		return "markdown";
	if (strcasecmp(ext, "html") == 0 || strcasecmp(ext, "htm") == 0)
		return "html";
	if (strcasecmp(ext, "md") == 0 || strcasecmp(ext, "markdown") == 0)
		return "markdown";
	at += strspn(at, " \t\r\n");
	if (strncasecmp(at, "<!doctype html", 14) == 0 ||
	    strncasecmp(at, "<html", 5) == 0)
		return "html";
	return "text";
}

static int
check(const struct page *p, const char *text, size_t len, struct err *err)
{
	size_t bad = utf8_check(text, len), i;
	unsigned line, col;

	if (bad != len || memchr(text, '\0', len)) {
		if (bad == len)
			bad = strlen(text);
		text_position(text, len, bad, &line, &col);
		return err_at(err, p->label, line, col, utf8_valid(text, len) ?
			"a NUL byte: not a text" : "not valid UTF-8");
	}
	for (i = 0; i < len; i++)
		if (!strchr(" \t\r\n\f", text[i]))
			return 0;
	return err_at(err, p->label, 1, 1, "empty text");
}

/* "# Title" on the first line that is not empty */
static void
markdown_title(const char *text, struct str *title)
{
	text += strspn(text, " \t\r\n");
	if (*text != '#')
		return;
	text += strspn(text, "#");
	text += strspn(text, " \t");
	str_add(title, text, strcspn(text, "\r\n"));
}

static int
add(struct source *s, const struct page *p, const char *title,
	struct err *err)
{
	const char *type = type_of(p), *text = str_s(p->bytes);
	size_t len = p->bytes->len;
	struct str readable, own;
	int rc = 0;

	str_init(&readable, STR_RECORD);
	str_init(&own, STR_LINE);
	if (strcmp(type, "html") == 0) {
		rc = html_text(text, len, p->label, &readable, &own, err);
		text = str_s(&readable);
		len = readable.len;
	} else {
		if (mem_starts(text, len, "\xef\xbb\xbf"))
			text += 3, len -= 3;
		if (strcmp(type, "markdown") == 0)
			markdown_title(text, &own);
	}
	if (rc == 0)
		rc = check(p, text, len, err);
	if (!title)
		title = own.len ? str_s(&own) : path_base(p->label);
	if (rc == 0)
		doc_add(s, type, title, p->label, text, len);
	str_release(&readable);
	str_release(&own);
	return rc;
}

int
text_read(struct source *s, const struct page *p, struct err *err)
{
	return add(s, p, "description", err);
}

int
text_add_page(struct source *s, const struct page *p, struct err *err)
{
	return add(s, p, NULL, err);
}
