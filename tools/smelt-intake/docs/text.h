/*
 * Words as a source, and documentation beside any source.
 *
 * A text must be UTF-8 and not empty.  HTML becomes readable text (html.h),
 * everything else is kept as it is.
 */
#ifndef INTAKE_TEXT_H
#define INTAKE_TEXT_H

#include <stddef.h>

struct err;
struct source;
struct str;

/* One document, read or fetched; not parsed yet. */
struct page {
	char *label;		/* for messages and the record */
	struct str *bytes;
	struct str *media_type;	/* of a fetched page; NULL */
};

/* The words themselves: the doc record "description". */
int text_read(struct source *s, const struct page *p, struct err *err);
/* A page of documentation; its title is the page's own. */
int text_add_page(struct source *s, const struct page *p, struct err *err);
void page_release(struct page *p);

#endif
