#include "base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#ifndef SMELT_VERSION
#error SMELT_VERSION is set by the build
#endif

enum { MAX_OPTS = 48, BASE_CODE = 256 };

static bool quiet, verbose, help, version;
static struct opt_common *target;

static const struct opt common_opts[] = {
	{ OPT_STR, 'o', "output", "FILE", "write to FILE (default: stdout)",
	  NULL, false },
	{ OPT_INT, 'j', "jobs", "N", "use up to N threads (default: 1)",
	  NULL, false },
	{ OPT_FLAG, 'q', "quiet", NULL, "errors only", &quiet, false },
	{ OPT_FLAG, 'v', "verbose", NULL, "say more", &verbose, false },
	{ OPT_FLAG, 0, "no-fail", NULL, "exit 0 when the verdict is no",
	  NULL, false },
	{ OPT_FLAG, 'V', "version", NULL, "print the version", &version,
	  false },
	{ OPT_FLAG, 'h', "help", NULL, "print this", &help, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static size_t
gather(const struct opt_tool *tool, struct opt *all)
{
	const struct opt *o;
	size_t n = 0;

	for (o = tool->opts; o && o->type != OPT_END; o++)
		all[n++] = *o;
	for (o = common_opts; o->type != OPT_END; o++) {
		if (strcmp(o->name, "no-fail") == 0 && !tool->verdict)
			continue;
		if (o->letter == 'o' && tool->no_output)
			continue;
		all[n] = *o;
		if (o->letter == 'o')
			all[n].value = &target->output;
		else if (o->letter == 'j')
			all[n].value = &target->jobs;
		else if (!o->value)
			all[n].value = &target->no_fail;
		if (++n >= MAX_OPTS)
			die("too many options in the table");
	}
	return n;
}

static void
print_help(const struct opt_tool *tool, const struct opt *all, size_t n)
{
	char left[64];
	size_t i;

	printf("usage: %s [options]%s%s\n", tool->name,
		*tool->operands ? " " : "", tool->operands);
	printf("%s - %s\n\n", tool->name, tool->summary);
	for (i = 0; i < n; i++) {
		const struct opt *o = &all[i];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s",
			o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			o->letter ? ", " : "  ", o->name, o->arg ? " " : "",
			o->arg ? o->arg : "");
		printf("  %-28s %s\n", left, o->help);
	}
}

static void
usage(const struct opt_tool *tool)
{
	diag_error("usage: %s [options]%s%s (see %s --help)", tool->name,
		*tool->operands ? " " : "", tool->operands, tool->name);
	exit(2);
}

static void
set_int(const struct opt *o, const char *arg)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(arg, &end, 10);
	if (errno || end == arg || *end || v < 0 || v > 0x7fffffff)
		die("--%s: '%s' is not a whole number", o->name, arg);
	*(long *)o->value = v;
}

static void
set(const struct opt *o, const char *arg)
{
	struct opt_list *list;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->value = true;
		break;
	case OPT_STR:
		*(const char **)o->value = arg;
		break;
	case OPT_INT:
		set_int(o, arg);
		break;
	case OPT_LIST:
		list = o->value;
		list->items = vec_grow(list->items, list->n, &list->cap,
			sizeof(*list->items));
		list->items[list->n++] = arg;
		break;
	case OPT_END:
		break;
	}
}

static void
run_getopt(const struct opt_tool *tool, const struct opt *all, size_t n,
	int argc, char **argv)
{
	struct option lo[MAX_OPTS + 1];
	char so[MAX_OPTS * 2 + 2];
	size_t i, k = 0;
	int c;

	memset(lo, 0, sizeof(lo));
	so[k++] = ':';
	for (i = 0; i < n; i++) {
		lo[i].name = all[i].name;
		lo[i].has_arg = all[i].arg ? required_argument : no_argument;
		lo[i].val = BASE_CODE + (int)i;
		if (!all[i].letter)
			continue;
		so[k++] = all[i].letter;
		if (all[i].arg)
			so[k++] = ':';
	}
	so[k] = '\0';
	opterr = 0;
	while ((c = getopt_long(argc, argv, so, lo, NULL)) != -1) {
		if (c == ':')
			die("option '%s' needs an argument",
				argv[optind - 1]);
		if (c == '?') {
			diag_error("unknown option '%s'", argv[optind - 1]);
			usage(tool);
		}
		for (i = 0; i < n; i++)
			if (c == BASE_CODE + (int)i || c == all[i].letter)
				break;
		set(&all[i], optarg);
	}
}

static void
flush_stdout(void)
{
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0)
		die("cannot write to stdout:");
	exit(0);
}

void
opt_parse(const struct opt_tool *tool, int argc, char **argv,
	struct opt_common *common)
{
	struct opt all[MAX_OPTS];
	size_t n;

	memset(common, 0, sizeof(*common));
	common->jobs = 1;
	target = common;
	diag_init(tool->name);
	mem_init();
	io_init();
	n = gather(tool, all);
	run_getopt(tool, all, n, argc, argv);
	if (help) {
		print_help(tool, all, n);
		flush_stdout();
	}
	if (version) {
		printf("%s %s\n", tool->name, SMELT_VERSION);
		flush_stdout();
	}
	if (quiet)
		diag_set_level(DIAG_QUIET);
	else if (verbose)
		diag_set_level(DIAG_VERBOSE);
	common->operands = argv + optind;
	common->noperands = (size_t)(argc - optind);
	if (common->noperands < tool->min_operands ||
	    common->noperands > tool->max_operands)
		usage(tool);
}

void
opt_digest(const struct opt_tool *tool, struct sha256 *h)
{
	const struct opt_list *list;
	const struct opt *o;
	char num[32];
	size_t i;

	sha256_field(h, SMELT_VERSION);
	for (o = tool->opts; o && o->type != OPT_END; o++) {
		if (!o->semantic)
			continue;
		sha256_field(h, o->name);
		if (o->type == OPT_FLAG) {
			sha256_field(h, *(bool *)o->value ? "1" : "0");
		} else if (o->type == OPT_STR) {
			const char *v = *(const char **)o->value;

			sha256_field(h, v ? v : "");
		} else if (o->type == OPT_INT) {
			snprintf(num, sizeof(num), "%ld", *(long *)o->value);
			sha256_field(h, num);
		} else {
			list = o->value;
			for (i = 0; i < list->n; i++)
				sha256_field(h, list->items[i]);
		}
	}
}
