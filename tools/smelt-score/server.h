/*
 * struct server: what smelt-score looks at, out of an artifact.
 */
#ifndef SCORE_SERVER_H
#define SCORE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct json;
struct json_doc;
struct map;
struct rec;
struct stage;
struct words;

/* What a callable record says that matters here. */
struct origin {
	bool failures;		/* names some way to fail */
	bool silent;		/* its good answers have no content */
};

struct tool {
	struct json_doc *doc;
	const struct json *root;
	const char *name, *title, *description;
	const struct json *input, *output, *annotations, *binding;
	const struct json *properties;	/* of input */
	const struct words *name_words, *description_words;
	const char *line;	/* words_line() of the description */
};

struct finding_note {
	const char *scanner, *level, *rule, *text, *file;
	unsigned line;
	bool suppressed;
};

struct emitted {
	const char *path, *text;
};

struct scan {
	const char *scanner, *text;
	bool done;
};

struct server {
	struct arena *arena;
	const char *name, *title, *version, *target;
	struct tool *tools;
	size_t ntools, captools;
	struct map *origins;		/* callable id: struct origin */
	struct finding_note *findings;
	size_t nfindings, capfindings;
	struct emitted *files;
	size_t nfiles, capfiles;
	struct scan *scans;
	size_t nscans, capscans;
	struct json_doc *bindings;	/* bindings.json; NULL: none emitted */
};

void server_init(struct server *s, const char *name);
/* Take one record in.  Kinds that do not matter are passed over. */
int server_add(struct server *s, const struct stage *stage,
	const struct rec *rec, struct err *err);
/* After the last record: names the stage that is missing. */
int server_finish(struct server *s, struct err *err);
void server_release(struct server *s);
/* What is known of a tool's callable, or NULL. */
const struct origin *server_origin(const struct server *s,
	const struct tool *t);

#endif
