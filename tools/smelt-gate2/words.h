/*
 * Words of descriptions and names, for comparison with what code does.
 *
 * A text is cut at everything that is not a letter or digit, and at humps
 * (listBooks is "list", "books").  Words are compared in lower case by their
 * stem: "deletes", "deleted" and "deleting" are "delete".  English only: the
 * lists in share/smelt/drift.yaml are English, and a text without any ASCII
 * letter is not judged.
 */
#ifndef GATE2_WORDS_H
#define GATE2_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct map;

/* Add the stems of text to the set. */
void words_add(struct map *set, const char *text);
/* Add the words of every string in v (keys too). */
void words_add_json(struct map *set, const struct json *v);
/* Is one of the list's words (a JSON array of strings) in the set? */
bool words_any(const struct map *set, const struct json *list);
/* The first word of the list that is in the set, or NULL. */
const char *words_which(const struct map *set, const struct json *list);
/* Is the first word of the text in the list? */
bool words_first(const char *text, const struct json *list);

#endif
