#include "form/verdict.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "form/finding.h"

static void
write_scanned(struct emit *e, const struct verdict *v)
{
	emit_key(e, "scanned");
	emit_array(e);
	for (size_t i = 0; i < v->nscanned; i++) {
		emit_object(e);
		emit_pair(e, "scanner", v->scanned[i].scanner);
		emit_pair(e, "status", v->scanned[i].done ? "scanned" :
			"not-scanned");
		emit_pair(e, "text", v->scanned[i].text);
		emit_end(e);
	}
	emit_end(e);
}

static void
write_tools(struct emit *e, const struct verdict *v)
{
	if (!v->tools)
		return;
	emit_key(e, "tools");
	emit_array(e);
	for (size_t i = 0; i < v->ntools; i++) {
		const struct verdict_tool *t = &v->tools[i];

		emit_object(e);
		emit_pair(e, "name", t->name);
		emit_pair(e, "result", t->result);
		emit_pair_list(e, "reasons", t->reasons, t->nreasons);
		emit_end(e);
	}
	emit_end(e);
}

static void
write_record(struct str *out, const struct verdict *v)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "verdict");
	emit_pair(&e, "stage", v->stage);
	emit_pair(&e, "result", v->result);
	emit_pair_int(&e, "blocking", (int64_t)v->blocking);
	emit_key(&e, "counts");
	emit_object(&e);
	emit_pair_int(&e, "error", (int64_t)v->error);
	emit_pair_int(&e, "warning", (int64_t)v->warning);
	emit_pair_int(&e, "note", (int64_t)v->note);
	emit_pair_int(&e, "suppressed", (int64_t)v->suppressed);
	emit_end(&e);
	write_scanned(&e, v);
	write_tools(&e, v);
	emit_pair_sha256(&e, "policy", v->policy);
	emit_pair(&e, "judge", "static");
	emit_end(&e);
}

void
verdict_put(const struct verdict *v, const struct findings *fs,
	struct stage *s)
{
	struct str line;

	str_init(&line, STR_RECORD);
	for (size_t i = 0; i < fs->n; i++) {
		str_clear(&line);
		finding_write(&line, fs->items[i]);
		stage_put(s, &line);
	}
	str_clear(&line);
	write_record(&line, v);
	stage_put(s, &line);
	str_release(&line);
}

static void
report(const struct finding *f)
{
	struct err err = { 0 };

	err_at(&err, f->loc->file[0] ? f->loc->file : NULL, f->loc->line,
		f->loc->col, "%s", f->text);
	snprintf(err.rule, sizeof(err.rule), "%s", f->rule);
	diag_err(&err);
}

void
verdict_report(const struct verdict *v, const struct findings *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		if (fs->items[i]->blocking)
			report(fs->items[i]);
	diag_say("%s: %s: %zu blocking; %zu errors, %zu warnings, %zu notes, "
		"%zu waived", v->stage, v->result, v->blocking, v->error,
		v->warning, v->note, v->suppressed);
	for (size_t i = 0; i < v->nscanned; i++)
		if (!v->scanned[i].done)
			diag_say("%s: not scanned: %s: %s", v->stage,
				v->scanned[i].scanner, v->scanned[i].text);
}

static size_t
member(const struct json *v, const char *key)
{
	int64_t n;

	return json_int(json_get(v, key), &n) && n > 0 ? (size_t)n : 0;
}

/* The record's verdict; the doc's strings are used. */
static void
read_verdict(struct verdict *v, const struct json *r)
{
	const struct json *counts = json_get(r, "counts");

	v->stage = json_get_str(r, "stage");
	v->result = json_get_str(r, "result");
	v->blocking = member(r, "blocking");
	v->error = member(counts, "error");
	v->warning = member(counts, "warning");
	v->note = member(counts, "note");
	v->suppressed = member(counts, "suppressed");
}

struct check {
	struct stage s;
	struct findings fs;
	struct json_doc verdict;
	bool found;
};

static int
take(struct check *c, const struct rec *rec, const char *stage,
	struct err *err)
{
	struct json_doc doc;
	bool verdict = rec_is(rec, "verdict");

	if (!verdict && !rec_is(rec, "finding"))
		return 0;
	if (stage_parse(&c->s, rec, &doc, err) < 0)
		return -1;
	if (json_str_is(json_get(json_root(&doc), "stage"), stage)) {
		if (!verdict) {
			finding_read(&c->fs, json_root(&doc));
		} else if (!c->found) {
			c->verdict = doc;
			c->found = true;
			return 0;
		}
	}
	json_release(&doc);
	return 0;
}

static int
judge(struct check *c, const char *artifact, const char *tool,
	struct err *err)
{
	struct verdict v = { 0 };

	if (c->found)
		read_verdict(&v, json_root(&c->verdict));
	if (!v.result)
		return err_at(err, artifact ? artifact : "stdin", 0, 0,
			"no verdict of %s in this artifact", tool);
	verdict_report(&v, &c->fs);
	return strcmp(v.result, "pass") == 0 || strcmp(v.result, "warn") == 0 ?
		0 : 1;
}

int
verdict_check(const char *artifact, const char *tool, const char *stage,
	struct err *err)
{
	const struct stage_spec spec = { "verdict", stage, stage, NULL,
		NULL };
	struct check c = { 0 };
	struct rec rec;
	int rc;

	if (stage_read(&c.s, &spec, artifact, err) < 0)
		return -1;
	while ((rc = stage_next(&c.s, &rec, err)) == 1)
		if (take(&c, &rec, stage, err) < 0) {
			rc = -1;
			break;
		}
	if (rc == 0)
		rc = judge(&c, artifact, tool, err);
	stage_abort(&c.s);
	findings_release(&c.fs);
	if (c.found)
		json_release(&c.verdict);
	return rc;
}
