#include "smelt-intake/documents.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tree/ignore.h"

enum { TOLD = 5 };

int
documents_load(struct documents *d, struct sha256 *h, struct err *err)
{
	char *path = share_path("documents.yaml");
	struct document table;
	struct json_iter it;
	struct str text, aside;
	int rc;

	str_init(&text, STR_LINE * 16);
	str_init(&aside, STR_LINE * 16);
	rc = document_read(&table, &text, path, err);
	if (rc == 0) {
		for (json_each(&it, json_get(document_root(&table), "aside"));
		    json_next(&it); )
			if (json_str(it.value))
				str_addf(&aside, "%s\n", json_str(it.value));
		document_release(&table);
		sha256_add(h, str_s(&text), text.len);
	}
	d->aside = str_detach(&aside);
	str_release(&text);
	free(path);
	return rc;
}

void
documents_release(struct documents *d)
{
	free(d->aside);
	d->aside = NULL;
}

/* --- looking for the root's keys ------------------------------------------ */

struct look {
	const char *p, *end;
};

static bool
take(struct look *l, const char *text)
{
	if (!mem_starts(l->p, (size_t)(l->end - l->p), text))
		return false;
	l->p += strlen(text);
	return true;
}

static void
skip(struct look *l, const char *chars)
{
	while (l->p < l->end && *l->p && strchr(chars, *l->p))
		l->p++;
}

/* Does what stands here say a version that is read? */
static bool
is_version(struct look l, bool swagger)
{
	if (l.p < l.end && (*l.p == '"' || *l.p == '\''))
		l.p++;
	if (!take(&l, swagger ? "2" : "3"))
		return false;
	if (take(&l, ".") && swagger && !take(&l, "0"))
		return false;
	skip(&l, swagger ? "" : "0123456789.");
	return l.p == l.end || strchr("\"' \t\r\n,}#-", *l.p) != NULL;
}

/* "key": or key: at l, with the version behind it */
static bool
is_key(struct look l, bool quoted)
{
	char quote = l.p < l.end ? *l.p : '\0';
	bool swagger;

	if (quote == '"' || quote == '\'')
		l.p++;
	else if (quoted)
		return false;
	else
		quote = '\0';
	swagger = take(&l, "swagger");
	if (!swagger && !take(&l, "openapi"))
		return false;
	if (quote && (l.p == l.end || *l.p++ != quote))
		return false;
	skip(&l, quoted ? " \t\r\n" : " \t");
	if (!take(&l, ":"))
		return false;
	skip(&l, quoted ? " \t\r\n" : " \t");
	return is_version(l, swagger);
}

/* past a string of JSON, at its first quote */
static void
skip_string(struct look *l)
{
	for (l->p++; l->p < l->end && *l->p != '"'; l->p++)
		if (*l->p == '\\' && l->p + 1 < l->end)
			l->p++;
}

static bool
is_json(struct look l)
{
	size_t depth = 0;
	bool name = false;	/* a key may stand here */

	for (; l.p < l.end; l.p++) {
		switch (*l.p) {
		case '{':
		case '[':
			name = ++depth == 1 && *l.p == '{';
			break;
		case '}':
		case ']':
			if (depth <= 1)
				return false;
			depth--;
			break;
		case ',':
			name = depth == 1;
			break;
		case '"':
			if (name && is_key(l, true))
				return true;
			name = false;
			skip_string(&l);
			break;
		default:
			break;
		}
	}
	return false;
}

/* the keys of a root in block style stand at the start of a line */
static bool
is_yaml(struct look l)
{
	const char *nl;
	bool begun = false;

	while (l.p < l.end) {
		if (take(&l, "---") || take(&l, "...")) {
			/* what comes is another document */
			if (begun)
				return false;
		} else if (is_key(l, false)) {
			return true;
		} else if (!strchr("#%\r\n", *l.p)) {
			begun = true;
		}
		nl = memchr(l.p, '\n', (size_t)(l.end - l.p));
		l.p = nl ? nl + 1 : l.end;
	}
	return false;
}

bool
documents_is(const char *text, size_t len)
{
	struct look l = { text, text + len }, start;

	if (len > DOCUMENTS_LOOK)
		l.end = text + DOCUMENTS_LOOK;
	take(&l, "\xef\xbb\xbf");
	start = l;
	skip(&start, " \t\r\n");
	return start.p < start.end && *start.p == '{' ? is_json(start) :
		is_yaml(l);
}

/* --- the files of a tree --------------------------------------------------- */

static bool
is_aside(const struct ignore *rules, const char *path)
{
	struct str lower;
	bool aside;

	str_init(&lower, STR_RECORD);
	for (; *path; path++)
		str_putc(&lower, char_lower(*path));
	aside = ignore_match_deep(rules, str_s(&lower));
	str_release(&lower);
	return aside;
}

static bool
is_data(const struct file *f)
{
	return strcmp(f->language, "json") == 0 ||
		strcmp(f->language, "yaml") == 0;
}

void
documents_mark(const struct documents *d, struct source *s)
{
	struct ignore rules = { 0 };
	size_t i, aside = 0, n = 0;
	struct str names;

	source_sort(s);
	ignore_push(&rules, "", d->aside, strlen(d->aside));
	str_init(&names, STR_RECORD);
	for (i = 0; i < s->nfiles; i++) {
		struct file *f = &s->files[i];

		if (!is_data(f) || !documents_is(f->text, f->size))
			continue;
		if (is_aside(&rules, f->path)) {
			if (aside++ < TOLD)
				str_addf(&names, "%s%s", names.len ? ", " :
					"", f->path);
			continue;
		}
		f->language = "openapi";
		n++;
	}
	if (aside > TOLD)
		str_addf(&names, " and %zu more", aside - TOLD);
	if (n)
		diag_say("%zu OpenAPI document%s", n, n == 1 ? "" : "s");
	if (aside)
		diag_say("OpenAPI documents of tests, examples and other "
			"projects, not read as such (name one to read it): %s",
			str_s(&names));
	str_release(&names);
	ignore_release(&rules);
}
