/*
 * struct docstring: the parts of a python docstring.
 *
 * Reads Google ("Args:"), NumPy ("Parameters" over a line of dashes) and
 * reStructuredText (":param x:") sections, also mixed.  What stands in a
 * section that is not about parameters or results (Raises, Examples, ...) is
 * left out of doc, like those.
 */
#ifndef AST_DOCSTRING_H
#define AST_DOCSTRING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct docstring_param {
	const char *name;
	const char *type;	/* as written, or NULL */
	const char *doc;	/* may be "" */
};

struct docstring {
	const char *title;	/* first paragraph on one line; NULL: no text */
	const char *doc;	/* all text before and between the sections */
	struct docstring_param *params;
	size_t nparams, cap;
	const char *returns;	/* or NULL */
	const char *returns_type;
	bool deprecated;
};

/* All memory is the arena's but params, which docstring_release() frees. */
void docstring_parse(struct docstring *d, const char *text, size_t len,
	struct arena *arena);
void docstring_release(struct docstring *d);
const struct docstring_param *docstring_param(const struct docstring *d,
	const char *name);
/* The text with the indentation of its lines behind the first removed and
 * white space at both ends cut (PEP 257). */
char *docstring_clean(const char *text, size_t len, struct arena *arena);

#endif
