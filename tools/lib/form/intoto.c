#include "form/intoto.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"

void
statement_write(struct str *out, const char *type,
	const struct subject *subjects, size_t n, const struct str *predicate)
{
	struct emit e;
	size_t i;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "_type", INTOTO_STATEMENT);
	emit_key(&e, "subject");
	emit_array(&e);
	for (i = 0; i < n; i++) {
		emit_object(&e);
		emit_pair(&e, "name", subjects[i].name);
		emit_key(&e, "digest");
		emit_object(&e);
		emit_pair(&e, "sha256", subjects[i].sha256);
		emit_end(&e);
		emit_end(&e);
	}
	emit_end(&e);
	emit_pair(&e, "predicateType", type);
	emit_key(&e, "predicate");
	emit_raw(&e, str_s(predicate), predicate->len);
	emit_end(&e);
}

static int
bad(struct err *err, const char *name, const char *text)
{
	err_at(err, name, 0, 0, "%s", text);
	snprintf(err->rule, sizeof(err->rule), "statement-form");
	return -1;
}

/* Only these members, all of them. */
static bool
exact(const struct json *v, const char *const *keys)
{
	size_t n;

	for (n = 0; keys[n]; n++)
		if (!json_get(v, keys[n]))
			return false;
	return json_is(v, JSON_OBJECT) && json_size(v) == n;
}

static bool
is_digest(const struct json *v)
{
	return json_len(v) == 64 &&
		strspn(json_str(v), "0123456789abcdef") == 64;
}

static int
read_subject(struct statement *s, const struct json *v, const char *name,
	struct err *err)
{
	static const char *const members[] = { "name", "digest", NULL };
	static const char *const of_digest[] = { "sha256", NULL };
	const struct json *digest = json_get(v, "digest");
	const struct json *hex = json_get(digest, "sha256");
	struct subject *subject = &s->subjects[s->nsubjects];
	size_t i;

	if (!exact(v, members) || !exact(digest, of_digest))
		return bad(err, name, "a subject is not a name and a sha256");
	subject->name = json_str(json_get(v, "name"));
	if (!subject->name || !*subject->name ||
	    strlen(subject->name) != json_len(json_get(v, "name")))
		return bad(err, name, "a subject without a name");
	if (!is_digest(hex))
		return bad(err, name, "a subject's sha256 is not 64 hex digits");
	memcpy(subject->sha256, json_str(hex), 65);
	for (i = 0; i < s->nsubjects; i++)
		if (strcmp(s->subjects[i].name, subject->name) == 0)
			return bad(err, name, "two subjects of one name");
	s->nsubjects++;
	return 0;
}

static int
read_root(struct statement *s, const char *name, struct err *err)
{
	static const char *const members[] = {
		"_type", "subject", "predicateType", "predicate", NULL
	};
	const struct json *root = json_root(s->doc);
	const struct json *list = json_get(root, "subject");
	struct json_iter it;

	if (json_duplicate(root))
		return bad(err, name, "a member is given twice");
	if (!exact(root, members))
		return bad(err, name, "not the four members of a statement");
	if (!json_str_is(json_get(root, "_type"), INTOTO_STATEMENT))
		return bad(err, name, "_type is not " INTOTO_STATEMENT);
	s->type = json_get_str(root, "predicateType");
	s->predicate = json_get(root, "predicate");
	if (!s->type || !*s->type || !json_is(s->predicate, JSON_OBJECT))
		return bad(err, name, "no predicate, or none of a type");
	if (!json_is(list, JSON_ARRAY) || json_size(list) == 0 ||
	    json_size(list) > INTOTO_SUBJECTS)
		return bad(err, name, "not 1 to 1024 subjects");
	s->subjects = xcalloc(json_size(list), sizeof(*s->subjects));
	for (json_each(&it, list); json_next(&it); )
		if (read_subject(s, it.value, name, err) < 0)
			return -1;
	return 0;
}

int
statement_read(struct statement *s, const char *text, size_t len,
	const char *name, struct err *err)
{
	memset(s, 0, sizeof(*s));
	s->doc = xcalloc(1, sizeof(*s->doc));
	if (json_parse(s->doc, text, len, name, err) < 0)
		snprintf(err->rule, sizeof(err->rule), "statement-form");
	else if (read_root(s, name, err) == 0)
		return 0;
	statement_release(s);
	return -1;
}

void
statement_release(struct statement *s)
{
	if (s->doc)
		json_release(s->doc);
	free(s->doc);
	free(s->subjects);
	memset(s, 0, sizeof(*s));
}

const struct subject *
statement_find(const struct statement *s, const char *sha256)
{
	size_t i;

	for (i = 0; i < s->nsubjects; i++)
		if (strcmp(s->subjects[i].sha256, sha256) == 0)
			return &s->subjects[i];
	return NULL;
}
