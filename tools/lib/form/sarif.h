/*
 * SARIF 2.1.0: one file, one run, as GitHub code scanning takes it.
 *
 * The full file has all findings, waived ones as suppressions, for audit.
 * The GitHub profile leaves waived findings out (GitHub would open them) and
 * keeps the 5,000 worst.  Either is held against GitHub's limits when written:
 * a violation is an error, not a file that is refused later.
 *
 * A finding without a file is placed at fallback ("tools.json", line 1).
 */
#ifndef FORM_SARIF_H
#define FORM_SARIF_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct findings;
struct outfile;
struct rules;
struct str;

struct sarif_artifact {
	const char *path;
	const char *sha256;	/* hex */
};

struct sarif_note {
	const char *level;	/* error, warning, note */
	const char *rule;	/* rule id it is about, or NULL */
	const char *text;
};

struct sarif {
	const char *tool;	/* "smelt-gate1" */
	const char *title;	/* one line about the tool */
	const char *category;	/* "smelt/gate1/" */
	bool github;
	const char *fallback;	/* file for findings that have none */
	const struct rules *rules;
	const struct findings *findings;	/* sorted */
	const struct sarif_artifact *artifacts;
	size_t nartifacts;	/* only those that findings name are written */
	const struct sarif_note *notes;	/* toolExecutionNotifications */
	size_t nnotes;
};

/* "full" (also NULL) or "github"; -1: neither. */
int sarif_profile(const char *name, bool *github, struct err *err);
/* Append the file's text. */
int sarif_write(struct str *out, const struct sarif *s, struct err *err);
/* The same into an open file, which the caller commits. */
int sarif_put(struct outfile *out, const struct sarif *s, struct err *err);

#endif
