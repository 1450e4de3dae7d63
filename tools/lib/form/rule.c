#include "form/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"

enum { PACK_MAX = 16 * 1024 * 1024, DIR_DEPTH = 8, TEXT_MAX = 1024 };

struct pack {
	char *file;
	struct str text;
	struct document doc;
};

struct rule_store {
	struct arena arena;
	struct map by_id;
	struct pack **packs;
	size_t npacks, cap;
};

static struct rule_store *
store(struct rules *set)
{
	if (!set->store)
		set->store = xcalloc(1, sizeof(*set->store));
	return set->store;
}

static bool
id_ok(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n < 128 && !id[n] && id[0] != '-';
}

static const char *
camel(struct arena *a, const char *id)
{
	char *name = arena_strdup(a, id), *to = name;
	bool up = true;

	for (const char *p = id; *p; p++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *p)) {
			up = true;
			continue;
		}
		*to++ = up && *p >= 'a' && *p <= 'z' ?
			(char)(*p - 'a' + 'A') : *p;
		up = false;
	}
	*to = 0;
	return name;
}

static void
tag(struct arena *a, struct rule *r, const char *text)
{
	if (r->ntags < RULE_TAGS)
		r->tags[r->ntags++] = arena_strdup(a, text);
}

/* "CWE-78: Improper …" is tag external/cwe/cwe-078 */
static void
cwe(struct arena *a, struct rule *r, const char *text)
{
	const char *digits;
	size_t n;

	if (!text || !str_starts(text, "CWE-"))
		return;
	digits = text + 4;
	n = strspn(digits, "0123456789");
	if (n && n < 6 && r->ntags < RULE_TAGS)
		r->tags[r->ntags++] = arena_printf(a,
			"external/cwe/cwe-%s%.*s",
			n == 1 ? "00" : n == 2 ? "0" : "", (int)n, digits);
}

static void
each_text(struct arena *a, struct rule *r, const struct json *v,
	void (*take)(struct arena *, struct rule *, const char *))
{
	struct json_iter it;

	if (json_is(v, JSON_STRING))
		take(a, r, json_str(v));
	for (json_each(&it, v); json_is(v, JSON_ARRAY) && json_next(&it); )
		if (json_str(it.value))
			take(a, r, json_str(it.value));
}

/* length of the metavariable at p ("$X", "$...ARGS"), or 0 */
static size_t
metavariable(const char *p)
{
	size_t dots, n;

	if (*p != '$')
		return 0;
	dots = str_starts(p + 1, "...") ? 3 : 0;
	if (!(p[1 + dots] >= 'A' && p[1 + dots] <= 'Z') && p[1 + dots] != '_')
		return 0;
	n = strspn(p + 1 + dots, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return 1 + dots + n;
}

static size_t
argument(struct arena *a, struct rule *r, const char *name, size_t n)
{
	for (size_t i = 0; i < r->nargs; i++)
		if (strlen(r->args[i]) == n && !memcmp(r->args[i], name, n))
			return i;
	if (r->nargs == RULE_ARGS)
		return RULE_ARGS;
	r->args[r->nargs] = arena_strndup(a, name, n);
	return r->nargs++;
}

/* one line, metavariables as {n} */
static const char *
template(struct arena *a, struct rule *r, const char *message)
{
	const char *text;
	struct str out;
	size_t n, i;

	str_init(&out, STR_LINE);
	for (const char *p = message; *p; p += n) {
		n = metavariable(p);
		i = n ? argument(a, r, p, n) : RULE_ARGS;
		if (i < RULE_ARGS) {
			str_addf(&out, "{%zu}", i);
			continue;
		}
		n = n ? n : 1;
		if (*p == '\n')
			str_puts(&out, p[1] ? " " : "");
		else
			str_add(&out, p, n);
	}
	text = arena_strdup(a, str_s(&out));
	str_release(&out);
	return text;
}

static const struct {
	const char *word, *level;
	double severity;
} levels[] = {
	{ "ERROR", "error", 7.5 }, { "error", "error", 7.5 },
	{ "HIGH", "error", 7.5 }, { "CRITICAL", "error", 9.3 },
	{ "WARNING", "warning", 5.0 }, { "warning", "warning", 5.0 },
	{ "MEDIUM", "warning", 5.0 },
	{ "INFO", "note", 2.0 }, { "note", "note", 2.0 },
	{ "LOW", "note", 2.0 },
};

static int
set_level(struct rule *r, const char *word)
{
	for (size_t i = 0; word && i < sizeof(levels) / sizeof(*levels); i++) {
		if (strcmp(word, levels[i].word) != 0)
			continue;
		r->level = levels[i].level;
		r->severity = levels[i].severity;
		return 0;
	}
	return -1;
}

static const char *
cut(struct arena *a, const char *text)
{
	size_t n = strlen(text);

	if (n < TEXT_MAX)
		return arena_strdup(a, text);
	for (n = TEXT_MAX - 4; n && ((unsigned char)text[n] & 0xC0) == 0x80; )
		n--;
	return arena_printf(a, "%.*s…", (int)n, text);
}

static void
defaults(struct arena *a, struct rule *r)
{
	if (!r->name)
		r->name = camel(a, r->id);
	if (!r->message)
		r->message = r->title ? r->title : r->id;
	if (!r->title)
		r->title = r->message;
	if (!r->description)
		r->description = r->title;
	if (!r->help)
		r->help = r->description;
	if (!r->precision)
		r->precision = "medium";
	r->title = cut(a, r->title);
	r->description = cut(a, r->description);
}

static int
number(const struct json *v, double *out)
{
	char *end;

	if (json_num(v, out))
		return 0;
	if (!json_str(v))
		return -1;
	*out = strtod(json_str(v), &end);
	return end == json_str(v) || *end ? -1 : 0;
}

static int
wrong(const struct pack *p, const struct json *at, struct err *err,
	const char *text, const char *what)
{
	unsigned line, col;

	document_position(&p->doc, at, &line, &col);
	return err_at(err, p->file, line, col, "%s%s%s", text,
		what ? ": " : "", what ? what : "");
}

static int
read_meta(struct arena *a, const struct pack *p, struct rule *r,
	const struct json *m, struct err *err)
{
	static const char *const precisions[] = { "very-high", "high",
		"medium", "low" };
	const struct json *severity = json_get(m, "security-severity");
	const char *precision = json_get_str(m, "precision");

	r->title = json_get_str(m, "title");
	r->description = json_get_str(m, "description");
	r->help = json_get_str(m, "help");
	r->fix = json_get_str(m, "fix");
	r->name = json_get_str(m, "name");
	if (severity && (number(severity, &r->severity) < 0 ||
	    r->severity <= 0 || r->severity > 10))
		return wrong(p, severity, err,
			"security-severity must be above 0 and at most 10",
			r->id);
	for (size_t i = 0; precision && i < 4; i++)
		if (!strcmp(precision, precisions[i]))
			r->precision = precisions[i];
	if (precision && !r->precision)
		return wrong(p, json_get(m, "precision"), err,
			"unknown precision", precision);
	tag(a, r, "security");
	each_text(a, r, json_get(m, "cwe"), cwe);
	each_text(a, r, json_get(m, "tags"), tag);
	return 0;
}

static int
read_rule(struct rules *set, struct pack *p, const char *scanner,
	const struct json *v, struct err *err)
{
	struct arena *a = &set->store->arena;
	const char *id = json_get_str(v, "id");
	const char *message = json_get_str(v, "message");
	struct rule *r;
	unsigned col;

	if (!id || !id_ok(id))
		return wrong(p, json_get(v, "id"), err,
			"rule without an id of [a-z0-9-]", id);
	if (map_has(&set->store->by_id, id))
		return wrong(p, json_get(v, "id"), err,
			"second rule of this id", id);
	r = arena_alloc(a, sizeof(*r));
	r->id = arena_strdup(a, id);
	r->scanner = scanner;
	r->file = p->file;
	r->body = v;
	document_position(&p->doc, json_get(v, "id"), &r->line, &col);
	if (set_level(r, json_get_str(v, "severity")) < 0)
		return wrong(p, json_get(v, "severity"), err,
			"severity must be ERROR, WARNING or INFO", id);
	if (!message)
		return wrong(p, json_get(v, "id"), err,
			"rule without a message", id);
	if (read_meta(a, p, r, json_get(v, "metadata"), err) < 0)
		return -1;
	r->message = template(a, r, message);
	defaults(a, r);
	map_put(&set->store->by_id, r->id, r);
	return 0;
}

static int
read_pack(struct rules *set, struct pack *p, const char *scanner,
	struct err *err)
{
	const struct json *list;
	struct json_iter it;

	list = json_get(document_root(&p->doc), "rules");
	if (!json_is(list, JSON_ARRAY))
		return err_at(err, p->file, 1, 1,
			"not a rule pack: no list 'rules'");
	for (json_each(&it, list); json_next(&it); )
		if (read_rule(set, p, scanner, it.value, err) < 0)
			return -1;
	return 0;
}

static void
digest(struct rules *set, const struct str *text)
{
	struct sha256 h;

	sha256_init(&h);
	sha256_field(&h, set->digest);
	sha256_add(&h, str_s(text), text->len);
	sha256_final_hex(&h, set->digest);
}

static int
load_file(struct rules *set, const char *scanner, const char *path,
	struct err *err)
{
	struct rule_store *s = store(set);
	struct pack *p = xcalloc(1, sizeof(*p));

	s->packs = vec_grow(s->packs, s->npacks, &s->cap, sizeof(*s->packs));
	s->packs[s->npacks++] = p;
	p->file = xstrdup(path);
	str_init(&p->text, PACK_MAX);
	if (document_read(&p->doc, &p->text, path, err) < 0)
		return -1;
	digest(set, &p->text);
	return read_pack(set, p, scanner, err);
}

static int
load_path(struct rules *set, const char *scanner, const char *path,
	int depth, struct err *err)
{
	struct stat st;
	char **names;
	size_t n;
	int rc = 0;

	if (stat(path, &st) < 0)
		return err_errno(err, "cannot open rules '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return load_file(set, scanner, path, err);
	if (depth > DIR_DEPTH)
		return err_set(err, "rules nested too deep: '%s'", path);
	if (io_list(path, "", &names, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rc == 0 && (stat(names[i], &st) < 0 ||
		    S_ISDIR(st.st_mode) || str_ends(names[i], ".yaml") ||
		    str_ends(names[i], ".yml")))
			rc = load_path(set, scanner, names[i], depth + 1, err);
		free(names[i]);
	}
	free(names);
	return rc;
}

int
rules_load(struct rules *set, const char *scanner, const char *path,
	struct err *err)
{
	store(set);
	return load_path(set, scanner, path, 0, err);
}

void
rules_release(struct rules *set)
{
	struct rule_store *s = set->store;

	if (!s)
		return;
	for (size_t i = 0; i < s->npacks; i++) {
		document_release(&s->packs[i]->doc);
		str_release(&s->packs[i]->text);
		free(s->packs[i]->file);
		free(s->packs[i]);
	}
	free(s->packs);
	map_release(&s->by_id);
	arena_release(&s->arena);
	free(s);
	memset(set, 0, sizeof(*set));
}

const struct rule *
rules_get(const struct rules *set, const char *id)
{
	return set->store ? map_get(&set->store->by_id, id) : NULL;
}

size_t
rules_count(const struct rules *set)
{
	return set->store ? set->store->by_id.n : 0;
}

const struct rule *
rules_at(const struct rules *set, size_t i)
{
	return set->store->by_id.entries[i].value;
}

struct rule *
rules_add(struct rules *set, const struct rule *like)
{
	struct rule_store *s = store(set);
	struct arena *a = &s->arena;
	struct rule *r = map_get(&s->by_id, like->id);
	const char **texts[] = { NULL, NULL, NULL, NULL, NULL, NULL, NULL };

	if (r)
		return r;
	r = arena_alloc(a, sizeof(*r));
	*r = *like;
	texts[0] = &r->id;
	texts[1] = &r->name;
	texts[2] = &r->title;
	texts[3] = &r->description;
	texts[4] = &r->help;
	texts[5] = &r->fix;
	texts[6] = &r->message;
	for (size_t i = 0; i < 7; i++)
		if (*texts[i])
			*texts[i] = arena_strdup(a, *texts[i]);
	for (size_t i = 0; i < r->ntags; i++)
		r->tags[i] = arena_strdup(a, r->tags[i]);
	r->body = NULL;
	defaults(a, r);
	map_put(&s->by_id, r->id, r);
	return r;
}

void
rule_position(const struct rules *set, const struct rule *rule,
	const struct json *at, unsigned *line, unsigned *col)
{
	struct rule_store *s = set->store;

	*line = rule->line;
	*col = 1;
	for (size_t i = 0; at && i < s->npacks; i++)
		if (s->packs[i]->file == rule->file)
			document_position(&s->packs[i]->doc, at, line, col);
}
