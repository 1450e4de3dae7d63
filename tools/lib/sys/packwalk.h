/*
 * All objects of a pack, each inflated once: deltas come behind their bases,
 * which are kept only as long as a delta on them is to come.  Used by sys/repo
 * only.
 *
 * Names are those of the index; unlike in pack_read()'s callers, contents are
 * not held against them.
 */
#ifndef SYS_PACKWALK_H
#define SYS_PACKWALK_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct oid;
struct pack;

enum { PACKWALK_GOOD, PACKWALK_LARGE, PACKWALK_DAMAGED };

/* data is valid during the call; NULL unless state is PACKWALK_GOOD.  Not 0
 * ends the walk with that value. */
typedef int packwalk_visit(void *arg, const struct oid *oid, int type,
	int state, const char *data, size_t len);

/*
 * types is a mask of 1 << enum repo_type.  Objects of more than max bytes are
 * large, and so is every delta on them; so is what stands on more than
 * PACKWALK_KEEP bytes of bases.  What no chain of deltas leads to is damaged, and of no
 * known type (0).  0, -1 (the pack can not be walked) or visit's value.
 */
#define PACKWALK_KEEP	((size_t)1 << 30)
int packwalk(const struct pack *p, unsigned types, size_t max,
	packwalk_visit *visit, void *arg, struct err *err);

#endif
