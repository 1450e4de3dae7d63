/*
 * Packs of a git repository (gitformat-pack(5)): the version 2 index and the
 * objects of a pack, with deltas resolved.  Used by sys/repo only.
 *
 * Nothing is mapped: a file that changes or ends early while it is read is an
 * error, not a signal.
 */
#ifndef SYS_PACK_H
#define SYS_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct oid;
struct str;

enum { PACK_CHAIN = 4096 };	/* longest chain of deltas */
enum { PACK_OFS_DELTA = 6, PACK_REF_DELTA = 7 };	/* beside repo_type */

struct pack {
	int fd;			/* -1: opened for each object */
	int dir;		/* where name is; the caller's */
	char *name;		/* "objects/pack/pack-….pack" */
	uint64_t size;		/* of the pack file */
	size_t oid_size;
	unsigned char *index;	/* whole index file */
	size_t index_size;
	uint32_t count;
	const unsigned char *names, *offsets, *large;
	size_t nlarge;
};

/* Recently read objects, as bases of deltas; shared by all packs. */
struct packcache;
struct packcache *packcache_new(void);
void packcache_free(struct packcache *c);

/* name is that of the .pack; both files are opened beneath dir, which must
 * stay open.  keep: the pack file stays open, too. */
int pack_open(struct pack *p, int dir, const char *name, size_t oid_size,
	bool keep, struct err *err);
void pack_close(struct pack *p);

/* The offset of an object; false when it is not in this pack. */
bool pack_find(const struct pack *p, const struct oid *oid, uint64_t *offset);
/* How many objects have names that start with the n hex digits; the last of
 * them goes to oid. */
unsigned pack_prefix(const struct pack *p, const char *hex, size_t n,
	struct oid *oid);

/* The offset of the i-th name of the index; false: damaged. */
bool pack_offset(const struct pack *p, size_t i, uint64_t *offset);

/* What stands before an object's deflated bytes. */
struct pack_header {
	int type;
	uint64_t size;		/* of what is inflated */
	uint64_t data;		/* where the deflated bytes start */
	uint64_t base;		/* offset of the base, for deltas */
};
enum { PACK_HEADER = 64 };	/* most bytes that it takes */
int pack_header(const struct pack *p, uint64_t offset,
	struct pack_header *h, struct err *err);
/* The same, of n bytes that were read at the offset. */
int pack_header_in(const struct pack *p, uint64_t offset,
	const unsigned char *buf, size_t n, struct pack_header *h,
	struct err *err);

/*
 * The object at an offset.  type as in enum repo_type.  0; 1 when it has more
 * than max bytes; -1 on error.
 */
int pack_read(const struct pack *p, struct packcache *cache, uint64_t offset,
	size_t max, int *type, uint64_t *size, struct str *out,
	struct err *err);

#endif
