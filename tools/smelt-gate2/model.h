/*
 * struct model: what gate2 knows of an artifact: the tools, the callables they
 * come from, the emitted files, the hosts that the source names.
 *
 * Records are kept parsed; everything lives until model_release().
 */
#ifndef GATE2_MODEL_H
#define GATE2_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct json;
struct json_doc;
struct map;
struct rec;
struct stage;

struct model {
	struct json_doc **docs;
	size_t ndocs, docs_cap;
	const struct json **tools;	/* tool records in order */
	size_t ntools, tools_cap;
	const struct json **emits;
	size_t nemits, emits_cap;
	struct map *callables;		/* id to record */
	struct map *files;		/* emit path to record */
	struct map *hosts;		/* host names of the source's servers */
	struct map *words;		/* a callable's id to its word set */
};

void model_init(struct model *m);
void model_release(struct model *m);
/* Keep the record if gate2 needs it. */
int model_add(struct model *m, const struct stage *s, const struct rec *rec,
	struct err *err);
/* The callable of a tool, or NULL. */
const struct json *model_callable(const struct model *m,
	const struct json *tool);
/* The text of an emitted file, or NULL. */
const char *model_emitted(const struct model *m, const char *path,
	size_t *len);

/* Host of a URL ("https://u@api.example.org:8/v1" gives api.example.org) in
 * lower case into out; false when there is none. */
bool url_host(const char *url, char *out, size_t size);

#endif
