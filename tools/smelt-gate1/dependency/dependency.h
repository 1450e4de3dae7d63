/*
 * Dependencies: what the source and the emitted server's lock files pin,
 * against a database of advisories (osv.h) and against the floors of
 * share/smelt/rules/dependency.
 *
 * One finding an advisory and package version: advisories that are aliases of
 * each other are one.  Only exact versions are checked; how many had none is
 * in what the verdict says was scanned.
 */
#ifndef GATE1_DEPENDENCY_H
#define GATE1_DEPENDENCY_H

struct dependency;
struct err;
struct gate;
struct osv;

/* Rules must be loaded (scanner "dependency"); osv NULL: none was given. */
struct dependency *dependency_new(struct gate *g, struct osv *osv,
	struct err *err);
/* -1: the database is damaged. */
int dependency_scan(struct dependency *d, struct err *err);
void dependency_free(struct dependency *d);

#endif
