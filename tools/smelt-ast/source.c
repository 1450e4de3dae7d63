#include "smelt-ast/source.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"
#include "code/names.h"
#include "data/stage.h"
#include "smelt-ast/effect/effect.h"
#include "smelt-ast/func.h"
#include "smelt-ast/knowledge.h"
#include "smelt-ast/other.h"
#include "smelt-ast/project.h"
#include "smelt-ast/record.h"
#include "smelt-ast/resolve.h"
#include "smelt-ast/route/auth.h"
#include "smelt-ast/route/route.h"
#include "smelt-ast/route/router.h"
#include "smelt-ast/summary.h"
#include "smelt-ast/type/types.h"

enum { MAX_JOBS = 64 };

struct worker {
	struct source *source;
	struct atoms *atoms;
	struct ir_parser *parser;
	pthread_t thread;
	bool started;
};

struct source {
	struct project project;
	struct arena arena;
	struct knowledge knowledge;
	struct map modules, ids;
	struct worker *workers;
	size_t nworkers;
	size_t next;		/* unit to parse */
	pthread_mutex_t lock;
	size_t others;		/* files without code */
};

struct source *
source_new(struct sha256 *config, struct err *err)
{
	struct source *s = xcalloc(1, sizeof(*s));
	struct sha256 ignored;
	char hex[SHA256_HEX + 1];

	if (!config)
		sha256_init(&ignored);
	if (lang_digest(config ? config : &ignored, err) < 0 ||
	    knowledge_load(&s->knowledge, config, err) < 0) {
		free(s);
		s = NULL;
	}
	if (!config)
		sha256_final_hex(&ignored, hex);
	if (!s)
		return NULL;
	pthread_mutex_init(&s->lock, NULL);
	s->project.arena = &s->arena;
	s->project.knowledge = &s->knowledge;
	s->project.modules = &s->modules;
	s->project.ids = &s->ids;
	return s;
}

static void
unit_free(struct unit *u)
{
	names_free(u->names);
	if (u->ir)
		ir_release(u->ir);
	free(u->ir);
	free(u->text);
	for (size_t i = 0; i < u->nfuncs; i++) {
		free(u->funcs[i]->evidence);
		free(u->funcs[i]->calls);
		free(u->funcs[i]->routes);
	}
	free(u->funcs);
}

void
source_free(struct source *s)
{
	if (!s)
		return;
	auths_free(s->project.auths);
	routers_free(s->project.routers);
	types_free(s->project.types);
	effects_free(s->project.effects);
	for (size_t i = 0; i < s->project.nunits; i++)
		unit_free(s->project.units[i]);
	for (size_t i = 0; i < s->nworkers; i++) {
		ir_parser_free(s->workers[i].parser);
		atoms_free(s->workers[i].atoms);
	}
	free(s->workers);
	free(s->project.units);
	free(s->project.routes);
	map_release(&s->modules);
	map_release(&s->ids);
	knowledge_release(&s->knowledge);
	arena_release(&s->arena);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static bool
has_part(const char *path, const char *part)
{
	size_t n = strlen(part);
	const char *p = path;

	while ((p = strstr(p, part))) {
		if ((p == path || p[-1] == '/') && p[n] == '/')
			return true;
		p++;
	}
	return false;
}

static bool
is_test(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	return has_part(path, "tests") || has_part(path, "test") ||
		has_part(path, "testing") || has_part(path, "__tests__") ||
		has_part(path, "spec") || str_starts(base, "test_") ||
		strcmp(base, "conftest.py") == 0 || str_ends(base,
		"_test.py") || str_ends(base, "_test.go") ||
		strstr(base, ".test.") || strstr(base, ".spec.");
}

void
source_add(struct source *s, const char *path, const char *language,
	const char *text, size_t len)
{
	struct project *p = &s->project;
	struct unit *u;

	if (!lang_known(language)) {
		s->others++;
		return;
	}
	u = arena_alloc(&s->arena, sizeof(*u));
	u->path = arena_strdup(&s->arena, path);
	u->language = arena_strdup(&s->arena, language);
	u->text = xstrndup(text, len);
	u->len = len;
	u->test = is_test(path);
	p->units = vec_grow(p->units, p->nunits, &p->units_cap,
		sizeof(*p->units));
	p->units[p->nunits++] = u;
}

bool
source_any(const struct source *s)
{
	return s->project.nunits > 0;
}

/* --- parsing, in threads ----------------------------------------------------- */

static unsigned
count_lines(const struct unit *u)
{
	const char *p = u->text, *end = p + u->len;
	unsigned n = 0;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		n++;
		p = nl ? nl + 1 : end;
	}
	return n;
}

static void
parse_unit(struct worker *w, struct unit *u)
{
	struct err err;

	u->lines = count_lines(u);
	u->ir = xcalloc(1, sizeof(*u->ir));
	if (ir_parse(w->parser, u->lang, u->text, u->len, u->ir, &err) < 0) {
		free(u->ir);
		u->ir = NULL;
		u->state = PARSE_UNSUPPORTED;
		u->problem = xstrdup(err.text);
		return;
	}
	u->state = u->ir->errors || u->ir->cut ? PARSE_ERRORS : PARSE_OK;
	u->names = names_new(u->ir);
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct source *s = w->source;
	size_t i;

	for (;;) {
		pthread_mutex_lock(&s->lock);
		i = s->next++;
		pthread_mutex_unlock(&s->lock);
		if (i >= s->project.nunits)
			return NULL;
		parse_unit(w, s->project.units[i]);
	}
}

static void
parse_all(struct source *s, long jobs)
{
	size_t n = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : (size_t)jobs;
	struct worker *w;

	if (n > s->project.nunits)
		n = s->project.nunits;
	s->workers = xcalloc(n + 1, sizeof(*s->workers));
	s->nworkers = n;
	for (w = s->workers; w < s->workers + n; w++) {
		w->source = s;
		w->atoms = atoms_new(NULL);
		w->parser = ir_parser_new(w->atoms);
		/* the last one works here */
		w->started = w + 1 < s->workers + n &&
			pthread_create(&w->thread, NULL, work, w) == 0;
	}
	if (n)
		work(&s->workers[n - 1]);
	for (w = s->workers; w < s->workers + n; w++)
		if (w->started)
			pthread_join(w->thread, NULL);
}

/* --- everything ------------------------------------------------------------------ */

static int
by_path(const void *a, const void *b)
{
	const struct unit *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

static int
languages(struct source *s, struct err *err)
{
	for (size_t i = 0; i < s->project.nunits; i++) {
		s->project.units[i]->lang = lang_get(
			s->project.units[i]->language, err);
		if (!s->project.units[i]->lang)
			return -1;
	}
	return 0;
}

static void
warn(struct unit *u)
{
	unsigned line, col;
	struct err err;

	if (u->state == PARSE_OK)
		return;
	if (!u->ir) {
		err_at(&err, u->path, 0, 0, "not analysed: %s", u->problem);
	} else if (u->ir->errors) {
		ir_position(u->ir, u->ir->error_at, &line, &col);
		err_at(&err, u->path, line, col,
			"does not parse cleanly; analysed around it");
	} else {
		err_at(&err, u->path, 0, 0, "nested deeper than %d levels: "
			"what is deeper is not analysed", IR_DEPTH);
	}
	diag_warn_err(&err);
}

static bool
is_python(const struct unit *u)
{
	return u->ir && strcmp(u->language, "python") == 0;
}

static int
analyse(struct source *s, struct err *err)
{
	struct project *p = &s->project;

	p->types = types_new(p, err);
	if (!p->types)
		return -1;
	resolve_modules(p);
	for (size_t i = 0; i < p->nunits; i++) {
		if (is_python(p->units[i]))
			func_collect(p, p->units[i]);
		else if (p->units[i]->ir)
			other_collect(p, p->units[i]);
	}
	p->routers = routers_new(p, err);
	if (!p->routers)
		return -1;
	routes_find(p, p->routers);
	p->auths = auths_new(p, p->routers, err);
	p->effects = effects_new(p, err);
	if (!p->auths || !p->effects)
		return -1;
	auths_routes(p->auths);
	for (size_t i = 0; i < p->nunits; i++)
		if (is_python(p->units[i])) {
			func_visibility(p, p->units[i]);
			effects_scan(p->effects, p->units[i]);
		}
	effects_spread(p);
	return 0;
}

static void
write_func(struct source *s, struct func *f, struct str *line,
	struct stage *out)
{
	size_t i = 0;

	if (!is_python(f->unit)) {
		str_clear(line);
		other_record(f, line);
		stage_put(out, line);
		return;
	}
	/* a handler is its routes */
	do {
		str_clear(line);
		record_func(&s->project, f, f->nroutes ? f->routes[i] : NULL,
			line);
		stage_put(out, line);
	} while (++i < f->nroutes);
}

/* types last: writing the callables says which are needed */
void
source_write(struct source *s, struct stage *out)
{
	struct project *p = &s->project;
	struct str line;

	if (!p->nunits)
		return;
	str_init(&line, STR_RECORD);
	for (size_t i = 0; i < p->nunits; i++) {
		str_clear(&line);
		record_unit(p, p->units[i], &line);
		stage_put(out, &line);
	}
	for (size_t i = 0; i < p->nunits; i++)
		for (size_t j = 0; j < p->units[i]->nfuncs; j++)
			write_func(s, p->units[i]->funcs[j], &line, out);
	str_release(&line);
	types_write(p->types, out);
}

struct project *
source_project(struct source *s)
{
	return &s->project;
}

bool
source_serves(const struct source *s)
{
	for (size_t i = 0; i < s->project.nroutes; i++)
		if (s->project.routes[i]->served &&
		    !s->project.routes[i]->func->unit->test)
			return true;
	return false;
}

void
source_set_document(struct source *s, const char *document,
	const char *prefix)
{
	s->project.document = document;
	s->project.prefix = prefix;
}

int
source_analyse(struct source *s, long jobs, struct err *err)
{
	struct project *p = &s->project;

	if (!p->nunits)
		return 0;
	if (languages(s, err) < 0 || knowledge_parse(&s->knowledge, err) < 0)
		return -1;
	qsort(p->units, p->nunits, sizeof(*p->units), by_path);
	parse_all(s, jobs);
	for (size_t i = 0; i < p->nunits; i++)
		warn(p->units[i]);
	return analyse(s, err);
}

void
source_summary(const struct source *s)
{
	summary_say(&s->project);
}
