/*
 * struct source: the analysis of the source files of one artifact.
 *
 *	struct source *s = source_new(&config, &err);	// loads share/smelt
 *	... for each file record that is not an OpenAPI document:
 *	source_add(s, path, language, text, len);	// copies
 *	... after the last stage_next():
 *	source_analyse(s, jobs, &err);
 *	source_write(s, &stage);			// unit, type, callable
 *	source_summary(s);				// stderr, unless -q
 *	source_free(s);
 *
 * All files are analysed together: mounts, prefixes, types and effects cross
 * files.  Languages that hold no code (json, markdown, text, other, ...) are
 * counted and give no record.  text is the file's decoded bytes; bytes that
 * are not UTF-8 are a parse error of that file, which is named on stderr.
 */
#ifndef AST_SOURCE_H
#define AST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct project;
struct sha256;
struct source;
struct stage;

/*
 * Loads the knowledge of share/smelt and adds its digests to config (may be
 * NULL).  NULL: a knowledge file is missing or broken; err says which.
 */
struct source *source_new(struct sha256 *config, struct err *err);
void source_free(struct source *s);

void source_add(struct source *s, const char *path, const char *language,
	const char *text, size_t len);

/* Analyse with up to jobs threads. */
int source_analyse(struct source *s, long jobs, struct err *err);
/* Write the records, sorted by path. */
void source_write(struct source *s, struct stage *out);

/* What was found. */
struct project *source_project(struct source *s);
/* Is there a route that is served, and not by a test? */
bool source_serves(const struct source *s);
/* There are documents, too: records say that a route is of document, and its
 * security schemes get prefix.  Both live as long as s. */
void source_set_document(struct source *s, const char *document,
	const char *prefix);

/* True when at least one file holds code. */
bool source_any(const struct source *s);

/* Files, functions, public, filtered and why, routes, auth, candidates: some
 * lines on stderr, unless -q. */
void source_summary(const struct source *s);

#endif
