#include "form/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "form/linehash.h"
#include "form/rule.h"

struct findings_store {
	struct arena arena;
};

static struct arena *
arena(struct findings *fs)
{
	if (!fs->store)
		fs->store = xcalloc(1, sizeof(*fs->store));
	return &fs->store->arena;
}

void
findings_release(struct findings *fs)
{
	if (fs->store)
		arena_release(&fs->store->arena);
	free(fs->store);
	free(fs->items);
	memset(fs, 0, sizeof(*fs));
}

const char *
findings_keepn(struct findings *fs, const char *text, size_t n)
{
	return text ? arena_strndup(arena(fs), text, n) : NULL;
}

const char *
findings_keep(struct findings *fs, const char *text)
{
	return text ? arena_strdup(arena(fs), text) : NULL;
}

static struct loc *
keep_loc(struct findings *fs, const struct loc *loc)
{
	struct loc *kept = arena_alloc(arena(fs), sizeof(*kept));

	if (loc)
		*kept = *loc;
	kept->file = findings_keep(fs, kept->file ? kept->file : "");
	return kept;
}

static struct finding *
append(struct findings *fs)
{
	struct finding *f = arena_alloc(arena(fs), sizeof(*f));

	fs->items = vec_grow(fs->items, fs->n, &fs->cap, sizeof(*fs->items));
	fs->items[fs->n++] = f;
	return f;
}

/* the template with {n} replaced */
static const char *
fill(struct findings *fs, const char *template, const char *const *args,
	size_t nargs)
{
	const char *text;
	struct str out;

	str_init(&out, STR_LINE);
	for (const char *p = template; *p; p++) {
		size_t i = (size_t)(p[1] - '0');

		if (*p == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}' &&
		    i < nargs) {
			str_puts(&out, args[i]);
			p += 2;
		} else {
			str_putc(&out, *p);
		}
	}
	text = findings_keep(fs, str_s(&out));
	str_release(&out);
	return text;
}

static void
fingerprint(struct finding *f, const char *content)
{
	struct sha256 h;

	sha256_init(&h);
	sha256_field(&h, f->rule);
	sha256_field(&h, content);
	sha256_final_hex(&h, f->fingerprint);
}

static void
copy_tags(struct findings *fs, struct finding *f, const char *const *tags,
	size_t n)
{
	f->tags = arena_array(arena(fs), n + 1, sizeof(*f->tags));
	for (size_t i = 0; i < n; i++)
		f->tags[f->ntags++] = findings_keep(fs, tags[i]);
}

struct finding *
findings_add(struct findings *fs, const char *stage, const struct rule *rule,
	const struct loc *loc, const char *const *args, size_t nargs,
	const char *content)
{
	struct finding *f = append(fs);

	f->stage = findings_keep(fs, stage);
	f->rule = findings_keep(fs, rule->id);
	f->scanner = findings_keep(fs, rule->scanner);
	f->level = findings_keep(fs, rule->level);
	f->severity = rule->severity;
	f->fix = findings_keep(fs, rule->fix);
	f->text = fill(fs, rule->message, args, nargs);
	f->args = arena_array(arena(fs), nargs + 1, sizeof(*f->args));
	for (size_t i = 0; i < nargs; i++)
		f->args[f->nargs++] = findings_keep(fs, args[i]);
	f->loc = keep_loc(fs, loc);
	copy_tags(fs, f, rule->tags, rule->ntags);
	fingerprint(f, content);
	return f;
}

void
finding_evidence(struct findings *fs, struct finding *f,
	const struct loc *loc, const char *text)
{
	struct finding_evidence *bigger;

	if (f->nevidence == f->evidence_cap) {
		f->evidence_cap = f->evidence_cap ? f->evidence_cap * 2 : 4;
		bigger = arena_array(arena(fs), f->evidence_cap,
			sizeof(*bigger));
		if (f->nevidence)
			memcpy(bigger, f->evidence,
				f->nevidence * sizeof(*bigger));
		f->evidence = bigger;
	}
	f->evidence[f->nevidence].loc = keep_loc(fs, loc);
	f->evidence[f->nevidence++].text = findings_keep(fs, text);
}

/* Start of a 1-based line; text end when there is none. */
static const char *
line_start(const char *text, const char *end, unsigned line)
{
	while (line > 1 && text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));

		text = lf ? lf + 1 : end;
		line--;
	}
	return text;
}

void
finding_context(struct findings *fs, struct finding *f, const char *text,
	size_t len, const struct linehash *hashes)
{
	const char *end = text + len, *from, *to;
	char hash[LINEHASH_SIZE];
	unsigned last;

	if (!f->loc->line)
		return;
	if (hashes) {
		linehash_get(hashes, f->loc->line, hash);
		if (hash[0])
			f->line_hash = findings_keep(fs, hash);
	}
	from = line_start(text, end, f->loc->line);
	last = f->loc->end_line > f->loc->line ? f->loc->end_line :
		f->loc->line;
	to = line_start(from, end, last - f->loc->line + 2);
	while (to > from && (to[-1] == '\n' || to[-1] == '\r'))
		to--;
	if (to - from > FINDING_SNIPPET) {
		to = from + FINDING_SNIPPET;
		while (to > from && ((unsigned char)*to & 0xC0) == 0x80)
			to--;
	}
	if (to > from && utf8_valid(from, (size_t)(to - from)))
		f->snippet = findings_keepn(fs, from, (size_t)(to - from));
}

static int
level_rank(const char *level)
{
	return !strcmp(level, "error") ? 0 : !strcmp(level, "warning") ? 1 : 2;
}

static int
order(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int rc;

	if (x->blocking != y->blocking)
		return x->blocking ? -1 : 1;
	rc = level_rank(x->level) - level_rank(y->level);
	if (rc)
		return rc;
	if (x->severity > y->severity || x->severity < y->severity)
		return x->severity > y->severity ? -1 : 1;
	if ((rc = strcmp(x->loc->file, y->loc->file)))
		return rc;
	if (x->loc->line != y->loc->line)
		return x->loc->line < y->loc->line ? -1 : 1;
	if (x->loc->col != y->loc->col)
		return x->loc->col < y->loc->col ? -1 : 1;
	if ((rc = strcmp(x->rule, y->rule)))
		return rc;
	return strcmp(x->fingerprint, y->fingerprint);
}

void
findings_sort(struct findings *fs)
{
	if (fs->n)
		qsort(fs->items, fs->n, sizeof(*fs->items), order);
}

void
findings_unique(struct findings *fs)
{
	struct map seen = { 0 };
	struct str key;
	size_t kept = 0;
	bool added;

	str_init(&key, STR_LINE);
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *f = fs->items[i];

		str_clear(&key);
		str_addf(&key, "%s %s %u %u %s", f->rule, f->fingerprint,
			f->loc->line, f->loc->col, f->loc->file);
		map_add(&seen, str_s(&key), key.len, &added);
		if (added)
			fs->items[kept++] = f;
	}
	fs->n = kept;
	map_release(&seen);
	str_release(&key);
}

static void
write_lists(struct emit *e, const struct finding *f)
{
	if (f->nevidence) {
		emit_key(e, "evidence");
		emit_array(e);
		for (size_t i = 0; i < f->nevidence; i++) {
			emit_object(e);
			emit_pair_loc(e, "loc", f->evidence[i].loc);
			emit_pair(e, "text", f->evidence[i].text);
			emit_end(e);
		}
		emit_end(e);
	}
	emit_pair_list(e, "tags", f->tags, f->ntags);
}

static void
write_message(struct emit *e, const struct finding *f)
{
	emit_key(e, "message");
	emit_object(e);
	emit_pair(e, "text", f->text);
	emit_pair(e, "id", "default");
	emit_pair_list(e, "arguments", f->args, f->nargs);
	emit_end(e);
}

static void
write_subject(struct emit *e, const struct finding *f)
{
	if (!f->tool && !f->purl && !f->commit && !f->path)
		return;
	emit_key(e, "subject");
	emit_object(e);
	emit_pair(e, "tool", f->tool);
	emit_pair(e, "purl", f->purl);
	emit_pair(e, "commit", f->commit);
	emit_pair(e, "path", f->path);
	emit_end(e);
}

void
finding_write(struct str *out, const struct finding *f)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "finding");
	emit_pair(&e, "stage", f->stage);
	emit_pair(&e, "rule", f->rule);
	emit_pair(&e, "scanner", f->scanner);
	emit_pair(&e, "level", f->level);
	emit_key(&e, "severity");
	emit_fixed(&e, f->severity);
	write_message(&e, f);
	if (f->loc->file[0] && f->loc->line)
		emit_pair_loc(&e, "loc", f->loc);
	write_subject(&e, f);
	emit_pair_sha256(&e, "fingerprint", f->fingerprint);
	emit_pair(&e, "lineHash", f->line_hash);
	emit_pair(&e, "snippet", f->snippet);
	emit_pair(&e, "fix", f->fix);
	write_lists(&e, f);
	if (f->suppressed) {
		emit_key(&e, "suppressed");
		emit_object(&e);
		emit_pair(&e, "justification", f->justification);
		emit_pair(&e, "owner", f->owner);
		emit_pair(&e, "expires", f->expires);
		emit_end(&e);
	}
	if (f->blocking)
		emit_pair_bool(&e, "blocking", true);
	emit_end(&e);
}

static const char *
keep_member(struct findings *fs, const struct json *v, const char *key)
{
	return findings_keep(fs, json_get_str(v, key));
}

static const char **
keep_list(struct findings *fs, const struct json *v, size_t *n)
{
	const char **list = arena_array(arena(fs), json_size(v) + 1,
		sizeof(*list));
	struct json_iter it;

	for (json_each(&it, v); json_next(&it); )
		if (json_str(it.value))
			list[(*n)++] = findings_keep(fs, json_str(it.value));
	return list;
}

static void
read_more(struct findings *fs, struct finding *f, const struct json *v)
{
	const struct json *subject = json_get(v, "subject");
	const struct json *waiver = json_get(v, "suppressed");
	struct json_iter it;
	struct loc loc;

	f->tool = keep_member(fs, subject, "tool");
	f->purl = keep_member(fs, subject, "purl");
	f->commit = keep_member(fs, subject, "commit");
	f->path = keep_member(fs, subject, "path");
	f->suppressed = json_is(waiver, JSON_OBJECT);
	f->justification = keep_member(fs, waiver, "justification");
	f->owner = keep_member(fs, waiver, "owner");
	f->expires = keep_member(fs, waiver, "expires");
	f->blocking = json_get_bool(v, "blocking", false);
	for (json_each(&it, json_get(v, "evidence")); json_next(&it); ) {
		if (!loc_read(&loc, json_get(it.value, "loc")))
			memset(&loc, 0, sizeof(loc));
		finding_evidence(fs, f, &loc,
			json_get_str(it.value, "text"));
	}
}

struct finding *
finding_read(struct findings *fs, const struct json *v)
{
	const char *digest = json_get_str(v, "fingerprint");
	const struct json *message = json_get(v, "message");
	struct finding *f;
	struct loc loc = { 0 };

	if (!json_str_is(json_get(v, "kind"), "finding") || !digest ||
	    !str_starts(digest, "sha256:") || strlen(digest) != 71 ||
	    !json_get_str(v, "rule") || !json_get_str(v, "level") ||
	    !json_get_str(v, "scanner") || !json_get_str(message, "text") ||
	    !json_get_str(v, "stage"))
		return NULL;
	f = append(fs);
	memcpy(f->fingerprint, digest + 7, sizeof(f->fingerprint));
	f->stage = keep_member(fs, v, "stage");
	f->rule = keep_member(fs, v, "rule");
	f->scanner = keep_member(fs, v, "scanner");
	f->level = keep_member(fs, v, "level");
	json_num(json_get(v, "severity"), &f->severity);
	f->text = keep_member(fs, message, "text");
	f->args = keep_list(fs, json_get(message, "arguments"), &f->nargs);
	if (!loc_read(&loc, json_get(v, "loc")))
		memset(&loc, 0, sizeof(loc));
	f->loc = keep_loc(fs, &loc);
	f->line_hash = keep_member(fs, v, "lineHash");
	f->snippet = keep_member(fs, v, "snippet");
	f->fix = keep_member(fs, v, "fix");
	f->tags = keep_list(fs, json_get(v, "tags"), &f->ntags);
	read_more(fs, f, v);
	return f;
}

void
finding_mask(struct str *out, const char *secret, size_t len)
{
	size_t blank = 0, shown;

	while (blank < len && strchr(" \t\r\n", secret[blank]))
		blank++;
	shown = len - blank > 8 ? 4 : 0;
	while (shown && !utf8_valid(secret + blank, shown))
		shown--;
	str_add(out, secret + blank, shown);
	str_addf(out, "**** (%zu characters)", len);
}
