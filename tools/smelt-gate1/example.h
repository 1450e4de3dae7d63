/*
 * Examples in structured documents: a value below "example" or "examples" of an
 * OpenAPI document is documentation more likely than a secret in use.
 *
 * In JSON by its structure; in YAML by indentation, at most EXAMPLE_LINES lines
 * up.  The text must stay, and have a NUL behind it.
 */
#ifndef GATE1_EXAMPLE_H
#define GATE1_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct json;

enum { EXAMPLE_LINES = 20000 };

struct example_range {
	size_t start, end;
};

struct examples {
	const char *text;
	const struct json *keys;
	bool json;
	struct example_range *ranges;	/* ascending */
	size_t n, cap;
};

/* keys: a JSON list of texts. */
void examples_init(struct examples *e, const char *text, size_t len,
	const struct json *keys);
void examples_release(struct examples *e);
/* Does the byte lie in the value of one of the keys? */
bool examples_has(const struct examples *e, size_t offset);

#endif
