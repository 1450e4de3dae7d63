/*
 * struct doc: one piece of documentation: the words of a text source, a page
 * given by --docs, an entry of the catalogue.
 */
#ifndef INTAKE_DOC_H
#define INTAKE_DOC_H

#include <stddef.h>

struct source;
struct str;

struct doc {
	const char *type;	/* static: text markdown html */
	char *title;
	char *location;		/* as given; "" where there is none */
	char *text;
	size_t len;
};

/* All are copied. */
void doc_add(struct source *s, const char *type, const char *title,
	const char *location, const char *text, size_t len);
void doc_release(struct doc *d);
/* Append the record. */
void doc_record(struct str *out, const struct doc *d);

#endif
