/*
 * struct source: everything that intake found, before it is written as
 * records (smelt-records(5): source, file, dep, doc).
 *
 * Strings given to the functions are copied; a text given to source_add_file()
 * is taken over.  Order of the calls does not matter: source_write() sorts
 * files and omitted paths by bytes, dependencies by ecosystem, name, version
 * and place, and keeps documents in the order they came.
 *
 * Limits: max_file bytes a file (lock files, and those called openapi or
 * swagger, LOCK_MAX), max_total bytes of text, SOURCE_FILES files.  What is over a limit is listed as omitted.
 */
#ifndef INTAKE_SOURCE_H
#define INTAKE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dep;
struct doc;
struct languages;
struct lint;
struct overlays;
struct remotes;
struct request;
struct stage;
struct str;

enum {
	SOURCE_FILES = 200 * 1000,
	SOURCE_LISTED = 2000,		/* omitted entries named one by one */
	LOCK_MAX = 16 * 1024 * 1024
};

struct file {
	char *path;
	char *location;			/* the URL it came from, or NULL */
	const char *language;		/* static or of the language table */
	char *text;			/* NUL behind it */
	size_t size;
	char sha256[65];
};

struct omitted {
	char *path;
	const char *reason;		/* static */
	int64_t bytes;			/* -1: not known */
};

/* One of several documents. */
struct source_entry {
	char *path, *location;
	char *title, *version;		/* may be NULL */
};

struct source {
	const char *type;		/* static: "openapi", "git", ... */
	char *name;			/* of the server */
	char *title;			/* these five may be NULL */
	char *version;
	char *location;
	char *entry;
	struct source_entry *entries;	/* where there are several */
	size_t nentries, entries_cap;
	char *revision;
	int dirty;			/* -1: not known */
	bool truncated;			/* a limit cut the source */
	bool fetched;			/* its repository is a clone of ours */

	const struct languages *languages;
	struct overlays *overlays;	/* the caller's; NULL: none */
	struct remotes *remotes;	/* the caller's; NULL: none */
	struct lint *lint;		/* the caller's; NULL: none */
	uint64_t max_file, max_total;

	struct file *files;
	size_t nfiles, files_cap;
	uint64_t bytes;			/* of all files */
	struct omitted *omitted;
	size_t nomitted, omitted_cap;
	struct dep *deps;
	size_t ndeps, deps_cap;
	struct doc *docs;
	size_t ndocs, docs_cap;
};

/* languages stay the caller's. */
void source_init(struct source *s, const struct request *q,
	const struct languages *languages);
void source_release(struct source *s);

/*
 * Would a file of this size be kept?  NULL, or the reason to omit it; sets
 * truncated where the total is what refuses it.
 */
const char *source_refuses(struct source *s, const char *path, uint64_t size);
/* The most bytes that a file of this name may have. */
uint64_t source_max(const struct source *s, const char *path);
/* Take text over (its memory is this source's then; text is empty).  Without
 * a language the table decides. */
void source_add_file(struct source *s, const char *path, const char *language,
	struct str *text);
/* The file that was added last came from there. */
void source_located(struct source *s, const char *location);
void source_omit(struct source *s, const char *path, const char *reason,
	int64_t bytes);
/* The file of that path; the source must be sorted. */
const struct file *source_file(const struct source *s, const char *path);

/* Bytewise by path; done by source_write() too. */
void source_sort(struct source *s);
/* "sha256:..." over path and digest of every file, then location and text of
 * every document; out has room for 72. */
void source_digest(const struct source *s, char out[72]);
/* source, file, dep and doc records. */
void source_write(struct source *s, struct stage *stage);
/* The summary on stderr. */
void source_say(const struct source *s);

#endif
