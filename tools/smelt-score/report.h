/*
 * The report: one HTML page that needs nothing else, no script, no font, no
 * picture from anywhere.  It is well-formed XML too.  All text is escaped.
 */
#ifndef SCORE_REPORT_H
#define SCORE_REPORT_H

struct grade;
struct str;

/* style: the text of share/smelt/score.css. */
void report_write(struct str *out, const struct grade *g,
	const struct str *style);

#endif
