/*
 * Surfaces: every text of a tool definition that a model reads, with words for
 * where it stands ("the description", "the description of 'city'").
 */
#ifndef GATE1_SURFACE_H
#define GATE1_SURFACE_H

#include <stddef.h>

struct json;

enum surface_kind {
	SURFACE_NAME,		/* name of the tool */
	SURFACE_PARAMETER,	/* name of a parameter */
	SURFACE_TEXT,		/* title, description, comment */
	SURFACE_VALUE		/* default, enum, const, example */
};

struct surface {
	enum surface_kind kind;
	const char *where;
	const char *property;	/* parameter that it belongs to, or NULL */
	const char *text;
	size_t len;
};

typedef void surface_found(const struct surface *s, void *ctx);

/* Every surface of the tool record, in document order. */
void surface_each(const struct json *tool, surface_found *found, void *ctx);

#endif
