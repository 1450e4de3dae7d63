/*
 * Which elements of two sequences correspond: a longest common subsequence,
 * by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * Algorithmica 1 (1986), the linear space refinement of section 4b.
 *
 * Elements are numbers; equal number means equal element.  Sequences have
 * fewer than 2^31 elements.  Work is bounded: where two long sequences share
 * next to nothing, what is left when DIFF_STEPS are spent is taken to differ,
 * so the result always is a common subsequence, but then not the longest.
 */
#ifndef DATA_DIFF_H
#define DATA_DIFF_H

#include <stddef.h>
#include <stdint.h>

#define DIFF_NONE	UINT32_MAX
enum { DIFF_STEPS = 1 << 26 };

/* to[i] = index in b of what a[i] corresponds to, or DIFF_NONE; rising. */
void diff_match(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
	uint32_t *to);

#endif
