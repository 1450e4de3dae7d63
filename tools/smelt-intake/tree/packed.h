/*
 * An archive as a source: its entries are read as a stream, nothing is
 * unpacked to disk (sys/tar.h has what is refused).  Where all entries lie in
 * one directory at the top, as archives of repositories have it, that
 * directory is taken off their names.  .gitignore rules do not hold: what is
 * in an archive was put there.  --exclude does.
 */
#ifndef INTAKE_PACKED_H
#define INTAKE_PACKED_H

struct err;
struct request;
struct source;

int packed_read(struct source *s, int fd, const char *name,
	const struct request *q, struct err *err);

#endif
