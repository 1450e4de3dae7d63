/*
 * OpenAPI Overlay 1.0: a document with actions that change another one.
 *
 * Each action selects values by a JSONPath (data/jsonpath.h) and merges an
 * object into the objects, appends an entry to the arrays, or removes the
 * values.  Merging goes down: objects are merged, arrays joined, everything
 * else is replaced.  All actions see what those before them made.
 *
 * Actions that do not see each other's work are carried out together, so that
 * many of them cost little more than one.  The result is as if each was by
 * itself.
 *
 * An action with "x-smelt-optional": true may select nothing, unsaid: it clears
 * the way for one behind it.  Errors and warnings are located in the overlay.  Limits: those of
 * data/rewrite.h and data/jsonpath.h, and OVERLAY_WORK for all actions: bytes
 * written, members compared, and 16 for each value that a path looks at.
 *
 * Source: OpenAPI Overlay Specification 1.0.0 (how to merge: 1.1.0).
 */
#ifndef DATA_OVERLAY_H
#define DATA_OVERLAY_H

#include <stddef.h>

struct document;
struct err;

#define OVERLAY_WORK	((size_t)2048 * 1024 * 1024)

/*
 * Change d.  name is what errors call the overlay; file, from 1, marks what
 * comes out of it (document_mark.file).  warn (NULL: nobody) hears of actions
 * that select nothing.
 */
int overlay_apply(struct document *d, const struct document *overlay,
	const char *name, unsigned file, void (*warn)(const struct err *),
	struct err *err);

#endif
