#include "smelt-intake/docs/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-intake/docs/doc.h"
#include "smelt-intake/source.h"

static int
load_one(struct catalogue *c, const char *path, struct sha256 *h,
	struct err *err)
{
	struct document *d = xmalloc(sizeof(*d));
	const struct json *root;
	struct str text;
	int rc;

	str_init(&text, STR_LINE);
	rc = document_read(d, &text, path, err);
	if (rc < 0) {
		free(d);
	} else {
		sha256_add(h, str_s(&text), text.len);
		c->entries = vec_grow(c->entries, c->n, &c->cap,
			sizeof(*c->entries));
		c->entries[c->n].d = d;
		c->entries[c->n++].named = false;
		root = document_root(d);
		if (!json_get_str(root, "title") ||
		    !json_get_str(root, "summary") ||
		    !json_size(json_get(root, "aliases")))
			rc = err_at(err, path, 1, 1,
				"needs title, summary and aliases");
	}
	str_release(&text);
	return rc;
}

int
catalogue_load(struct catalogue *c, struct sha256 *h, struct err *err)
{
	char *dir = share_path("catalogue"), **names;
	size_t n, i;
	int rc;

	memset(c, 0, sizeof(*c));
	rc = io_list(dir, ".yaml", &names, &n, err);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = load_one(c, names[i], h, err);
		free(names[i]);
	}
	free(names);
	free(dir);
	return rc;
}

void
catalogue_release(struct catalogue *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		document_release(c->entries[i].d);
		free(c->entries[i].d);
	}
	free(c->entries);
	memset(c, 0, sizeof(*c));
}

static bool
word_char(char c)
{
	c = char_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

/* A blank in the alias is any white space in the text. */
static bool
names(const char *text, size_t len, const char *alias)
{
	size_t n = strlen(alias), i, k;

	for (i = 0; n && i + n <= len; i++) {
		if (i && word_char(text[i - 1]))
			continue;
		for (k = 0; k < n; k++)
			if (alias[k] == ' ' ? !strchr(" \t\r\n", text[i + k]) :
			    char_lower(text[i + k]) != char_lower(alias[k]))
				break;
		if (k == n && (i + n == len || !word_char(text[i + n])))
			return true;
	}
	return false;
}

void
catalogue_match(struct catalogue *c, const char *text, size_t len)
{
	struct json_iter it;
	size_t i;

	for (i = 0; i < c->n; i++)
		for (json_each(&it, json_get(document_root(c->entries[i].d),
		    "aliases")); json_next(&it); )
			if (json_str(it.value) &&
			    names(text, len, json_str(it.value)))
				c->entries[i].named = true;
}

void
catalogue_add(const struct catalogue *c, struct source *s)
{
	const struct json *root;
	struct json_iter it;
	const char *first;
	struct str text;
	size_t i;

	str_init(&text, STR_LINE);
	for (i = 0; i < c->n; i++) {
		if (!c->entries[i].named)
			continue;
		root = document_root(c->entries[i].d);
		first = json_str(json_at(json_get(root, "docs"), 0));
		str_clear(&text);
		str_puts(&text, json_get_str(root, "summary"));
		if (!text.len || text.buf[text.len - 1] != '\n')
			str_putc(&text, '\n');
		for (json_each(&it, json_get(root, "docs")); json_next(&it); )
			if (json_str(it.value))
				str_addf(&text, "Documentation: %s\n",
					json_str(it.value));
		doc_add(s, "text", json_get_str(root, "title"),
			first ? first : "", str_s(&text), text.len);
	}
	str_release(&text);
}

int
catalogue_urls(const struct catalogue *c,
	int (*use)(void *arg, const char *url, struct err *err), void *arg,
	struct err *err)
{
	struct json_iter it;
	size_t i;
	int rc = 0;

	for (i = 0; i < c->n; i++) {
		if (!c->entries[i].named)
			continue;
		for (json_each(&it, json_get(document_root(c->entries[i].d),
		    "docs")); rc == 0 && json_next(&it); )
			if (json_str(it.value))
				rc = use(arg, json_str(it.value), err);
	}
	return rc;
}
