/*
 * The option table that all tools share, over getopt_long(3).
 *
 * Every tool has -o, -q, -v, -j, -V and -h; --no-fail where .verdict is set.
 * The table gives the usage line and --help, so a test can hold them against
 * the manual page.  Wrong usage is one line on stderr and exit 2.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_type {
	OPT_END,	/* last entry */
	OPT_FLAG,	/* value: bool * set to true */
	OPT_STR,	/* value: const char ** */
	OPT_INT,	/* value: long *, 0 <= n <= 2^31-1 */
	OPT_LIST	/* value: struct opt_list *, may be repeated */
};

struct opt_list {
	const char **items;
	size_t n;
	size_t cap;
};

struct opt {
	enum opt_type type;
	char letter;		/* 0: none */
	const char *name;	/* long name without -- */
	const char *arg;	/* "FILE"; NULL for a flag */
	const char *help;	/* one line */
	void *value;
	bool semantic;		/* changes the artifact: part of config */
};

struct opt_tool {
	const char *name;	/* "smelt-ast" */
	const char *summary;	/* one line, as in the manual's NAME */
	const char *operands;	/* "[ARTIFACT]" */
	size_t min_operands;
	size_t max_operands;
	const struct opt *opts;	/* ends with OPT_END; may be NULL */
	bool verdict;		/* has --no-fail */
	bool no_output;		/* has no -o */
};

struct opt_common {
	const char *output;	/* -o; NULL: stdout */
	long jobs;		/* -j; default 1 */
	bool no_fail;
	char **operands;
	size_t noperands;
};

/*
 * Parse, setting diag level and io_init().  Does not return for --help,
 * --version and wrong usage.
 */
void opt_parse(const struct opt_tool *tool, int argc, char **argv,
	struct opt_common *common);

/*
 * Hex SHA-256 over version, and name and value of every semantic option that
 * is set: the start of a stage's config digest.
 */
struct sha256;
void opt_digest(const struct opt_tool *tool, struct sha256 *h);

#endif
