/*
 * An OpenAPI 3.0 or 3.1 document as a source.
 *
 * The document is parsed to prove that it is one, and its text goes into a
 * file record unchanged, with the language "openapi"; smelt-ast reads it.
 * Refused with a position: what document_parse() refuses, Swagger 2.0, other
 * versions, other formats, an empty text.
 */
#ifndef INTAKE_OPENAPI_H
#define INTAKE_OPENAPI_H

struct document;
struct err;
struct request;
struct source;
struct str;

/*
 * text (taken over) is the document; name is what messages call it, entry its
 * path in the artifact.
 */
int openapi_read(struct source *s, struct str *text, const char *name,
	const char *entry, struct err *err);

/* Is the parsed document one that smelt reads? */
int openapi_check(const struct document *d, const char *name,
	struct err *err);

#endif
