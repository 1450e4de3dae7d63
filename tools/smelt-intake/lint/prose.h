/*
 * What descriptions say: sentences, the phrases in them, and the HTTP headers
 * that they name.  No grammar: words, in any case, and what stands beside them.
 */
#ifndef INTAKE_LINTPROSE_H
#define INTAKE_LINTPROSE_H

#include <stdbool.h>
#include <stddef.h>

struct json;

enum { PROSE_SENTENCE = 2048, PROSE_NAME = 80, PROSE_TEXT = 256 * 1024 };

/* One text, sentence by sentence; what is over PROSE_TEXT is not read. */
struct prose {
	const char *at, *end;
	const char *sentence;
	size_t len;
	/* the words of the sentence, in lower case, a blank before, between
	 * and behind them; cut at PROSE_SENTENCE */
	char words[PROSE_SENTENCE + 2];
};

void prose_init(struct prose *p, const struct json *text);
bool prose_next(struct prose *p);
/* The first of a list of phrases that the sentence has; NULL: none. */
const char *prose_has(const struct prose *p, const struct json *phrases);

struct prose_header {
	char name[PROSE_NAME];
	char value[PROSE_NAME];		/* "" when it is not told */
	bool required;
};

/* The headers that the sentence names; at goes from 0. */
bool prose_header(const struct prose *p, size_t *at,
	struct prose_header *header);
/* "Authorization: Bearer", "-H 'Authorization: Token …'": the word behind it
 * into prefix, "" when a sentence only names the header.  False: it does not. */
bool prose_authorization(const struct prose *p, char prefix[PROSE_NAME]);

#endif
