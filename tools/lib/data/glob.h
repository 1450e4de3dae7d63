/*
 * Patterns over "/"-separated paths: ? and * (not "/"), [a-z] and [!a-z],
 * ** for any number of whole components ("**" before or behind a "/", or
 * alone), \ before a character to take it as it is.  A pattern without "/"
 * is held against the last component; a leading "/" or any other "/" makes it
 * one of the whole path.  A pattern that ends in "/" means all below it.
 *
 * Time is bounded by pattern length times path length.
 */
#ifndef DATA_GLOB_H
#define DATA_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *path);

/* A simpler one over any text: * stands for any bytes, ? for one. */
bool glob_text(const char *pattern, const char *text);

#endif
