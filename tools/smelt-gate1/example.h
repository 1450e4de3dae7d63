/*
 * Examples in structured documents: a value below "example" or "examples" of an
 * OpenAPI document is documentation more likely than a secret in use.
 */
#ifndef GATE1_EXAMPLE_H
#define GATE1_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct json;

/*
 * Does the line at offset lie below one of the keys (a list of texts), by
 * indentation, in a JSON or YAML text?  Looks at EXAMPLE_LINES lines above it;
 * documents on one line answer false.
 */
enum { EXAMPLE_LINES = 100000 };
bool example_above(const char *text, size_t offset, const struct json *keys);

#endif
