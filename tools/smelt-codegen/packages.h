/*
 * The source's own Python packages: requirements-source.txt and source/.
 *
 * Only for servers that call Python functions in process.  A package that the
 * runtime pins already is left to it.  Names, versions and hashes are held
 * against PEP 508 and PEP 440 alphabets; what does not fit is left out with a
 * warning, so no text of the source can be an option of pip.
 */
#ifndef CODEGEN_PACKAGES_H
#define CODEGEN_PACKAGES_H

#include <stdbool.h>

struct err;
struct model;
struct tree;

/* Add source/ and, if there is anything to install, requirements-source.txt
 * (*packages tells).  t holds the runtime's requirements.txt. */
int packages_add(struct tree *t, const struct model *m, bool *packages,
	struct err *err);

#endif
