#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/stage.h"
#include "smelt-intake/directory.h"
#include "smelt-intake/language.h"
#include "smelt-intake/openapi.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"

static struct opt_list excludes;
static struct request request = { .excludes = &excludes };

static const struct opt opts[] = {
	{ OPT_STR, 'n', "name", "NAME",
	  "name of the server (default: from SOURCE)", &request.name, true },
	{ OPT_STR, 0, "ref", "REF", "read this branch, tag or commit",
	  &request.ref, true },
	{ OPT_FLAG, 0, "plain", NULL, "read a directory's files, not its git",
	  &request.plain, true },
	{ OPT_FLAG, 0, "no-ignore", NULL, "take what .gitignore leaves out",
	  &request.no_ignore, true },
	{ OPT_LIST, 0, "exclude", "PATTERN", "leave out, as .gitignore does",
	  &excludes, true },
	{ OPT_INT, 0, "max-file", "BYTES", "leave out larger files",
	  &request.max_file, true },
	{ OPT_INT, 0, "max-total", "BYTES", "stop at so many bytes of text",
	  &request.max_total, true },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-intake",
	.summary = "read a source and begin an artifact",
	.operands = "[SOURCE]",
	.min_operands = 0,
	.max_operands = 1,
	.opts = opts
};

static const char *const owns[] = { "source", "file", "dep", "doc", NULL };
static const struct stage_spec spec = {
	"smelt-intake", "intake", NULL, owns, NULL
};

/* "pet.store.yaml" gives "pet-store" */
static void
name_source(struct source *s)
{
	const char *base, *dot;
	struct str name;
	char *stem;

	if (request.name) {
		s->name = xstrdup(request.name);
		return;
	}
	base = s->entry ? path_base(s->entry) : "";
	dot = strrchr(base, '.');
	stem = xstrndup(base, dot && dot != base ? (size_t)(dot - base) :
		strlen(base));
	str_init(&name, STR_LINE);
	path_server_name(&name, stem);
	free(stem);
	s->name = str_detach(&name);
}

static int
read_document(struct source *s, struct err *err)
{
	const char *name = request.operand ? request.operand : "<stdin>";
	const char *entry = request.operand ? path_base(request.operand) :
		"openapi";
	struct str text;
	int rc = -1;

	str_init(&text, IO_MAX);
	s->type = "openapi";
	if (!path_is_inside(entry, strlen(entry)))
		err_at(err, name, 0, 0, "file name is not UTF-8");
	else if (io_read(request.operand, &text, err) == 0)
		rc = openapi_read(s, &text, name, entry, err);
	if (rc == 0)
		s->location = xstrdup(name[0] == '/' ? entry : name);
	str_release(&text);
	return rc;
}

int
main(int argc, char **argv)
{
	char config[SHA256_HEX + 1];
	struct languages languages;
	struct opt_common common;
	struct source source;
	struct sha256 h;
	struct stage stage;
	struct stat st;
	struct err err;

	opt_parse(&tool, argc, argv, &common);
	if (common.noperands && strcmp(common.operands[0], "-") != 0)
		request.operand = common.operands[0];
	if (request.name && !path_is_server_name(request.name))
		die("--name: '%s' is not [a-z0-9][a-z0-9-]*", request.name);
	sha256_init(&h);
	opt_digest(&tool, &h);
	if (languages_load(&languages, &h, &err) < 0)
		die_err(&err);
	sha256_final_hex(&h, config);
	source_init(&source);
	source.languages = &languages;
	if (request.operand && stat(request.operand, &st) == 0 &&
	    S_ISDIR(st.st_mode)) {
		if (directory_read(&source, request.operand, &request, &err) < 0)
			die_err(&err);
		source.location = xstrdup(request.operand);
	} else if (read_document(&source, &err) < 0)
		die_err(&err);
	name_source(&source);
	if (stage_create(&stage, &spec, source.name, common.output, config,
	    &err) < 0)
		die_err(&err);
	source_write(&source, &stage);
	if (stage_close(&stage, &err) < 0)
		die_err(&err);
	source_say(&source);
	source_release(&source);
	languages_release(&languages);
	return 0;
}
