#include "smelt-ast/type/docstring.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum section { TEXT, PARAMS, RETURNS, OTHER };
enum style { GOOGLE, NUMPY, REST };

struct reader {
	struct docstring *d;
	struct arena *arena;
	struct str text;	/* what becomes doc */
	struct str part;	/* of the entry at hand */
	enum section section;
	enum style style;
	bool open;		/* an entry is at hand */
	size_t indent;		/* of the section's entries */
	bool indented;		/* indent is known */
};

static size_t
indent_of(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	return i;
}

static size_t
trimmed(const char *p, size_t n)
{
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
		n--;
	return n;
}

/* one line of text at *p; false at the end */
static bool
next_line(const char **p, const char *end, const char **line, size_t *len)
{
	const char *nl;

	if (*p >= end)
		return false;
	nl = memchr(*p, '\n', (size_t)(end - *p));
	*line = *p;
	*len = trimmed(*p, (size_t)((nl ? nl : end) - *p));
	*p = nl ? nl + 1 : end;
	return true;
}

char *
docstring_clean(const char *text, size_t len, struct arena *arena)
{
	const char *p = text, *end = text + len, *line;
	size_t n, margin = SIZE_MAX, i, cut;
	struct str out;
	bool first = true;
	char *copy;

	while (next_line(&p, end, &line, &n)) {
		i = indent_of(line, n);
		if (!first && i < n && i < margin)
			margin = i;
		first = false;
	}
	str_init(&out, len + 2);
	for (p = text, first = true; next_line(&p, end, &line, &n); ) {
		i = indent_of(line, n);
		cut = first || i < margin ? i : margin;
		if (cut < n)
			str_add(&out, line + cut, n - cut);
		if (out.len)
			str_putc(&out, '\n');
		first = false;
	}
	while (out.len && (out.buf[out.len - 1] == '\n' ||
	    out.buf[out.len - 1] == ' '))
		out.len--;
	copy = arena_strndup(arena, str_s(&out), out.len);
	str_release(&out);
	return copy;
}

void
docstring_release(struct docstring *d)
{
	free(d->params);
	memset(d, 0, sizeof(*d));
}

const struct docstring_param *
docstring_param(const struct docstring *d, const char *name)
{
	for (size_t i = 0; i < d->nparams; i++)
		if (strcmp(d->params[i].name, name) == 0)
			return &d->params[i];
	return NULL;
}

/* --- sections ------------------------------------------------------------------- */

static enum section
section_named(const char *p, size_t n)
{
	static const struct {
		const char *name;
		enum section section;
	} names[] = {
		{ "Args", PARAMS }, { "Arguments", PARAMS },
		{ "Parameters", PARAMS }, { "Params", PARAMS },
		{ "Keyword Args", PARAMS }, { "Keyword Arguments", PARAMS },
		{ "Other Parameters", PARAMS }, { "Returns", RETURNS },
		{ "Return", RETURNS }, { "Yields", RETURNS },
		{ "Raises", OTHER }, { "Throws", OTHER },
		{ "Example", OTHER }, { "Examples", OTHER },
		{ "Note", OTHER }, { "Notes", OTHER }, { "See Also", OTHER },
		{ "References", OTHER }, { "Attributes", OTHER },
		{ "Warns", OTHER }, { "Todo", OTHER }, { "Usage", OTHER },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mem_is(p, n, names[i].name))
			return names[i].section;
	return TEXT;
}

static void
finish(struct reader *r)
{
	struct docstring *d = r->d;
	char *text;

	if (!r->open)
		return;
	text = arena_strndup(r->arena, str_s(&r->part), r->part.len);
	if (r->section == PARAMS && d->nparams)
		d->params[d->nparams - 1].doc = text;
	else if (r->section == RETURNS && *text)
		d->returns = text;
	str_clear(&r->part);
	r->open = false;
}

static void
begin(struct reader *r, enum section section, enum style style)
{
	finish(r);
	r->section = section;
	r->style = style;
	r->indented = false;
	if (section == RETURNS)
		r->open = true;
}

static void
param(struct reader *r, const char *name, size_t len, const char *type,
	size_t type_len)
{
	struct docstring *d = r->d;
	struct docstring_param *a;
	const char *comma;

	while (len && *name == '*')
		name++, len--;
	type_len = trimmed(type, type_len);
	comma = type_len ? memchr(type, ',', type_len) : NULL;
	if (comma && type_len > 10 &&
	    memcmp(type + type_len - 8, "optional", 8) == 0)
		type_len = trimmed(type, (size_t)(comma - type));
	d->params = vec_grow(d->params, d->nparams, &d->cap, sizeof(*a));
	a = &d->params[d->nparams++];
	a->name = arena_strndup(r->arena, name, trimmed(name, len));
	a->type = type_len ? arena_strndup(r->arena, type, type_len) : NULL;
	a->doc = "";
	r->open = true;
	str_clear(&r->part);
}

static void
more(struct reader *r, const char *p, size_t n)
{
	size_t i = indent_of(p, n);

	if (i == n)
		return;
	if (r->part.len)
		str_putc(&r->part, ' ');
	str_add(&r->part, p + i, n - i);
}

/* "name (type): text", "name: text" */
static bool
google_entry(struct reader *r, const char *p, size_t n)
{
	size_t name = 0, i, depth = 0;

	while (name < n && p[name] != ':' && p[name] != '(' && p[name] != ' ')
		name++;
	for (i = name; i < n && (depth || p[i] != ':'); i++) {
		if (p[i] == '(' || p[i] == '[')
			depth++;
		else if (depth && (p[i] == ')' || p[i] == ']'))
			depth--;
		else if (!depth && p[i] != ' ')
			return false;
	}
	if (!name || i >= n)
		return false;
	finish(r);
	depth = i;
	while (depth > name && p[depth - 1] != ')')
		depth--;
	if (depth > name)
		param(r, p, name, strchr(p + name, '(') + 1,
			(size_t)(p + depth - 1 - (strchr(p + name, '(') + 1)));
	else
		param(r, p, name, "", 0);
	more(r, p + i + 1, n - i - 1);
	return true;
}

/* "name : type" or "name" */
static void
numpy_entry(struct reader *r, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n);
	size_t name = colon ? (size_t)(colon - p) : n, skip;

	finish(r);
	skip = colon ? name + 1 : n;
	while (skip < n && p[skip] == ' ')
		skip++;
	param(r, p, name, p + skip, n - skip);
}

/* "int: text" or "text" */
static void
returns_line(struct reader *r, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n);
	size_t i = 0, type;

	if (r->style == GOOGLE && !r->part.len && colon) {
		type = (size_t)(colon - p);
		while (i < type && (p[i] != ' ' || memchr(p, '[', i)))
			i++;
		if (i == type) {
			r->d->returns_type = arena_strndup(r->arena, p, type);
			p = colon + 1;
			n -= type + 1;
		}
	} else if (r->style == NUMPY && !r->part.len && !r->d->returns_type) {
		r->d->returns_type = arena_strndup(r->arena, p, n);
		return;
	}
	more(r, p, n);
}

static void
in_section(struct reader *r, const char *line, size_t n)
{
	size_t indent = indent_of(line, n);

	if (indent == n)
		return;
	if (!r->indented) {
		r->indent = indent;
		r->indented = true;
	}
	if (r->section == RETURNS) {
		returns_line(r, line + indent, n - indent);
	} else if (r->section == PARAMS) {
		if (indent > r->indent)
			more(r, line, n);
		else if (r->style == NUMPY)
			numpy_entry(r, line + indent, n - indent);
		else if (!google_entry(r, line + indent, n - indent))
			more(r, line, n);
	}
}

/* a word that opens a field; others are roles in running text (:attr:`x`) */
static bool
field_word(const char *p, size_t n)
{
	static const char *const words[] = { "param ", "arg ", "parameter ",
		"argument ", "key ", "keyword ", "type ", "raise", "except",
		"return", "rtype", "yield", "ivar ", "var ", "vartype ",
		NULL };

	for (size_t i = 0; words[i]; i++)
		if (mem_starts(p, n, words[i]))
			return true;
	return false;
}

/* ":param int x: text", ":type x: int", ":returns: text", ... */
static bool
rest_field(struct reader *r, const char *p, size_t n)
{
	const char *end = n > 1 ? memchr(p + 1, ':', n - 1) : NULL, *word;
	struct docstring *d = r->d;
	size_t head, name;

	if (!n || (*p != ':' && *p != '@') || !end)
		return false;
	head = (size_t)(end - p);
	if (!field_word(p + 1, head - 1))
		return false;
	for (name = head; name > 1 && p[name - 1] != ' '; )
		name--;
	word = p + 1;
	begin(r, OTHER, REST);
	if ((mem_starts(word, head - 1, "param ") ||
	    mem_starts(word, head - 1, "arg ") ||
	    mem_starts(word, head - 1, "parameter ")) && name > 1) {
		size_t type = (size_t)(memchr(p, ' ', head) ?
			(const char *)memchr(p, ' ', head) - p : 0) + 1;

		r->section = PARAMS;
		param(r, p + name, head - name, p + type,
			name > type ? name - type : 0);
	} else if (mem_starts(word, head - 1, "type ")) {
		for (size_t i = 0; i < d->nparams; i++)
			if (mem_is(p + name, head - name, d->params[i].name)) {
				size_t skip = head + 1 + indent_of(
					p + head + 1, n - head - 1);

				d->params[i].type = arena_strndup(r->arena,
					p + skip, n - skip);
			}
		return true;
	} else if (mem_is(word, head - 1, "rtype")) {
		size_t skip = head + 1 + indent_of(p + head + 1, n - head - 1);

		d->returns_type = arena_strndup(r->arena, p + skip, n - skip);
		return true;
	} else if (mem_starts(word, head - 1, "return")) {
		r->section = RETURNS;
		r->open = true;
	}
	more(r, p + head + 1, n - head - 1);
	return true;
}

static bool
dashes(const char *p, size_t n)
{
	size_t i = indent_of(p, n), start = i;

	while (i < n && (p[i] == '-' || p[i] == '='))
		i++;
	return i == n && n - start >= 3;
}

static bool
starts_section(struct reader *r, const char *line, size_t n, const char *p,
	const char *end)
{
	enum section section;
	const char *under;
	size_t len;

	if (indent_of(line, n))
		return false;
	if (n > 1 && line[n - 1] == ':') {
		section = section_named(line, n - 1);
		if (section != TEXT)
			begin(r, section, GOOGLE);
		return section != TEXT;
	}
	if (!next_line(&p, end, &under, &len) || !dashes(under, len))
		return false;
	section = section_named(line, n);
	begin(r, section == TEXT ? OTHER : section, NUMPY);
	return true;
}

static void
text_line(struct reader *r, const char *line, size_t n)
{
	if (mem_starts(line, n, ".. deprecated::") ||
	    mem_starts(line, n, "Deprecated") ||
	    mem_starts(line, n, "DEPRECATED"))
		r->d->deprecated = true;
	str_add(&r->text, line, n);
	str_putc(&r->text, '\n');
}

static void
lines(struct reader *r, const char *p, const char *end)
{
	const char *line;
	size_t n;
	bool blank = false;

	while (next_line(&p, end, &line, &n)) {
		if (starts_section(r, line, n, p, end)) {
			if (r->style == NUMPY && next_line(&p, end, &line, &n))
				continue;
		} else if (rest_field(r, line, n)) {
			continue;
		} else if (r->section == TEXT ||
		    (r->style != NUMPY && n && !indent_of(line, n) &&
		    (blank || r->style == GOOGLE))) {
			/* text again, behind a section */
			begin(r, TEXT, GOOGLE);
			text_line(r, line, n);
		} else if (r->style == REST) {
			if (r->open)
				more(r, line, n);
		} else {
			in_section(r, line, n);
		}
		blank = n == 0;
	}
	finish(r);
}

void
docstring_parse(struct docstring *d, const char *text, size_t len,
	struct arena *arena)
{
	char *clean = docstring_clean(text, len, arena), *c;
	struct reader r = { .d = d, .arena = arena };
	const char *para;

	memset(d, 0, sizeof(*d));
	str_init(&r.text, len + 64);
	str_init(&r.part, len * 2 + 64);
	lines(&r, clean, clean + strlen(clean));
	while (r.text.len && r.text.buf[r.text.len - 1] == '\n')
		r.text.len--;
	if (r.text.len) {
		str_seal(&r.text);
		d->doc = arena_strndup(arena, str_s(&r.text), r.text.len);
		para = strstr(d->doc, "\n\n");
		c = arena_strndup(arena, d->doc, para ?
			(size_t)(para - d->doc) : strlen(d->doc));
		d->title = c;
		for (; *c; c++)
			if (*c == '\n')
				*c = ' ';
	}
	str_release(&r.text);
	str_release(&r.part);
}
