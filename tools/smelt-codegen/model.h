/*
 * struct model: what the server to be generated is made of, taken from the
 * records of an artifact one by one.
 *
 * Tools are kept as finished JSON texts in the artifact's order.  A tool that
 * the target can not carry becomes a skip.  Records that break the schema
 * (a tool name outside [a-z][a-z0-9_]*, no inputSchema, an unknown binding)
 * are located errors.
 */
#ifndef CODEGEN_MODEL_H
#define CODEGEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct dynamic;
struct err;
struct map;
struct rec;
struct stage;
struct str;

enum target { TARGET_PYTHON, TARGET_TYPESCRIPT };

struct model_tool {
	const char *name;
	const char *title;
	const char *definition;	/* the Tool object, JSON */
	const char *binding;	/* entry of bindings.json, JSON */
	const char *line;	/* the record, kept for typescript only */
	bool python;		/* called in process */
};

/* A variable that sets where an API is. */
struct model_base {
	const char *name;	/* SMELT_BASE_URL, or with _DOCUMENT behind */
	const char *document;	/* NULL: there is one API */
	bool relative;		/* needed: the source has no absolute server */
};

struct model_dep {
	const char *name;
	const char *version;		/* exact, or NULL */
	const char *requirement;	/* range, or NULL */
	const char **hashes;		/* sha256:… only */
	size_t nhashes;
};

struct model_source {
	const char *path;
	const char *text;
	size_t len;
};

struct model {
	enum target target;
	const struct dynamic *dynamic;	/* NULL: every tool is listed */
	const char *name;
	const char *title;
	const char *version;
	struct model_tool *tools;
	size_t ntools, tools_cap;
	const char **skips;	/* lines of skip records */
	size_t nskips, skips_cap;
	struct model_dep *deps;	/* PyPI, for running */
	size_t ndeps, deps_cap;
	struct model_source *sources;	/* Python files */
	size_t nsources, sources_cap;
	struct model_base *bases;	/* by name of variable */
	size_t nbases, bases_cap;
	struct map *names;	/* of tools */
	struct map *schemes;	/* security scheme name to its JSON */
	struct map *used;	/* schemes that a tool wants */
	struct arena *mem;
};

/* dynamic: the meta-tools of --mode dynamic, or NULL. */
void model_init(struct model *m, enum target target,
	const struct dynamic *dynamic);
void model_release(struct model *m);
/* Take one record; kinds that say nothing about the server are ignored. */
int model_take(struct model *m, const struct stage *s, const struct rec *rec,
	struct err *err);
/* The bases, n of them, at least one. */
const struct model_base *model_bases(const struct model *m, size_t *n);
/* Is any tool called in process? */
bool model_is_python(const struct model *m);

#endif
