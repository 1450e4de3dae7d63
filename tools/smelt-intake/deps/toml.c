#include "smelt-intake/deps/toml.h"

#include <stdint.h>
#include <string.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"

struct parser {
	struct arena *arena;
	const char *start, *p, *end;
	const char *name;
	struct lines lines;
	struct map members;	/* table's address and key: struct toml */
	struct err *err;
};

static int
fail(struct parser *s, const char *text)
{
	unsigned line, col;

	lines_position(&s->lines, (size_t)(s->p - s->start), &line, &col);
	return err_at(s->err, s->name, line, col, "%s", text);
}

static void
place(struct parser *s, const char *at, unsigned *line, unsigned *col)
{
	lines_position(&s->lines, (size_t)(at - s->start), line, col);
}

static bool
at(const struct parser *s, const char *text)
{
	return mem_starts(s->p, (size_t)(s->end - s->p), text);
}

static void
blanks(struct parser *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t'))
		s->p++;
}

/* Blanks, comments and line ends. */
static void
space(struct parser *s)
{
	for (;;) {
		blanks(s);
		if (s->p < s->end && *s->p == '#')
			while (s->p < s->end && *s->p != '\n')
				s->p++;
		if (s->p < s->end && *s->p == '\n')
			s->p++;
		else if (at(s, "\r\n"))
			s->p += 2;
		else
			return;
	}
}

static int
line_end(struct parser *s)
{
	blanks(s);
	if (s->p < s->end && *s->p == '#')
		while (s->p < s->end && *s->p != '\n')
			s->p++;
	if (s->p == s->end || *s->p == '\n' || at(s, "\r\n"))
		return 0;
	return fail(s, "expected the end of the line");
}

static struct toml *
new_node(struct parser *s, enum toml_type type, const char *from)
{
	struct toml *t = arena_alloc(s->arena, sizeof(*t));

	t->type = type;
	place(s, from, &t->line, &t->col);
	t->end_line = t->line;
	t->end_col = t->col;
	return t;
}

static void
append(struct toml *to, struct toml *t)
{
	if (to->last)
		to->last->next = t;
	else
		to->first = t;
	to->last = t;
}

/* The slot of a member; *t is NULL when it is new. */
static struct map_entry *
member(struct parser *s, const struct toml *table, const char *key,
	size_t len)
{
	struct map_entry *m;
	struct str k;
	bool added;

	str_init(&k, STR_RECORD);
	str_add(&k, &table, sizeof(table));
	str_add(&k, key, len);
	m = map_add(&s->members, k.buf, k.len, &added);
	str_release(&k);
	return m;
}

/* --- strings ---------------------------------------------------------------- */
static int
unicode(struct parser *s, struct str *out, int digits)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < digits; i++, s->p++) {
		int d = s->p < s->end ? hex_digit(*s->p) : -1;

		if (d < 0)
			return fail(s, "wrong escape");
		v = v * 16 + (uint32_t)d;
	}
	if (v == 0 || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return fail(s, "wrong escape");
	utf8_append(out, v);
	return 0;
}

static int
escape(struct parser *s, struct str *out, bool lines)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *hit;
	char c = s->p < s->end ? *s->p : '\0';

	if (c == 'u' || c == 'U') {
		s->p++;
		return unicode(s, out, c == 'u' ? 4 : 8);
	}
	hit = c ? strchr(from, c) : NULL;
	if (hit) {
		str_putc(out, to[hit - from]);
		s->p++;
		return 0;
	}
	if (!lines || !strchr(" \t\r\n", c))
		return fail(s, "wrong escape");
	/* a backslash at the end of a line eats the white space behind */
	while (s->p < s->end && strchr(" \t\r\n", *s->p))
		s->p++;
	return 0;
}

static int
string_body(struct parser *s, struct str *out, const char *quote, bool lines)
{
	bool literal = quote[0] == '\'';
	size_t n = strlen(quote);

	for (;;) {
		if (s->p >= s->end)
			return fail(s, "string is not closed");
		if (at(s, quote)) {
			s->p += n;
			/* up to two quotes may stand before the three */
			while (lines && s->p < s->end && *s->p == quote[0] &&
			    n++ < 5) {
				str_putc(out, quote[0]);
				s->p++;
			}
			return 0;
		}
		if (*s->p == '\n' && !lines)
			return fail(s, "string is not closed");
		if (*s->p == '\\' && !literal) {
			s->p++;
			if (escape(s, out, lines) < 0)
				return -1;
			continue;
		}
		if ((unsigned char)*s->p < 0x20 && !strchr("\t\r\n", *s->p))
			return fail(s, "control byte in a string");
		str_putc(out, *s->p++);
	}
}

/* A string of any of the four kinds, into the arena. */
static int
string(struct parser *s, bool may_span, const char **text, size_t *len)
{
	struct str out;
	bool lines;
	int rc;

	str_init(&out, STR_RECORD);
	lines = may_span && (at(s, "\"\"\"") || at(s, "'''"));
	if (lines) {
		const char *quote = *s->p == '"' ? "\"\"\"" : "'''";

		s->p += 3;
		s->p += at(s, "\r\n") ? 2 : at(s, "\n") ? 1 : 0;
		rc = string_body(s, &out, quote, true);
	} else {
		const char *quote = *s->p == '"' ? "\"" : "'";

		s->p++;
		rc = string_body(s, &out, quote, false);
	}
	if (rc == 0) {
		*text = arena_strndup(s->arena, str_s(&out), out.len);
		*len = out.len;
	}
	str_release(&out);
	return rc;
}

/* --- values ----------------------------------------------------------------- */
static int value(struct parser *s, struct toml **out, int depth);
static int pair(struct parser *s, struct toml *table, int depth);

static int
array(struct parser *s, struct toml *t, int depth)
{
	struct toml *item;

	s->p++;
	for (;;) {
		space(s);
		if (at(s, "]"))
			break;
		if (value(s, &item, depth) < 0)
			return -1;
		append(t, item);
		space(s);
		if (at(s, ","))
			s->p++;
		else if (!at(s, "]"))
			return fail(s, "expected ',' or ']'");
	}
	s->p++;
	return 0;
}

static int
inline_table(struct parser *s, struct toml *t, int depth)
{
	s->p++;
	t->closed = true;
	blanks(s);
	while (!at(s, "}")) {
		if (pair(s, t, depth) < 0)
			return -1;
		blanks(s);
		if (at(s, ",")) {
			s->p++;
			blanks(s);
			if (at(s, "}"))
				return fail(s, "expected a key");
		} else if (!at(s, "}")) {
			return fail(s, "expected ',' or '}'");
		}
	}
	s->p++;
	return 0;
}

/* A number, boolean or date: a run of the characters they are made of. */
static int
other(struct parser *s, struct toml *t)
{
	static const char set[] = "0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ+-_.:";
	const char *from = s->p;

	while (s->p < s->end && *s->p && strchr(set, *s->p))
		s->p++;
	t->len = (size_t)(s->p - from);
	t->text = arena_strndup(s->arena, from, t->len);
	if (t->len && (strchr("0123456789+-", *from) ||
	    strcmp(t->text, "true") == 0 || strcmp(t->text, "false") == 0 ||
	    strcmp(t->text, "inf") == 0 || strcmp(t->text, "nan") == 0))
		return 0;
	s->p = from;
	return fail(s, "expected a value");
}

static int
value(struct parser *s, struct toml **out, int depth)
{
	struct toml *t = new_node(s, TOML_OTHER, s->p);
	int rc;

	*out = t;
	if (depth == 0)
		return fail(s, "nested too deep");
	if (at(s, "\"") || at(s, "'")) {
		t->type = TOML_STRING;
		rc = string(s, true, &t->text, &t->len);
	} else if (at(s, "[")) {
		t->type = TOML_ARRAY;
		t->closed = true;
		rc = array(s, t, depth - 1);
	} else if (at(s, "{")) {
		t->type = TOML_TABLE;
		rc = inline_table(s, t, depth - 1);
	} else {
		rc = other(s, t);
	}
	place(s, s->p, &t->end_line, &t->end_col);
	return rc;
}

/* --- keys ------------------------------------------------------------------- */
static int
key(struct parser *s, const char **text, size_t *len)
{
	static const char bare[] = "0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
	const char *from = s->p;

	blanks(s);
	if (at(s, "\"") || at(s, "'"))
		return string(s, false, text, len);
	from = s->p;
	while (s->p < s->end && *s->p && strchr(bare, *s->p))
		s->p++;
	*len = (size_t)(s->p - from);
	*text = arena_strndup(s->arena, from, *len);
	return *len ? 0 : fail(s, "expected a key");
}

/* The table of that name in table, made when it is not there; of an array of
 * tables the last. */
static struct toml *
subtable(struct parser *s, struct toml *table, const char *name, size_t len,
	const char *from)
{
	struct map_entry *m = member(s, table, name, len);
	struct toml *t = m->value;

	if (!t) {
		t = new_node(s, TOML_TABLE, from);
		t->key = name;
		m->value = t;
		append(table, t);
	} else if (t->type == TOML_ARRAY && t->last &&
	    t->last->type == TOML_TABLE && !t->closed) {
		t = t->last;
	}
	return t->type == TOML_TABLE ? t : NULL;
}

/* "a.b.c": the table that c is to stand in, and c. */
static int
dotted(struct parser *s, struct toml **table, const char **name, size_t *len,
	const char **from, bool header)
{
	int depth;

	for (depth = 0; depth < TOML_DEPTH; depth++) {
		blanks(s);
		*from = s->p;
		if (key(s, name, len) < 0)
			return -1;
		blanks(s);
		if (!at(s, "."))
			return 0;
		s->p++;
		*table = subtable(s, *table, *name, *len, *from);
		if (!*table || ((*table)->closed && !header)) {
			s->p = *from;
			return fail(s, "this key is set already");
		}
	}
	return fail(s, "nested too deep");
}

static int
pair(struct parser *s, struct toml *table, int depth)
{
	struct map_entry *m;
	const char *name, *from;
	struct toml *v;
	size_t len;

	if (dotted(s, &table, &name, &len, &from, false) < 0)
		return -1;
	if (!at(s, "="))
		return fail(s, "expected '='");
	s->p++;
	blanks(s);
	if (value(s, &v, depth) < 0)
		return -1;
	m = member(s, table, name, len);
	if (m->value) {
		s->p = from;
		return fail(s, "this key is set already");
	}
	m->value = v;
	v->key = name;
	place(s, from, &v->line, &v->col);
	append(table, v);
	return 0;
}

static int
open_table(struct parser *s, struct toml *in, const char *name, size_t len,
	const char *from, bool many, struct toml **out)
{
	struct map_entry *m = member(s, in, name, len);
	struct toml *t = m->value;

	if (!many) {
		if (t && t->type != TOML_TABLE)
			t = NULL;
		else
			t = subtable(s, in, name, len, from);
		if (!t || t->closed) {
			s->p = from;
			return fail(s, "this table is there already");
		}
		t->closed = true;
		*out = t;
		return 0;
	}
	if (!t) {
		t = new_node(s, TOML_ARRAY, from);
		t->key = name;
		m->value = t;
		append(in, t);
	}
	if (t->type != TOML_ARRAY || t->closed) {
		s->p = from;
		return fail(s, "this key is set already");
	}
	*out = new_node(s, TOML_TABLE, from);
	(*out)->closed = true;
	append(t, *out);
	return 0;
}

static int
header(struct parser *s, struct toml *root, struct toml **table)
{
	bool many = at(s, "[[");
	struct toml *in = root;
	const char *name, *from;
	size_t len;

	s->p += many ? 2 : 1;
	if (dotted(s, &in, &name, &len, &from, true) < 0)
		return -1;
	if (!at(s, many ? "]]" : "]"))
		return fail(s, "expected ']'");
	s->p += many ? 2 : 1;
	return open_table(s, in, name, len, from, many, table);
}

static int
body(struct parser *s, struct toml *root)
{
	struct toml *table = root;
	int rc;

	for (;;) {
		space(s);
		if (s->p == s->end)
			return 0;
		if (*s->p == '[')
			rc = header(s, root, &table);
		else
			rc = pair(s, table, TOML_DEPTH);
		if (rc < 0 || line_end(s) < 0)
			return -1;
	}
}

int
toml_parse(struct arena *a, const char *text, size_t len, const char *name,
	struct toml **root, struct err *err)
{
	struct parser s = { .arena = a, .start = text, .p = text,
		.end = text + len, .name = name, .err = err };
	size_t bad = utf8_check(text, len);
	int rc;

	lines_init(&s.lines, text, len);
	if (mem_starts(text, len, "\xef\xbb\xbf"))
		s.p += 3;
	*root = new_node(&s, TOML_TABLE, text);
	if (bad != len) {
		s.p = text + bad;
		rc = fail(&s, "not valid UTF-8");
	} else {
		rc = body(&s, *root);
	}
	lines_release(&s.lines);
	map_release(&s.members);
	return rc;
}

const struct toml *
toml_get(const struct toml *t, const char *key_text)
{
	const struct toml *m;

	if (!t || t->type != TOML_TABLE)
		return NULL;
	for (m = t->first; m; m = m->next)
		if (strcmp(m->key, key_text) == 0)
			return m;
	return NULL;
}

const struct toml *
toml_path(const struct toml *t, const char *path)
{
	char part[64];
	size_t n;

	for (; t && *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		if (n >= sizeof(part))
			return NULL;
		memcpy(part, path, n);
		part[n] = '\0';
		t = toml_get(t, part);
	}
	return t;
}

const char *
toml_str(const struct toml *t)
{
	return t && t->type == TOML_STRING ? t->text : NULL;
}
