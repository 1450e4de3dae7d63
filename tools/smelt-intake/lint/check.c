#include "smelt-intake/lint/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/map.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/glob.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/rule.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/lint.h"
#include "smelt-intake/lint/place.h"
#include "smelt-intake/openapi/overlays.h"

enum { ARGUMENT = 160, REFS = 32 };

static const struct rule *
rule_of(const struct checker *c, const char *id)
{
	const struct rule *rule = rules_get(c->lint->rules, id);

	if (!rule)
		die("share/smelt/rules/openapi has no rule '%s'", id);
	return rule;
}

static const char *
cut(struct lint *l, const char *text)
{
	size_t n = strlen(text);

	if (n <= ARGUMENT)
		return text;
	for (n = ARGUMENT - 3; n && ((unsigned char)text[n] & 0xc0) == 0x80; )
		n--;
	return findings_keepn(l->findings, text, n);
}

static void
locate(const struct checker *c, const struct json *at, struct loc *loc)
{
	struct document_mark m = { .line = 1, .col = 1 };

	if (!document_origin(c->d, at, &m))
		m = (struct document_mark){ .line = 1, .col = 1 };
	loc->file = m.file && c->lint->overlays ? overlays_label(
		c->lint->overlays, m.file, c->lint->file) : c->lint->file;
	loc->line = loc->end_line = m.line;
	loc->col = m.col;
	loc->end_col = m.col + 1;
}

void
found(struct checker *c, const char *id, const struct json *at, ...)
{
	const struct rule *rule = rule_of(c, id);
	const char *args[RULE_ARGS], *text;
	struct lint *l = c->lint;
	struct str content, where;
	struct loc loc = { 0 };
	size_t n = 0;
	va_list ap;

	str_init(&content, STR_LINE);
	str_init(&where, STR_LINE);
	va_start(ap, at);
	while ((text = va_arg(ap, const char *)) && n < RULE_ARGS) {
		args[n++] = cut(l, text);
		str_puts(&content, text);
		str_putc(&content, '\n');
	}
	va_end(ap);
	locate(c, at, &loc);
	if (l->findings->n < LINT_FINDINGS)
		findings_add(l->findings, "intake", rule, &loc, args, n,
			str_s(&content));
	else
		l->more++;
	str_addf(&where, "%s:%u:%u", loc.file, loc.line, loc.col);
	fix_new(c->fixes, rule->id, str_s(&where));
	str_release(&content);
	str_release(&where);
}

const struct json *
check_list(const struct checker *c, const char *rule, const char *name)
{
	return json_get(rule_of(c, rule)->body, name);
}

bool
check_listed(const struct json *list, const char *text)
{
	char lower[256];
	struct json_iter it;
	size_t i;

	for (i = 0; text[i] && i < sizeof(lower) - 1; i++)
		lower[i] = char_lower(text[i]);
	lower[i] = '\0';
	for (json_each(&it, list); json_next(&it); )
		if (json_str(it.value) && glob_text(json_str(it.value), lower))
			return true;
	return false;
}

static const struct json *
resolve(struct checker *c, const char *ref, size_t len)
{
	const struct json *v;
	struct map_entry *e;
	struct str pointer;
	bool added;

	e = map_add(c->refs, ref, len, &added);
	if (!added)
		return e->value;
	str_init(&pointer, STR_LINE);
	percent_decode(&pointer, ref + 1, len - 1);
	v = strlen(str_s(&pointer)) == pointer.len && !str_over(&pointer) ?
		json_pointer(c->root, str_s(&pointer)) : NULL;
	/* a name with a percent sign that is no escape */
	if (!v && !memchr(ref, '\0', len))
		v = json_pointer(c->root, ref + 1);
	e = map_find(c->refs, ref, len);
	e->value = (void *)(uintptr_t)v;
	str_release(&pointer);
	return v;
}

const struct json *
check_resolve(struct checker *c, const struct json *ref)
{
	return resolve(c, json_str(ref), json_len(ref));
}

const struct json *
check_deref(struct checker *c, const struct json *v)
{
	const struct json *ref;
	int i;

	for (i = 0; i < REFS && v; i++) {
		ref = json_get(v, "$ref");
		if (!json_str(ref) || !str_starts(json_str(ref), "#/"))
			return v;
		v = resolve(c, json_str(ref), json_len(ref));
	}
	return NULL;
}
