/*
 * struct checker: one OpenAPI document under the linter, and how its checks
 * report what they find.
 *
 * A check calls found() and, right after it, the functions of fix.h with
 * c->fixes to say what would mend it.  Rules are named by id and must be in
 * share/smelt/rules/openapi; one that is not there ends the process.
 */
#ifndef INTAKE_LINTCHECK_H
#define INTAKE_LINTCHECK_H

#include <stdbool.h>
#include <stddef.h>

struct document;
struct emit;
struct fixes;
struct json;
struct json_iter;
struct lint;
struct map;
struct place;
struct rule;
struct str;

enum check_version { SWAGGER_2_0, OPENAPI_3_0, OPENAPI_3_1 };

/* An operation, as the checks of one see it. */
struct operation {
	const struct place *item;	/* the path item */
	const struct place *place;
	const char *method;
	const char *path;
	struct map *parameters;		/* "in name" (headers in lower case) */
};

struct checker {
	struct lint *lint;
	struct fixes *fixes;
	const struct document *d;
	const struct json *root;
	enum check_version version;
	const char *origin;		/* "https://host" it came from; NULL */
	const char *base;		/* "https://host/dir/"; NULL */

	struct map *refs;		/* $ref -> value, or NULL: broken */
	struct map *broken;		/* $ref that were reported */
	struct map *twice;		/* parameters that a fix takes out */
	struct map *ids;		/* operationId -> times met */
	struct map *paths;		/* without names of parameters -> key */

	/* what the walk saw */
	struct map *headers;		/* declared, in lower case */
	struct map *schemes;		/* names that requirements use */
	struct map *requirements;	/* JSON of one -> times */
	const struct json *credential;	/* name of a parameter that is one */
	const struct json *credential_in;
	const struct json *refused;	/* key of the first 401 */
	const struct json *forbidden;	/* of the first 401 or 403 */
	size_t operations, nrefused, nsecured;
	size_t served;			/* operations with servers of their
					 * own or their path's */
};

/* A finding at a key or scalar of the document (NULL: its start).  Arguments
 * end with NULL; long ones are cut. */
void found(struct checker *c, const char *rule, const struct json *at, ...)
	__attribute__((sentinel));
/* What a rule file says beside its rules: a list of strings. */
const struct json *check_list(const struct checker *c, const char *rule,
	const char *name);
/* Does a list hold text, in any case, as it is or by a pattern with *? */
bool check_listed(const struct json *list, const char *text);

/* What {"$ref": "#/..."} leads to, through a few; v itself when it is no
 * reference or not one into the document. NULL: broken or a circle. */
const struct json *check_deref(struct checker *c, const struct json *v);
/* One step: the value of a $ref that begins with "#/"; NULL: broken. */
const struct json *check_resolve(struct checker *c, const struct json *ref);

/* Emit the description of a key that begins with a word ("": nothing), behind
 * text; and does text say so? */
void check_put_prefix(struct emit *e, const char *word, const char *text);
bool check_says_prefix(const char *text, const char *word);
/* Is the member a security scheme, not an extension beside them? */
bool check_is_scheme(const struct json_iter *member);

/* --- the checks, each in its file --- */

void check_walk(struct checker *c, const struct place *root);
void check_servers(struct checker *c, const struct place *root);
void check_schemes(struct checker *c, const struct place *root);
void check_auth(struct checker *c, const struct place *root);
/* What the document requires, and how often; before the walk. */
void check_security_before(struct checker *c);
void check_security_of(struct checker *c, const struct operation *op);
void check_headers(struct checker *c, const struct place *root);
void check_headers_of(struct checker *c, const struct operation *op);
void check_operation(struct checker *c, const struct operation *op);
void check_path(struct checker *c, const struct place *item);
void check_schema(struct checker *c, const struct place *schema);
/* wire: a parameter or header, where every value is text */
void check_values(struct checker *c, const struct place *schema, bool wire);
/* Its own example and examples against its schema. */
void check_parameter(struct checker *c, const struct place *parameter);
void check_ref(struct checker *c, const struct place *at);

#endif
