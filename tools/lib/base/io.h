/*
 * Files: reading whole inputs under a limit, and output that appears whole or
 * not at all.
 *
 * struct outfile writes to a temporary file beside its target and renames it
 * on commit; a process that dies or is interrupted leaves no temporary file.
 * With no path it writes to stdout, where wholeness is the reader's to see
 * (the end record).  A write error, a full disk or a closed pipe is an error
 * of outfile_commit() at the latest.  The mode of a new file is 0666 & ~umask;
 * a replaced file keeps its mode.  "-" is stdout too.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

/* Largest input any tool reads whole. */
#define IO_MAX ((size_t)512 * 1024 * 1024)

/* Append the file's bytes to out.  -1: not readable, not a regular file or
 * pipe, or larger than out's maximum.  path NULL or "-" is stdin. */
int io_read(const char *path, struct str *out, struct err *err);
int io_read_fd(int fd, const char *name, struct str *out, struct err *err);
/* The same for a file below share/smelt (base/path.h, share_path()). */
int io_read_share(const char *name, struct str *out, struct err *err);
/*
 * The paths of a directory's entries whose names end in suffix and do not
 * begin with a dot, sorted by bytes.  Each, and the list, is the caller's to
 * free; on -1 there is none.
 */
int io_list(const char *dir, const char *suffix, char ***paths, size_t *n,
	struct err *err);

struct outfile {
	int fd;
	char *path;		/* NULL: stdout */
	char *temp;
	char *buf;
	size_t len;
	bool failed;
	int error;		/* errno of the first failure */
};

int outfile_open(struct outfile *o, const char *path, struct err *err);
/* Errors are sticky and come back from commit. */
void outfile_write(struct outfile *o, const void *p, size_t n);
int outfile_commit(struct outfile *o, struct err *err);
/* Drop it: nothing appears at path. */
void outfile_abort(struct outfile *o);

/* The whole of text as a new or replaced file, atomically. */
int io_write(const char *path, const void *p, size_t n, struct err *err);

/* Catch SIGINT, SIGTERM, SIGHUP to remove temporary files; ignore SIGPIPE
 * and SIGXFSZ, so that a closed pipe or a full file is a write error.  SIGXCPU
 * (sys/box's limit) ends the
 * process with a message and exit 2.  Called once, by opt_parse(). */
void io_init(void);

#endif
