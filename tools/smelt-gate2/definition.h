/*
 * A tool's definition against its binding and against its source: arguments,
 * route, host, security, declared effects; and nothing hidden in it.
 */
#ifndef GATE2_DEFINITION_H
#define GATE2_DEFINITION_H

struct json;
struct judge;
struct model;

/* callable NULL: the tool has no source, which is a finding. */
void definition_check(struct judge *j, const struct model *m,
	const struct json *tool, const struct json *callable);

#endif
