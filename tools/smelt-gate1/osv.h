/*
 * struct osv: a database of advisories, records of the OSV schema 1.7 as JSON
 * files: DIR/osv-scanner/ECOSYSTEM/all.zip, DIR/ECOSYSTEM/all.zip, any tree of
 * *.json files, or one zip.
 *
 * Opened before the sandbox, read within.
 */
#ifndef GATE1_OSV_H
#define GATE1_OSV_H

struct box;
struct err;
struct osv;

/* NULL: there is no such file or directory, or it holds no advisories. */
struct osv *osv_open(const char *path, struct err *err);
void osv_close(struct osv *o);
/* Name what osv_read() reads. */
void osv_box(const struct osv *o, struct box *box);

#endif
