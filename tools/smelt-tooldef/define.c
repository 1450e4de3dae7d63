#include "smelt-tooldef/define.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/stage.h"
#include "smelt-tooldef/answer.h"
#include "smelt-tooldef/argument.h"
#include "smelt-tooldef/binding.h"
#include "smelt-tooldef/budget/tokens.h"
#include "smelt-tooldef/catalog.h"
#include "smelt-tooldef/hint.h"
#include "smelt-tooldef/rules.h"
#include "smelt-tooldef/select.h"
#include "smelt-tooldef/toolname.h"
#include "smelt-tooldef/words/prose.h"

/* Everything about one tool while it is made. */
struct tool {
	const struct json *callable;
	const struct json *entry;	/* of the rules, or NULL */
	const char *name;
	size_t rank;
	struct arguments args;
	struct answer answer;
	struct hints hints;
	struct str title, description, input, object;
	size_t output, output_len;	/* where the outputSchema stands in object */
};

void
definitions_init(struct definitions *d)
{
	memset(d, 0, sizeof(*d));
}

void
definitions_release(struct definitions *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->v[i].line);
		free(d->v[i].name);
		free(d->v[i].text);
	}
	free(d->v);
	memset(d, 0, sizeof(*d));
}

/* --- names -------------------------------------------------------------- */

static bool
is_exact(const struct json *callable, const char *name)
{
	return json_str_is(toolname_given(callable), name);
}

/* it becomes no tool: it takes no name from others */
static bool
is_rival(const struct json *callable)
{
	return !json_get(callable, "duplicate");
}

struct names {
	struct str *v;
	size_t *users;		/* how many want v[i] */
	size_t *exact;		/* how many of them are called so */
	size_t n;
};

static void
count_wishes(struct names *names, const struct catalog *c)
{
	struct map wanted = { 0 };
	size_t i, *first;

	for (i = 0; i < names->n; i++) {
		bool added;
		struct map_entry *e = map_add(&wanted, names->v[i].buf,
			names->v[i].len, &added);

		if (added)
			e->value = (void *)(i + 1);
		if (!is_rival(c->callables[i]))
			continue;
		names->users[(size_t)e->value - 1]++;
		names->exact[(size_t)e->value - 1] += is_exact(
			c->callables[i], str_s(&names->v[i]));
	}
	first = xcalloc(names->n + 1, sizeof(*first));
	for (i = 0; i < names->n; i++)
		first[i] = (size_t)map_find(&wanted, names->v[i].buf,
			names->v[i].len)->value - 1;
	for (i = names->n; i-- > 0; ) {
		names->users[i] = names->users[first[i]];
		names->exact[i] = names->exact[first[i]];
	}
	free(first);
	map_release(&wanted);
}

/* give lost names another try: false where the wish is taken, too */
static bool
take_name(struct names *names, const struct catalog *c, size_t i,
	size_t digits, struct map *taken)
{
	size_t limit = toolname_limit(c->server);
	const struct json *callable = c->callables[i];
	struct str name;
	bool added = false;

	str_init(&name, STR_LINE);
	if (digits) {
		str_add(&name, names->v[i].buf, names->v[i].len);
		toolname_digest(&name, json_get(callable, "id"), limit,
			digits);
	} else {
		toolname_qualified(&name, callable, str_s(&names->v[i]));
	}
	if (name.len && name.len <= limit)
		map_add(taken, name.buf, name.len, &added);
	if (added) {
		str_release(&names->v[i]);
		names->v[i] = name;
	} else {
		str_release(&name);
	}
	return added;
}

/* which of those that lost are alone with their qualified name? */
static void
find_fits(const struct names *names, const struct catalog *c,
	const bool *lost, bool *fits)
{
	struct str *wish = xcalloc(names->n + 1, sizeof(*wish));
	struct map count = { 0 };
	struct map_entry *e;
	size_t i;

	for (i = 0; i < names->n; i++) {
		str_init(&wish[i], STR_LINE);
		if (!lost[i])
			continue;
		toolname_qualified(&wish[i], c->callables[i],
			str_s(&names->v[i]));
		e = map_add(&count, str_s(&wish[i]), wish[i].len, NULL);
		e->value = (void *)((size_t)e->value + 1);
	}
	for (i = 0; i < names->n; i++) {
		fits[i] = wish[i].len && (size_t)map_find(&count,
			wish[i].buf, wish[i].len)->value == 1;
		str_release(&wish[i]);
	}
	map_release(&count);
	free(wish);
}

/* names that are shared are qualified or get digits, more while still shared */
static void
give_names(struct names *names, const struct catalog *c)
{
	struct map taken = { 0 };
	bool *lost = xcalloc(names->n + 1, sizeof(*lost));
	bool *fits = xcalloc(names->n + 1, sizeof(*fits));
	size_t digits, i;

	count_wishes(names, c);
	for (i = 0; i < names->n; i++) {
		if (!is_rival(c->callables[i]))
			continue;
		lost[i] = names->users[i] > 1 && !(names->exact[i] == 1 &&
			is_exact(c->callables[i], str_s(&names->v[i])));
		map_add(&taken, names->v[i].buf, names->v[i].len, NULL);
	}
	find_fits(names, c, lost, fits);
	for (i = 0; i < names->n; i++) {
		if (!lost[i] || (fits[i] && take_name(names, c, i, 0,
		    &taken)))
			continue;
		for (digits = 4; digits <= TOOLNAME_MIN - 2 && !take_name(
		    names, c, i, digits, &taken); digits += 2)
			;
	}
	map_release(&taken);
	free(lost);
	free(fits);
}

static void
names_init(struct names *names, const struct catalog *c)
{
	size_t i, limit = toolname_limit(c->server);

	names->n = c->ncallables;
	names->v = xcalloc(names->n + 1, sizeof(*names->v));
	names->users = xcalloc(names->n + 1, sizeof(*names->users));
	names->exact = xcalloc(names->n + 1, sizeof(*names->exact));
	for (i = 0; i < names->n; i++) {
		str_init(&names->v[i], STR_LINE);
		toolname_wanted(&names->v[i], c->callables[i], limit);
	}
	give_names(names, c);
}

static void
names_release(struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		str_release(&names->v[i]);
	free(names->v);
	free(names->users);
	free(names->exact);
}

/* --- records ------------------------------------------------------------ */

static struct definition *
add(struct definitions *d)
{
	d->v = vec_grow(d->v, d->n, &d->cap, sizeof(*d->v));
	memset(&d->v[d->n], 0, sizeof(*d->v));
	return &d->v[d->n++];
}

static void
set_skip(struct definition *def, const char *reason, const char *text)
{
	struct str line;
	struct emit e;

	str_init(&line, STR_RECORD);
	emit_init(&e, &line);
	emit_object(&e);
	emit_pair(&e, "kind", "skip");
	emit_pair_json(&e, "callable", json_get(def->callable, "id"));
	emit_pair(&e, "name", def->name);
	emit_pair(&e, "reason", reason);
	emit_pair(&e, "text", text);
	emit_pair_json(&e, "loc", json_get(def->callable, "loc"));
	emit_end(&e);
	def->reason = reason;
	def->text = xstrdup(text);
	def->len = line.len;
	def->line = str_detach(&line);
}

static void
add_skip(struct definitions *d, const struct json *callable,
	const char *name, const struct verdict *v)
{
	struct definition *def = add(d);

	def->name = xstrdup(name);
	def->callable = callable;
	set_skip(def, v->reason, v->text);
}

void
definitions_drop(struct definitions *d, size_t i, const char *reason,
	const char *text)
{
	struct definition *def = &d->v[i];

	d->tools--;
	d->tokens -= def->tokens;
	d->outputs -= def->outputs;
	d->bytes -= def->object_len;
	free(def->line);
	def->object = def->object_len = def->tokens = def->outputs = 0;
	set_skip(def, reason, text);
}

static void
put_text(struct emit *e, const char *key, const struct str *text)
{
	emit_key(e, key);
	emit_strn(e, str_s(text), text->len);
}

/* the members that clients see, into the open object */
static void
put_tool(struct tool *t, struct catalog *c, struct emit *e)
{
	emit_pair(e, "name", t->name);
	put_text(e, "title", &t->title);
	put_text(e, "description", &t->description);
	emit_key(e, "inputSchema");
	emit_raw(e, t->input.buf, t->input.len);
	t->output = t->object.len;
	answer_put(&t->answer, c, e);
	t->output_len = t->object.len - t->output;
	hints_put(&t->hints, &t->title, e);
}

static void
put_record(struct tool *t, struct definition *def, struct str *line)
{
	struct emit e;

	emit_init(&e, line);
	emit_object(&e);
	emit_pair(&e, "kind", "tool");
	/* what clients see, without its braces */
	str_putc(line, ',');
	def->object = line->len;
	def->object_len = t->object.len - 2;
	str_add(line, t->object.buf + 1, t->object.len - 2);
	emit_pair_json(&e, "callable", json_get(t->callable, "id"));
	emit_pair_json(&e, "loc", json_get(t->callable, "loc"));
	emit_pair_json(&e, "tags", json_get(t->callable, "tags"));
	emit_pair_int(&e, "tokens", (int64_t)def->tokens);
	binding_put(t->callable, &t->args, &t->answer, t->hints.idempotent,
		&e);
	emit_end(&e);
}

static void
override(struct str *text, const struct json *by)
{
	if (!by)
		return;
	str_clear(text);
	str_add(text, json_str(by), json_len(by));
}

static void
write_tool(struct definitions *d, struct tool *t, struct catalog *c)
{
	struct emit e;

	prose_title(&t->title, t->callable, t->name);
	d->cut += prose_description(&t->description, t->callable,
		false);
	override(&t->title, json_get(t->entry, "title"));
	override(&t->description, json_get(t->entry, "description"));
	emit_init(&e, &t->input);
	d->eased += arguments_schema(&t->args, c, &e);
	answer_init(&t->answer, c, t->callable);
	emit_init(&e, &t->object);
	emit_object(&e);
	put_tool(t, c, &e);
	emit_end(&e);
}

static void
add_tool(struct definitions *d, struct tool *t, struct catalog *c)
{
	struct definition *def;
	struct str line;

	write_tool(d, t, c);
	d->plain += t->answer.too_large;
	def = add(d);
	str_init(&line, STR_RECORD);
	def->tokens = tokens_estimate(t->object.buf, t->object.len);
	def->outputs = tokens_estimate(t->object.buf + t->output,
		t->output_len);
	put_record(t, def, &line);
	def->name = xstrdup(t->name);
	def->callable = t->callable;
	def->rank = t->rank;
	def->worded = json_get(t->entry, "description") ||
		json_get(json_get(t->callable, "mcp"), "description");
	def->len = line.len;
	if (d->direct) {
		stage_put(d->direct, &line);
		str_release(&line);
	} else {
		def->line = str_detach(&line);
	}
	d->tools++;
	d->tokens += def->tokens;
	d->outputs += def->outputs;
	d->bytes += def->object_len;
}

static void
tool_init(struct tool *t, struct catalog *c, const struct json *callable)
{
	memset(t, 0, sizeof(*t));
	t->callable = callable;
	str_init(&t->title, STR_RECORD);
	str_init(&t->description, STR_RECORD);
	str_init(&t->input, STR_RECORD);
	str_init(&t->object, STR_RECORD);
	arguments_init(&t->args, c, callable);
}

static void
tool_release(struct tool *t)
{
	arguments_release(&t->args);
	str_release(&t->title);
	str_release(&t->description);
	str_release(&t->input);
	str_release(&t->object);
}

/* a name that the document gave the tool takes away no verb of its own */
static void
derive_hints(struct tool *t, const char *name)
{
	const struct json *own = json_get(t->callable, "name");
	struct hints other;
	struct str words;

	hints_derive(&t->hints, t->callable, name);
	if (toolname_given(t->callable) == own)
		return;
	str_init(&words, STR_RECORD);
	toolname_words(&words, json_str(own) ? json_str(own) : "",
		json_len(own));
	hints_derive(&other, t->callable, str_s(&words));
	t->hints.read_only &= other.read_only;
	t->hints.destructive |= other.destructive;
	t->hints.idempotent &= other.idempotent;
	str_release(&words);
}

static int
define(struct definitions *d, struct catalog *c, struct rules *rules,
	const struct json *callable, const char *name, struct err *err)
{
	struct verdict verdict;
	struct tool t;
	int rc = 0;

	tool_init(&t, c, callable);
	t.entry = rules_entry(rules, callable, name);
	t.name = json_get_str(t.entry, "name");
	if (!t.name)
		t.name = name;
	select_callable(&verdict, rules, c, callable, name, &t.args);
	if (verdict.reason) {
		add_skip(d, callable, t.name, &verdict);
	} else {
		t.rank = rules_rank(rules, callable, name);
		derive_hints(&t, name);
		rc = rules_hints(rules, t.entry, &t.hints, err);
		if (rc == 0)
			add_tool(d, &t, c);
	}
	tool_release(&t);
	return rc;
}

/* a new name from the rules may be one that another tool has */
static int
check_unique(const struct definitions *d, struct err *err)
{
	struct map seen = { 0 };
	bool added = true;
	size_t i;

	for (i = 0; i < d->n && added; i++)
		if (d->v[i].object)
			map_add(&seen, d->v[i].name, strlen(d->v[i].name),
				&added);
	map_release(&seen);
	if (!added)
		return err_set(err, "two tools would be called '%s': choose "
			"another name", d->v[i - 1].name);
	return 0;
}

int
define_all(struct definitions *d, struct catalog *c, struct rules *rules,
	struct err *err)
{
	struct names names;
	size_t i;
	int rc = 0;

	names_init(&names, c);
	for (i = 0; rc == 0 && i < c->ncallables; i++)
		rc = define(d, c, rules, c->callables[i],
			str_s(&names.v[i]), err);
	names_release(&names);
	if (rc == 0)
		rc = rules_unused(rules, err);
	return rc < 0 ? rc : check_unique(d, err);
}
