/*
 * The parts of a parsed JSONPath: what jsonpath.c makes and jsonpathselect.c
 * walks.  All in the query's memory.
 */
#ifndef DATA_JSONPATHTREE_H
#define DATA_JSONPATHTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>


/* A name or an index on a path in a filter. */
struct jsonpath_step {
	struct jsonpath_step *next;
	const char *name;		/* NULL: index */
	size_t len;
	int64_t index;
};

/* What a filter compares or looks for. */
struct jsonpath_operand {
	size_t nliteral;		/* of the query, from 1; 0: a path */
	bool root;			/* from $, not @ */
	struct jsonpath_step *steps;
};

enum jsonpath_op { OP_OR, OP_AND, OP_NOT, OP_EXISTS, OP_EQUAL, OP_DIFFER };

struct jsonpath_expr {
	enum jsonpath_op op;
	struct jsonpath_expr *left, *right;
	struct jsonpath_operand a, b;
};

struct jsonpath_selector {
	struct jsonpath_selector *next;
	enum { SELECT_NAME, SELECT_INDEX, SELECT_ALL, SELECT_FILTER } type;
	struct jsonpath_step step;
	struct jsonpath_expr *filter;
};

struct jsonpath_segment {
	struct jsonpath_segment *next;
	bool deep;			/* .. */
	struct jsonpath_selector *selectors;
};

#endif
