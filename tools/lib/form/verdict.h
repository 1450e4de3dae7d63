/*
 * struct verdict: what a gate decided (record kind "verdict",
 * smelt-records(5)).  policy_judge() fills it; nothing in it is owned.
 */
#ifndef FORM_VERDICT_H
#define FORM_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct findings;
struct stage;

/* What one scanner did. */
struct scanned {
	const char *scanner;
	bool done;
	const char *text;
};

struct verdict_tool {
	const char *name;
	const char *result;		/* pass, warn, fail */
	const char *const *reasons;
	size_t nreasons;
};

struct verdict {
	const char *stage;
	const char *result;		/* pass, warn, fail */
	size_t blocking, error, warning, note, suppressed;
	const struct scanned *scanned;
	size_t nscanned;
	const struct verdict_tool *tools;	/* NULL: no such member */
	size_t ntools;
	const char *policy;		/* hex digest */
};

/* The own records of a gate: every finding, then the verdict. */
void verdict_put(const struct verdict *v, const struct findings *fs,
	struct stage *s);

/*
 * Judge what an artifact says: read its verdict record of the stage, print
 * the blocking findings as diagnostics, and one line with the result.
 * Returns 0 (pass, warn), 1 (fail) or -1 (no such verdict, or trouble).
 */
int verdict_check(const char *artifact, const char *tool, const char *stage,
	struct err *err);
/* Each blocking finding as a diagnostic, and the summary line. */
void verdict_report(const struct verdict *v, const struct findings *fs);

#endif
