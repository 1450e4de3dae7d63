/*
 * The files that an OpenAPI document refers to by relative $ref.
 *
 * Every reference of the document, and of the files it leads to, is looked at.
 * Files beneath the document's directory become file records; a reference to
 * another place (a URL, an absolute path, a path that leads out, a symbolic
 * link) is an error with its position: nothing is fetched.  What stands in
 * example, default, const, enum, value and x- members is data, not a
 * reference.  In documents of 3.1 and later a reference to a URI that $self or
 * $id gives, in any of the files, needs no file.
 *
 * Limits: BUNDLE_FILES files, of the size of any document; BUNDLE_PENDING
 * references by URI.
 */
#ifndef INTAKE_BUNDLE_H
#define INTAKE_BUNDLE_H

struct document;
struct err;
struct source;
struct str;

enum { BUNDLE_FILES = 4000, BUNDLE_PENDING = 100 * 1000 };

/*
 * d is the parsed entry, text what it was; label what messages call it; dir
 * the open directory of the document, -1 where there is none (stdin, a URL).
 */
int bundle_read(struct source *s, const struct document *d,
	const struct str *text, const char *label, const char *entry,
	int dir, struct err *err);

#endif
