/*
 * The table share/smelt/languages.yaml: names of files to languages.
 */
#ifndef INTAKE_LANGUAGE_H
#define INTAKE_LANGUAGE_H

#include <stddef.h>

struct err;
struct json;
struct map;
struct sha256;

struct languages {
	struct map *extensions;		/* lower case */
	struct map *names;
	struct map *interpreters;
	char **list;			/* the names that the maps point to */
	size_t n;
	char *ignored;			/* patterns, a line each */
};

/* Read and check the table; its bytes go into h, the config digest. */
int languages_load(struct languages *l, struct sha256 *h, struct err *err);
void languages_release(struct languages *l);

/* The language of a file; never NULL, valid as long as l. */
const char *languages_of(const struct languages *l, const char *path,
	const char *text, size_t len);

#endif
