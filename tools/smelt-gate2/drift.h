/*
 * Drift: what a tool says of itself (name, title, description, annotations)
 * against what its source does (method, effects).  share/smelt/drift.yaml has
 * the words.
 */
#ifndef GATE2_DRIFT_H
#define GATE2_DRIFT_H

struct json;
struct judge;
struct model;

/* callable is the tool's source. */
void drift_check(struct judge *j, const struct model *m,
	const struct json *tool, const struct json *callable);

#endif
