/*
 * Tools from a description in words, for which there is no code: each becomes a
 * callable of the catalog with "manual": its binding says that a person has to
 * write the handler.
 *
 * Found are verbs that the lexicon knows, where a sentence says that something
 * does them: "a server that lists books", "it can send mail", "tools to add and
 * delete notes", "- search_books: finds books by title", "Delete a note".
 * The thing that follows is part of the tool's name; what comes behind "takes",
 * "with", "by", in parentheses, or as "for a city" are its arguments.  Nothing is
 * made up: a word that the text does not have is in no name, and a type is
 * said only where the lexicon has one for the word; else it is a string.
 */
#ifndef SMELT_TOOLDEF_MANUAL_H
#define SMELT_TOOLDEF_MANUAL_H

struct catalog;
struct err;
struct lexicon;

enum { MANUAL_TOOLS = 100, MANUAL_ARGUMENTS = 16, MANUAL_NAME_WORDS = 4 };

/*
 * Add the callables that the catalog's text describes.  -1: there is none; err
 * says how to write one.
 */
int manual_find(struct catalog *c, const struct lexicon *l,
	struct err *err);

#endif
