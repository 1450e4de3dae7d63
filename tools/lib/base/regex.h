/*
 * struct regex_engine: regular expressions for code that must not know who runs
 * them (lib/code); sys/scan.h has one.
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct regex_engine {
	/* A compiled one, or NULL with err filled. */
	void *(*compile)(const char *text, struct err *err);
	/* start and end of the match may be NULL. */
	bool (*find)(void *regex, const char *text, size_t len, size_t *start,
		size_t *end);
	void (*release)(void *regex);
};

#endif
