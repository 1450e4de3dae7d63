/*
 * struct pins: package versions that something depends on, each once, with
 * every place that says so: dep records of the source, and requirements.txt
 * and package-lock.json of the emitted server.
 */
#ifndef GATE1_PIN_H
#define GATE1_PIN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct corpus;
struct corpus_file;
struct err;
struct loc;
struct map;

struct pin_place {
	struct loc *loc;
	struct corpus_file *file;	/* of the emitted server; or NULL */
	const char *scope;		/* runtime, dev, optional */
	bool direct;
};

struct pin {
	const char *ecosystem, *version;
	const char *name;		/* as written first */
	const char *key;		/* name as package_name() has it */
	const char *purl;
	struct pin_place *places;
	size_t nplaces, cap;
};

struct pins {
	struct arena *arena;
	struct pin *v;
	size_t n, cap;
	struct map *index;
	size_t unpinned;		/* packages without any exact version */
};

/* -1: a lock file of the emitted server can not be read. */
int pins_collect(struct pins *p, struct corpus *c, struct err *err);
void pins_release(struct pins *p);
/* "a runtime dependency", "a development dependency", … of all its places the
 * one that matters most. */
const char *pin_role(const struct pin *p);

#endif
