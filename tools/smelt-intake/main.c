#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/stage.h"
#include "smelt-intake/deps/deps.h"
#include "smelt-intake/docs/catalogue.h"
#include "smelt-intake/docs/pages.h"
#include "smelt-intake/docs/text.h"
#include "smelt-intake/documents.h"
#include "smelt-intake/entries.h"
#include "smelt-intake/key.h"
#include "smelt-intake/language.h"
#include "smelt-intake/lint/lint.h"
#include "smelt-intake/openapi/openapi.h"
#include "smelt-intake/openapi/overlays.h"
#include "smelt-intake/openapi/remote.h"
#include "smelt-intake/origin.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "smelt-intake/tree/directory.h"
#include "smelt-intake/tree/packed.h"
#include "smelt-intake/tree/tree.h"
#include "sys/box.h"

static struct opt_list excludes, docs, hosts, refs, overlay_files;
static struct tree_outputs outputs;
static struct lint_options lint_options;
static struct request request = { .outputs = &outputs, .excludes = &excludes, .docs = &docs,
	.hosts = &hosts, .refs = &refs, .overlays = &overlay_files };

static const struct opt opts[] = {
	{ OPT_STR, 'n', "name", "NAME",
	  "name of the server (default: from SOURCE)", &request.name, true },
	{ OPT_STR, 0, "type", "TYPE",
	  "openapi, directory, git, archive or text", &request.type, true },
	{ OPT_STR, 0, "text", "TEXT", "the source is this description",
	  &request.text, true },
	{ OPT_LIST, 0, "docs", "FILE|URL", "add this documentation",
	  &docs, true },
	{ OPT_LIST, 0, "overlay", "FILE",
	  "change the OpenAPI document by this overlay", &overlay_files,
	  false },
	{ OPT_FLAG, 0, "lint", NULL,
	  "say what is wrong with the OpenAPI document",
	  &lint_options.lint, false },
	{ OPT_STR, 0, "sarif", "FILE", "write what --lint says as SARIF",
	  &lint_options.sarif, false },
	{ OPT_STR, 0, "fix-overlay", "FILE",
	  "write an overlay that mends what --lint says",
	  &lint_options.fixes, false },
	{ OPT_FLAG, 0, "fetch-docs", NULL,
	  "fetch what the catalogue names for a text", &request.fetch_docs,
	  true },
	{ OPT_STR, 0, "ref", "REF", "read this branch, tag or commit",
	  &request.ref, true },
	{ OPT_FLAG, 0, "plain", NULL, "read a directory's files, not its git",
	  &request.plain, true },
	{ OPT_FLAG, 0, "no-ignore", NULL, "take what .gitignore leaves out",
	  &request.no_ignore, true },
	{ OPT_LIST, 0, "exclude", "PATTERN", "leave out, as .gitignore does",
	  &excludes, true },
	{ OPT_INT, 0, "max-file", "BYTES",
	  "leave out larger files (default: 1048576)", &request.max_file,
	  true },
	{ OPT_INT, 0, "max-total", "BYTES",
	  "most bytes of all files (default: 268435456)", &request.max_total,
	  true },
	{ OPT_FLAG, 0, "allow-http", NULL, "fetch without TLS, too",
	  &request.allow_http, false },
	{ OPT_LIST, 0, "allow-host", "HOST",
	  "fetch from HOST, whatever its address", &hosts, false },
	{ OPT_LIST, 0, "allow-ref", "URL",
	  "fetch what a document refers to at or below URL", &refs, false },
	{ OPT_FLAG, 0, "key", NULL, "print a digest of the source, no more",
	  &request.key, false },
	{ OPT_STR, 0, "key-cache", "FILE",
	  "for --key: remember what has not changed", &request.key_cache,
	  false },
	{ OPT_INT, 0, "timeout", "SECONDS", "for one transfer",
	  &request.timeout, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-intake",
	.summary = "read a source and begin an artifact",
	.operands = "[SOURCE ...]",
	.min_operands = 0,
	.max_operands = 100000,
	.opts = opts
};

static const char *const owns[] = { "source", "file", "dep", "doc", NULL };
static const struct stage_spec spec = {
	"smelt-intake", "intake", NULL, owns, NULL
};

/* only documents can be several */
static void
check_several(void)
{
	if (request.text || request.ref)
		die("%s takes one SOURCE", request.ref ? "--ref" : "--text");
	if (request.type && strcmp(request.type, "openapi") != 0)
		die("more than one SOURCE: each must be an OpenAPI document");
	if (overlay_files.n || lint_options.fixes)
		die("%s one document: give one SOURCE", overlay_files.n ?
			"--overlay changes" : "--fix-overlay mends");
}

static void
check_request(const struct opt_common *common)
{
	static const char *const types[] = { "openapi", "directory", "git",
		"archive", "text" };
	bool known = !request.type;
	size_t i;

	if (request.name && !path_is_server_name(request.name))
		die("--name: '%s' is not [a-z0-9][a-z0-9-]*", request.name);
	for (i = 0; i < sizeof(types) / sizeof(types[0]) && !known; i++)
		known = strcmp(types[i], request.type) == 0;
	request.operands = common->operands;
	request.noperands = common->noperands;
	if (common->noperands > 1 && !request.key)
		check_several();
	else if (common->noperands && strcmp(common->operands[0], "-") != 0)
		request.operand = common->operands[0];
	if (!known)
		die("--type: '%s' is none of openapi, directory, git, "
			"archive, text", request.type);
}

static int
read_document(struct source *s, struct origin *o, struct err *err)
{
	const char *entry = *o->base ? o->base : "openapi";
	int dir = -1, rc;

	s->type = "openapi";
	if (!path_is_inside(entry, strlen(entry)))
		return err_at(err, o->label, 0, 0, "file name is not UTF-8");
	if (o->dir)
		dir = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = openapi_read(s, o->bytes, o->label, entry, dir, err);
	if (dir >= 0)
		close(dir);
	return rc;
}

static int
read_text(struct source *s, struct origin *o, struct err *err)
{
	struct page page = { o->location, o->bytes, o->media_type };

	s->type = "text";
	return text_read(s, &page, err);
}

static int
read_origin(struct source *s, struct origin *o, struct err *err)
{
	if (request.ref && o->type != ORIGIN_DIRECTORY)
		return err_at(err, o->label, 0, 0,
			"--ref needs a git repository");
	if (overlay_files.n && o->type != ORIGIN_DOCUMENT)
		return err_at(err, o->label, 0, 0,
			"--overlay needs an OpenAPI document");
	if (lint_options.fixes && o->type != ORIGIN_DOCUMENT)
		return err_at(err, o->label, 0, 0,
			"--fix-overlay needs an OpenAPI document");
	switch (o->type) {
	case ORIGIN_DOCUMENT:
		return read_document(s, o, err);
	case ORIGIN_TEXT:
		return read_text(s, o, err);
	case ORIGIN_ARCHIVE:
		return packed_read(s, o->fd, o->label, &request, err);
	case ORIGIN_DIRECTORY:
		break;
	}
	return directory_read(s, o->path, &request, err);
}

/* Writing over what is read would lose it. */
static void
check_output(const char *output)
{
	struct stat in, out;
	size_t i;

	if (!output || stat(output, &out) != 0)
		return;
	for (i = 0; i < request.noperands; i++)
		if (stat(request.operands[i], &in) == 0 &&
		    S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			die("'%s' is the source: not written over", output);
}

/* All that is read before the sandbox. */
struct input {
	struct origin origin;
	struct entries entries;		/* instead of it, when several */
	struct pages pages;
	struct catalogue catalogue;
	struct overlays overlays;
	struct lint lint;
	struct documents documents;
	struct remotes remotes;
};

/* What the documents refer to by URL, as far as that is allowed. */
static void
fetch_refs(struct source *s, struct input *in)
{
	struct err err;
	size_t i;

	if (remotes_init(&in->remotes, &request, &err) < 0)
		die_err(&err);
	for (i = 0; i < in->entries.n; i++)
		if (remotes_fetch(&in->remotes, entries_origin(&in->entries, i),
		    s, &err) < 0)
			die_err(&err);
	if (!in->entries.n && remotes_fetch(&in->remotes, &in->origin, s,
	    &err) < 0)
		die_err(&err);
	s->remotes = &in->remotes;
}

static void
open_input(struct source *s, struct input *in)
{
	struct err err;

	if (request.noperands > 1) {
		if (entries_open(&in->entries, &request, &err) < 0)
			die_err(&err);
	} else if (origin_open(&in->origin, &request, &err) < 0) {
		die_err(&err);
	}
	fetch_refs(s, in);
	if (in->origin.type == ORIGIN_TEXT)
		catalogue_match(&in->catalogue, str_s(in->origin.bytes),
			in->origin.bytes->len);
	if (pages_open(&in->pages, &request, &in->catalogue, &err) < 0)
		die_err(&err);
}

static void
enter_box(const struct input *in, const char *output)
{
	struct box box = { .profile = BOX_FILTER };
	struct err err;

	origin_box(&in->origin, &box);
	entries_box(&in->entries, &box);
	box_output(&box, output);
	lint_box(&in->lint, &box);
	if (box_enter(&box, &err) < 0)
		die_err(&err);
}

static int
read_input(struct source *s, struct input *in, struct err *err)
{
	if (in->entries.n)
		return entries_read(&in->entries, s, &request, err);
	return read_origin(s, &in->origin, err);
}

static void
name_source(struct source *s, const struct input *in)
{
	bool several = in->entries.n > 0;

	s->location = several ? entries_location(&in->entries) :
		xstrdup(in->origin.location);
	s->fetched = in->origin.temp != NULL;
	s->name = request.name ? xstrdup(request.name) :
		several ? entries_name(&in->entries) :
		origin_name(&in->origin);
}

static void
make_artifact(struct source *s, struct input *in, const char *output,
	const char *config)
{
	struct stage stage;
	struct err err;

	check_output(output);
	check_output(lint_options.sarif);
	check_output(lint_options.fixes);
	open_input(s, in);
	name_source(s, in);
	tree_add_output(&outputs, output, STDOUT_FILENO);
	if (stage_create(&stage, &spec, s->name, output, config, &err) < 0)
		die_err(&err);
	tree_add_output(&outputs, NULL, stage.out->fd);
	if (lint_open(&in->lint, &lint_options, &err) < 0)
		die_err(&err);
	s->lint = &in->lint;
	lint_outputs(&in->lint, &outputs);
	enter_box(in, output);
	if (read_input(s, in, &err) < 0 ||
	    pages_add(&in->pages, s, &err) < 0)
		die_err(&err);
	if (in->origin.type == ORIGIN_DIRECTORY ||
	    in->origin.type == ORIGIN_ARCHIVE) {
		documents_mark(&in->documents, s);
		lint_files(&in->lint, s);
	}
	overlays_add(s->overlays, s);
	catalogue_add(&in->catalogue, s);
	source_sort(s);
	deps_read(s);
	source_write(s, &stage);
	if (stage_close(&stage, &err) < 0 ||
	    lint_finish(&in->lint, &err) < 0)
		die_err(&err);
	source_say(s);
}

static void
print_keys(struct input *in, const struct opt_common *common,
	const struct languages *languages)
{
	struct err err;

	if (pages_open(&in->pages, &request, &in->catalogue, &err) < 0 ||
	    key_print(&request, common->operands, common->noperands,
	    languages, &in->pages, &in->overlays, common->output, &err) < 0)
		die_err(&err);
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct languages languages;
	struct opt_common common;
	struct source source;
	struct input in = { .origin.fd = -1 };
	struct sha256 h;
	struct err err;

	opt_parse(&tool, argc, argv, &common);
	check_request(&common);
	sha256_init(&h);
	opt_digest(&tool, &h);
	if (languages_load(&languages, &h, &err) < 0)
		die_err(&err);
	if ((!request.key || request.fetch_docs) &&
	    catalogue_load(&in.catalogue, &h, &err) < 0)
		die_err(&err);
	if (!request.key && documents_load(&in.documents, &h, &err) < 0)
		die_err(&err);
	if (overlays_open(&in.overlays, &request, &h, &err) < 0)
		die_err(&err);
	sha256_final_hex(&h, config);
	source_init(&source, &request, &languages);
	source.overlays = &in.overlays;
	if (request.key)
		print_keys(&in, &common, &languages);
	else
		make_artifact(&source, &in, common.output, config);
	source_release(&source);
	lint_release(&in.lint);
	pages_release(&in.pages);
	origin_close(&in.origin);
	entries_close(&in.entries);
	catalogue_release(&in.catalogue);
	documents_release(&in.documents);
	overlays_release(&in.overlays);
	remotes_release(&in.remotes);
	languages_release(&languages);
	return 0;
}
