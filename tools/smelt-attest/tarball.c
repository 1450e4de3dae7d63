#include "smelt-attest/tarball.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "smelt-attest/artifact.h"

struct sink {
	struct str *out;	/* NULL: digest only */
	struct sha256 hash;
};

static la_ssize_t
collect(struct archive *ar, void *data, const void *p, size_t n)
{
	struct sink *sink = data;

	if (sink->out && str_add(sink->out, p, n) < 0) {
		archive_set_error(ar, -1, "larger than %zu bytes",
			sink->out->max);
		return -1;
	}
	if (!sink->out)
		sha256_add(&sink->hash, p, n);
	return (la_ssize_t)n;
}

static int
put_file(struct archive *ar, const struct artifact_file *f, const char *root,
	int64_t mtime)
{
	struct archive_entry *entry = archive_entry_new();
	struct str path;
	int rc;

	if (!entry)
		die("out of memory");
	str_init(&path, STR_LINE);
	str_addf(&path, "%s/%s", root, f->path);
	archive_entry_set_pathname(entry, str_s(&path));
	archive_entry_set_filetype(entry, S_IFREG);
	archive_entry_set_perm(entry, f->mode);
	archive_entry_set_size(entry, (la_int64_t)f->len);
	archive_entry_set_mtime(entry, (time_t)mtime, 0);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	rc = archive_write_header(ar, entry);
	if (rc == ARCHIVE_OK && f->len &&
	    archive_write_data(ar, f->data, f->len) != (la_ssize_t)f->len)
		rc = ARCHIVE_FATAL;
	archive_entry_free(entry);
	str_release(&path);
	return rc;
}

static int
set_up(struct archive *ar, bool compress)
{
	if (archive_write_set_format_pax_restricted(ar) != ARCHIVE_OK)
		return -1;
	if (compress && (archive_write_add_filter_gzip(ar) != ARCHIVE_OK ||
	    archive_write_set_filter_option(ar, "gzip", "timestamp",
		NULL) != ARCHIVE_OK ||
	    archive_write_set_filter_option(ar, "gzip", "compression-level",
		"9") != ARCHIVE_OK))
		return -1;
	return archive_write_set_bytes_in_last_block(ar, 1) == ARCHIVE_OK ?
		0 : -1;
}

static int
write_all(struct sink *sink, const struct artifact *a, const char *root,
	int64_t mtime, struct err *err)
{
	struct archive *ar = archive_write_new();
	size_t i;
	int rc = ARCHIVE_OK;

	if (!ar || set_up(ar, sink->out != NULL) < 0 ||
	    archive_write_open(ar, sink, NULL, collect, NULL) != ARCHIVE_OK)
		die("cannot start an archive");
	for (i = 0; i < a->nfiles && rc == ARCHIVE_OK; i++)
		rc = put_file(ar, &a->files[i], root, mtime);
	if (rc != ARCHIVE_OK)
		err_set(err, "cannot archive '%s': %s", a->files[i - 1].path,
			archive_error_string(ar) ? archive_error_string(ar) :
			"unknown error");
	if (rc == ARCHIVE_OK && archive_write_close(ar) != ARCHIVE_OK)
		rc = err_set(err, "cannot archive: %s",
			archive_error_string(ar) ? archive_error_string(ar) :
			"unknown error");
	archive_write_free(ar);
	return rc == ARCHIVE_OK ? 0 : -1;
}

int
tarball_make(struct str *out, const struct artifact *a, const char *root,
	int64_t mtime, char tar[65], struct err *err)
{
	struct sink plain = { 0 }, packed = { .out = out };

	sha256_init(&plain.hash);
	if (write_all(&plain, a, root, mtime, err) < 0) {
		sha256_final_hex(&plain.hash, tar);
		return -1;
	}
	sha256_final_hex(&plain.hash, tar);
	return write_all(&packed, a, root, mtime, err);
}
