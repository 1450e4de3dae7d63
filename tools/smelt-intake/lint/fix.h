/*
 * struct fixes: what would mend the findings, as actions of one OpenAPI
 * Overlay 1.0 document.
 *
 * A fix is a group of actions.  Applying all groups twice gives what applying
 * them once gives, and no group disturbs another: first come those that sort
 * out what stands twice, then those that only update what has a place, then
 * those that remove or append, the deepest first.  What is appended to an array is removed from it before
 * (x-smelt-optional: that this finds nothing is no warning).
 *
 * Names and texts of the document are written as quoted JSONPath and YAML
 * strings of printable characters.  A target over FIX_TARGET bytes, or a fix
 * over FIX_UPDATE, is not kept: the finding has no fix then.
 */
#ifndef INTAKE_LINTFIX_H
#define INTAKE_LINTFIX_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct emit;
struct place;
struct str;

enum { FIX_TARGET = 4096, FIX_UPDATE = 256 * 1024, FIX_GROUPS = 20000 };

struct fix_action {
	struct fix_action *next;
	const char *target;
	const char *update;		/* JSON; NULL: remove */
	bool optional;
};

struct fix {
	struct fix_action *actions, **last;
	const char *rule;		/* of the finding, for the comment */
	const char *place;		/* "api.yaml:3:5" */
	const char *placeholder;	/* what a person must fill in, or NULL */
	bool moves;			/* removes or appends */
	bool bad;			/* too large: dropped */
	bool first;			/* goes before all others */
	unsigned depth;			/* of what it removes or appends to */
	size_t turn;			/* among those of the same target */
	size_t number;
};

struct fixes {
	struct arena *memory;
	struct fix **list;
	size_t n, cap;
	size_t left_out;		/* over a limit */
	struct str *text;		/* of the open update */
	struct emit *emit;
	const char *target;
};

void fixes_init(struct fixes *f);
void fixes_release(struct fixes *f);

/* A new group; the texts are copied. */
struct fix *fix_new(struct fixes *f, const char *rule, const char *place);
/* The update of an object: opens it; the caller emits its members and ends
 * what it opened itself, then calls fix_close(). */
struct emit *fix_update(struct fixes *f, const struct place *target);
void fix_close(struct fixes *f);
/* The same as one member of a value that is there. */
void fix_set(struct fixes *f, const struct place *target, const char *name,
	const char *text);
/* Remove the member name of the object at p, which is there; NULL: p. */
void fix_remove(struct fixes *f, const struct place *p, const char *name);
/* Remove the entries of the array at p that filter, text of a JSONPath filter,
 * selects; optional: it may select none. */
void fix_remove_where(struct fixes *f, const struct place *p,
	const char *filter, bool optional);
/* Remove member name of p, if it is there. */
void fix_clear(struct fixes *f, const struct place *p, const char *name);
/* Any target: "$.paths[*]". */
struct emit *fix_update_all(struct fixes *f, const char *target);
void fix_remove_all(struct fixes *f, const char *target, bool optional);
/* The open fix goes before all others, or behind them: it changes that by which
 * others find their target. */
void fix_first(struct fixes *f);
void fix_last(struct fixes *f);
/* Somebody must look: what is to be filled in. */
void fix_placeholder(struct fixes *f, const char *what);

/* Append the one fix as JSON: an action, or an array of them. */
void fix_json(struct str *out, const struct fix *fix);
/* Append the overlay, YAML; title names the document. */
void fixes_write(struct fixes *f, struct str *out, const char *title);

#endif
