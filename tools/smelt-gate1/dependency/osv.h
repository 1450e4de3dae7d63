/*
 * struct osv: a database of advisories, records of the OSV schema 1.7 as JSON
 * files: DIR/osv-scanner/ECOSYSTEM/all.zip, DIR/ECOSYSTEM/all.zip, any tree of
 * *.json files, or one zip.  In the first two layouts only the ecosystems that
 * dep records have are read.
 *
 * Opened (and its bytes digested) before the sandbox, parsed within.  Limits:
 * OSV_RECORDS records, OSV_RECORD_MAX bytes each, OSV_TOTAL in all.
 */
#ifndef GATE1_OSV_H
#define GATE1_OSV_H

#include <stdbool.h>
#include <stddef.h>

struct box;
struct err;
struct json;
struct map;
struct osv;

enum { OSV_RECORDS = 4 * 1000 * 1000, OSV_RECORD_MAX = 64 * 1024 * 1024 };
#define OSV_TOTAL ((unsigned long long)32 << 30)

/* NULL: there is no such file or directory, or it holds no advisories. */
struct osv *osv_open(const char *path, struct err *err);
void osv_close(struct osv *o);
/* Name what osv_each() opens. */
void osv_box(const struct osv *o, struct box *box);
/* Hex SHA-256 over all names and bytes. */
const char *osv_digest(const struct osv *o);

/* Of each record; other JSON files of a tree are not told.  Not 0 ends. */
typedef int osv_visit(void *arg, const struct json *record);

/*
 * Visit the records that name a package of the map (names as they are, PyPI's
 * as package_name() has them).  *count is set to how many records there are in all.  -1:
 * something can not be read, is no JSON, or meets a limit.
 */
int osv_each(struct osv *o, const struct map *names, osv_visit *visit,
	void *arg, size_t *count, struct err *err);

/* Does the database cover an ecosystem, as far as can be told? */
bool osv_covers(const struct osv *o, const char *ecosystem);

#endif
