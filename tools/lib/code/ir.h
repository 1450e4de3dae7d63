/*
 * struct ir: one parsed file as a flat array of nodes in preorder, the same
 * form for all languages.
 *
 * What the grammar's tree has and the IR has not: comments (reachable by
 * ir_doc_comment), punctuation and keywords, parentheses, expression
 * statements and lists of one element.  Operators become the node's atom
 * ("+", "is not"), identifiers of every sort one kind, strings one node whose
 * atom is the decoded content.  A decorated or exported definition is the
 * definition, with its decorators as first children.
 *
 * A node is named by its index.  The root is 0, which is never anybody's
 * child, so 0 also says "none".  Children of n start at n + 1; the subtree of
 * n is [n, stop).  A walk over everything below a node is one loop, not a
 * recursion.
 *
 * The text is the caller's and must stay while the ir is used.  Broken code
 * gives an IR all the same, with ir.errors set and IR_ERROR on the nodes.
 *
 * Limits: text of IR_TEXT bytes, nesting IR_DEPTH (what is deeper is cut off:
 * ir.cut), and an amount of parser work in proportion to the text.
 */
#ifndef CODE_IR_H
#define CODE_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atoms;
struct err;
struct ir_parser;
struct lang;
struct lines;
struct loc;
struct str;

enum { IR_DEPTH = 2000, IR_TEXT = 64 * 1024 * 1024 };

/* Kinds that code may ask for; lang_kind("match_statement") gives others. */
#define IR_KINDS(X) \
	X(ERROR, "error") X(MODULE, "module") X(BLOCK, "block") \
	X(FUNCTION, "function") X(LAMBDA, "lambda") X(METHOD, "method") \
	X(CLASS, "class") X(INTERFACE, "interface") X(DECORATOR, "decorator") \
	X(PARAMETERS, "parameters") X(PARAMETER, "parameter") \
	X(DEFAULT, "default_parameter") X(TYPED, "typed_parameter") \
	X(TYPED_DEFAULT, "typed_default_parameter") \
	X(REST, "rest") X(KEYWORD_REST, "keyword_rest") \
	X(KEYWORD_MARK, "keyword_mark") X(POSITIONAL_MARK, "positional_mark") \
	X(CALL, "call") X(NEW, "new") X(ARGUMENTS, "arguments") \
	X(KEYWORD, "keyword_argument") X(SPREAD, "spread") \
	X(KEYWORD_SPREAD, "keyword_spread") X(MEMBER, "member") \
	X(INDEX, "index") X(SLICE, "slice") X(NAME, "name") \
	X(STRING, "string") X(TEMPLATE, "template") \
	X(INTERPOLATION, "interpolation") X(CONCATENATED, "concatenated") \
	X(INTEGER, "integer") X(FLOAT, "float") X(TRUE, "true") \
	X(FALSE, "false") X(NONE, "none") X(ELLIPSIS, "ellipsis") \
	X(REGEX, "regex") X(LIST, "list") X(TUPLE, "tuple") X(SET, "set") \
	X(DICT, "dict") X(PAIR, "pair") X(COMPREHENSION, "comprehension") \
	X(BINARY, "binary") X(UNARY, "unary") X(NOT, "not") \
	X(BOOLEAN, "boolean") X(COMPARE, "compare") \
	X(CONDITIONAL, "conditional") X(ASSIGN, "assign") \
	X(UPDATE, "update") X(WALRUS, "walrus") X(VARIABLES, "variables") \
	X(DECLARATOR, "declarator") X(RETURN, "return") X(YIELD, "yield") \
	X(AWAIT, "await") X(RAISE, "raise") X(ASSERT, "assert") \
	X(DELETE, "delete") X(PASS, "pass") X(IF, "if") X(ELIF, "elif") \
	X(ELSE, "else") X(FOR, "for") X(WHILE, "while") X(TRY, "try") \
	X(EXCEPT, "except") X(FINALLY, "finally") X(WITH, "with") \
	X(WITH_ITEM, "with_item") X(AS, "as") X(GLOBAL, "global") \
	X(IMPORT, "import") X(IMPORT_FROM, "import_from") \
	X(ALIASED, "aliased_import") X(WILDCARD, "wildcard") \
	X(TYPE, "type") X(TYPE_ALIAS, "type_alias")

enum ir_kind {
	IR_NO_KIND,
#define X(id, name) IR_##id,
	IR_KINDS(X)
#undef X
	IR_KIND_COUNT
};

/* Fields that code may ask for; lang_field() gives others. */
#define IR_FIELDS(X) \
	X(NAME, "name") X(BODY, "body") X(PARAMETERS, "parameters") \
	X(RETURN, "return_type") X(TYPE, "type") X(VALUE, "value") \
	X(LEFT, "left") X(RIGHT, "right") X(OBJECT, "object") \
	X(ATTRIBUTE, "attribute") X(FUNCTION, "function") \
	X(ARGUMENTS, "arguments") X(CONDITION, "condition") \
	X(CONSEQUENCE, "consequence") X(ALTERNATIVE, "alternative") \
	X(SUPERCLASSES, "superclasses") X(DEFINITION, "definition") \
	X(SUBSCRIPT, "subscript") X(KEY, "key") X(ALIAS, "alias") \
	X(MODULE, "module_name") X(OPERATOR, "operator") \
	X(RECEIVER, "receiver") X(SOURCE, "source") \
	X(DECORATOR, "decorator") X(EXPRESSION, "expression")

enum ir_field {
	IR_F_NONE,
#define X(id, name) IR_F_##id,
	IR_FIELDS(X)
#undef X
	IR_F_COUNT
};

enum ir_flag {
	IR_HAS_ERROR = 1,	/* an ERROR or MISSING node */
	IR_ASYNC = 2,
	IR_EXPORT = 4,		/* behind export, or pub */
	IR_BYTES = 8,		/* a bytes literal */
	IR_STATIC = 16,
	IR_PRIVATE = 32,	/* private, protected, internal, ... */
	IR_CUT = 64		/* children too deep are left out */
};

struct ir_node {
	uint16_t kind;		/* enum ir_kind, or lang_kind() */
	uint8_t field;		/* role in the parent: enum ir_field, ... */
	uint8_t flags;		/* enum ir_flag */
	uint32_t start, end;	/* bytes of the text */
	uint32_t parent;
	uint32_t next;		/* sibling, 0: last */
	uint32_t stop;		/* one past the subtree */
	uint32_t atom;		/* leaf text, string content, operator; 0 */
};

struct ir_comment {
	uint32_t start, end;
};

struct ir {
	const struct lang *lang;
	struct atoms *atoms;	/* the parser's */
	const char *text;	/* the caller's */
	size_t len;
	struct ir_node *nodes;
	uint32_t n;
	struct ir_comment *comments;
	uint32_t ncomments;
	bool errors;		/* did not parse cleanly */
	uint32_t error_at;	/* offset of the first error */
	uint32_t cut;		/* nodes left out for depth */
	struct lines *lines;	/* made on first ir_position() */
};

/* A parser is for one thread.  atoms is the caller's and is added to. */
struct ir_parser *ir_parser_new(struct atoms *atoms);
void ir_parser_free(struct ir_parser *p);

/*
 * Parse.  -1: a limit; ir is empty then (release is harmless).  The err has
 * no file name.
 */
int ir_parse(struct ir_parser *p, const struct lang *lang, const char *text,
	size_t len, struct ir *ir, struct err *err);
void ir_release(struct ir *ir);

static inline uint32_t
ir_first(const struct ir *ir, uint32_t n)
{
	return ir->nodes[n].stop > n + 1 ? n + 1 : 0;
}

static inline uint32_t
ir_next(const struct ir *ir, uint32_t n)
{
	return ir->nodes[n].next;
}

static inline bool
ir_is(const struct ir *ir, uint32_t n, enum ir_kind kind)
{
	return ir->nodes[n].kind == kind;
}

/* for (c = ir_first(ir, n); c; c = ir_next(ir, c)), as one word */
#define IR_EACH(ir, c, n) \
	for (uint32_t c = ir_first((ir), (n)); c; c = ir_next((ir), c))

/* First child with this field, or 0. */
uint32_t ir_child(const struct ir *ir, uint32_t n, enum ir_field field);
/* The i-th child (from 0), or 0. */
uint32_t ir_nth(const struct ir *ir, uint32_t n, unsigned i);
unsigned ir_count(const struct ir *ir, uint32_t n);
/* Nearest node of this kind above n, or 0 (also when that is the root). */
uint32_t ir_above(const struct ir *ir, uint32_t n, enum ir_kind kind);

/* Text of the atom, NUL-terminated; "" without one.  len may be NULL. */
const char *ir_atom(const struct ir *ir, uint32_t n, size_t *len);
/* The source text of the node, not NUL-terminated. */
const char *ir_text(const struct ir *ir, uint32_t n, size_t *len);
/* Is n a name (or string) with this text? */
bool ir_named(const struct ir *ir, uint32_t n, const char *text);
/* Content of a constant string, or NULL when n is none.  len may be NULL. */
const char *ir_string(const struct ir *ir, uint32_t n, size_t *len);

/* The argument of a call: the i-th positional one, or by keyword; 0. */
uint32_t ir_argument(const struct ir *ir, uint32_t call, unsigned i);
uint32_t ir_keyword(const struct ir *ir, uint32_t call, const char *name);

/* The string at the head of a module, class or function body (python), or 0. */
uint32_t ir_docstring(const struct ir *ir, uint32_t n);
/*
 * Append the text of the comments that end right above n, with comment marks
 * and their column of stars removed.  False when there are none.
 */
bool ir_doc_comment(const struct ir *ir, uint32_t n, struct str *out);

/* 1-based line and UTF-16 column of a byte.  Not for two threads at once. */
void ir_position(struct ir *ir, uint32_t offset, unsigned *line,
	unsigned *col);
/* The loc of a node (or of any bytes) in the file of this name. */
void ir_loc(struct ir *ir, uint32_t n, const char *file, struct loc *loc);
void ir_span(struct ir *ir, uint32_t start, uint32_t end, const char *file,
	struct loc *loc);

/* The tree as indented text, for tests and for people. */
void ir_dump(const struct ir *ir, struct str *out);

#endif
