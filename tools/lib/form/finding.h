/*
 * struct finding: what a scanner of gate1 or gate2 has to say, and its record
 * (kind "finding", smelt-records(5)).
 *
 * The fingerprint is a digest over rule and content: the caller gives as
 * content what makes the finding this one (a secret's digest, a statement's
 * text, tool name and text), never a line, commit or path.  Findings are
 * owned by their list; all texts are copied into its arena.
 *
 * Nothing here masks: a scanner of secrets passes masked text (finding_mask).
 */
#ifndef FORM_FINDING_H
#define FORM_FINDING_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct linehash;
struct loc;
struct rule;
struct str;

struct finding_evidence {
	struct loc *loc;
	const char *text;
};

struct finding {
	const char *stage;		/* "gate1", "gate2" */
	const char *rule;
	const char *scanner;
	const char *level;		/* error, warning, note */
	double severity;
	const char *text;		/* message, arguments put in */
	const char **args;
	size_t nargs;
	struct loc *loc;		/* never NULL; file "" when unknown */
	const char *tool, *purl, *commit, *path;	/* subject; or NULL */
	char fingerprint[65];		/* hex */
	const char *line_hash;		/* "hex:n", or NULL */
	const char *snippet;		/* text of the region's lines; or NULL */
	const char *fix;
	struct finding_evidence *evidence;
	size_t nevidence, evidence_cap;
	const char **tags;
	size_t ntags;
	bool suppressed;
	const char *justification, *owner, *expires;
	bool blocking;			/* set by policy_judge() */
};

/* Zero-initialised is ready to use. */
struct findings {
	struct findings_store *store;	/* memory */
	struct finding **items;
	size_t n, cap;
};

void findings_release(struct findings *fs);
/*
 * A new finding by a rule: level, severity, tags, fix and message come from
 * it; the rest is the caller's to fill (use findings_keep for texts).
 */
struct finding *findings_add(struct findings *fs, const char *stage,
	const struct rule *rule, const struct loc *loc,
	const char *const *args, size_t nargs, const char *content);
/* A copy that lives as long as the list; NULL stays NULL. */
const char *findings_keep(struct findings *fs, const char *text);
const char *findings_keepn(struct findings *fs, const char *text, size_t n);
void finding_evidence(struct findings *fs, struct finding *f,
	const struct loc *loc, const char *text);
/* Snippet (the region's lines, at most FINDING_SNIPPET bytes) and lineHash
 * from the text of the file that loc names.  hashes may be NULL. */
enum { FINDING_SNIPPET = 400 };
void finding_context(struct findings *fs, struct finding *f,
	const char *text, size_t len, const struct linehash *hashes);

/* Worst first: blocking, level, severity, then file, line, column, rule. */
void findings_sort(struct findings *fs);
/* Drop findings equal in rule, fingerprint, file, line and column. */
void findings_unique(struct findings *fs);

/* The record's JSON, without a line end. */
void finding_write(struct str *out, const struct finding *f);
/* Read a record back into the list; NULL when it is not a finding. */
struct finding *finding_read(struct findings *fs, const struct json *v);

/* "AKIA**** (20 characters)": the first four characters and the length. */
void finding_mask(struct str *out, const char *secret, size_t len);

#endif
