/*
 * The options of smelt-gate1; see its manual page.
 */
#ifndef GATE1_OPTIONS_H
#define GATE1_OPTIONS_H

#include <stdbool.h>

struct opt_list;

struct options {
	const char *sarif, *policy, *waivers, *today, *repo, *osv;
	const struct opt_list *rules;
	bool github;			/* --sarif-profile */
	bool verdict;
};

#endif
