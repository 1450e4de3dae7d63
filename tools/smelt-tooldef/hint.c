#include "smelt-tooldef/hint.h"

#include <string.h>

#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"

static bool
has_effect(const struct json *callable, const char *const *names)
{
	struct json_iter it;

	for (json_each(&it, json_get(callable, "effects")); json_next(&it); )
		if (str_in(json_get_str(it.value, "effect"), names))
			return true;
	return false;
}

/* is one of these words in the snake case name? */
static bool
has_word(const char *name, const char *const *words)
{
	size_t n;

	for (; *words; words++) {
		const char *at = name;

		n = strlen(*words);
		while ((at = strstr(at, *words))) {
			if ((at == name || at[-1] == '_') &&
			    (!at[n] || at[n] == '_'))
				return true;
			at += n;
		}
	}
	return false;
}

static const char *const destroying[] = { "delete", "destroy", "remove",
	"purge", "erase", "wipe", "drop", "revoke", "terminate", "cancel",
	"truncate", "uninstall", "kill", "reset", "overwrite", NULL };
static const char *const changing[] = { "create", "add", "update", "set",
	"put", "post", "send", "write", "insert", "upload", "replace",
	"enable", "disable", "start", "stop", "rename", "move", "execute",
	"approve", "archive", "publish", NULL };

/* the first word of the name */
static bool
first_word(const char *name, const char *const *words)
{
	size_t n = strcspn(name, "_");

	for (; *words; words++)
		if (strlen(*words) == n && memcmp(*words, name, n) == 0)
			return true;
	return false;
}

static void
by_method(struct hints *h, const char *method, const char *name)
{
	static const char *const safe[] = { "GET", "HEAD", "OPTIONS",
		"QUERY", "TRACE", NULL };
	bool destroys = has_word(name, destroying);

	h->read_only = str_in(method, safe) && !first_word(name, changing) &&
		!first_word(name, destroying);
	h->destructive = !h->read_only && (destroys ||
		strcmp(method, "POST") != 0);
	/* a GET that changes things keeps no promise of GET */
	h->idempotent = h->read_only || strcmp(method, "PUT") == 0 ||
		strcmp(method, "DELETE") == 0;
}

static void
by_effects(struct hints *h, const struct json *callable, const char *name)
{
	static const char *const writing[] = { "fs-write", "db-write", "proc",
		"net", NULL };

	h->read_only = !has_effect(callable, writing) &&
		!first_word(name, changing) && !first_word(name, destroying);
	h->destructive = !h->read_only;
	h->idempotent = h->read_only;
}

/* words only: by what the verb means */
static void
by_verb(struct hints *h, const char *class)
{
	h->read_only = strcmp(class, "read") == 0;
	h->destructive = strcmp(class, "change") == 0;
	h->idempotent = h->read_only;
}

void
hints_derive(struct hints *h, const struct json *callable, const char *name)
{
	static const char *const net[] = { "net", NULL };
	const struct json *route = json_get(callable, "route");
	const char *method = json_get_str(route, "method");

	const char *manual = json_get_str(callable, "manual");

	if (manual)
		by_verb(h, manual);
	else if (method)
		by_method(h, method, name);
	else
		by_effects(h, callable, name);
	h->open_world = manual || method || has_effect(callable, net);
}

void
hints_put(const struct hints *h, const struct str *title, struct emit *e)
{
	emit_key(e, "annotations");
	emit_object(e);
	emit_key(e, "title");
	emit_strn(e, str_s(title), title->len);
	emit_pair_bool(e, "readOnlyHint", h->read_only);
	emit_pair_bool(e, "destructiveHint", h->destructive);
	emit_pair_bool(e, "idempotentHint", h->idempotent);
	emit_pair_bool(e, "openWorldHint", h->open_world);
	emit_end(e);
}
