/*
 * git's delta format (gitformat-pack(5), "deltified representation").
 */
#ifndef SYS_DELTA_H
#define SYS_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Bytes that the two sizes at the start take; 0 when they are cut off. */
size_t delta_sizes(const char *delta, size_t n, uint64_t *base,
	uint64_t *result);
/* Append the result to an empty out.  false: damaged, or over out's maximum. */
bool delta_apply(const struct str *base, const char *delta, size_t n,
	struct str *out);

#endif
