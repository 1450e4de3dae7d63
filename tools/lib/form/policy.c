#include "form/policy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/glob.h"
#include "data/json.h"
#include "form/finding.h"
#include "form/rule.h"
#include "form/verdict.h"

enum { POLICY_MAX = 4 * 1024 * 1024, DAY_SIZE = 11 };

struct limit {
	const char *level;	/* or NULL: no level blocks */
	double severity;	/* 0: no severity blocks */
	bool required;
};

struct waiver {
	const char *fingerprint;	/* hex */
	const char *rule, *path;
	const char *justification, *owner, *expires;
	unsigned line, col;
	bool expired, used;
};

struct policy_store {
	struct arena arena;
	struct limit block;
	struct map scanners;	/* struct limit */
	struct map rules;	/* const struct json */
	struct waiver *waivers;
	size_t nwaivers, cap;
	const char *waiver_file;
	char day[DAY_SIZE];
	struct rules own;
	struct str text;
	struct document doc;
};

static bool
day_ok(const char *day)
{
	static const char shape[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? day[i] < '0' || day[i] > '9' :
		    day[i] != shape[i])
			return false;
	return !day[i] && strncmp(day + 5, "01", 2) >= 0 &&
		strncmp(day + 5, "12", 2) <= 0 &&
		strncmp(day + 8, "01", 2) >= 0 &&
		strncmp(day + 8, "31", 2) <= 0;
}

static int
located(const struct document *d, const struct json *at, const char *file,
	struct err *err, const char *text, const char *what)
{
	unsigned line, col;

	document_position(d, at, &line, &col);
	return err_at(err, file, line, col, "%s: %s", text, what);
}

/* every member is one of the list */
static int
known(const struct document *d, const struct json *v, const char *const *list,
	const char *file, struct err *err)
{
	struct json_iter it;

	if (v && !json_is(v, JSON_OBJECT) && !json_is(v, JSON_NULL))
		return err_at(err, file, 1, 1, "expected members %s, …",
			list[0]);
	for (json_each(&it, v); json_is(v, JSON_OBJECT) && json_next(&it); ) {
		size_t i = 0;

		while (list[i] && strcmp(list[i], json_str(it.key)) != 0)
			i++;
		if (!list[i])
			return located(d, it.key, file, err, "unknown member",
				json_str(it.key));
	}
	return 0;
}

static const char *
level_of(const char *text)
{
	static const char *const levels[] = { "error", "warning", "note" };

	for (size_t i = 0; text && i < 3; i++)
		if (!strcmp(text, levels[i]))
			return levels[i];
	return NULL;
}

static int
read_limit(const struct document *d, const struct json *v, struct limit *l,
	const char *file, struct err *err)
{
	static const char *const members[] = { "level", "severity",
		"required", NULL };
	const struct json *level = json_get(v, "level");
	const struct json *severity = json_get(v, "severity");

	if (known(d, v, members, file, err) < 0)
		return -1;
	l->level = level_of(json_str(level));
	if (level && !json_is(level, JSON_NULL) && !l->level)
		return located(d, level, file, err,
			"level must be error, warning or note",
			json_str(level) ? json_str(level) : "");
	if (severity && !json_is(severity, JSON_NULL) &&
	    (!json_num(severity, &l->severity) || l->severity <= 0 ||
	     l->severity > 10))
		return located(d, severity, file, err,
			"must be above 0 and at most 10", "severity");
	l->required = json_get_bool(v, "required", false);
	return 0;
}

static int
read_rules(struct policy_store *s, const struct json *v, const char *file,
	struct err *err)
{
	static const char *const members[] = { "level", "severity", "block",
		"enabled", NULL };
	struct json_iter it;

	for (json_each(&it, v); json_is(v, JSON_OBJECT) && json_next(&it); ) {
		const struct json *level = json_get(it.value, "level");

		if (known(&s->doc, it.value, members, file, err) < 0)
			return -1;
		if (level && !level_of(json_str(level)))
			return located(&s->doc, level, file, err,
				"level must be error, warning or note",
				json_str(it.key));
		map_put(&s->rules, json_str(it.key),
			(void *)(uintptr_t)it.value);
	}
	return 0;
}

static int
read_policy(struct policy_store *s, const char *file, struct err *err)
{
	static const char *const members[] = { "block", "scanners", "rules",
		NULL };
	const struct json *root = document_root(&s->doc);
	const struct json *scanners = json_get(root, "scanners");
	struct json_iter it;
	struct limit *l;

	if (!json_is(root, JSON_OBJECT))
		return err_at(err, file, 1, 1, "not a policy");
	if (known(&s->doc, root, members, file, err) < 0 ||
	    read_limit(&s->doc, json_get(root, "block"), &s->block, file,
	    err) < 0)
		return -1;
	for (json_each(&it, scanners); json_is(scanners, JSON_OBJECT) &&
	    json_next(&it); ) {
		l = arena_alloc(&s->arena, sizeof(*l));
		if (read_limit(&s->doc, it.value, l, file, err) < 0)
			return -1;
		if (!l->level && !(l->severity > 0) &&
		    !json_get(it.value, "level") &&
		    !json_get(it.value, "severity")) {
			l->level = s->block.level;
			l->severity = s->block.severity;
		}
		map_put(&s->scanners, json_str(it.key), l);
	}
	return read_rules(s, json_get(root, "rules"), file, err);
}

static int
read_waiver(struct policy_store *s, const struct document *d,
	const struct json *v, const char *file, struct err *err)
{
	static const char *const members[] = { "fingerprint", "rule", "path",
		"justification", "owner", "expires", NULL };
	const char *print = json_get_str(v, "fingerprint");
	struct waiver w = { 0 };
	struct json_iter it;

	json_each(&it, v);
	if (!json_is(v, JSON_OBJECT) || !json_next(&it))
		return err_at(err, file, 1, 1, "empty waiver");
	document_position(d, it.key, &w.line, &w.col);
	if (known(d, v, members, file, err) < 0)
		return -1;
	w.rule = json_get_str(v, "rule");
	w.path = json_get_str(v, "path");
	w.justification = json_get_str(v, "justification");
	w.owner = json_get_str(v, "owner");
	w.expires = json_get_str(v, "expires");
	if (!print && !w.rule)
		return err_at(err, file, w.line, w.col,
			"waiver without fingerprint or rule");
	if (print && strlen(print) != 7 + SHA256_HEX)
		return err_at(err, file, w.line, w.col,
			"fingerprint must be sha256: and 64 digits");
	if (!w.justification || !w.justification[0] || !w.owner ||
	    !w.owner[0])
		return err_at(err, file, w.line, w.col,
			"waiver without justification and owner");
	if (!w.expires || !day_ok(w.expires))
		return err_at(err, file, w.line, w.col,
			"waiver needs expires: YYYY-MM-DD");
	w.fingerprint = print ? arena_strdup(&s->arena, print + 7) : NULL;
	w.rule = w.rule ? arena_strdup(&s->arena, w.rule) : NULL;
	w.path = w.path ? arena_strdup(&s->arena, w.path) : NULL;
	w.justification = arena_strdup(&s->arena, w.justification);
	w.owner = arena_strdup(&s->arena, w.owner);
	w.expires = arena_strdup(&s->arena, w.expires);
	s->waivers = vec_grow(s->waivers, s->nwaivers, &s->cap,
		sizeof(*s->waivers));
	s->waivers[s->nwaivers++] = w;
	return 0;
}

static int
read_waivers(struct policy_store *s, const char *file, struct sha256 *h,
	struct err *err)
{
	static const char *const members[] = { "waivers", NULL };
	const struct json *root;
	struct document d;
	struct json_iter it;
	struct str text;
	int rc = -1;

	str_init(&text, POLICY_MAX);
	if (document_read(&d, &text, file, err) < 0) {
		str_release(&text);
		return -1;
	}
	s->waiver_file = arena_strdup(&s->arena,
		file[0] == '/' ? path_base(file) : file);
	sha256_field(h, str_s(&text));
	root = document_root(&d);
	if (!json_is(json_get(root, "waivers"), JSON_ARRAY))
		err_at(err, file, 1, 1, "no list 'waivers'");
	else
		rc = known(&d, root, members, file, err);
	for (json_each(&it, json_get(root, "waivers")); rc == 0 &&
	    json_next(&it); )
		rc = read_waiver(s, &d, it.value, file, err);
	document_release(&d);
	str_release(&text);
	return rc;
}

static int
load(struct policy *p, const char *file, const char *waivers, struct err *err)
{
	struct policy_store *s = p->store;
	struct sha256 h;
	char *own = share_path("rules/policy");
	int rc;

	rc = rules_load(&s->own, "policy", own, err);
	free(own);
	str_init(&s->text, POLICY_MAX);
	if (rc < 0 || document_read(&s->doc, &s->text, file, err) < 0 ||
	    read_policy(s, file, err) < 0)
		return -1;
	sha256_init(&h);
	sha256_field(&h, str_s(&s->text));
	if (waivers)
		rc = read_waivers(s, waivers, &h, err);
	sha256_final_hex(&h, p->digest);
	return rc;
}

int
policy_load(struct policy *p, const char *path, const char *waivers,
	struct err *err)
{
	char *file = path ? xstrdup(path) : share_path("policy.yaml");
	int rc;

	memset(p, 0, sizeof(*p));
	p->store = xcalloc(1, sizeof(*p->store));
	rc = load(p, file, waivers, err);
	free(file);
	if (rc < 0)
		policy_release(p);
	return rc;
}

void
policy_release(struct policy *p)
{
	struct policy_store *s = p->store;

	if (!s)
		return;
	document_release(&s->doc);
	str_release(&s->text);
	rules_release(&s->own);
	map_release(&s->scanners);
	map_release(&s->rules);
	arena_release(&s->arena);
	free(s->waivers);
	free(s);
	memset(p, 0, sizeof(*p));
}

static int
clock_day(char day[DAY_SIZE], struct err *err)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = time(NULL);
	struct tm tm;
	char *end;

	if (epoch && *epoch) {
		now = (time_t)strtoimax(epoch, &end, 10);
		if (*end)
			return err_set(err,
				"SOURCE_DATE_EPOCH is not a number");
	}
	if (!gmtime_r(&now, &tm) || tm.tm_year > 8099 || tm.tm_year < -900)
		return err_set(err, "no such day in SOURCE_DATE_EPOCH");
	strftime(day, DAY_SIZE, "%Y-%m-%d", &tm);
	return 0;
}

int
policy_set_day(struct policy *p, const char *day, struct err *err)
{
	struct policy_store *s = p->store;
	struct sha256 h;

	if (day && !day_ok(day))
		return err_set(err, "not a day (YYYY-MM-DD): '%s'", day);
	if (day)
		memcpy(s->day, day, DAY_SIZE);
	else if (clock_day(s->day, err) < 0)
		return -1;
	sha256_init(&h);
	sha256_field(&h, p->digest);
	for (size_t i = 0; i < s->nwaivers; i++) {
		struct waiver *w = &s->waivers[i];

		w->expired = strcmp(w->expires, s->day) < 0;
		sha256_field(&h, w->expired ? "expired" : "holds");
	}
	if (s->nwaivers)
		sha256_final_hex(&h, p->digest);
	else
		sha256_final_hex(&h, (char[SHA256_HEX + 1]){ 0 });
	return 0;
}

/* A finding by one of the rules of rules/policy. */
static struct finding *
own_finding(const struct policy_store *s, const char *id, const char *stage,
	struct findings *fs, struct rules *rules, const struct loc *loc,
	const char *const *args, size_t nargs, const char *content)
{
	const struct rule *rule = rules_get(&s->own, id);

	if (!rule)
		die("internal: no rule '%s' in rules/policy", id);
	return findings_add(fs, stage, rules_add(rules, rule), loc, args,
		nargs, content);
}

static void
about_waivers(const struct policy_store *s, const char *stage,
	struct findings *fs, struct rules *rules)
{
	for (size_t i = 0; i < s->nwaivers; i++) {
		const struct waiver *w = &s->waivers[i];
		struct loc loc = { s->waiver_file, w->line, w->col, w->line,
			w->col };
		const char *what = w->rule ? w->rule : w->fingerprint;
		const char *args[] = { what, w->expires, w->owner };

		if (w->expired)
			own_finding(s, "waiver-expired", stage, fs, rules,
				&loc, args, 3, what);
		else if (!w->used && w->rule && rules_get(rules, w->rule))
			own_finding(s, "waiver-unused", stage, fs, rules,
				&loc, args, 1, what);
	}
}

static bool
waives(const struct waiver *w, const struct finding *f)
{
	if (w->fingerprint && strcmp(w->fingerprint, f->fingerprint) != 0)
		return false;
	if (w->rule && strcmp(w->rule, f->rule) != 0)
		return false;
	return !w->path || glob_match(w->path, f->path ? f->path :
		f->loc->file);
}

static void
waive(struct policy_store *s, struct findings *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct finding *f = fs->items[i];

		for (size_t k = 0; k < s->nwaivers; k++) {
			struct waiver *w = &s->waivers[k];

			if (w->expired || !waives(w, f))
				continue;
			w->used = true;
			f->suppressed = true;
			f->justification = findings_keep(fs,
				w->justification);
			f->owner = findings_keep(fs, w->owner);
			f->expires = findings_keep(fs, w->expires);
			break;
		}
	}
}

/* Changes of the policy's rules member; false: the rule is off. */
static bool
change(const struct policy_store *s, struct finding *f)
{
	const struct json *v = map_get(&s->rules, f->rule);
	const char *level = level_of(json_get_str(v, "level"));
	double severity;

	if (!v)
		return true;
	if (level)
		f->level = level;
	if (json_num(json_get(v, "severity"), &severity) && severity > 0 &&
	    severity <= 10)
		f->severity = severity;
	return json_get_bool(v, "enabled", true);
}

static int
rank(const char *level)
{
	return !strcmp(level, "error") ? 2 : !strcmp(level, "warning") ? 1 : 0;
}

static bool
blocks(const struct policy_store *s, const struct finding *f)
{
	const struct limit *l = map_get(&s->scanners, f->scanner);
	const struct json *own = json_get(map_get(&s->rules, f->rule),
		"block");

	if (f->suppressed)
		return false;
	if (json_is(own, JSON_BOOL))
		return json_bool(own, false);
	if (!l)
		l = &s->block;
	return (l->level && rank(f->level) >= rank(l->level)) ||
		(l->severity > 0 && f->severity >= l->severity);
}

static void
not_scanned(const struct policy_store *s, const char *stage,
	struct findings *fs, struct rules *rules,
	const struct scanned *scanned, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct limit *l = map_get(&s->scanners,
			scanned[i].scanner);
		const char *args[] = { scanned[i].scanner, scanned[i].text };

		if (l && l->required && !scanned[i].done)
			own_finding(s, "scan-missing", stage, fs, rules, NULL,
				args, 2, scanned[i].scanner)->blocking = true;
	}
}

static void
count(const struct findings *fs, struct verdict *v)
{
	for (size_t i = 0; i < fs->n; i++) {
		const struct finding *f = fs->items[i];
		int level = rank(f->level);

		if (f->suppressed)
			v->suppressed++;
		else if (level == 2)
			v->error++;
		else if (level == 1)
			v->warning++;
		else
			v->note++;
		v->blocking += f->blocking;
	}
	v->result = v->blocking ? "fail" : v->error || v->warning ? "warn" :
		"pass";
}

void
policy_judge(const struct policy *p, const char *stage, struct findings *fs,
	struct rules *rules, const struct scanned *scanned, size_t nscanned,
	struct verdict *v)
{
	struct policy_store *s = p->store;
	size_t kept = 0;

	memset(v, 0, sizeof(*v));
	waive(s, fs);
	about_waivers(s, stage, fs, rules);
	for (size_t i = 0; i < fs->n; i++)
		if (change(s, fs->items[i]))
			fs->items[kept++] = fs->items[i];
	fs->n = kept;
	for (size_t i = 0; i < fs->n; i++)
		fs->items[i]->blocking = blocks(s, fs->items[i]);
	not_scanned(s, stage, fs, rules, scanned, nscanned);
	findings_sort(fs);
	v->stage = stage;
	v->scanned = scanned;
	v->nscanned = nscanned;
	v->policy = p->digest;
	count(fs, v);
}
