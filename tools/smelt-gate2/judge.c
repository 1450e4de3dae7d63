#include "smelt-gate2/judge.h"

#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/verdict.h"
#include "form/rule.h"

static struct finding *
add(struct judge *j, const struct loc *loc, const char *subject,
	const char *rule_id, const char *const *args)
{
	const struct rule *rule = rules_get(j->rules, rule_id);
	struct str content;
	struct finding *f;
	size_t n;

	if (!rule)
		die("rule '%s' is missing in share/smelt/rules", rule_id);
	str_init(&content, STR_RECORD);
	str_puts(&content, subject);
	for (n = 0; args[n]; n++) {
		str_putc(&content, '\n');
		str_puts(&content, args[n]);
	}
	f = findings_add(j->findings, "gate2", rule, loc, args, n,
		str_s(&content));
	str_release(&content);
	return f;
}

struct finding *
judge_tool(struct judge *j, const struct json *tool, const char *rule,
	const char *const *args)
{
	const char *name = json_get_str(tool, "name");
	struct loc loc = { "", 1, 1, 1, 1 };
	struct finding *f;

	if (!loc_read(&loc, json_get(tool, "loc")))
		loc = (struct loc){ "", 1, 1, 1, 1 };
	f = add(j, &loc, name, rule, args);
	f->tool = findings_keep(j->findings, name);
	return f;
}

struct finding *
judge_file(struct judge *j, const char *path, unsigned line,
	const char *rule, const char *const *args)
{
	struct loc loc = { path, line ? line : 1, 1, line ? line : 1, 1 };
	struct finding *f = add(j, &loc, path, rule, args);

	f->path = findings_keep(j->findings, path);
	return f;
}

void
judge_code(struct judge *j, const char *rule, const struct loc *loc,
	const char *text, size_t len, const char *found, size_t nfound)
{
	static const char *const none[] = { NULL };
	struct finding *f;
	struct str content;

	str_init(&content, STR_RECORD);
	str_addf(&content, "%s\n", loc->file);
	str_add(&content, found, nfound);
	f = add(j, loc, str_s(&content), rule, none);
	f->path = findings_keep(j->findings, loc->file);
	finding_context(j->findings, f, text, len, NULL);
	str_release(&content);
}

static bool
about(const struct finding *f, const char *name)
{
	return f->tool && !f->suppressed && strcmp(f->tool, name) == 0;
}

static void
one_result(const struct judge *j, const char *name, struct verdict_tool *t)
{
	const char **reasons = NULL;
	size_t i, n = 0, cap = 0;

	t->name = name;
	t->result = "pass";
	for (i = 0; i < j->findings->n; i++) {
		const struct finding *f = j->findings->items[i];

		if (!about(f, name) || strcmp(f->level, "note") == 0)
			continue;
		if (strcmp(f->level, "error") == 0)
			t->result = "fail";
		else if (strcmp(t->result, "pass") == 0)
			t->result = "warn";
		reasons = vec_grow(reasons, n, &cap, sizeof(*reasons));
		reasons[n++] = f->text;
	}
	t->reasons = reasons;
	t->nreasons = n;
}

struct verdict_tool *
judge_results(const struct judge *j, const struct json *const *tools,
	size_t n)
{
	struct verdict_tool *all = xcalloc(n, sizeof(*all));
	size_t i;

	for (i = 0; i < n; i++)
		one_result(j, json_get_str(tools[i], "name"), &all[i]);
	return all;
}
