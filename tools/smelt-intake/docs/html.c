#include "smelt-intake/docs/html.h"

#include <limits.h>
#include <string.h>

#include <libxml/HTMLparser.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/str.h"

struct writer {
	struct str *out;
	struct str *title;
	size_t start;		/* of this page in out */
	int blank;		/* line ends that are due: 0, 1 or 2 */
	bool space;		/* white space is due */
	bool pre;
};

static bool
is_dropped(const char *name)
{
	static const char *const names[] = { "script", "style", "noscript",
		"template", "svg", "iframe", "object", "embed", "nav",
		"form", "button", "select", "canvas", "audio", "video",
		"head", NULL };

	return str_in(name, names);
}

static bool
is_hidden(xmlNode *n)
{
	xmlChar *style;
	bool hidden = false;
	char *p;

	if (xmlHasProp(n, BAD_CAST "hidden"))
		return true;
	style = xmlGetProp(n, BAD_CAST "style");
	if (style) {
		/* without the blanks that CSS allows */
		char plain[256];
		size_t k = 0;

		for (p = (char *)style; *p && k + 1 < sizeof(plain); p++)
			if (!strchr(" \t\r\n", *p))
				plain[k++] = *p;
		plain[k] = '\0';
		hidden = strstr(plain, "display:none") ||
			strstr(plain, "visibility:hidden");
		xmlFree(style);
	}
	return hidden;
}

static int
breaks(const char *name)
{
	static const char *const lines[] = { "br", "li", "tr", "dt", "dd",
		"div", "section", "article", "header", "footer", "main",
		"aside", "option", NULL };
	static const char *const paragraphs[] = { "p", "h1", "h2", "h3",
		"h4", "h5", "h6", "ul", "ol", "dl", "pre", "table",
		"blockquote", "hr", NULL };

	if (str_in(name, paragraphs))
		return 2;
	return str_in(name, lines) ? 1 : 0;
}

static void
due(struct writer *w, int n)
{
	if (n == 0)
		return;
	if (w->blank < n)
		w->blank = n;
	w->space = false;
}

static void
flush(struct writer *w)
{
	if (w->out->len > w->start) {
		if (w->blank)
			str_add(w->out, "\n\n", (size_t)w->blank);
		else if (w->space)
			str_putc(w->out, ' ');
	}
	w->blank = 0;
	w->space = false;
}

static void
mark(struct writer *w, const char *text)
{
	flush(w);
	str_puts(w->out, text);
}

static void
put_text(struct writer *w, const char *p)
{
	if (w->pre) {
		flush(w);
		str_puts(w->out, p);
		return;
	}
	for (; *p; p++) {
		if (strchr(" \t\r\n\f", *p)) {
			w->space = true;
			continue;
		}
		flush(w);
		str_putc(w->out, *p);
	}
}

static void
open_element(struct writer *w, const char *name)
{
	static const char *const hashes = "######";

	due(w, breaks(name));
	if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2]) {
		flush(w);
		str_add(w->out, hashes, (size_t)(name[1] - '0'));
		w->space = true;
	} else if (strcmp(name, "li") == 0) {
		mark(w, "-");
		w->space = true;
	} else if (strcmp(name, "pre") == 0) {
		mark(w, "```\n");
		w->pre = true;
	} else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) {
		if (w->blank == 0)
			mark(w, " |");
		w->space = true;
	}
}

static void
close_element(struct writer *w, const char *name)
{
	if (strcmp(name, "pre") == 0) {
		w->pre = false;
		if (w->out->len && w->out->buf[w->out->len - 1] != '\n')
			str_putc(w->out, '\n');
		str_puts(w->out, "```");
	}
	due(w, breaks(name));
}

static void
walk(struct writer *w, xmlNode *n, int depth)
{
	const char *name;

	for (; n && depth; n = n->next) {
		if (n->type == XML_TEXT_NODE ||
		    n->type == XML_CDATA_SECTION_NODE) {
			put_text(w, (const char *)n->content);
			continue;
		}
		name = (const char *)n->name;
		if (n->type != XML_ELEMENT_NODE || is_dropped(name) ||
		    is_hidden(n))
			continue;
		/* "br" breaks once, not on both sides */
		if (strcmp(name, "br") == 0) {
			due(w, 1);
			continue;
		}
		open_element(w, name);
		walk(w, n->children, depth - 1);
		close_element(w, name);
	}
}

static void
find_title(struct writer *w, xmlNode *n, int depth)
{
	struct writer t = { .out = w->title };
	xmlNode *c;

	for (; n && depth && !w->title->len; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		if (strcmp((const char *)n->name, "title") == 0)
			for (c = n->children; c; c = c->next)
				if (c->type == XML_TEXT_NODE)
					put_text(&t, (const char *)c->content);
		if (strcmp((const char *)n->name, "body") != 0)
			find_title(w, n->children, depth - 1);
	}
}

int
html_text(const char *page, size_t len, const char *name, struct str *out,
	struct str *title, struct err *err)
{
	struct writer w = { .out = out, .title = title, .start = out->len };
	htmlDocPtr doc;

	if (len > INT_MAX)
		return err_at(err, name, 0, 0, "page too large");
	/* what is valid UTF-8 is UTF-8, whatever the page says of itself */
	doc = htmlReadMemory(page, (int)len, NULL,
		utf8_valid(page, len) ? "UTF-8" : NULL, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
		HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
		HTML_PARSE_COMPACT);
	if (!doc)
		return err_at(err, name, 1, 1, "cannot read this as HTML");
	find_title(&w, xmlDocGetRootElement(doc), 3);
	walk(&w, xmlDocGetRootElement(doc), HTML_DEPTH);
	xmlFreeDoc(doc);
	if (out->len > w.start)
		str_putc(out, '\n');
	return 0;
}
