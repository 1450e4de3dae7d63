#include "code/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"

#define ANY	"__smelt_any"
#define VAR	"__smelt_var_"
#define VARS	"__smelt_vars_"
#define DEEP	"__smelt_deep"

static size_t
var_length(const char *p)
{
	return strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

static bool
var_start(const char *p)
{
	return (*p >= 'A' && *p <= 'Z') || *p == '_';
}

/* Rewrite one mark at p; 0 when there is none. */
static size_t
mark(struct str *out, const char *p)
{
	size_t n;

	if (str_starts(p, "<...")) {
		str_puts(out, DEEP "(");
		return 4;
	}
	if (str_starts(p, "...>")) {
		str_puts(out, ")");
		return 4;
	}
	if (str_starts(p, "...")) {
		str_puts(out, ANY);
		return 3;
	}
	if (str_starts(p, "$...") && var_start(p + 4)) {
		n = var_length(p + 4);
		str_puts(out, VARS);
		str_add(out, p + 4, n);
		return 4 + n;
	}
	if (*p == '$' && var_start(p + 1)) {
		n = var_length(p + 1);
		str_puts(out, VAR);
		str_add(out, p + 1, n);
		return 1 + n;
	}
	return 0;
}

static size_t
quoted(const char *p)
{
	size_t n = 1;

	while (p[n] && p[n] != *p)
		n += p[n] == '\\' && p[n + 1] ? 2 : 1;
	return p[n] ? n + 1 : n;
}

/* A string; marks are only in {$X…} (of f"{$X}" and `${$X}`). */
static void
rewrite_quoted(struct str *out, const char *text, size_t len)
{
	bool inside = false;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = inside ? mark(out, text + i) : 0;
		if (n)
			continue;
		if (text[i] == '{' && text[i + 1] == '$' &&
		    var_start(text + i + 2))
			inside = true;
		else if (text[i] == '}')
			inside = false;
		str_putc(out, text[i]);
		n = 1;
	}
}

/* Which bracket is open: in python's {} a bare "..." is no element. */
struct brackets {
	char open[64];
	size_t n;
};

static void
bracket(struct brackets *b, char c)
{
	if (strchr("([{", c) && b->n < sizeof(b->open))
		b->open[b->n++] = c;
	else if (strchr(")]}", c) && b->n)
		b->n--;
}

static void
rewrite(struct str *out, const char *text, bool python)
{
	struct brackets b = { "", 0 };
	size_t n;

	for (; *text; text += n) {
		if (*text == '"' || *text == '\'' || *text == '`') {
			n = quoted(text);
			rewrite_quoted(out, text, n);
			continue;
		}
		if (python && b.n && b.open[b.n - 1] == '{' &&
		    str_starts(text, "..."))
			str_puts(out, "**");
		n = mark(out, text);
		if (!n) {
			bracket(&b, *text);
			str_putc(out, *text);
			n = 1;
		}
	}
}

/* "$X" of the name that stands for it */
static uint32_t
var_atom(struct pattern *p, const char *name)
{
	struct str full;
	uint32_t atom;

	if (strcmp(name, "_") == 0)
		return 0;
	str_init(&full, STR_LINE);
	str_addf(&full, "$%s", name);
	atom = atoms_add(p->ir->atoms, str_s(&full), full.len);
	str_release(&full);
	return atom;
}

static void
name_op(struct pattern *p, uint32_t n)
{
	const char *text = ir_atom(p->ir, n, NULL);

	if (strcmp(text, ANY) == 0) {
		p->ops[n] = PATTERN_ANY;
	} else if (str_starts(text, VARS)) {
		p->ops[n] = PATTERN_VARS;
		p->vars[n] = var_atom(p, text + strlen(VARS));
	} else if (str_starts(text, VAR)) {
		p->ops[n] = PATTERN_VAR;
		p->vars[n] = var_atom(p, text + strlen(VAR));
	}
}

static void
string_op(struct pattern *p, uint32_t n)
{
	const char *text = ir_atom(p->ir, n, NULL);

	if (strcmp(text, "...") == 0) {
		/* a piece of f"...{$X}..." is a list of pieces */
		p->ops[n] = ir_is(p->ir, p->ir->nodes[n].parent,
			IR_TEMPLATE) ? PATTERN_ANY : PATTERN_STRING;
	} else if (text[0] == '$' && var_start(text + 1) &&
	    !text[1 + var_length(text + 1)]) {
		p->ops[n] = PATTERN_STRING_VAR;
		p->vars[n] = var_atom(p, text + 1);
	}
}

static void
set_ops(struct pattern *p)
{
	const struct ir *ir = p->ir;

	for (uint32_t n = 0; n < ir->n; n++) {
		uint32_t function;

		if (ir_is(ir, n, IR_NAME))
			name_op(p, n);
		else if (ir_is(ir, n, IR_KEYWORD_SPREAD) &&
		    ir_named(ir, ir_first(ir, n), ANY))
			p->ops[n] = PATTERN_ANY;
		else if (ir_is(ir, n, IR_STRING))
			string_op(p, n);
		else if (ir_is(ir, n, IR_CALL) &&
		    (function = ir_child(ir, n, IR_F_FUNCTION)) &&
		    ir_named(ir, function, DEEP))
			p->ops[n] = PATTERN_DEEP;
	}
}

/* Names in these places are words, not references. */
static bool
is_word(const struct ir *ir, uint32_t n)
{
	const struct ir_node *node = &ir->nodes[n];
	enum ir_kind parent = (enum ir_kind)ir->nodes[node->parent].kind;

	if (node->field == IR_F_ATTRIBUTE || node->field == IR_F_ALIAS)
		return true;
	if (parent == IR_PARAMETERS || parent == IR_GLOBAL ||
	    parent == IR_IMPORT || parent == IR_IMPORT_FROM ||
	    parent == IR_ALIASED || parent == IR_TYPED ||
	    parent == IR_REST || parent == IR_KEYWORD_REST)
		return true;
	if (node->field == IR_F_KEY)
		return parent == IR_PAIR;
	return node->field == IR_F_NAME && parent != IR_DECLARATOR;
}

/* The dotted name of a chain of plain names; false for anything else. */
static bool
dotted(const struct pattern *p, uint32_t n, struct str *out)
{
	const struct ir *ir = p->ir;
	uint32_t object, attribute;

	if (p->ops[n] != PATTERN_PLAIN)
		return false;
	if (ir_is(ir, n, IR_NAME)) {
		str_puts(out, ir_atom(ir, n, NULL));
		return true;
	}
	if (!ir_is(ir, n, IR_MEMBER))
		return false;
	object = ir_child(ir, n, IR_F_OBJECT);
	attribute = ir_child(ir, n, IR_F_ATTRIBUTE);
	if (!object || !attribute || p->ops[attribute] != PATTERN_PLAIN ||
	    !dotted(p, object, out))
		return false;
	str_putc(out, '.');
	str_puts(out, ir_atom(ir, attribute, NULL));
	return true;
}

static void
set_dotted(struct pattern *p)
{
	struct str name;

	str_init(&name, STR_LINE);
	for (uint32_t n = 0; n < p->ir->n; n++) {
		str_clear(&name);
		if ((ir_is(p->ir, n, IR_NAME) && is_word(p->ir, n)) ||
		    !dotted(p, n, &name))
			continue;
		p->dotted[n] = atoms_add(p->ir->atoms, str_s(&name),
			name.len);
	}
	str_release(&name);
}

static void
require(struct pattern *p, uint32_t atom)
{
	if (atom < 2)
		return;
	p->required = vec_grow(p->required, p->nrequired, &p->required_cap,
		sizeof(*p->required));
	p->required[p->nrequired++] = atom;
}

/* The last word of a name must be in the file, however it is imported. */
static void
set_required(struct pattern *p)
{
	const struct ir *ir = p->ir;

	for (uint32_t n = 0; n < ir->n; n++) {
		const struct ir_node *node = &ir->nodes[n];

		if (p->ops[n] != PATTERN_PLAIN || !ir_is(ir, n, IR_NAME))
			continue;
		if (strcmp(ir_atom(ir, n, NULL), DEEP) == 0 ||
		    (p->dotted[node->parent] &&
		     ir->nodes[node->parent].field == IR_F_OBJECT))
			continue;
		if (is_word(ir, n) || !ir_is(ir, node->parent, IR_MEMBER))
			require(p, node->atom);
	}
}

static int
set_stmts(struct pattern *p, struct err *err)
{
	unsigned n = ir_count(p->ir, 0);

	if (n == 0)
		return err_set(err, "empty pattern");
	p->stmts = xcalloc(n, sizeof(*p->stmts));
	IR_EACH(p->ir, c, 0)
		p->stmts[p->nstmts++] = c;
	return 0;
}

int
pattern_compile(struct pattern *p, struct ir_parser *parser,
	const struct lang *lang, const char *text, struct err *err)
{
	struct str out;

	memset(p, 0, sizeof(*p));
	str_init(&out, STR_LINE);
	rewrite(&out, text, strcmp(lang_name(lang), "python") == 0);
	p->text = xstrdup(str_s(&out));
	str_release(&out);
	p->ir = xcalloc(1, sizeof(*p->ir));
	if (ir_parse(parser, lang, p->text, strlen(p->text), p->ir,
	    err) < 0) {
		free(p->ir);
		p->ir = NULL;
		pattern_release(p);
		return -1;
	}
	if (p->ir->errors) {
		pattern_release(p);
		return err_set(err, "pattern does not parse as %s: %s",
			lang_name(lang), text);
	}
	p->ops = xcalloc(p->ir->n, sizeof(*p->ops));
	p->vars = xcalloc(p->ir->n, sizeof(*p->vars));
	p->dotted = xcalloc(p->ir->n, sizeof(*p->dotted));
	set_ops(p);
	set_dotted(p);
	set_required(p);
	if (set_stmts(p, err) < 0) {
		pattern_release(p);
		return -1;
	}
	return 0;
}

void
pattern_release(struct pattern *p)
{
	if (p->ir)
		ir_release(p->ir);
	free(p->ir);
	free(p->text);
	free(p->ops);
	free(p->vars);
	free(p->dotted);
	free(p->stmts);
	free(p->required);
	memset(p, 0, sizeof(*p));
}
