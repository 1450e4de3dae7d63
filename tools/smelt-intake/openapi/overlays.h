/*
 * The overlays of one run (--overlay): read before the sandbox, applied to
 * the OpenAPI document in it, kept as files of the source.
 *
 * An overlay's path in the artifact is the last part of its name; where the
 * source has that already, overlays/N/ stands before it.
 */
#ifndef INTAKE_OVERLAYS_H
#define INTAKE_OVERLAYS_H

#include <stddef.h>

struct document;
struct err;
struct request;
struct sha256;
struct source;

enum { OVERLAY_BYTES = 16 * 1024 * 1024, OVERLAY_FILES = 100 };

struct overlays {
	struct overlay_file *list;
	size_t n;
};

/* Read the files; h gets their digests. */
int overlays_open(struct overlays *o, const struct request *q,
	struct sha256 *h, struct err *err);
void overlays_release(struct overlays *o);

/* Change d by all of them, in order.  Parses, so in the sandbox. */
int overlays_apply(const struct overlays *o, struct document *d,
	struct err *err);
/* What messages call the file of a document_mark; otherwise for 0. */
const char *overlays_label(const struct overlays *o, unsigned file,
	const char *otherwise);
/* Add them to the files of s, which has all others, and is sorted after. */
void overlays_add(struct overlays *o, struct source *s);
/* The path of the i-th, after that. */
const char *overlays_path(const struct overlays *o, size_t i);
/* Append their digests. */
void overlays_digest(const struct overlays *o, struct sha256 *h);

#endif
