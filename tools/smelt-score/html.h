/*
 * Pieces of the report: escaped text, badges and drawings.  Markup comes from
 * constants and numbers alone; every other text goes through html_text().
 */
#ifndef SCORE_HTML_H
#define SCORE_HTML_H

#include <stddef.h>

struct str;

/* Escaped for text and for quoted attributes; what does not print is made
 * visible, as in diagnostics. */
void html_text(struct str *out, const char *text);
/* A grade letter in its colour; "-" is grey. */
void html_badge(struct str *out, const char *letter);
/* The class of a letter: "ga" … "gf", "gn". */
const char *html_class(const char *letter);

/* A ring, filled to score, with letter and score in it. */
void html_ring(struct str *out, const char *letter, double score);
/* A bar of 100, filled to score, with a mark at potential (or < 0: none). */
void html_bar(struct str *out, const char *letter, double score,
	double potential);
/* n axes, one label and one score each. */
void html_radar(struct str *out, const char *const *labels,
	const double *scores, size_t n);

#endif
