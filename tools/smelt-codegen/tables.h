/*
 * The data of a generated server: tools.json, bindings.json and smelt.json.
 *
 * One tool a line, so that a diff of two versions is readable.  Every value
 * is copied from the records as it stands there.
 */
#ifndef CODEGEN_TABLES_H
#define CODEGEN_TABLES_H

struct err;
struct model;
struct str;
struct tree;

/* Add tools.json and bindings.json.  limits is the JSON text of the limits. */
void tables_add(struct tree *t, const struct model *m, const char *limits);

/* Add smelt.json, which lists all files that are in t. */
void tables_add_manifest(struct tree *t, const struct model *m);

#endif
