/*
 * Reading .tar (plain, gzip, bzip2, xz, zstd) and .zip archives as a stream of
 * entries, by libarchive.  The only code that knows libarchive's reader;
 * nothing is ever written to disk.
 *
 * An archive is refused as a whole, with a message that names the entry, when
 * it has an entry that is a device, fifo or socket, is encrypted, has an
 * absolute name or one with "..", a control byte or a component of more than
 * 255 bytes, comes twice, lies beneath an entry that is not a directory, or is
 * a link that leads out of the archive; when it has more than TAR_ENTRIES
 * entries, names (with those of the directories) of more than TAR_NAME bytes on
 * average, or max_total bytes; and when it grows by more than TAR_RATIO behind
 * its first MiB.  Links that stay inside are told to the caller, not followed.
 */
#ifndef SYS_TAR_H
#define SYS_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;
struct tar;

enum {
	TAR_ENTRIES = 10000,
	TAR_RATIO = 100,
	TAR_DEPTH = 64,
	TAR_NAME = 1024
};

enum tar_type { TAR_FILE, TAR_LINK };

struct tar_entry {
	enum tar_type type;
	const char *path;	/* clean, relative */
	bool utf8;
	int64_t size;		/* -1: not told beforehand */
};

/* Not 0 ends the reading with that value.  Directories are not told. */
typedef int tar_visit(void *arg, const struct tar_entry *e, struct tar *t,
	struct err *err);

/* Load what names in archives need (a UTF-8 locale): before the sandbox. */
void tar_init(void);

/* fd is a regular file or a pipe; name is for messages. */
int tar_read(int fd, const char *name, uint64_t max_total, tar_visit *visit,
	void *arg, struct err *err);
/* The same, with another limit than TAR_ENTRIES: for databases. */
int tar_read_many(int fd, const char *name, uint64_t max_total,
	size_t max_entries, tar_visit *visit, void *arg, struct err *err);

/* Inside visit: append the entry's bytes.  1: more than max. */
int tar_content(struct tar *t, size_t max, struct str *out,
	struct err *err);

/* Do the first n bytes look like an archive that is read here? */
bool tar_is_archive(const char *p, size_t n);

#endif
