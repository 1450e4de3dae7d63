/*
 * Who may call: the authentication that a handler demands, by decorators of
 * the function and its class, hooks of its blueprint or application, calls in
 * its body, and dependencies (FastAPI).
 */
#ifndef AST_AUTH_H
#define AST_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct auths;
struct emit;
struct err;
struct func;
struct project;
struct route;
struct routers;
struct unit;

struct auth_evidence {
	struct unit *unit;
	uint32_t start, end;
};

enum { AUTH_EVIDENCE = 8, AUTH_SCOPES = 8 };

struct auth {
	bool required;
	const char *scheme;	/* of the first evidence */
	const char *scopes[AUTH_SCOPES];
	size_t nscopes;
	struct auth_evidence evidence[AUTH_EVIDENCE];
	size_t nevidence;
};

struct auths *auths_new(struct project *p, struct routers *rs,
	struct err *err);
void auths_free(struct auths *a);

/* route may be NULL: a plain function. */
void auths_find(struct auths *a, struct func *f, const struct route *route,
	struct auth *out);
/* The record's "auth" as a value. */
void auth_emit(const struct auths *a, const struct auth *auth,
	struct emit *e);
/* Fill route.auth of all routes of the project. */
void auths_routes(struct auths *a);
/* The key "securitySchemes" with the schemes that the routes of u demand;
 * false and nothing when they demand none. */
bool auths_emit_schemes(const struct auths *a, const struct unit *u,
	struct emit *e);

#endif
