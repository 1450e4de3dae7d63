/*
 * The same call, described twice in one artifact.
 *
 * A route of code and an operation with its method and path (names of path
 * parameters and a slash at the end do not count; the path of a server URL may
 * stand before the operation's) are one call.  The operation is kept, which
 * has the typed contract, unless no server of it is absolute: then the route
 * is, except where the document wants the operation hidden.  The other one's
 * record says "duplicate":ID, which smelt-tooldef makes a skip of.  Bad
 * operations and routes that are not public are no rivals.
 *
 * Of two operations of two documents with the same method, server and path the
 * first is kept; without an absolute server they must be equal, and their
 * documents have the same title.
 */
#ifndef SMELT_AST_DUPLICATE_H
#define SMELT_AST_DUPLICATE_H

struct openapi;
struct source;

/* After both were analysed, before they are written. */
void duplicates_find(struct openapi *o, struct source *s);

#endif
