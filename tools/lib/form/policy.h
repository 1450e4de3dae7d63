/*
 * Policy and waivers: what blocks.
 *
 * policy.yaml (default: share/smelt/policy.yaml):
 *
 *	block: {level: error, severity: 7.0}	# either is enough
 *	scanners:
 *	  dependency: {severity: 9.0, required: true}	# instead of block
 *	rules:
 *	  py-assert: {level: note, severity: 1.0, block: false, enabled: true}
 *
 * A level or severity that is absent does not block.  required: not scanned
 * blocks.  A rule's entry changes its findings; block: decides alone.
 *
 * waivers.yaml:
 *
 *	waivers:
 *	  - fingerprint: sha256:…		# or rule, or rule and path
 *	    rule: py-eval
 *	    path: "tests/test_*.py"
 *	    justification: why
 *	    owner: who
 *	    expires: 2027-01-31			# last day on which it holds
 *
 * A waived finding is kept, suppressed.  An expired waiver suppresses nothing
 * and is itself a finding (rule waiver-expired, scanner policy), and so is one
 * that matches nothing (waiver-unused, a note).  Unknown members are errors.
 */
#ifndef FORM_POLICY_H
#define FORM_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct findings;
struct rules;
struct scanned;
struct verdict;

struct policy {
	struct policy_store *store;
	char digest[65];	/* hex, over policy, waivers and the day */
};

/* path NULL: the default.  waivers NULL: none. */
int policy_load(struct policy *p, const char *path, const char *waivers,
	struct err *err);
void policy_release(struct policy *p);
/*
 * The day waivers are held against: day ("YYYY-MM-DD") if not NULL, else that
 * of SOURCE_DATE_EPOCH, else today (UTC).  Part of the digest only when there
 * is a waiver.
 */
int policy_set_day(struct policy *p, const char *day, struct err *err);

/*
 * Apply rule changes and waivers to the findings (adding those about waivers,
 * with rules of their own), mark what blocks, and fill v but for tools.  The
 * findings are sorted.
 */
void policy_judge(const struct policy *p, const char *stage,
	struct findings *fs, struct rules *rules,
	const struct scanned *scanned, size_t nscanned, struct verdict *v);

#endif
