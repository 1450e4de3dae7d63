/*
 * struct order: what the command line asks for.  Strings are argv's.
 */
#ifndef SMELT_ORDER_H
#define SMELT_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct opt_list;

struct order {
	const char *name, *target, *mode, *text, *ref, *config, *policy,
		*waivers, *osv, *min_grade, *key, *profile, *fixes;
	struct opt_list *docs, *overlays, *tags, *extra;
	long max_tokens, max_tools;	/* 0: no limit */
	bool untagged, split, unsigned_run;
	const char *out_dir;
	char *const *sources;
	size_t nsources;
	long jobs;
	const char *programs;		/* where the filters are; NULL: PATH */
};

#endif
