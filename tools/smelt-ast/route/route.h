/*
 * struct route: one method and path that a handler serves.
 */
#ifndef AST_ROUTE_H
#define AST_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct auth;
struct framework;
struct func;
struct mount;
struct project;
struct router;
struct routers;
struct unit;

struct route_variable {
	const char *name;
	const char *schema;	/* JSON text, from the converter */
};

struct route {
	struct func *func;
	const struct framework *framework;
	struct router *router;
	const char *id;
	const char *method;	/* "GET" */
	const char *path;	/* "/notes/{id}", with all prefixes */
	struct route_variable *variables;
	size_t nvariables;
	struct unit *unit;	/* the decorator or call that makes it */
	uint32_t node;
	bool served;		/* its router is mounted */
	const struct mount *mount;	/* that its path goes by, or NULL */
	const char *why;	/* evidence of visibility */
	struct auth *auth;	/* after auths_routes() */
	const char *duplicate;	/* id of the operation that it is, or NULL */
};

/* Find all routes; sets project.routes and the routes of the funcs. */
void routes_find(struct project *p, struct routers *rs);

#endif
