/*
 * YAML that is safe whatever text goes into it: strings stand in double quotes
 * unless they are plain words, and have printable characters only.
 */
#ifndef INTAKE_LINTYAMLOUT_H
#define INTAKE_LINTYAMLOUT_H

#include <stddef.h>

struct json;
struct str;

void yamlout_str(struct str *out, const char *text, size_t len);
/* The value behind "key:" with the line's end: on the same line, or as a block
 * indented by that many spaces. */
void yamlout_value(struct str *out, const struct json *v, int indent);
/* Text within a comment. */
void yamlout_comment(struct str *out, const char *text);

#endif
