/*
 * struct corpus: what gate1 reads from an artifact: files of the source and of
 * the emitted server with their bytes, dependencies, tools and the source
 * record.  Everything lives until corpus_release().
 */
#ifndef GATE1_CORPUS_H
#define GATE1_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct finding;
struct findings;
struct json;
struct linehash;
struct stage;

struct corpus_file {
	const char *path;
	const char *language;
	const char *sha256;
	const char *role;	/* of an emitted file; else NULL */
	const char *text;	/* decoded bytes */
	size_t len;
	bool emitted;
	bool copy;		/* emitted copy of a file of the source */
	struct linehash *hashes;	/* on demand */
};

struct corpus {
	struct corpus_store *store;
	struct corpus_file *files;
	size_t nfiles, files_cap;
	const struct json **deps;
	size_t ndeps, deps_cap;
	const struct json **tools;
	size_t ntools, tools_cap;
	const struct json *source;	/* NULL: no such record */
	const struct json **own;	/* findings, verdict of an earlier run */
	size_t nown, own_cap;
};

void corpus_init(struct corpus *c);
/* Read the first record behind the header: the source. */
int corpus_first(struct corpus *c, struct stage *s, struct err *err);
/* Read all records that are left. */
int corpus_read(struct corpus *c, struct stage *s, struct err *err);
void corpus_release(struct corpus *c);
/* Are the files of the source gone, for gate1 has run before? */
bool corpus_is_scanned(const struct corpus *c);
/* A file of the source by path, or NULL. */
struct corpus_file *corpus_file(const struct corpus *c, const char *path);
/* Line hashes of the text as it came, made on first use. */
struct linehash *corpus_hashes(struct corpus_file *f);
/* Another text of the same length, owned by the corpus from now on; the line
 * hashes stay those of the first. */
void corpus_replace(struct corpus *c, struct corpus_file *f, char *text);
/* Fill snippet and lineHash from the source file that the finding names. */
void corpus_context(struct corpus *c, struct findings *fs,
	struct finding *f, struct corpus_file *file);

#endif
