/*
 * The data of a generated server: tools.json, bindings.json and smelt.json;
 * in dynamic mode catalogue.json, which has the definitions, and tools.json
 * has the meta-tools.
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

/* Add all but smelt.json.  limits is the JSON text of the limits.  -1: tools.json
 * is longer than clients take. */
int tables_add(struct tree *t, const struct model *m, const char *limits,
	struct err *err);

/* Add smelt.json, which lists all files that are in t. */
void tables_add_manifest(struct tree *t, const struct model *m);

#endif
