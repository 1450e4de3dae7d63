#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/stage.h"
#include "smelt-intake/openapi.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"

static struct request request;

static const struct opt opts[] = {
	{ OPT_STR, 'n', "name", "NAME",
	  "name of the server (default: from SOURCE)", &request.name, true },
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

static void
config_digest(char out[SHA256_HEX + 1])
{
	struct sha256 h;

	sha256_init(&h);
	opt_digest(&tool, &h);
	sha256_final_hex(&h, out);
}

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
	struct opt_common common;
	struct source source;
	struct stage stage;
	struct err err;

	opt_parse(&tool, argc, argv, &common);
	if (common.noperands && strcmp(common.operands[0], "-") != 0)
		request.operand = common.operands[0];
	if (request.name && !path_is_server_name(request.name))
		die("--name: '%s' is not [a-z0-9][a-z0-9-]*", request.name);
	source_init(&source);
	if (read_document(&source, &err) < 0)
		die_err(&err);
	name_source(&source);
	config_digest(config);
	if (stage_create(&stage, &spec, source.name, common.output, config,
	    &err) < 0)
		die_err(&err);
	source_write(&source, &stage);
	if (stage_close(&stage, &err) < 0)
		die_err(&err);
	source_say(&source);
	source_release(&source);
	return 0;
}
