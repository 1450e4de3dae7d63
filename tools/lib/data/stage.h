/*
 * struct stage: one filter's run over an artifact.
 *
 *	stage_open(&s, &spec, in, out, config, &err);
 *	while ((rc = stage_next(&s, &rec, &err)) == 1)
 *		... every record but header and end, parse what you need ...
 *	stage_put(&s, &line);			  own records, one a call
 *	stage_close(&s, &err);			  end record, commit
 *
 * Reading checks the header (format 1, the chain), the order of stages (an
 * artifact that lacks the stage before is refused with a message that names
 * it) and the end record: input without it is cut off, exit 2.  Records are
 * copied through as they are read, except the kinds that the stage owns (and
 * spec->drops): stage_next() still gives those, so that a stage can look at
 * its earlier output.
 *
 * Own records must come after the last stage_next().
 */
#ifndef DATA_STAGE_H
#define DATA_STAGE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json_doc;
struct outfile;
struct rec;
struct rec_reader;
struct str;

struct stage_spec {
	const char *tool;	/* "smelt-ast" */
	const char *stage;	/* "ast" */
	const char *after;	/* stage that must be in the chain; or NULL */
	const char *const *owns;	/* kinds, NULL-terminated */
	const char *const *drops;	/* read, not copied; may be NULL */
};

struct stage {
	const struct stage_spec *spec;
	struct rec_reader *reader;
	struct outfile *out;	/* NULL: reading only (stage_read) */
	char *name;		/* of the server */
	char *was;		/* stage that the header names */
	struct str *chain;	/* the header's chain array, without ours */
	bool ended;
	unsigned records;	/* own ones written */
};

/*
 * Read the header of in (NULL: stdin), open out (NULL: stdout) and write the
 * new header.  config is hex SHA-256 of what shapes this stage's output.
 */
int stage_open(struct stage *s, const struct stage_spec *spec,
	const char *in, const char *out, const char *config,
	struct err *err);
/* The same, and the server is called name from here on (NULL: as it was). */
int stage_open_as(struct stage *s, const struct stage_spec *spec,
	const char *in, const char *out, const char *config,
	const char *name, struct err *err);
/* For tools that only read: no output. */
int stage_read(struct stage *s, const struct stage_spec *spec,
	const char *in, struct err *err);
/* 1: a record, 0: all read, -1: error. */
int stage_next(struct stage *s, struct rec *rec, struct err *err);
int stage_parse(const struct stage *s, const struct rec *rec,
	struct json_doc *doc, struct err *err);
/* One own record: JSON without a line end. */
void stage_put(struct stage *s, const struct str *line);
int stage_close(struct stage *s, struct err *err);
/* Drop the output. */
void stage_abort(struct stage *s);

/* The first lines of a new artifact (intake): header; then stage_put and
 * stage_close as above. */
int stage_create(struct stage *s, const struct stage_spec *spec,
	const char *name, const char *out, const char *config,
	struct err *err);

#endif
