#include "data/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"

static bool
listed(const char *const *list, const char *kind)
{
	return list && str_in(kind, list);
}

/* kinds that two stages share carry the stage beside the kind */
static bool
of_other_stage(const struct stage *s, const struct rec *rec)
{
	static const char key[] = "\"stage\":\"";
	struct json_doc doc;
	struct err ignored;
	const char *at;
	bool other = false;
	size_t head = strlen("{\"kind\":\"") + strlen(rec->kind) + 2;

	if (!rec_is(rec, "finding") && !rec_is(rec, "verdict"))
		return false;
	at = rec->line + head;
	if (rec->len > head + sizeof(key) &&
	    memcmp(at, key, sizeof(key) - 1) == 0) {
		at += sizeof(key) - 1;
		return !mem_starts(at, rec->len - (size_t)(at - rec->line),
			s->spec->stage);
	}
	if (rec_parse(s->reader, rec, &doc, &ignored) == 0) {
		other = !json_str_is(json_get(json_root(&doc), "stage"),
			s->spec->stage);
		json_release(&doc);
	}
	return other;
}

static int
read_chain(struct stage *s, const struct json *chain, struct err *err)
{
	struct json_iter it;
	struct emit e;
	bool found = !s->spec->after;
	struct str need;

	str_init(&need, STR_LINE);
	str_addf(&need, "smelt-%s", s->spec->after ? s->spec->after : "");
	s->chain = xmalloc(sizeof(*s->chain));
	str_init(s->chain, STR_RECORD);
	emit_init(&e, s->chain);
	emit_array(&e);
	for (json_each(&it, chain); json_next(&it); ) {
		const struct json *tool = json_get(it.value, "tool");

		if (json_str_is(tool, s->spec->tool))
			break;
		if (json_str_is(tool, str_s(&need)))
			found = true;
		emit_json(&e, it.value);
	}
	emit_end(&e);
	if (!found)
		err_at(err, s->reader->name, 1, 1,
			"no output of %s in this artifact: run it first",
			str_s(&need));
	str_release(&need);
	return found ? 0 : -1;
}

static int
read_header(struct stage *s, struct err *err)
{
	const char *in = s->reader->name;
	const struct json *h;
	struct json_doc doc;
	struct rec rec;
	int64_t format;
	int rc;

	rc = rec_next(s->reader, &rec, err);
	if (rc == 0)
		return err_at(err, in, 0, 0, "empty input, not an artifact");
	if (rc < 0)
		return -1;
	if (!rec_is(&rec, "smelt"))
		return err_at(err, in, 1, 1,
			"not a smelt artifact: the first record is '%s'",
			rec.kind);
	if (rec_parse(s->reader, &rec, &doc, err) < 0)
		return -1;
	h = json_root(&doc);
	rc = 0;
	if (!json_int(json_get(h, "format"), &format) || format != 1)
		rc = err_at(err, in, 1, 1,
			"unknown artifact format; this smelt reads format 1");
	else if (!json_get_str(h, "name") ||
	    !path_is_server_name(json_get_str(h, "name")))
		rc = err_at(err, in, 1, 1, "header without a server name");
	else
		rc = read_chain(s, json_get(h, "chain"), err);
	if (rc == 0) {
		s->name = xstrdup(json_get_str(h, "name"));
		s->was = xstrdup(json_get_str(h, "stage") ?
			json_get_str(h, "stage") : "");
	}
	json_release(&doc);
	return rc;
}

static void
write_header(struct stage *s, const char *config)
{
	struct json_doc doc;
	struct err err;
	struct json_iter it;
	struct emit e;
	struct str line;

	str_init(&line, STR_RECORD);
	emit_init(&e, &line);
	emit_object(&e);
	emit_pair(&e, "kind", "smelt");
	emit_pair_int(&e, "format", 1);
	emit_pair(&e, "name", s->name);
	emit_pair(&e, "stage", s->spec->stage);
	emit_key(&e, "chain");
	emit_array(&e);
	if (s->chain && json_parse(&doc, s->chain->buf, s->chain->len, "",
	    &err) == 0) {
		for (json_each(&it, json_root(&doc)); json_next(&it); )
			emit_json(&e, it.value);
		json_release(&doc);
	}
	emit_object(&e);
	emit_pair(&e, "tool", s->spec->tool);
	emit_pair(&e, "version", SMELT_VERSION);
	emit_pair_sha256(&e, "config", config);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
	str_putc(&line, '\n');
	outfile_write(s->out, line.buf, line.len);
	str_release(&line);
}

static void
forget(struct stage *s)
{
	if (s->reader)
		rec_close(s->reader);
	if (s->chain)
		str_release(s->chain);
	free(s->reader);
	free(s->out);
	free(s->chain);
	free(s->name);
	free(s->was);
	memset(s, 0, sizeof(*s));
}

int
stage_read(struct stage *s, const struct stage_spec *spec, const char *in,
	struct err *err)
{
	memset(s, 0, sizeof(*s));
	s->spec = spec;
	s->reader = xcalloc(1, sizeof(*s->reader));
	if (rec_open(s->reader, in, err) < 0 || read_header(s, err) < 0) {
		forget(s);
		return -1;
	}
	return 0;
}

static int
open_out(struct stage *s, const char *out, const char *config,
	struct err *err)
{
	s->out = xcalloc(1, sizeof(*s->out));
	if (outfile_open(s->out, out, err) < 0) {
		forget(s);
		return -1;
	}
	write_header(s, config);
	return 0;
}

int
stage_open(struct stage *s, const struct stage_spec *spec, const char *in,
	const char *out, const char *config, struct err *err)
{
	return stage_open_as(s, spec, in, out, config, NULL, err);
}

int
stage_open_as(struct stage *s, const struct stage_spec *spec,
	const char *in, const char *out, const char *config,
	const char *name, struct err *err)
{
	if (stage_read(s, spec, in, err) < 0)
		return -1;
	if (name) {
		free(s->name);
		s->name = xstrdup(name);
	}
	return open_out(s, out, config, err);
}

int
stage_create(struct stage *s, const struct stage_spec *spec,
	const char *name, const char *out, const char *config,
	struct err *err)
{
	memset(s, 0, sizeof(*s));
	s->spec = spec;
	s->name = xstrdup(name);
	s->ended = true;
	return open_out(s, out, config, err);
}

int
stage_next(struct stage *s, struct rec *rec, struct err *err)
{
	const char *in = s->reader->name;
	int rc;

	if (s->ended)
		return 0;
	rc = rec_next(s->reader, rec, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_at(err, in, s->reader->line, 0,
			"artifact is cut off: no end record");
	if (rec_is(rec, "end")) {
		s->ended = true;
		rc = rec_next(s->reader, rec, err);
		if (rc > 0)
			return err_at(err, in, rec->number, 0,
				"record behind the end record");
		return rc;
	}
	if (rec_is(rec, "smelt"))
		return err_at(err, in, rec->number, 0, "second header");
	if (!s->out || listed(s->spec->drops, rec->kind))
		return 1;
	if (listed(s->spec->owns, rec->kind) && !of_other_stage(s, rec))
		return 1;
	outfile_write(s->out, rec->line, rec->len + 1);
	return 1;
}

int
stage_parse(const struct stage *s, const struct rec *rec,
	struct json_doc *doc, struct err *err)
{
	return rec_parse(s->reader, rec, doc, err);
}

void
stage_put(struct stage *s, const struct str *line)
{
	if (!s->ended)
		die("internal: own record before all input is read");
	if (str_over(line))
		die("record larger than %zu bytes", line->max);
	outfile_write(s->out, line->buf, line->len);
	outfile_write(s->out, "\n", 1);
	s->records++;
}

int
stage_close(struct stage *s, struct err *err)
{
	static const char end[] = "{\"kind\":\"end\"}\n";
	int rc = 0;

	if (s->out) {
		outfile_write(s->out, end, sizeof(end) - 1);
		rc = outfile_commit(s->out, err);
	}
	forget(s);
	return rc;
}

void
stage_abort(struct stage *s)
{
	if (s->out)
		outfile_abort(s->out);
	forget(s);
}
