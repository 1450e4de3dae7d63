/*
 * struct router: an object of a framework that holds routes (application,
 * blueprint), and what it is mounted on.
 *
 * A router is named by the call that makes it.  Expressions are traced to it
 * through imports, variables, "return app" of a factory, annotated parameters
 * and the arguments of calls of the function.
 */
#ifndef AST_ROUTER_H
#define AST_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct framework;
struct frameworks;
struct json;
struct project;
struct routers;
struct unit;

struct mount {
	struct router *parent;
	const char *prefix;	/* NULL: none given */
	bool replaces;		/* stands instead of the child's own */
	struct unit *unit;	/* where */
	uint32_t node;
};

struct router {
	const struct framework *framework;
	const struct json *object;
	struct unit *unit;
	uint32_t node;		/* the call that makes it */
	bool root;
	const char *prefix;	/* its own; NULL: none */
	const char *tag;	/* a blueprint's name, or NULL */
	struct mount *mounts;
	size_t nmounts, cap;
};

/* Find all routers and mounts of the project's python units. */
struct routers *routers_new(struct project *p, struct err *err);
void routers_free(struct routers *rs);
const struct frameworks *routers_frameworks(const struct routers *rs);
size_t routers_count(const struct routers *rs);
/* Is there an application, so that what is not mounted is not served? */
bool routers_rooted(const struct routers *rs, const struct framework *f);

/* The router that an expression stands for, or NULL. */
struct router *routers_trace(struct routers *rs, struct unit *u, uint32_t n);

/* One way to a router: the full prefix (NULL: none), and its own mount that
 * the way goes by (NULL: it is an application). */
struct way {
	const char *prefix;
	const struct mount *mount;
};
/*
 * All ways to a router, at most max, in the project's arena.  Returns how
 * many; 0 when it is mounted nowhere and no application.
 */
size_t routers_ways(struct routers *rs, const struct router *r,
	struct way *out, size_t max);
/* prefix and path as the framework joins them; either may be NULL. */
const char *router_join(struct project *p, const struct framework *f,
	const char *prefix, const char *path);

#endif
