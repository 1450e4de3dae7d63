#include "sys/zip.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/err.h"
#include "base/str.h"

enum { CHUNK = 64 * 1024 };

static int
trouble(struct archive *a, const char *path, struct err *err)
{
	const char *text = archive_error_string(a);

	return err_at(err, path, 0, 0, "not a readable zip archive: %s",
		text ? text : "unknown error");
}

static int
read_member(struct archive *a, const char *path, const char *name,
	struct str *out, struct err *err)
{
	la_ssize_t n;
	char *room;

	str_clear(out);
	do {
		room = str_room(out, CHUNK);
		if (!room)
			return err_at(err, path, 0, 0,
				"member '%s' is larger than %zu bytes", name,
				out->max);
		n = archive_read_data(a, room, CHUNK);
		if (n < 0)
			return trouble(a, path, err);
		out->len += (size_t)n;
	} while (n > 0);
	str_seal(out);
	return 0;
}

static int
each(struct archive *a, const char *path, struct str *data, zip_visit *visit,
	void *ctx, struct err *err)
{
	struct archive_entry *e;
	size_t entries = 0, total = 0;
	int rc = 0;

	while (rc == 0) {
		int step = archive_read_next_header(a, &e);
		const char *name;

		if (step == ARCHIVE_EOF)
			return 0;
		if (step != ARCHIVE_OK && step != ARCHIVE_WARN)
			return trouble(a, path, err);
		name = archive_entry_pathname(e);
		if (archive_entry_filetype(e) != AE_IFREG)
			continue;
		rc = read_member(a, path, name ? name : "", data, err);
		total += data->len;
		if (rc == 0 && (++entries > ZIP_ENTRIES || total > ZIP_TOTAL))
			rc = err_at(err, path, 0, 0, "archive is too large");
		if (rc == 0)
			rc = visit(ctx, name ? name : "", str_s(data),
				data->len, err);
	}
	return rc;
}

int
zip_each(const char *path, size_t max, zip_visit *visit, void *ctx,
	struct err *err)
{
	struct archive *a = archive_read_new();
	struct str data;
	int rc;

	str_init(&data, max + CHUNK);
	archive_read_support_format_zip(a);
	if (archive_read_open_filename(a, path, CHUNK) != ARCHIVE_OK)
		rc = trouble(a, path, err);
	else
		rc = each(a, path, &data, visit, ctx, err);
	archive_read_free(a);
	str_release(&data);
	return rc;
}
