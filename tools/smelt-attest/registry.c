#include "smelt-attest/registry.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-attest/artifact.h"
#include "smelt-attest/outdir.h"

enum { URL_MAX = 2048, ENTRIES_MAX = 100000 };

static const char *const wanted[] = {
	"manifest.json", "tools.json", "bindings.json"
};
enum { WANTED = sizeof(wanted) / sizeof(wanted[0]) };

int
registry_check_url(const char *url, struct err *err)
{
	size_t i;

	for (i = 0; url[i]; i++)
		if (url[i] <= ' ' || url[i] > '~')
			break;
	if (url[i] || i > URL_MAX || !str_starts(url, "https://") ||
	    !url[strlen("https://")])
		return err_set(err, "--bundle-url: '%s' is no https address",
			url);
	return 0;
}

/* The entry against the server's file of that name. */
static int
hold(struct archive *ar, const struct artifact_file *f, const char *bundle,
	struct err *err)
{
	char *data = xmalloc(f->len + 1);
	size_t n = 0;
	la_ssize_t did;
	int rc = 0;

	do {
		did = archive_read_data(ar, data + n, f->len + 1 - n);
		n += did > 0 ? (size_t)did : 0;
	} while (did > 0 && n <= f->len);
	if (did < 0)
		rc = err_set(err, "'%s': cannot read its %s", bundle, f->path);
	else if (n != f->len || memcmp(data, f->data, n) != 0)
		rc = err_set(err, "'%s': its %s is not that of the server "
			"which the gates have seen", bundle, f->path);
	free(data);
	return rc;
}

static int
hold_entries(struct archive *ar, const struct artifact *a, const char *bundle,
	struct err *err)
{
	const struct artifact_file *f;
	struct archive_entry *entry;
	bool seen[WANTED] = { false };
	const char *path;
	size_t i, n;
	int rc;

	for (n = 0; (rc = archive_read_next_header(ar, &entry)) ==
	    ARCHIVE_OK; n++) {
		path = archive_entry_pathname_utf8(entry);
		if (n == ENTRIES_MAX || !path)
			return err_set(err, "'%s': too many files, or a name "
				"that is not UTF-8", bundle);
		f = archive_entry_filetype(entry) == S_IFREG ?
			artifact_file(a, path) : NULL;
		if (f && hold(ar, f, bundle, err) < 0)
			return -1;
		for (i = 0; f && i < WANTED; i++)
			seen[i] |= strcmp(path, wanted[i]) == 0;
	}
	if (rc != ARCHIVE_EOF)
		return err_set(err, "'%s': not a bundle: %s", bundle,
			archive_error_string(ar) ? archive_error_string(ar) :
			"unknown error");
	for (i = 0; i < WANTED; i++)
		if (!seen[i])
			return err_set(err, "'%s': it has no %s", bundle,
				wanted[i]);
	return 0;
}

static int
look_into(const struct str *data, const struct artifact *a, const char *bundle,
	struct err *err)
{
	struct archive *ar = archive_read_new();
	int rc;

	if (!ar || archive_read_support_format_zip_seekable(ar) != ARCHIVE_OK)
		die("cannot start to read a bundle");
	if (archive_read_open_memory(ar, data->buf, data->len) != ARCHIVE_OK)
		rc = err_set(err, "'%s': not a bundle: %s", bundle,
			archive_error_string(ar) ? archive_error_string(ar) :
			"unknown error");
	else
		rc = hold_entries(ar, a, bundle, err);
	archive_read_free(ar);
	return rc;
}

static void
put_package(struct emit *e, const char *url, const char *sha256)
{
	emit_key(e, "packages");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "registryType", "mcpb");
	emit_pair(e, "identifier", url);
	emit_pair(e, "fileSha256", sha256);
	emit_key(e, "transport");
	emit_object(e);
	emit_pair(e, "type", "stdio");
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

/* The generated server.json, its packages before _meta. */
static int
write_json(struct str *out, const struct artifact_file *f, const char *url,
	const char *sha256, struct err *err)
{
	struct json_doc doc;
	struct json_iter it;
	struct emit e;

	if (json_parse(&doc, f->data, f->len, f->path, err) < 0)
		return -1;
	emit_init(&e, out);
	emit_pretty(&e, 2);
	emit_object(&e);
	for (json_each(&it, json_root(&doc)); json_next(&it); ) {
		if (!it.key || json_str_is(it.key, "packages"))
			continue;
		if (json_str_is(it.key, "_meta"))
			put_package(&e, url, sha256);
		emit_keyn(&e, json_str(it.key), json_len(it.key));
		emit_json(&e, it.value);
	}
	if (!json_get(json_root(&doc), "_meta"))
		put_package(&e, url, sha256);
	emit_end(&e);
	str_putc(out, '\n');
	json_release(&doc);
	return 0;
}

int
registry_make(struct outdir *out, const struct artifact *a,
	const char *bundle, const char *url, struct err *err)
{
	const struct artifact_file *f = artifact_file(a, "server.json");
	char sha256[SHA256_HEX + 1];
	struct str data, text;
	int rc;

	if (!f)
		return err_set(err, "--bundle: the server has no server.json: "
			"run smelt-codegen with --registry-name");
	str_init(&data, REGISTRY_BUNDLE_MAX);
	str_init(&text, STR_RECORD);
	rc = io_read(bundle, &data, err);
	if (rc == 0)
		rc = look_into(&data, a, bundle, err);
	if (rc == 0) {
		sha256_hex(str_s(&data), data.len, sha256);
		rc = write_json(&text, f, url, sha256, err);
	}
	if (rc == 0)
		outdir_add(out, "server.json", &text);
	str_release(&data);
	str_release(&text);
	return rc;
}
