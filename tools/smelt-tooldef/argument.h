/*
 * The arguments of one tool: parameters and body properties of a callable in
 * one flat list, each with a name that every client accepts and the place that
 * it goes to.
 *
 * Argument names match ^[a-zA-Z0-9_.-]{1,64}$: other characters of a name
 * become "_", what is too long is cut and gets 8 hex digits of its own digest.
 * Where two would have the same name, the first of path, query, querystring,
 * header, cookie, body keeps it and the others are called after their place
 * ("body_id"); what is still equal gets a digest.  The binding keeps name and
 * place, so the mapping is reversible.
 */
#ifndef SMELT_TOOLDEF_ARGUMENT_H
#define SMELT_TOOLDEF_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>

struct catalog;
struct emit;
struct json;
struct map;

/* ARGUMENTS: more parameters are too many; a body with more properties is one
 * argument. */
enum { ARGUMENTS_MAX = 64 * 1024, ARGUMENTS = 512 };

enum place { IN_PATH, IN_QUERY, IN_QUERYSTRING, IN_HEADER, IN_COOKIE, IN_BODY,
	IN_CALL };

/* How the body is made of arguments. */
enum body_mode { BODY_NONE, BODY_PROPERTIES, BODY_ARGUMENT };

/* What an argument's schema is, if not simply the source's. */
enum content { AS_SCHEMA, AS_FILE, AS_FILES, AS_TEXT, AS_BYTES };

struct argument {
	char *name;			/* as clients see it */
	const char *wire;		/* as the source has it */
	size_t wire_len;
	enum place place;
	const struct json *schema;
	const struct json *doc;		/* beside the schema, or NULL */
	const struct json *parameter;	/* the record's entry, or NULL */
	const struct json *encoding;	/* of a body property, or NULL */
	enum content content;
	bool required;
	bool deprecated;
};

struct arguments {
	struct argument *v;
	size_t n, cap;
	enum body_mode mode;
	const struct catalog *catalog;
	const struct json *body;	/* of the callable */
	const struct json *content;	/* the media type that was chosen */
	const struct json *root;	/* the body's schema, if its keywords
					 * can stand at the root of the tool's */
	const char *dropped;		/* why the body can not be given, or NULL */
};

/*
 * Work out the arguments of callable.  Leaves out parameters that are no
 * argument: headers of a security scheme are not known here.  args->dropped is
 * set when a required body has no media type that can be made, or there are too
 * many parameters.
 */
void arguments_init(struct arguments *args, struct catalog *c,
	const struct json *callable);
void arguments_release(struct arguments *args);

/*
 * Emit the inputSchema.  Definitions of more than ARGUMENTS_MAX bytes are cut at
 * the types that are furthest from the root: those take any value then, and
 * true is returned.
 */
bool arguments_schema(const struct arguments *args, struct catalog *c,
	struct emit *e);

const char *place_name(enum place place);

#endif
