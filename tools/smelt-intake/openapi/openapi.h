/*
 * An OpenAPI 3 or a Swagger 2.0 document as a source.
 *
 * The document is parsed to prove that it is one, and its text goes into a
 * file record unchanged, with the language "openapi"; smelt-ast reads it.
 * Overlays (overlays.h) change what is proved, and what it refers to.  Files
 * that it refers to become file records beside it (bundle.h).  Refused
 * with a position: what document_parse() refuses, other versions, other formats,
 * an empty text, references to other places.
 */
#ifndef INTAKE_OPENAPI_H
#define INTAKE_OPENAPI_H

struct err;
struct source;
struct str;

/*
 * text (taken over) is the document; label is what messages call it, entry its
 * path in the artifact; dir its open directory, or -1.
 */
int openapi_read(struct source *s, struct str *text, const char *label,
	const char *entry, int dir, struct err *err);

#endif
