/*
 * The catalogue share/smelt/catalogue/: short descriptions, in our own words,
 * of services and SDKs that people name when they describe a server.
 *
 * An entry is a YAML file: title, summary, aliases (words that name it in a
 * text, in any case), docs (where its documentation is).  Entries are looked
 * at in the order of their file names.
 */
#ifndef INTAKE_CATALOGUE_H
#define INTAKE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct err;
struct sha256;
struct source;

struct catalogue {
	struct catalogue_entry {
		struct document *d;
		bool named;
	} *entries;
	size_t n, cap;
};

/* Read all entries; their bytes go into h, the config digest. */
int catalogue_load(struct catalogue *c, struct sha256 *h, struct err *err);
void catalogue_release(struct catalogue *c);

/* Mark the entries that text names as whole words. */
void catalogue_match(struct catalogue *c, const char *text, size_t len);
/* A doc record for each marked entry. */
void catalogue_add(const struct catalogue *c, struct source *s);
/* Call use() with each documentation URL of the marked entries. */
int catalogue_urls(const struct catalogue *c,
	int (*use)(void *arg, const char *url, struct err *err), void *arg,
	struct err *err);

#endif
