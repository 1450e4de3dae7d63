/*
 * Request bodies: which media type a tool uses, and its properties.
 */
#ifndef SMELT_TOOLDEF_BODY_H
#define SMELT_TOOLDEF_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct argument;
struct arguments;
struct catalog;
struct json;

/* Add the arguments of body to args; sets mode, content, root, dropped. */
void body_arguments(struct arguments *args, struct catalog *c,
	const struct json *body, bool alone);

/* Is the i-th part of a multipart body that is an array a file?  SIZE_MAX: of
 * those that have no place of their own. */
bool body_part_is_file(const struct catalog *c, const struct json *media,
	size_t i);

/* "application/json", "application/problem+json; charset=utf-8", ... */
bool media_is_json(const char *type);

/* The one concrete media type of an encoding's contentType list, in out, or
 * false. */
bool media_first(const char *list, char *out, unsigned long size);

#endif
