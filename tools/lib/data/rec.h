/*
 * Records: the lines of an artifact (smelt-records(5)).
 *
 * A reader gives one record at a time without parsing it: kind is found by a
 * compare when the line starts with {"kind":" as our writers put it, and by a
 * parse otherwise.  rec_parse() parses on demand.
 *
 * Limits: a line of REC_MAX bytes.  Errors name the input and the line.
 */
#ifndef DATA_REC_H
#define DATA_REC_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json_doc;
struct str;

#define REC_MAX		((size_t)512 * 1024 * 1024)

struct rec {
	const char *line;	/* without the line end; valid until next */
	size_t len;
	char kind[32];
	unsigned number;	/* line number, 1-based */
};

struct rec_reader {
	int fd;
	char *name;
	struct str *buf;
	size_t pos;		/* start of what is not yet given out */
	bool eof;
	unsigned line;
};

/* path NULL or "-": stdin. */
int rec_open(struct rec_reader *r, const char *path, struct err *err);
void rec_close(struct rec_reader *r);
/* 1: a record; 0: end of input; -1: error. */
int rec_next(struct rec_reader *r, struct rec *rec, struct err *err);
bool rec_is(const struct rec *rec, const char *kind);
/* The record's JSON; name of the input comes from the reader. */
int rec_parse(const struct rec_reader *r, const struct rec *rec,
	struct json_doc *doc, struct err *err);

#endif
