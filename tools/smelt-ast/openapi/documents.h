/*
 * The OpenAPI documents of one artifact, where there may be several.
 *
 * Where none was named (openapi.found: they lie in a directory, repository or
 * archive) a document whose operations another one refers to, by way of any
 * files, or that has none and lends the rest, is a part of that one and is not
 * read for itself; of documents that refer to each
 * other the one nearest to the top is read, and of documents that say the same
 * the first.  What is not read is said.
 *
 * Two documents or more with operations, and routes of code as one more, make
 * a server of several: each document gets a slug, and its callables carry it
 * ("document"), so that base URLs are set apart.  A slug is [a-z0-9-]+, never
 * with "--", DOCUMENTS_SLUG long at most: the stem of the file's name, or the
 * folder's where share/smelt/documents.yaml calls the stem plain; folders are
 * put before it until it is alone, and digits of the path's digest behind it
 * when that does not help.  DOCUMENTS_CODE is the routes' own.
 *
 * Security schemes are then SLUG_SCHEME, so that no credential of one document
 * serves another, whatever its name and definition.  Where another slug begins
 * with SLUG- it is SLUG__SCHEME: made into names of variables, no two schemes
 * of two documents are equal.
 */
#ifndef SMELT_AST_DOCUMENTS_H
#define SMELT_AST_DOCUMENTS_H

#include <stdbool.h>

struct err;
struct openapi;
struct sha256;

enum { DOCUMENTS_SLUG = 40 };
#define DOCUMENTS_CODE "code"

/* Read share/smelt/documents.yaml; its bytes go into config. */
int documents_load(struct openapi *o, struct sha256 *config,
	struct err *err);
/* Which are read for themselves: takes description from the others. */
void documents_choose(struct openapi *o);
/* Give them slugs, if there are several; code: there are routes, too. */
void documents_name(struct openapi *o, bool code);

#endif
