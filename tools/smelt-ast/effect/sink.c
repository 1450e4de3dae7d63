#include "smelt-ast/effect/sink.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/ir.h"
#include "data/document.h"
#include "data/json.h"
#include "smelt-ast/effect/effect.h"
#include "smelt-ast/knowledge.h"

static const char *const names[] = { "net", "fs-read", "fs-write", "proc",
	"db-read", "db-write", "env", "secret", "time", "random", "log" };

enum { NEFFECTS = sizeof(names) / sizeof(names[0]) };

struct methods {
	struct sink_method *items;
	size_t n, cap;
};

struct sinks {
	struct map calls, below, reads, last, modes, methods;
	const struct json *secrets;
	unsigned secret_effects;
	struct arena arena;
};

const char *
sinks_name(unsigned effect)
{
	for (size_t i = 0; i < NEFFECTS; i++)
		if (effect == 1u << i)
			return names[i];
	return "";
}

static unsigned
effect_named(const struct json *v)
{
	for (size_t i = 0; i < NEFFECTS; i++)
		if (json_str_is(v, names[i]))
			return 1u << i;
	return 0;
}

static void
add_bits(struct map *m, const char *key, size_t len, unsigned bits)
{
	bool added;
	struct map_entry *e = map_add(m, key, len, &added);

	e->value = (void *)((uintptr_t)e->value | bits);
}

static unsigned
bits_of(const struct map *m, const char *key, size_t len)
{
	const struct map_entry *e = map_find(m, key, len);

	return e ? (unsigned)(uintptr_t)e->value : 0;
}

/* --- reading the table ------------------------------------------------------------ */

static int
read_calls(struct sinks *s, const struct knowledge_file *f,
	const struct json *table, bool reads, struct err *err)
{
	struct json_iter it, list;
	const char *name, *dot;
	unsigned bits;
	size_t n;

	for (json_each(&it, table); json_next(&it); ) {
		bits = effect_named(it.key);
		if (!bits)
			return knowledge_bad(f, it.key, "unknown effect", err);
		for (json_each(&list, it.value); json_next(&list); ) {
			name = json_str(list.value);
			if (!name)
				return knowledge_bad(f, list.value,
					"not a name", err);
			n = strlen(name);
			if (reads) {
				add_bits(&s->reads, name, n, bits);
				dot = strrchr(name, '.');
				name = dot ? dot + 1 : name;
				add_bits(&s->last, name, strcspn(name, "["),
					1);
			} else if (str_ends(name, ".*")) {
				add_bits(&s->below, name, n - 2, bits);
			} else {
				add_bits(&s->calls, name, n, bits);
			}
		}
	}
	return 0;
}

static int
read_modes(struct sinks *s, const struct json *table)
{
	struct json_iter it, list;
	struct sink_mode *m;
	int64_t position;

	for (json_each(&it, table); json_next(&it); ) {
		m = arena_alloc(&s->arena, sizeof(*m));
		m->position = json_int(json_get(it.value, "position"),
			&position) ? (unsigned)position : 1;
		m->keyword = json_get_str(it.value, "keyword");
		for (json_each(&list, json_get(it.value, "names"));
		    json_next(&list); )
			map_put(&s->modes, json_str(list.value), m);
	}
	return 0;
}

static int
read_methods(struct sinks *s, const struct knowledge_file *f,
	const struct json *table, struct err *err)
{
	struct json_iter it, list;
	struct sink_method m;
	struct methods *v;
	struct map_entry *e;
	const char *name;
	int64_t sql;
	bool added;

	for (json_each(&it, table); json_next(&it); ) {
		m.receivers = json_get(it.value, "receivers");
		m.anywhere = json_get_bool(it.value, "anywhere", false);
		m.sql = json_int(json_get(it.value, "sql"), &sql) ? (int)sql :
			-1;
		m.effects = effect_named(json_get(it.value, "effect"));
		if (!m.effects && m.sql < 0)
			return knowledge_bad(f, json_get(it.value, "effect"),
				"a method needs an effect or sql", err);
		for (json_each(&list, json_get(it.value, "names"));
		    json_next(&list); ) {
			name = json_str(list.value);
			if (!name)
				return knowledge_bad(f, list.value,
					"not a name", err);
			e = map_add(&s->methods, name, strlen(name), &added);
			if (added)
				e->value = arena_alloc(&s->arena, sizeof(*v));
			v = e->value;
			v->items = vec_grow(v->items, v->n, &v->cap,
				sizeof(m));
			v->items[v->n++] = m;
		}
	}
	return 0;
}

struct sinks *
sinks_new(const struct knowledge_file *f, struct err *err)
{
	const struct json *root = document_root(f->doc);
	struct sinks *s = xcalloc(1, sizeof(*s));
	struct json_iter it;

	s->secrets = json_get(root, "secret_words");
	for (json_each(&it, json_get(root, "secret_effects"));
	    json_next(&it); )
		s->secret_effects |= effect_named(it.value);
	if (read_calls(s, f, json_get(root, "calls"), false, err) < 0 ||
	    read_calls(s, f, json_get(root, "reads"), true, err) < 0 ||
	    read_modes(s, json_get(root, "modes")) < 0 ||
	    read_methods(s, f, json_get(root, "methods"), err) < 0) {
		sinks_free(s);
		return NULL;
	}
	return s;
}

void
sinks_free(struct sinks *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->methods.n; i++)
		free(((struct methods *)s->methods.entries[i].value)->items);
	map_release(&s->calls);
	map_release(&s->below);
	map_release(&s->reads);
	map_release(&s->last);
	map_release(&s->modes);
	map_release(&s->methods);
	arena_release(&s->arena);
	free(s);
}

/* --- asking it ---------------------------------------------------------------------- */

/* is the call that ends at n one of a class, by its capital? */
static bool
constructor(const char *dotted, size_t n)
{
	size_t start;

	if (n < 3 || dotted[n - 1] != ')' || dotted[n - 2] != '(')
		return false;
	for (start = n - 2; start && dotted[start - 1] != '.'; )
		start--;
	return dotted[start] >= 'A' && dotted[start] <= 'Z';
}

unsigned
sinks_call(const struct sinks *s, const char *dotted, bool builtin)
{
	size_t n = strlen(dotted);
	bool first = true;
	unsigned bits;

	if (builtin && memchr(dotted, '.', n))
		return 0;
	bits = bits_of(&s->calls, dotted, n);
	for (; !bits && n; first = false) {
		while (n && dotted[n - 1] != '.')
			n--;
		if (!n)
			break;
		bits = bits_of(&s->below, dotted, --n);
		/* flask_mail.Mail().send() is one of flask_mail.*,
		 * requests.get().json() is none of requests.* */
		if (first && constructor(dotted, n))
			n -= 2;
		else if (n && strchr(")]", dotted[n - 1]))
			break;
	}
	return bits;
}

unsigned
sinks_read(const struct sinks *s, const char *dotted)
{
	return bits_of(&s->reads, dotted, strlen(dotted));
}

bool
sinks_may_read(const struct sinks *s, const char *last)
{
	return map_has(&s->last, last);
}

const struct sink_mode *
sinks_mode(const struct sinks *s, const char *dotted)
{
	return map_get(&s->modes, dotted);
}

const struct sink_method *
sinks_method(const struct sinks *s, const char *name, size_t i)
{
	const struct methods *v = map_get(&s->methods, name);

	return v && i < v->n ? &v->items[i] : NULL;
}

/* "conn", "db_conn", "get_conn" fit "conn" */
static bool
fits(const struct json *receivers, const char *word)
{
	size_t n = strlen(word), k;
	struct json_iter it;
	const char *hint;

	for (json_each(&it, receivers); json_next(&it); ) {
		hint = json_str(it.value);
		k = hint ? strlen(hint) : 0;
		if (k && k <= n && strcasecmp(word + n - k, hint) == 0 &&
		    (k == n || word[n - k - 1] == '_'))
			return true;
	}
	return false;
}

bool
sinks_receiver(const struct sink_method *m, const struct ir *ir, uint32_t n)
{
	uint32_t word, inner;

	if (!m->receivers)
		return true;
	/* member, call and item chains, from the last word to the first */
	for (int steps = 0; n && steps < 32; steps++) {
		inner = 0;
		word = 0;
		switch (ir->nodes[n].kind) {
		case IR_NAME:
			word = n;
			break;
		case IR_MEMBER:
			word = ir_child(ir, n, IR_F_ATTRIBUTE);
			inner = ir_child(ir, n, IR_F_OBJECT);
			break;
		case IR_CALL:
			n = ir_child(ir, n, IR_F_FUNCTION);
			continue;
		case IR_INDEX:
		case IR_AWAIT:
			n = ir_first(ir, n);
			continue;
		}
		if (!word)
			return false;
		if (fits(m->receivers, ir_atom(ir, word, NULL)))
			return true;
		if (!m->anywhere)
			return false;
		n = inner;
	}
	return false;
}

static bool
letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

bool
sinks_secret(const struct sinks *s, unsigned effects, const char *text)
{
	struct json_iter it;
	const char *word, *p;
	size_t n;

	if (!(effects & s->secret_effects))
		return false;
	for (json_each(&it, s->secrets); json_next(&it); ) {
		word = json_str(it.value);
		n = word ? strlen(word) : 0;
		for (p = text; n && *p; p++)
			if (strncasecmp(p, word, n) == 0 && !letter(p[n]))
				return true;
	}
	return false;
}
