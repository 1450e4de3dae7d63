/*
 * struct lint: finds the defects of OpenAPI documents that break servers made
 * from them, says them, and writes what would mend them.
 *
 * The rules' texts, levels and word lists are share/smelt/rules/openapi; the
 * checks are check.h's.  A finding changes nothing: the artifact and the exit
 * status are what they are without.  Only the main document is looked at; what
 * it refers to in other files is taken for good.
 *
 * Outputs are opened before the sandbox and appear whole at the end.  Limits:
 * LINT_FINDINGS; more are counted, not listed.
 */
#ifndef INTAKE_LINT_H
#define INTAKE_LINT_H

#include <stdbool.h>
#include <stddef.h>

struct box;
struct document;
struct err;
struct findings;
struct fixes;
struct outfile;
struct overlays;
struct rules;
struct source;
struct str;
struct tree_outputs;

enum { LINT_FINDINGS = 20000 };

struct lint_options {
	bool lint;			/* --lint */
	const char *sarif;		/* --sarif */
	const char *fixes;		/* --fix-overlay */
};

struct lint {
	const struct lint_options *options;
	struct rules *rules;		/* NULL: nothing is asked for */
	struct findings *findings;
	struct fixes *fixes;
	struct outfile *sarif, *overlay;
	size_t more;			/* over LINT_FINDINGS */
	size_t documents;

	/* the document that is looked at */
	const struct document *d;
	const struct overlays *overlays;
	const char *label;		/* for messages */
	const char *file;		/* for outputs: no absolute path */
	size_t settled;			/* findings that have all they get */
};

/* Read the rules and open the outputs, if anything is asked for. */
int lint_open(struct lint *l, const struct lint_options *options,
	struct err *err);
bool lint_wanted(const struct lint *l);
/* Its outputs are no part of a source. */
void lint_outputs(const struct lint *l, struct tree_outputs *outputs);
void lint_box(const struct lint *l, struct box *box);

/*
 * Look at d, parsed and changed by overlays (NULL: none).  location is where it
 * came from, perhaps a URL; text is what was parsed.
 */
void lint_document(struct lint *l, const struct document *d,
	const struct overlays *overlays, const char *label,
	const char *location, const char *text, size_t len);
/* The OpenAPI documents among the files of a tree; one that can not be parsed
 * is left to smelt-ast to refuse. */
void lint_files(struct lint *l, const struct source *s);
/* For lint_document(): what of the findings comes from its text. */
void lint_settle(struct lint *l, const char *text, size_t len);
/* Say what was found, and write the outputs. */
int lint_finish(struct lint *l, struct err *err);
/* Drops outputs that lint_finish() did not write. */
void lint_release(struct lint *l);

#endif
