#include "data/jsonpath.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/jsonpathtree.h"

struct parser {
	struct jsonpath *path;
	const char *text, *at, *end;
	int terms;
	struct err *err;
};

static int
fail(struct parser *p, const char *what)
{
	return err_set(p->err, "JSONPath, character %zu: %s",
		(size_t)(p->at - p->text) + 1, what);
}

static void
blank(struct parser *p)
{
	while (p->at < p->end && strchr(" \t\r\n", *p->at))
		p->at++;
}

static bool
looking_at(const struct parser *p, const char *token)
{
	return mem_starts(p->at, (size_t)(p->end - p->at), token);
}

static bool
take(struct parser *p, const char *token)
{
	if (!looking_at(p, token))
		return false;
	p->at += strlen(token);
	return true;
}

static int
count(struct parser *p)
{
	return ++p->terms > JSONPATH_TERMS ? fail(p, "too many parts") : 0;
}

static bool
name_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80 || (!first && c >= '0' && c <= '9');
}

static int
bare_name(struct parser *p, struct jsonpath_step *step)
{
	const char *begin = p->at;

	while (p->at < p->end && name_char(*p->at, p->at == begin))
		p->at++;
	if (p->at == begin)
		return fail(p, "a name is expected; others than [A-Za-z0-9_] "
			"are written ['so']");
	step->len = (size_t)(p->at - begin);
	step->name = arena_strndup(p->path->memory, begin, step->len);
	return 0;
}

/* 'text' or "text" as the JSON string that it would be */
static int
quoted_json(struct parser *p, struct str *out)
{
	char quote = *p->at++;

	str_putc(out, '"');
	for (; p->at < p->end && *p->at != quote; p->at++) {
		if (*p->at == '"') {
			str_putc(out, '\\');
		} else if (*p->at == '\\' && p->at + 1 < p->end) {
			p->at++;
			if (*p->at != '\'')
				str_putc(out, '\\');
		}
		str_putc(out, *p->at);
	}
	if (p->at == p->end)
		return fail(p, "the string has no end");
	p->at++;
	str_putc(out, '"');
	return 0;
}

/* text, one JSON value, as a value that stays */
static int
add_literal(struct parser *p, const struct str *text, size_t *place)
{
	struct jsonpath *path = p->path;
	struct err ignored;

	path->literals = vec_grow(path->literals, path->nliterals, &path->cap,
		sizeof(*path->literals));
	if (json_parse(&path->literals[path->nliterals], str_s(text),
	    text->len, "", &ignored) < 0)
		return fail(p, "neither string, number, true, false nor null");
	*place = ++path->nliterals;
	return 0;
}

static int
quoted(struct parser *p, size_t *place)
{
	struct str text;
	int rc;

	str_init(&text, STR_LINE);
	rc = quoted_json(p, &text);
	if (rc == 0)
		rc = add_literal(p, &text, place);
	str_release(&text);
	return rc;
}

static int
quoted_name(struct parser *p, struct jsonpath_step *step)
{
	const struct json *v;
	size_t place;

	if (quoted(p, &place) < 0)
		return -1;
	v = json_root(&p->path->literals[place - 1]);
	step->len = json_len(v);
	step->name = arena_strndup(p->path->memory, json_str(v), step->len);
	return 0;
}

static int
number(struct parser *p, struct jsonpath_step *step)
{
	const char *begin = p->at;
	int64_t n = 0;
	bool minus = take(p, "-");

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9' &&
	    n < INT64_C(1000000000))
		n = n * 10 + (*p->at++ - '0');
	if (p->at == begin + minus)
		return fail(p, "a name, an index, * or a filter is expected");
	if (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		return fail(p, "the index is too large");
	blank(p);
	if (looking_at(p, ":"))
		return fail(p, "slices are not supported");
	step->name = NULL;
	step->index = minus ? -n : n;
	return 0;
}

/* what stands in brackets and is no wildcard and no filter */
static int
bracket_step(struct parser *p, struct jsonpath_step *step)
{
	if (looking_at(p, "'") || looking_at(p, "\""))
		return quoted_name(p, step);
	if (looking_at(p, ":"))
		return fail(p, "slices are not supported");
	return number(p, step);
}

static int
path_steps(struct parser *p, struct jsonpath_operand *o)
{
	struct jsonpath_step **last = &o->steps, *step;

	while (looking_at(p, ".") || looking_at(p, "[")) {
		if (count(p) < 0)
			return -1;
		step = arena_alloc(p->path->memory, sizeof(*step));
		memset(step, 0, sizeof(*step));
		*last = step;
		last = &step->next;
		if (looking_at(p, "..") || looking_at(p, ".*") ||
		    looking_at(p, "[*"))
			return fail(p, "in a filter, only paths of names and "
				"indexes are supported");
		if (take(p, ".")) {
			if (bare_name(p, step) < 0)
				return -1;
			continue;
		}
		take(p, "[");
		blank(p);
		if (bracket_step(p, step) < 0)
			return -1;
		blank(p);
		if (!take(p, "]"))
			return fail(p, "']' is expected");
	}
	return 0;
}

static int
plain_literal(struct parser *p, struct jsonpath_operand *o)
{
	const char *begin = p->at;
	struct str text;
	int rc;

	while (p->at < p->end && (name_char(*p->at, false) ||
	    strchr("+-.", *p->at)))
		p->at++;
	if (p->at == begin)
		return fail(p, "a path, a string or a number is expected");
	if (looking_at(p, "("))
		return fail(p, "functions are not supported");
	str_init(&text, STR_LINE);
	str_add(&text, begin, (size_t)(p->at - begin));
	rc = add_literal(p, &text, &o->nliteral);
	str_release(&text);
	return rc;
}

static int
operand(struct parser *p, struct jsonpath_operand *o)
{
	memset(o, 0, sizeof(*o));
	blank(p);
	if (count(p) < 0)
		return -1;
	if (looking_at(p, "@") || looking_at(p, "$")) {
		o->root = *p->at++ == '$';
		return path_steps(p, o);
	}
	if (looking_at(p, "'") || looking_at(p, "\""))
		return quoted(p, &o->nliteral);
	return plain_literal(p, o);
}

static struct jsonpath_expr *
new_expr(struct parser *p, enum jsonpath_op op, struct jsonpath_expr *left)
{
	struct jsonpath_expr *e = arena_alloc(p->path->memory, sizeof(*e));

	memset(e, 0, sizeof(*e));
	e->op = op;
	e->left = left;
	return e;
}

static int parse_or(struct parser *p, struct jsonpath_expr **out, int depth);

static int
comparison(struct parser *p, struct jsonpath_expr **out)
{
	struct jsonpath_expr *e = new_expr(p, OP_EXISTS, NULL);

	*out = e;
	if (operand(p, &e->a) < 0)
		return -1;
	blank(p);
	if (looking_at(p, "<") || looking_at(p, ">") || looking_at(p, "=~"))
		return fail(p, "only == and != are supported");
	if (take(p, "=="))
		e->op = OP_EQUAL;
	else if (take(p, "!="))
		e->op = OP_DIFFER;
	else if (e->a.nliteral)
		return fail(p, "'==' or '!=' is expected");
	return e->op == OP_EXISTS ? 0 : operand(p, &e->b);
}

static int
parse_basic(struct parser *p, struct jsonpath_expr **out, int depth)
{
	blank(p);
	if (depth > JSONPATH_DEPTH)
		return fail(p, "nested too deep");
	if (take(p, "!")) {
		*out = new_expr(p, OP_NOT, NULL);
		return parse_basic(p, &(*out)->left, depth + 1);
	}
	if (!take(p, "("))
		return comparison(p, out);
	if (parse_or(p, out, depth + 1) < 0)
		return -1;
	blank(p);
	return take(p, ")") ? 0 : fail(p, "')' is expected");
}

static int
parse_and(struct parser *p, struct jsonpath_expr **out, int depth)
{
	if (parse_basic(p, out, depth) < 0)
		return -1;
	for (blank(p); take(p, "&&"); blank(p)) {
		*out = new_expr(p, OP_AND, *out);
		if (parse_basic(p, &(*out)->right, depth) < 0)
			return -1;
	}
	return 0;
}

static int
parse_or(struct parser *p, struct jsonpath_expr **out, int depth)
{
	if (parse_and(p, out, depth) < 0)
		return -1;
	for (blank(p); take(p, "||"); blank(p)) {
		*out = new_expr(p, OP_OR, *out);
		if (parse_and(p, &(*out)->right, depth) < 0)
			return -1;
	}
	return 0;
}

static struct jsonpath_selector *
new_selector(struct parser *p)
{
	struct jsonpath_selector *s = arena_alloc(p->path->memory, sizeof(*s));

	memset(s, 0, sizeof(*s));
	return s;
}

static int
bracket_selector(struct parser *p, struct jsonpath_selector *s)
{
	blank(p);
	if (count(p) < 0)
		return -1;
	if (take(p, "*")) {
		s->type = SELECT_ALL;
		return 0;
	}
	if (take(p, "?")) {
		s->type = SELECT_FILTER;
		return parse_or(p, &s->filter, 1);
	}
	if (bracket_step(p, &s->step) < 0)
		return -1;
	s->type = s->step.name ? SELECT_NAME : SELECT_INDEX;
	return 0;
}

static int
brackets(struct parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector **last = &segment->selectors;

	do {
		*last = new_selector(p);
		if (bracket_selector(p, *last) < 0)
			return -1;
		last = &(*last)->next;
		blank(p);
	} while (take(p, ","));
	return take(p, "]") ? 0 : fail(p, "',' or ']' is expected");
}

static int
parse_segment(struct parser *p, struct jsonpath_segment *segment)
{
	struct jsonpath_selector *s;
	bool dot;

	segment->deep = take(p, "..");
	dot = !segment->deep && take(p, ".");
	if (!dot && take(p, "["))
		return brackets(p, segment);
	if (!dot && !segment->deep)
		return fail(p, "'.', '..' or '[' is expected");
	segment->selectors = s = new_selector(p);
	s->type = SELECT_ALL;
	if (take(p, "*"))
		return 0;
	s->type = SELECT_NAME;
	return bare_name(p, &s->step);
}

int
jsonpath_parse(struct jsonpath *path, const char *text, size_t len,
	struct err *err)
{
	struct parser p = { path, text, text, text + len, 0, err };
	struct jsonpath_segment **last = &path->segments;

	memset(path, 0, sizeof(*path));
	path->memory = xcalloc(1, sizeof(*path->memory));
	if (len > JSONPATH_MAX)
		return err_set(err, "JSONPath of more than %d bytes",
			JSONPATH_MAX);
	if (!take(&p, "$"))
		return fail(&p, "'$' is expected");
	for (blank(&p); p.at < p.end; blank(&p)) {
		if (count(&p) < 0)
			return -1;
		*last = arena_alloc(path->memory, sizeof(**last));
		memset(*last, 0, sizeof(**last));
		if (parse_segment(&p, *last) < 0)
			return -1;
		last = &(*last)->next;
	}
	return 0;
}

void
jsonpath_release(struct jsonpath *p)
{
	size_t i;

	for (i = 0; i < p->nliterals; i++)
		json_release(&p->literals[i]);
	free(p->literals);
	arena_release(p->memory);
	free(p->memory);
	memset(p, 0, sizeof(*p));
}
