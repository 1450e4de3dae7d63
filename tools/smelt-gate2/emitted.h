/*
 * The emitted server against the definitions: tools.json and bindings.json
 * hold exactly what the tool records say, each tool has its handler, each
 * file matches its digest.  Where bindings.json says that the server is dynamic,
 * catalogue.json has the definitions and tools.json nothing but meta-tools.
 */
#ifndef GATE2_EMITTED_H
#define GATE2_EMITTED_H

struct json;
struct judge;
struct model;

/* meta: the meta-tools that smelt-codegen may emit, an array of Tool objects. */
void emitted_check(struct judge *j, const struct model *m,
	const struct json *meta);

#endif
