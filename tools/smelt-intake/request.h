/*
 * struct request: what the command line asks for.  Strings are argv's.
 */
#ifndef INTAKE_REQUEST_H
#define INTAKE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct opt_list;
struct tree_outputs;

struct request {
	const char *operand;	/* SOURCE; NULL: stdin, --text or several */
	char *const *operands;	/* all of them */
	size_t noperands;
	const char *name;	/* --name */
	const char *type;	/* --type: as the source record's */
	const char *text;	/* --text */
	const char *ref;	/* --ref */
	bool plain;		/* --plain: no git, just files */
	bool no_ignore;		/* --no-ignore */
	struct opt_list *excludes;	/* --exclude */
	struct opt_list *docs;	/* --docs */
	struct opt_list *overlays;	/* --overlay */
	bool fetch_docs;	/* --fetch-docs */
	bool allow_http;	/* --allow-http */
	struct opt_list *hosts;	/* --allow-host */
	struct opt_list *refs;	/* --allow-ref */
	long max_file;		/* bytes; 0: the default */
	long max_total;
	struct tree_outputs *outputs;	/* what this run writes */
	bool key;		/* --key */
	const char *key_cache;	/* --key-cache */
	long timeout;		/* --timeout: seconds for one transfer */
};

#endif
