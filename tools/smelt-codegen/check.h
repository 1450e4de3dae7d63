/*
 * The generator's look at its own output.
 *
 * Code must be constant: every code file is a byte-equal copy of one in
 * share/smelt/runtime, handlers are the one handler text under names of the
 * tools, nothing else has a name that an interpreter would load, and each
 * distinct text parses without an error (texts that were there when smelt was
 * built are known to: the tests parse them all).  So no text of the source is code,
 * whatever it holds.  Exempt is source/, which is the source itself.
 *
 * Data must be data: tools.json (catalogue.json in dynamic mode) and
 * bindings.json parse again and name the same tools; in dynamic mode tools.json
 * is the meta-tools.
 */
#ifndef CODEGEN_CHECK_H
#define CODEGEN_CHECK_H

struct err;
struct model;
struct runtime;
struct tree;

/* Load what checking needs, while files can still be opened. */
int check_prepare(const struct runtime *r, struct err *err);
int check_tree(const struct tree *t, const struct runtime *r,
	const struct model *m, struct err *err);

#endif
