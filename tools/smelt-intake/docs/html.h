/*
 * An HTML page as readable text: headings with "#", list items with "-",
 * preformatted text as it is, paragraphs apart.  Scripts, styles, navigation
 * and what the page hides are left out.  Nothing is loaded (libxml2's HTML
 * parser without network, entities or external files).
 *
 * Limits: HTML_DEPTH elements deep; what is deeper is left out.
 */
#ifndef INTAKE_HTML_H
#define INTAKE_HTML_H

#include <stddef.h>

struct err;
struct str;

enum { HTML_DEPTH = 200 };

/* Append the text to out and the page's title to title. */
int html_text(const char *page, size_t len, const char *name,
	struct str *out, struct str *title, struct err *err);

#endif
