/*
 * What a tool says of itself, in the words of its source.
 *
 * The title is the summary, the first sentence of a docstring, or the name in
 * words.  The description is summary and description (what is the same is
 * said once), cut at the end of a sentence so that all of it has at most
 * PROSE_MAX characters, and behind that, where the source has them, short
 * notes: deprecation, who may call, what the error answers mean.
 */
#ifndef SMELT_TOOLDEF_PROSE_H
#define SMELT_TOOLDEF_PROSE_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct str;

enum { PROSE_MAX = 1024, PROSE_TITLE = 120, PROSE_NOTES = 300 };

/* name is the tool's. */
void prose_title(struct str *out, const struct json *callable,
	const char *name);
/* brief: of the description only the first sentence, and no errors.  What the
 * document itself wants said of the tool (x-mcp) is said instead of both.
 * true: something was cut. */
bool prose_description(struct str *out, const struct json *callable,
	bool brief);

/* Bytes to the end of the first sentence, or of the first paragraph or the
 * words before a list; len if there is only one. */
size_t prose_sentence(const char *text, size_t len);

#endif
