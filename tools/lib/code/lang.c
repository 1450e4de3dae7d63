#include "code/lang.h"

#include <stdlib.h>
#include <string.h>

#include <tree_sitter/api.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "code/grammar.h"
#include "code/ir.h"
#include "data/document.h"
#include "data/json.h"

const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_go(void);
const TSLanguage *tree_sitter_java(void);
const TSLanguage *tree_sitter_ruby(void);
const TSLanguage *tree_sitter_php(void);
const TSLanguage *tree_sitter_c_sharp(void);
const TSLanguage *tree_sitter_rust(void);
const TSLanguage *tree_sitter_kotlin(void);
const TSLanguage *tree_sitter_c(void);

/* tables: one file may serve two grammars (typescript and tsx) */
static struct {
	const char *name;
	const char *table;
	const TSLanguage *(*grammar)(void);
	struct lang *lang;
	char *path, *text;	/* of the table, once read */
} languages[] = {
	{ "python", "python", tree_sitter_python, NULL, NULL, NULL },
	{ "javascript", "javascript", tree_sitter_javascript, NULL, NULL, NULL },
	{ "typescript", "typescript", tree_sitter_typescript, NULL, NULL, NULL },
	{ "tsx", "typescript", tree_sitter_tsx, NULL, NULL, NULL },
	{ "go", "go", tree_sitter_go, NULL, NULL, NULL },
	{ "java", "java", tree_sitter_java, NULL, NULL, NULL },
	{ "ruby", "ruby", tree_sitter_ruby, NULL, NULL, NULL },
	{ "php", "php", tree_sitter_php, NULL, NULL, NULL },
	{ "csharp", "csharp", tree_sitter_c_sharp, NULL, NULL, NULL },
	{ "rust", "rust", tree_sitter_rust, NULL, NULL, NULL },
	{ "kotlin", "kotlin", tree_sitter_kotlin, NULL, NULL, NULL },
	{ "c", "c", tree_sitter_c, NULL, NULL, NULL },
};

enum { NLANGUAGES = sizeof(languages) / sizeof(languages[0]) };

/* --- kinds and fields of the process -------------------------------------- */

static const char *const kind_names[] = {
	"",
#define X(id, name) name,
	IR_KINDS(X)
#undef X
};

static const char *const field_names[] = {
	"",
#define X(id, name) name,
	IR_FIELDS(X)
#undef X
};

static struct map kinds, fields;

/* the values are number + 1, so that none is NULL */
static void
fill(struct map *m, const char *const *names, size_t n)
{
	if (m->n)
		return;
	for (size_t i = 0; i < n; i++)
		map_put(m, names[i], (void *)(uintptr_t)(i + 1));
}

static void *
resize(void *p, size_t size)
{
	return xreallocarray(p, size, 1);
}

static void
start(void)
{
	/* its own allocator ends the process by a signal */
	ts_set_allocator(xmalloc, xcalloc, resize, free);
	fill(&kinds, kind_names, IR_KIND_COUNT);
	fill(&fields, field_names, IR_F_COUNT);
}

static unsigned
number(struct map *m, const char *name, unsigned limit)
{
	bool added;
	struct map_entry *e = map_add(m, name, strlen(name), &added);

	if (added)
		e->value = (void *)(uintptr_t)m->n;
	return m->n > limit ? 0 : (unsigned)(uintptr_t)e->value - 1;
}

static unsigned
known_number(struct map *m, const char *name)
{
	void *v;

	start();
	v = map_get(m, name);
	return v ? (unsigned)(uintptr_t)v - 1 : 0;
}

uint16_t
lang_kind(const char *name)
{
	return (uint16_t)known_number(&kinds, name);
}

uint8_t
lang_field(const char *name)
{
	return (uint8_t)known_number(&fields, name);
}

const char *
lang_kind_name(uint16_t kind)
{
	start();
	return kind < kinds.n ? kinds.entries[kind].key : "";
}

const char *
lang_field_name(uint8_t field)
{
	start();
	return field < fields.n ? fields.entries[field].key : "";
}

/* --- one table ------------------------------------------------------------ */

struct table {
	const char *file;
	const struct document *doc;
	struct lang *lang;
	bool shared;	/* serves two grammars: a name may be in one only */
	struct err *err;
};

static int
bad(struct table *t, const struct json *at, const char *text)
{
	unsigned line, col;

	document_position(t->doc, at, &line, &col);
	return err_at(t->err, t->file, line, col, "%s", text);
}

static bool
each_symbol(struct table *t, const char *name, bool tokens,
	void (*set)(struct grammar_symbol *, unsigned), unsigned value)
{
	const TSLanguage *ts = t->lang->ts;
	bool found = false;
	TSSymbolType type;

	for (uint32_t i = 0; i < t->lang->nsymbols; i++) {
		type = ts_language_symbol_type(ts, (TSSymbol)i);
		if (type != TSSymbolTypeRegular &&
		    !(tokens && type == TSSymbolTypeAnonymous))
			continue;
		if (strcmp(ts_language_symbol_name(ts, (TSSymbol)i), name))
			continue;
		set(&t->lang->symbols[i], value);
		found = true;
	}
	return found;
}

/* every name in the list gets value by set() */
static int
apply(struct table *t, const struct json *list, bool tokens,
	void (*set)(struct grammar_symbol *, unsigned), unsigned value)
{
	struct json_iter it;
	const char *name;

	if (list && !json_is(list, JSON_ARRAY))
		return bad(t, list, "not a list of the grammar's names");
	for (json_each(&it, list); json_next(&it); ) {
		name = json_str(it.value);
		if (!name)
			return bad(t, it.value, "not a name");
		if (!each_symbol(t, name, tokens, set, value) && !t->shared)
			return bad(t, it.value, "the grammar has no such name");
	}
	return 0;
}

static void
set_kind(struct grammar_symbol *s, unsigned kind)
{
	s->kind = (uint16_t)kind;
}

static void
set_action(struct grammar_symbol *s, unsigned action)
{
	s->action = (uint8_t)action;
}

static void
set_flag(struct grammar_symbol *s, unsigned flag)
{
	s->flags |= (uint8_t)flag;
}

static void
set_operator(struct grammar_symbol *s, unsigned on)
{
	s->operator = on != 0;
}

static void
set_raw(struct grammar_symbol *s, unsigned on)
{
	s->raw = on != 0;
}

static int
read_kinds(struct table *t, const struct json *v)
{
	struct json_iter it;
	unsigned kind;

	for (json_each(&it, v); json_next(&it); ) {
		kind = number(&kinds, json_str(it.key), UINT16_MAX);
		if (apply(t, it.value, false, set_kind, kind) < 0)
			return -1;
	}
	return 0;
}

static int
read_fields(struct table *t, const struct json *v)
{
	struct json_iter it, names;
	const char *name;
	TSFieldId id;

	for (json_each(&it, v); json_next(&it); )
		for (json_each(&names, it.value); json_next(&names); ) {
			name = json_str(names.value);
			id = name ? ts_language_field_id_for_name(t->lang->ts,
				name, (uint32_t)strlen(name)) : 0;
			if (id)
				t->lang->fields[id] = (uint8_t)number(&fields,
					json_str(it.key), UINT8_MAX);
			else if (!t->shared)
				return bad(t, names.value,
					"the grammar has no such field");
		}
	return 0;
}

static int
read_flags(struct table *t, const struct json *v)
{
	static const struct {
		const char *name;
		unsigned flag;
	} flags[] = {
		{ "async", IR_ASYNC }, { "export", IR_EXPORT },
		{ "static", IR_STATIC }, { "private", IR_PRIVATE },
	};
	struct json_iter it;
	size_t i, n = sizeof(flags) / sizeof(flags[0]);

	for (json_each(&it, v); json_next(&it); ) {
		for (i = 0; i < n; i++)
			if (json_str_is(it.key, flags[i].name))
				break;
		if (i == n)
			return bad(t, it.key, "unknown flag");
		if (apply(t, it.value, true, set_flag, flags[i].flag) < 0)
			return -1;
	}
	return 0;
}

static int
read_string(struct table *t, const struct json *v)
{
	const struct json *escapes = json_get(v, "escapes");

	if (apply(t, json_get(v, "literal"), false, set_action,
	    GRAMMAR_STRING) < 0 ||
	    apply(t, json_get(v, "content"), false, set_action,
	    GRAMMAR_CONTENT) < 0 ||
	    apply(t, json_get(v, "interpolation"), false, set_action,
	    GRAMMAR_INTERPOLATION) < 0 ||
	    apply(t, json_get(v, "concatenated"), false, set_action,
	    GRAMMAR_CONCATENATED) < 0 ||
	    apply(t, json_get(v, "raw"), false, set_raw, 1) < 0)
		return -1;
	t->lang->prefixes = json_get_bool(v, "prefixes", false);
	if (json_str_is(escapes, "c"))
		t->lang->escapes = ESCAPES_C;
	else if (json_str_is(escapes, "python"))
		t->lang->escapes = ESCAPES_PYTHON;
	else if (!json_str_is(escapes, "none"))
		return bad(t, v, "escapes is one of c, python, none");
	return 0;
}

/* what stands in no list keeps the grammar's name */
static void
defaults(struct lang *l)
{
	const TSLanguage *ts = l->ts;
	const char *name;

	for (uint32_t i = 0; i < l->nsymbols; i++) {
		if (ts_language_symbol_type(ts, (TSSymbol)i) !=
		    TSSymbolTypeRegular)
			continue;
		name = ts_language_symbol_name(ts, (TSSymbol)i);
		l->symbols[i].action = GRAMMAR_NODE;
		l->symbols[i].kind = (uint16_t)number(&kinds, name,
			UINT16_MAX);
	}
	for (uint32_t i = 1; i <= l->nfields; i++)
		l->fields[i] = (uint8_t)number(&fields,
			ts_language_field_name_for_id(ts, (TSFieldId)i),
			UINT8_MAX);
}

static int
read_table(struct table *t, const struct json *root)
{
	static const struct {
		const char *name;
		unsigned action;
	} actions[] = {
		{ "drop", GRAMMAR_DROP }, { "comment", GRAMMAR_COMMENT },
		{ "unwrap", GRAMMAR_UNWRAP }, { "splice", GRAMMAR_SPLICE },
		{ "merge", GRAMMAR_MERGE }, { "leaf", GRAMMAR_LEAF },
	};

	if (!json_is(root, JSON_OBJECT))
		return bad(t, root, "not a language table");
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (apply(t, json_get(root, actions[i].name), false,
		    set_action, actions[i].action) < 0)
			return -1;
	if (apply(t, json_get(root, "operator"), false, set_operator, 1) < 0)
		return -1;
	if (read_kinds(t, json_get(root, "kinds")) < 0 ||
	    read_fields(t, json_get(root, "fields")) < 0 ||
	    read_flags(t, json_get(root, "flag")) < 0)
		return -1;
	if (!json_get_str(root, "public"))
		return bad(t, root, "it says nothing about public names");
	t->lang->visible = xstrdup(json_get_str(root, "public"));
	return read_string(t, json_get(root, "string"));
}

static struct lang *
lang_new(const char *name, const TSLanguage *ts)
{
	struct lang *l = xcalloc(1, sizeof(*l));

	l->name = name;
	l->ts = ts;
	l->nsymbols = ts_language_symbol_count(ts);
	l->symbols = xcalloc(l->nsymbols, sizeof(*l->symbols));
	l->nfields = ts_language_field_count(ts);
	l->fields = xcalloc(l->nfields + 1, sizeof(*l->fields));
	defaults(l);
	return l;
}

static void
lang_free(struct lang *l)
{
	free(l->symbols);
	free(l->fields);
	free(l->visible);
	free(l);
}

/* read the table's text, once */
static int
read_text(size_t i, struct err *err)
{
	struct str text;
	char *name;

	if (languages[i].text)
		return 0;
	name = xasprintf("languages/%s.yaml", languages[i].table);
	if (!languages[i].path)
		languages[i].path = share_path(name);
	free(name);
	str_init(&text, IR_TEXT);
	if (io_read(languages[i].path, &text, err) < 0) {
		str_release(&text);
		return -1;
	}
	str_seal(&text);
	languages[i].text = str_detach(&text);
	return 0;
}

static struct lang *
load(size_t i, struct err *err)
{
	struct lang *l;
	struct document doc;
	struct table t;
	int rc;

	if (read_text(i, err) < 0)
		return NULL;
	if (document_parse(&doc, languages[i].text, strlen(languages[i].text),
	    languages[i].path, err) < 0)
		return NULL;
	l = lang_new(languages[i].name, languages[i].grammar());
	t = (struct table){ languages[i].path, &doc, l,
		strcmp(languages[i].table, "typescript") == 0, err };
	rc = read_table(&t, document_root(&doc));
	document_release(&doc);
	if (rc == 0)
		return l;
	lang_free(l);
	return NULL;
}

/* --- public --------------------------------------------------------------- */

static size_t
index_of(const char *name)
{
	size_t i;

	for (i = 0; i < NLANGUAGES; i++)
		if (strcmp(languages[i].name, name) == 0)
			break;
	return i;
}

bool
lang_known(const char *name)
{
	return index_of(name) < NLANGUAGES;
}

const struct lang *
lang_get(const char *name, struct err *err)
{
	size_t i = index_of(name);
	uint32_t abi;

	if (i == NLANGUAGES) {
		err_set(err, "no grammar for language '%s'", name);
		return NULL;
	}
	if (languages[i].lang)
		return languages[i].lang;
	start();
	abi = ts_language_abi_version(languages[i].grammar());
	if (abi < TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION ||
	    abi > TREE_SITTER_LANGUAGE_VERSION) {
		err_set(err, "the grammar of '%s' has ABI %u; this smelt reads "
			"%d to %d", name, abi,
			TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION,
			TREE_SITTER_LANGUAGE_VERSION);
		return NULL;
	}
	languages[i].lang = load(i, err);
	return languages[i].lang;
}

const char *
lang_name(const struct lang *lang)
{
	return lang->name;
}

const char *
lang_public(const struct lang *lang)
{
	return lang->visible;
}

const char *const *
lang_list(void)
{
	static const char *names[NLANGUAGES + 1];

	for (size_t i = 0; i < NLANGUAGES; i++)
		names[i] = languages[i].name;
	return names;
}

int
lang_digest(struct sha256 *h, struct err *err)
{
	for (size_t i = 0; i < NLANGUAGES; i++) {
		if (read_text(i, err) < 0)
			return -1;
		sha256_field(h, languages[i].name);
		sha256_field(h, languages[i].text);
	}
	return 0;
}
