#include "data/yaml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"

/* a finished (or open) anchored node: a slice of the output */
struct anchor {
	size_t start, end;		/* bytes of out */
	size_t mark_start, mark_end;
	size_t nodes;
	bool open;
	struct anchor *older;		/* of the same name; may be open */
};

struct frame {
	bool mapping;
	bool key;		/* the next node is a key */
	bool empty;
	struct anchor *anchor;
	size_t nodes_before;
};

struct reader {
	yaml_parser_t parser;
	const char *name;
	struct err *err;
	struct str *out;
	struct document_mark *marks;
	size_t nmarks, cap;
	struct frame stack[JSON_DEPTH + 1];
	int depth;
	struct map anchors;
	size_t nodes;
	size_t alias_nodes, alias_bytes;
	bool root;		/* a document was read */
};

static int
fail(struct reader *r, const yaml_mark_t *m, const char *what)
{
	return err_at(r->err, r->name, (unsigned)m->line + 1,
		(unsigned)m->column + 1, "%s", what);
}

static void
mark(struct reader *r, const yaml_mark_t *m, size_t offset)
{
	struct document_mark *k;

	r->marks = vec_grow(r->marks, r->nmarks, &r->cap, sizeof(*r->marks));
	k = &r->marks[r->nmarks++];
	memset(k, 0, sizeof(*k));
	k->offset = offset;
	k->line = (unsigned)m->line + 1;
	k->col = (unsigned)m->column + 1;
}

/* the separator before a node; tells whether the node is a key */
static bool
before(struct reader *r)
{
	struct frame *f = r->depth ? &r->stack[r->depth - 1] : NULL;
	bool key;

	if (!f)
		return false;
	key = f->mapping && f->key;
	if (f->mapping && !f->key)
		str_putc(r->out, ':');
	else if (!f->empty)
		str_putc(r->out, ',');
	f->empty = false;
	if (f->mapping)
		f->key = !f->key;
	return key;
}

static bool
digits(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return n > 0;
}

static bool
one_of(const char *s, size_t n, const char *const *words)
{
	for (; *words; words++)
		if (mem_is(s, n, *words))
			return true;
	return false;
}

/* 0o17, 0x1F: to decimal */
static bool
put_radix(struct str *out, const char *s, size_t n)
{
	char buf[24], *end;
	unsigned long long v;
	int base;

	if (n < 3 || n > 18 || s[0] != '0' || (s[1] != 'x' && s[1] != 'o'))
		return false;
	base = s[1] == 'x' ? 16 : 8;
	memcpy(buf, s + 2, n - 2);
	buf[n - 2] = '\0';
	if (strspn(buf, base == 16 ? "0123456789abcdefABCDEF" : "01234567")
	    != n - 2)
		return false;
	v = strtoull(buf, &end, base);
	str_addf(out, "%llu", v);
	return true;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool
put_number(struct str *out, const char *s, size_t n)
{
	const char *p = s, *end = s + n, *ip, *fp, *ep;
	bool minus = false;

	if (put_radix(out, s, n))
		return true;
	if (p < end && (*p == '-' || *p == '+'))
		minus = *p++ == '-';
	for (ip = p; p < end && *p >= '0' && *p <= '9'; p++)
		;
	fp = p;
	if (p < end && *p == '.')
		for (p++; p < end && *p >= '0' && *p <= '9'; p++)
			;
	if (ip == fp && p - fp < 2)
		return false;
	ep = p;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '-' || *p == '+'))
			p++;
		if (!digits(p, (size_t)(end - p)))
			return false;
		p = end;
	}
	if (p != end)
		return false;
	while (fp - ip > 1 && *ip == '0')
		ip++;
	if (minus)
		str_putc(out, '-');
	if (ip == fp)
		str_putc(out, '0');
	str_add(out, ip, (size_t)(fp - ip));
	if (ep - fp > 1)
		str_add(out, fp, (size_t)(ep - fp));
	str_add(out, ep, (size_t)(end - ep));
	return true;
}

/* the YAML 1.2 core schema (section 10.3.2) for plain scalars */
static bool
put_plain(struct str *out, const char *s, size_t n)
{
	static const char *const nulls[] = { "null", "Null", "NULL", "~", "",
		NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE",
		NULL };

	if (one_of(s, n, nulls))
		str_puts(out, "null");
	else if (one_of(s, n, trues))
		str_puts(out, "true");
	else if (one_of(s, n, falses))
		str_puts(out, "false");
	else
		return put_number(out, s, n);
	return true;
}

static int
check_tag(struct reader *r, const yaml_char_t *tag, const yaml_mark_t *m,
	bool *string)
{
	static const char prefix[] = "tag:yaml.org,2002:";
	static const char *const known[] = { "str", "int", "float", "bool",
		"null", "map", "seq", "timestamp", NULL };
	const char *t = (const char *)tag;

	*string = false;
	if (!t)
		return 0;
	if (strcmp(t, "!") == 0) {
		*string = true;
		return 0;
	}
	if (!str_starts(t, prefix))
		return fail(r, m, "unknown tag");
	t += sizeof(prefix) - 1;
	*string = strcmp(t, "str") == 0 || strcmp(t, "timestamp") == 0;
	return one_of(t, strlen(t), known) ? 0 : fail(r, m, "unknown tag");
}

static struct anchor *
anchor_begin(struct reader *r, const yaml_char_t *name)
{
	struct map_entry *e;
	struct anchor *a;

	if (!name)
		return NULL;
	e = map_add(&r->anchors, (const char *)name,
		strlen((const char *)name), NULL);
	/* a name may be set anew, within its node too: later aliases mean the
	 * later node */
	a = xcalloc(1, sizeof(*a));
	a->older = e->value;
	e->value = a;
	a->start = r->out->len;
	a->mark_start = r->nmarks;
	a->open = true;
	return a;
}

static void
anchor_end(struct reader *r, struct anchor *a, size_t nodes)
{
	if (!a)
		return;
	a->end = r->out->len;
	a->mark_end = r->nmarks;
	a->nodes = nodes;
	a->open = false;
}

static int
count(struct reader *r, size_t n, const yaml_mark_t *m)
{
	r->nodes += n;
	if (r->nodes > DOCUMENT_NODES || r->out->over)
		return fail(r, m, "too many nodes");
	return 0;
}

static int
on_scalar(struct reader *r, const yaml_event_t *e)
{
	const yaml_mark_t *m = &e->start_mark;
	const char *s = (const char *)e->data.scalar.value;
	size_t n = e->data.scalar.length;
	struct anchor *a;
	bool key, string;

	if (check_tag(r, e->data.scalar.tag, m, &string) < 0 ||
	    count(r, 1, m) < 0)
		return -1;
	key = before(r);
	if (key && mem_is(s, n, "<<") &&
	    e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return fail(r, m, "merge key '<<' is not supported");
	a = anchor_begin(r, e->data.scalar.anchor);
	if (!key && !string &&
	    e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		size_t at = r->out->len;

		if (put_plain(r->out, s, n)) {
			mark(r, m, at);
			anchor_end(r, a, 1);
			return 0;
		}
	}
	mark(r, m, r->out->len + 1);
	json_write_str(r->out, s, n);
	anchor_end(r, a, 1);
	return 0;
}

static int
on_open(struct reader *r, const yaml_event_t *e)
{
	bool mapping = e->type == YAML_MAPPING_START_EVENT, string;
	const yaml_char_t *tag = mapping ? e->data.mapping_start.tag :
		e->data.sequence_start.tag;
	const yaml_char_t *anchor = mapping ? e->data.mapping_start.anchor :
		e->data.sequence_start.anchor;
	const yaml_mark_t *m = &e->start_mark;
	struct frame *f;

	if (r->depth >= JSON_DEPTH)
		return fail(r, m, "nested deeper than 256 levels");
	if (check_tag(r, tag, m, &string) < 0 || count(r, 1, m) < 0)
		return -1;
	if (before(r))
		return fail(r, m, "a key must be a scalar");
	f = &r->stack[r->depth++];
	f->mapping = f->key = mapping;
	f->empty = true;
	f->nodes_before = r->nodes;
	f->anchor = anchor_begin(r, anchor);
	str_putc(r->out, mapping ? '{' : '[');
	return 0;
}

static void
on_close(struct reader *r)
{
	struct frame *f = &r->stack[--r->depth];

	str_putc(r->out, f->mapping ? '}' : ']');
	anchor_end(r, f->anchor, r->nodes - f->nodes_before + 1);
}

static int
on_alias(struct reader *r, const yaml_event_t *e)
{
	const yaml_mark_t *m = &e->start_mark;
	const char *name = (const char *)e->data.alias.anchor;
	struct anchor *a = map_get(&r->anchors, name);
	size_t i, at, n;
	char *room;

	if (!a)
		return fail(r, m, "unknown alias");
	if (a->open)
		return fail(r, m, "alias of a node inside that node");
	r->alias_nodes += a->nodes;
	if (r->alias_nodes > DOCUMENT_ALIAS_NODES)
		return fail(r, m, "aliases expand to too many nodes");
	if (count(r, a->nodes, m) < 0)
		return -1;
	if (before(r) && r->out->buf[a->start] != '"')
		return fail(r, m, "a key must be a scalar");
	at = r->out->len;
	n = a->end - a->start;
	r->alias_bytes += n;
	if (r->alias_bytes > DOCUMENT_ALIAS_BYTES)
		return fail(r, m, "aliases expand to too many bytes");
	room = str_room(r->out, n);
	if (!room)
		return fail(r, m, "too large (aliases expanded)");
	memcpy(room, r->out->buf + a->start, n);
	r->out->len += n;
	str_seal(r->out);
	for (i = a->mark_start; i < a->mark_end; i++) {
		size_t offset = r->marks[i].offset - a->start + at;
		yaml_mark_t was = *m;

		was.line = r->marks[i].line - 1;
		was.column = r->marks[i].col - 1;
		mark(r, &was, offset);
	}
	return 0;
}

static int
on_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->root)
			return fail(r, &e->start_mark,
				"more than one YAML document");
		r->root = true;
		return 0;
	case YAML_SCALAR_EVENT:
		return on_scalar(r, e);
	case YAML_ALIAS_EVENT:
		return on_alias(r, e);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return on_open(r, e);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_close(r);
		return 0;
	default:
		return 0;
	}
}

static int
parser_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		return err_at(r->err, r->name, 0, 0, "out of memory");
	return err_at(r->err, r->name, (unsigned)p->problem_mark.line + 1,
		(unsigned)p->problem_mark.column + 1, "not YAML: %s",
		p->problem ? p->problem : "unreadable");
}

static int
read_all(struct reader *r)
{
	yaml_event_t e;
	bool done = false;
	int rc = 0;

	while (!done && rc == 0) {
		if (!yaml_parser_parse(&r->parser, &e))
			return parser_error(r);
		done = e.type == YAML_STREAM_END_EVENT;
		rc = on_event(r, &e);
		yaml_event_delete(&e);
	}
	if (rc == 0 && !r->root)
		return err_at(r->err, r->name, 1, 1, "empty document");
	return rc;
}

static void
release_anchors(struct map *anchors)
{
	struct anchor *a, *older;
	size_t i;

	for (i = 0; i < anchors->n; i++)
		for (a = anchors->entries[i].value; a; a = older) {
			older = a->older;
			free(a);
		}
	map_release(anchors);
}

int
yaml_to_json(const char *text, size_t len, const char *name, struct str *out,
	struct document_mark **marks, size_t *nmarks, struct err *err)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	int rc;

	r->name = name;
	r->err = err;
	r->out = out;
	if (!yaml_parser_initialize(&r->parser)) {
		free(r);
		return err_at(err, name, 0, 0, "out of memory");
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser,
		(const unsigned char *)text, len);
	rc = read_all(r);
	yaml_parser_delete(&r->parser);
	release_anchors(&r->anchors);
	if (rc < 0) {
		free(r->marks);
		r->marks = NULL;
		r->nmarks = 0;
	}
	*marks = r->marks;
	*nmarks = r->nmarks;
	free(r);
	return rc;
}
