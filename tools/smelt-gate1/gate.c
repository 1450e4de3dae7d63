#include "smelt-gate1/gate.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "form/finding.h"
#include "form/verdict.h"
#include "form/rule.h"
#include "form/sarif.h"
#include "smelt-gate1/corpus.h"

void
gate_init(struct gate *g)
{
	memset(g, 0, sizeof(*g));
	g->corpus = xcalloc(1, sizeof(*g->corpus));
	corpus_init(g->corpus);
	g->findings = xcalloc(1, sizeof(*g->findings));
	g->rules = xcalloc(1, sizeof(*g->rules));
}

void
gate_release(struct gate *g)
{
	corpus_release(g->corpus);
	free(g->corpus);
	findings_release(g->findings);
	rules_release(g->rules);
	for (size_t i = 0; i < g->ntexts; i++)
		free(g->texts[i]);
	free(g->findings);
	free(g->rules);
	free(g->texts);
	free(g->scanned);
	free(g->notes);
	memset(g, 0, sizeof(*g));
}

__attribute__((format(printf, 2, 0)))
static const char *
text(struct gate *g, const char *fmt, va_list ap)
{
	struct str out;

	str_init(&out, STR_LINE);
	str_vaddf(&out, fmt, ap);
	g->texts = vec_grow(g->texts, g->ntexts, &g->texts_cap,
		sizeof(*g->texts));
	g->texts[g->ntexts] = xstrdup(str_s(&out));
	str_release(&out);
	return g->texts[g->ntexts++];
}

void
gate_scanned(struct gate *g, const char *scanner, bool done, const char *fmt,
	...)
{
	struct scanned s = { scanner, done, NULL };
	va_list ap;

	va_start(ap, fmt);
	s.text = text(g, fmt, ap);
	va_end(ap);
	g->scanned = vec_grow(g->scanned, g->nscanned, &g->scanned_cap,
		sizeof(s));
	g->scanned[g->nscanned++] = s;
}

void
gate_note(struct gate *g, const char *level, const char *rule,
	const char *fmt, ...)
{
	struct sarif_note n = { level, rule, NULL };
	va_list ap;

	va_start(ap, fmt);
	n.text = text(g, fmt, ap);
	va_end(ap);
	g->notes = vec_grow(g->notes, g->nnotes, &g->notes_cap, sizeof(n));
	g->notes[g->nnotes++] = n;
	diag_note("%s", n.text);
}

struct finding *
gate_find(struct gate *g, const struct rule *rule, const struct loc *loc,
	struct corpus_file *file, const char *const *args, size_t nargs,
	const char *content)
{
	struct finding *f = findings_add(g->findings, "gate1", rule, loc,
		args, nargs, content);

	if (file && file->emitted)
		f->path = findings_keep(g->findings, file->path);
	corpus_context(g->corpus, g->findings, f, file);
	return f;
}
