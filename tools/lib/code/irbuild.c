/* ir_parse(): the grammar's tree, walked once, becomes the flat form. */
#include "code/ir.h"

#include <stdlib.h>
#include <string.h>

#include <tree_sitter/api.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/grammar.h"
#include "code/literal.h"

/* what the parser may do, in units of 100 steps; real code needs a hundredth */
enum { STEPS_BASE = 10000, STEPS_BYTE = 4 };

/* one level of the grammar's tree */
struct frame {
	uint32_t open;		/* index of the IR node that gets children */
	uint8_t field;		/* handed down by nodes that are left out */
	uint8_t role;		/* enum grammar_action */
	bool owns;		/* the IR node ends with this level */
	bool operator;
	bool interpolated;
	bool raw;
	uint32_t content;	/* strings: end of the first child */
	uint32_t last;		/* strings: start of the last child */
	uint32_t children;
};

/* one IR node that is not finished */
struct open {
	uint32_t node;
	uint32_t last;		/* child, 0: none yet */
};

struct ir_parser {
	TSParser *ts;
	TSTreeCursor cursor;
	bool walked;		/* cursor is made */
	const TSLanguage *set;
	struct atoms *atoms;
	struct frame *frames;
	size_t nframes, cap;
	struct open *opens;
	size_t nopens, opens_cap;
	struct str text;
	/* of the file at hand */
	struct ir *ir;
	size_t nodes_cap, comments_cap;
	bool broken;		/* there are errors to look for */
};

struct ir_parser *
ir_parser_new(struct atoms *atoms)
{
	struct ir_parser *p = xcalloc(1, sizeof(*p));

	p->ts = ts_parser_new();
	p->atoms = atoms;
	str_init(&p->text, (size_t)IR_TEXT * 4);
	return p;
}

void
ir_parser_free(struct ir_parser *p)
{
	if (!p)
		return;
	if (p->walked)
		ts_tree_cursor_delete(&p->cursor);
	ts_parser_delete(p->ts);
	free(p->frames);
	free(p->opens);
	str_release(&p->text);
	free(p);
}

/* --- building --------------------------------------------------------------- */

static struct ir_node *
node_of(struct ir_parser *p, const struct frame *f)
{
	return &p->ir->nodes[p->opens[f->open].node];
}

static uint32_t
text_atom(struct ir_parser *p, uint32_t start, uint32_t end)
{
	return atoms_add(p->atoms, p->ir->text + start, end - start);
}

static uint32_t
push_node(struct ir_parser *p, const struct frame *f, unsigned kind,
	uint8_t field, uint32_t start, uint32_t end)
{
	struct ir *ir = p->ir;
	struct open *o = f ? &p->opens[f->open] : NULL;
	struct ir_node *n;

	ir->nodes = vec_grow(ir->nodes, ir->n, &p->nodes_cap, sizeof(*n));
	n = &ir->nodes[ir->n];
	memset(n, 0, sizeof(*n));
	n->kind = (uint16_t)kind;
	n->field = field;
	n->start = start;
	n->end = end;
	n->stop = ir->n + 1;
	if (o) {
		n->parent = o->node;
		if (o->last)
			ir->nodes[o->last].next = ir->n;
		o->last = ir->n;
	}
	return ir->n++;
}

static struct frame *
push_frame(struct ir_parser *p, uint32_t open, uint8_t field, uint8_t role)
{
	struct frame *f;

	p->frames = vec_grow(p->frames, p->nframes, &p->cap, sizeof(*f));
	f = &p->frames[p->nframes++];
	memset(f, 0, sizeof(*f));
	f->open = open;
	f->field = field;
	f->role = role;
	return f;
}

/* a node whose children are to come */
static struct frame *
push_open(struct ir_parser *p, uint32_t node, uint8_t role)
{
	struct frame *f;

	p->opens = vec_grow(p->opens, p->nopens, &p->opens_cap,
		sizeof(*p->opens));
	p->opens[p->nopens] = (struct open){ node, 0 };
	f = push_frame(p, (uint32_t)p->nopens, 0, role);
	f->owns = true;
	p->nopens++;
	return f;
}

static void
error_at(struct ir_parser *p, uint32_t offset)
{
	if (!p->ir->errors || offset < p->ir->error_at)
		p->ir->error_at = offset;
	p->ir->errors = true;
}

static void
comment(struct ir_parser *p, uint32_t start, uint32_t end)
{
	struct ir *ir = p->ir;

	ir->comments = vec_grow(ir->comments, ir->ncomments, &p->comments_cap,
		sizeof(*ir->comments));
	ir->comments[ir->ncomments++] = (struct ir_comment){ start, end };
}

/* --- strings ----------------------------------------------------------------- */

static bool
has_prefix(const struct ir_parser *p, const struct ir_node *n,
	const struct frame *f, char letter)
{
	for (uint32_t i = n->start; i < f->content && i < n->start + 3; i++)
		if ((p->ir->text[i] | 32) == letter)
			return true;
	return false;
}

static uint32_t
content_atom(struct ir_parser *p, const struct frame *f, uint32_t start,
	uint32_t end, bool bytes)
{
	enum literal_escapes escapes = LITERAL_C;
	const char *text = p->ir->text + start;
	size_t len = end - start;

	if (f->raw || !memchr(text, '\\', len))
		return atoms_add(p->atoms, text, len);
	if (p->ir->lang->escapes == ESCAPES_PYTHON)
		escapes = LITERAL_PYTHON;
	else if (p->ir->lang->escapes == ESCAPES_NONE)
		escapes = LITERAL_RAW;
	str_clear(&p->text);
	literal_decode(&p->text, text, len, escapes, bytes);
	return atoms_add(p->atoms, str_s(&p->text), p->text.len);
}

/* a string that the grammar takes for one token: quotes are ours to find */
static void
bare_quotes(struct ir_parser *p, const struct ir_node *n, struct frame *f)
{
	const char *text = p->ir->text;
	uint32_t start = n->start, end = n->end;
	char q;

	while (start < end && text[start] != '"' && text[start] != '\'' &&
	    text[start] != '`')
		start++;
	q = start < end ? text[start] : 0;
	while (start < end && text[start] == q)
		start++;
	while (end > start && text[end - 1] == '#')
		end--;
	while (end > start && text[end - 1] == q)
		end--;
	f->content = start;
	f->last = end;
}

static void
close_string(struct ir_parser *p, struct frame *f)
{
	uint32_t index = p->opens[f->open].node;
	struct ir *ir = p->ir;
	struct ir_node *n = &ir->nodes[index];

	if (f->children < 2)
		bare_quotes(p, n, f);
	if (f->last < f->content)
		f->last = f->content;
	if (ir->lang->prefixes) {
		f->raw = f->raw || has_prefix(p, n, f, 'r');
		if (has_prefix(p, n, f, 'b'))
			n->flags |= IR_BYTES;
	}
	if (!f->interpolated) {
		n->atom = content_atom(p, f, f->content, f->last,
			(n->flags & IR_BYTES) != 0);
		ir->n = index + 1;
		return;
	}
	n->kind = IR_TEMPLATE;
	for (uint32_t c = index + 1; c < ir->n; c = ir->nodes[c].stop)
		if (ir->nodes[c].kind == IR_STRING && !ir->nodes[c].atom)
			ir->nodes[c].atom = content_atom(p, f,
				ir->nodes[c].start, ir->nodes[c].end, false);
}

static void
close_concatenated(struct ir_parser *p, struct frame *f)
{
	uint32_t index = p->opens[f->open].node, c;
	struct ir *ir = p->ir;
	const char *text;
	size_t len;

	for (c = index + 1; c < ir->n; c = ir->nodes[c].stop)
		if (ir->nodes[c].kind != IR_STRING)
			return;
	str_clear(&p->text);
	for (c = index + 1; c < ir->n; c = ir->nodes[c].stop) {
		text = ir_atom(ir, c, &len);
		str_add(&p->text, text, len);
		ir->nodes[index].flags |= ir->nodes[c].flags & IR_BYTES;
	}
	ir->nodes[index].kind = IR_STRING;
	ir->nodes[index].atom = atoms_add(p->atoms, str_s(&p->text),
		p->text.len);
	ir->n = index + 1;
}

/* --- the walk ------------------------------------------------------------------ */

static uint8_t
field_of(struct ir_parser *p, const struct frame *f)
{
	TSFieldId id = ts_tree_cursor_current_field_id(&p->cursor);
	uint8_t field = id ? p->ir->lang->fields[id] : 0;

	/* what a left-out node was to its parent, its child is now */
	return f->field ? f->field : field;
}

/* "<", "is not": the grammar's name of the token has one form */
static void
operator(struct ir_parser *p, const struct frame *f, const char *name)
{
	struct ir_node *n = node_of(p, f);
	size_t len;
	const char *text;

	if (!n->atom) {
		n->atom = atoms_add(p->atoms, name, strlen(name));
		return;
	}
	str_clear(&p->text);
	text = atoms_text(p->atoms, n->atom, &len);
	str_add(&p->text, text, len);
	str_putc(&p->text, ' ');
	str_puts(&p->text, name);
	n->atom = atoms_add(p->atoms, str_s(&p->text), p->text.len);
}

static bool
is_comment(const struct lang *l, TSNode node)
{
	TSSymbol s = ts_node_symbol(node);

	return s < l->nsymbols && l->symbols[s].action == GRAMMAR_COMMENT;
}

/* one child beside comments and punctuation? */
static bool
alone(const struct lang *l, TSNode node)
{
	uint32_t n = ts_node_named_child_count(node), real = n;

	if (n == 1)
		return true;
	if (n > 8)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (is_comment(l, ts_node_named_child(node, i)))
			real--;
	return real == 1;
}

static void
token(struct ir_parser *p, const struct frame *f, TSSymbol symbol)
{
	uint8_t field;

	if (f->role == GRAMMAR_UNWRAP || f->role == GRAMMAR_SPLICE)
		return;
	if (f->operator) {
		if (!node_of(p, f)->atom)
			operator(p, f, ts_language_symbol_name(
				p->ir->lang->ts, symbol));
		return;
	}
	field = field_of(p, f);
	if (field == IR_F_OPERATOR)
		operator(p, f, ts_language_symbol_name(p->ir->lang->ts,
			symbol));
}

/* a node of its own; true when its children are to be visited */
static bool
enter(struct ir_parser *p, struct frame *f, const struct grammar_symbol *g,
	TSNode node, uint8_t role)
{
	uint32_t start = ts_node_start_byte(node), end = ts_node_end_byte(node);
	uint8_t field = field_of(p, f);
	struct frame *own;
	uint32_t n;

	if (p->nopens >= IR_DEPTH) {
		node_of(p, f)->flags |= IR_CUT;
		p->ir->cut++;
		return false;
	}
	if (f->role == GRAMMAR_MERGE && field == IR_F_DEFINITION) {
		node_of(p, f)->kind = g->kind;
		push_frame(p, f->open, 0, role)->operator = g->operator;
		return true;
	}
	n = push_node(p, f, g->kind, field, start, end);
	if (role == GRAMMAR_CONTENT) {
		if (f->role != GRAMMAR_STRING)
			p->ir->nodes[n].atom = text_atom(p, start, end);
		return false;
	}
	if (role == GRAMMAR_LEAF) {
		p->ir->nodes[n].atom = text_atom(p, start, end);
		return false;
	}
	if (role == GRAMMAR_MERGE)
		p->ir->nodes[n].flags |= g->flags;
	own = push_open(p, n, role);
	own->operator = g->operator;
	own->raw = g->raw;
	return true;
}

static bool
enter_error(struct ir_parser *p, struct frame *f, TSNode node)
{
	static const struct grammar_symbol error = { .kind = IR_ERROR };

	error_at(p, ts_node_start_byte(node));
	if (!enter(p, f, &error, node, GRAMMAR_NODE))
		return false;
	node_of(p, &p->frames[p->nframes - 1])->flags |= IR_HAS_ERROR;
	return true;
}

static void
string_child(struct frame *f, TSNode node)
{
	if (!f->children++)
		f->content = ts_node_end_byte(node);
	f->last = ts_node_start_byte(node);
}

/* true: a frame was pushed, visit the children */
static bool
visit(struct ir_parser *p)
{
	struct frame *f = &p->frames[p->nframes - 1];
	TSNode node = ts_tree_cursor_current_node(&p->cursor);
	TSSymbol symbol = ts_node_symbol(node);
	const struct lang *l = p->ir->lang;
	const struct grammar_symbol *g;

	if (f->role == GRAMMAR_STRING)
		string_child(f, node);
	if (symbol >= l->nsymbols)
		return enter_error(p, f, node);
	if (p->broken && ts_node_is_missing(node)) {
		error_at(p, ts_node_start_byte(node));
		node_of(p, f)->flags |= IR_HAS_ERROR;
	}
	g = &l->symbols[symbol];
	if (g->flags && g->action != GRAMMAR_MERGE)
		node_of(p, f)->flags |= g->flags;
	switch (g->action) {
	case GRAMMAR_TOKEN:
		token(p, f, symbol);
		return false;
	case GRAMMAR_DROP:
		return false;
	case GRAMMAR_COMMENT:
		comment(p, ts_node_start_byte(node), ts_node_end_byte(node));
		return false;
	case GRAMMAR_SPLICE:
		push_frame(p, f->open, f->field, GRAMMAR_SPLICE);
		return true;
	case GRAMMAR_UNWRAP:
		if (!alone(l, node))
			break;
		push_frame(p, f->open, field_of(p, f), GRAMMAR_UNWRAP);
		return true;
	case GRAMMAR_INTERPOLATION:
		f->interpolated = true;
		break;
	}
	return enter(p, f, g, node, g->action);
}

/* the level is done; leaf: it had no children at all */
static void
leave(struct ir_parser *p, bool leaf)
{
	struct frame *f = &p->frames[--p->nframes];
	struct ir_node *n;

	if (!f->owns)
		return;
	n = node_of(p, f);
	if (f->role == GRAMMAR_STRING)
		close_string(p, f);
	else if (f->role == GRAMMAR_CONCATENATED)
		close_concatenated(p, f);
	else if (leaf)
		n->atom = text_atom(p, n->start, n->end);
	n->stop = p->ir->n;
	p->nopens--;
}

static void
walk(struct ir_parser *p)
{
	if (!ts_tree_cursor_goto_first_child(&p->cursor)) {
		leave(p, true);
		return;
	}
	for (;;) {
		if (visit(p)) {
			if (ts_tree_cursor_goto_first_child(&p->cursor))
				continue;
			leave(p, true);
		}
		while (!ts_tree_cursor_goto_next_sibling(&p->cursor)) {
			ts_tree_cursor_goto_parent(&p->cursor);
			leave(p, false);
			if (!p->nframes)
				return;
		}
	}
}

static void
build(struct ir_parser *p, TSTree *tree)
{
	TSNode root = ts_tree_root_node(tree);

	if (p->walked)
		ts_tree_cursor_reset(&p->cursor, root);
	else
		p->cursor = ts_tree_cursor_new(root);
	p->walked = true;
	p->nframes = p->nopens = 0;
	p->broken = ts_node_has_error(root);
	push_node(p, NULL, IR_MODULE, 0, 0, (uint32_t)p->ir->len);
	push_open(p, 0, GRAMMAR_NODE);
	walk(p);
	p->ir->nodes[0].stop = p->ir->n;
}

/* --- parsing ----------------------------------------------------------------- */

struct input {
	const char *text;
	size_t len;
	size_t steps;
};

static const char *
read_input(void *payload, uint32_t offset, TSPoint at, uint32_t *read)
{
	struct input *in = payload;

	(void)at;
	*read = offset < in->len ? (uint32_t)(in->len - offset) : 0;
	return *read ? in->text + offset : "";
}

static bool
exhausted(TSParseState *state)
{
	struct input *in = state->payload;

	if (!in->steps)
		return true;
	in->steps--;
	return false;
}

int
ir_parse(struct ir_parser *p, const struct lang *lang, const char *text,
	size_t len, struct ir *ir, struct err *err)
{
	struct input in = { text, len, STEPS_BASE + len * STEPS_BYTE };
	TSInput input = { &in, read_input, TSInputEncodingUTF8, NULL };
	TSParseOptions options = { &in, exhausted };
	TSTree *tree;
	size_t valid;

	memset(ir, 0, sizeof(*ir));
	if (len > IR_TEXT)
		return err_set(err, "more than %d bytes of code", IR_TEXT);
	if (p->set != lang->ts && !ts_parser_set_language(p->ts, lang->ts))
		return err_set(err, "the grammar of '%s' is not readable",
			lang->name);
	p->set = lang->ts;
	tree = ts_parser_parse_with_options(p->ts, NULL, input, options);
	if (!tree) {
		ts_parser_reset(p->ts);
		return err_set(err, "too ambiguous: the parser gave up");
	}
	*ir = (struct ir){ .lang = lang, .atoms = p->atoms, .text = text,
		.len = len };
	p->ir = ir;
	p->comments_cap = 0;
	/* about one node for 6 bytes of code */
	p->nodes_cap = len / 5 + 64;
	ir->nodes = xreallocarray(NULL, p->nodes_cap, sizeof(*ir->nodes));
	build(p, tree);
	ts_tree_delete(tree);
	if (p->broken && !ir->errors)
		error_at(p, 0);
	valid = utf8_check(text, len);
	if (valid < len)
		error_at(p, (uint32_t)valid);
	ir->nodes = xreallocarray(ir->nodes, ir->n, sizeof(*ir->nodes));
	p->ir = NULL;
	return 0;
}
