/*
 * struct lineset: lines that were met, by a hash of 62 bits under a key that
 * nobody knows beforehand (so that no text can be made to look like another
 * one), with two marks a line.
 *
 * At LINESET_MAX lines it takes no more: those it has not look new each time.
 */
#ifndef GATE1_LINESET_H
#define GATE1_LINESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINESET_MAX = 48 * 1024 * 1024 };
enum { LINE_SECRET = 1, LINE_OPENS = 2 };	/* marks */

struct lineset {
	uint64_t *slots;	/* hash, its lowest two bits the marks */
	size_t n, size;
	uint64_t key[2];
};

void lineset_init(struct lineset *s);
void lineset_release(struct lineset *s);
/* The line's hash (marks 0), for the calls below. */
uint64_t lineset_hash(const struct lineset *s, const char *line, size_t len);
/* Its marks; -1 when it is new (and is in the set from now on). */
int lineset_add(struct lineset *s, uint64_t hash);
void lineset_mark(struct lineset *s, uint64_t hash, int mark);

#endif
