/*
 * A tool record made smaller, one step at a time, the step that costs least
 * first.  No step touches arguments, types, enumerations, defaults or what is
 * required, nor a bound but the loose ones.
 *
 *	outputSchema		is left out; the answer is no longer structured
 *	shared schemas		what stands there more than once goes to $defs
 *				(share.h)
 *	examples		and titles of schemas are left out
 *	loose bounds		maxLength of 256 and more, and formats that say
 *				how a number is stored, are left out
 *	nested descriptions	of whatever lies within an argument: the first
 *				sentence stays
 *	description		the tool's: summary and first sentence stay
 *	argument descriptions	the first sentence stays
 *	all nested descriptions, all argument descriptions	are left out
 */
#ifndef SMELT_TOOLDEF_COMPACT_H
#define SMELT_TOOLDEF_COMPACT_H

#include <stdbool.h>
#include <stddef.h>

struct definition;

enum compaction { COMPACT_OUTPUT, COMPACT_SHARED, COMPACT_EXAMPLES,
	COMPACT_LOOSE, COMPACT_NESTED, COMPACT_DESCRIPTION, COMPACT_ARGUMENTS,
	COMPACT_NESTED_ALL, COMPACT_ARGUMENTS_ALL, COMPACTIONS };

const char *compact_name(enum compaction step);

/*
 * *out = def with one more step done; its line is newly allocated, the rest is
 * def's.  false: it would not cost less, nothing was allocated.
 */
bool compact(const struct definition *def, enum compaction step,
	struct definition *out);

#endif
