/*
 * struct judge: collects findings about tools, and per tool Pass, Warn or
 * Fail: a finding of level error fails its tool, a warning warns.
 */
#ifndef GATE2_JUDGE_H
#define GATE2_JUDGE_H

#include <stddef.h>

struct findings;
struct finding;
struct json;
struct loc;
struct map;
struct rules;
struct verdict_tool;

struct judge {
	struct findings *findings;
	struct rules *rules;
	const struct json *drift;	/* share/smelt/drift.yaml */
};

/*
 * A finding about a tool: rule id, arguments (NULL-terminated; the first is
 * by convention the tool's name), the place of the tool in its source.  An
 * unknown rule ends the process: rules and code belong together.
 */
struct finding *judge_tool(struct judge *j, const struct json *tool,
	const char *rule, const char *const *args);
/* A finding about an emitted file at a line (0: 1). */
struct finding *judge_file(struct judge *j, const char *path, unsigned line,
	const char *rule, const char *const *args);
/* A finding in emitted code: rule without arguments, place, the file's text,
 * and what was found in it. */
void judge_code(struct judge *j, const char *rule, const struct loc *loc,
	const char *text, size_t len, const char *found, size_t nfound);

/*
 * One verdict for each tool record.  The array and its reasons are newly
 * allocated and live until the process ends.  Suppressed findings do not
 * count.
 */
struct verdict_tool *judge_results(const struct judge *j,
	const struct json *const *tools, size_t n);

#endif
