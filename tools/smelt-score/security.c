#include "smelt-score/security.h"

#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "smelt-score/rubric.h"
#include "smelt-score/server.h"

enum { EVIDENCE = 50 };

static void
tell(struct category *c, const char *text)
{
	if (c->nevidence < EVIDENCE)
		c->evidence[c->nevidence++] = text;
}

static const char *
describe(const struct server *s, const struct finding_note *f)
{
	const char *place = *f->file ? arena_printf(s->arena, " at %s:%u",
		f->file, f->line) : "";

	return arena_printf(s->arena, "%s%s: %s [%s]%s",
		f->suppressed ? "waived " : "", f->level, f->text, f->rule,
		place);
}

static void
add_findings(struct category *c, const struct json *scanners,
	const struct rubric *r, const struct server *s)
{
	const struct json *points = json_pointer(r->root, "/security/points");
	size_t i, left = 0;
	double off;

	for (i = 0; i < s->nfindings; i++) {
		const struct finding_note *f = &s->findings[i];

		if (!json_lists(scanners, f->scanner))
			continue;
		c->findings++;
		if (!f->suppressed && json_num(json_get(points, f->level),
		    &off))
			c->score -= off;
		if (c->nevidence + 1 < EVIDENCE)
			tell(c, describe(s, f));
		else
			left++;
	}
	if (left)
		tell(c, arena_printf(s->arena, "and %zu more", left));
	if (c->score < 0)
		c->score = 0;
}

/* How many of the category's scanners ran; the others are evidence. */
static size_t
add_scans(struct category *c, const struct json *scanners,
	const struct server *s)
{
	size_t i, ran = 0;

	for (i = 0; i < s->nscans; i++) {
		if (!json_lists(scanners, s->scans[i].scanner))
			continue;
		ran += s->scans[i].done;
		if (!s->scans[i].done)
			tell(c, arena_printf(s->arena, "not scanned: %s%s%s",
				s->scans[i].scanner,
				*s->scans[i].text ? ": " : "",
				s->scans[i].text));
	}
	return ran;
}

void
security_look(struct category *v, const struct rubric *r,
	const struct server *s)
{
	size_t i;

	for (i = 0; i < CATEGORIES; i++) {
		const struct json *facts = rubric_category(r, i);
		const struct json *scanners = json_get(facts, "scanners");
		struct category *c = &v[i];
		size_t ran;

		memset(c, 0, sizeof(*c));
		c->id = json_get_str(facts, "id");
		c->title = json_get_str(facts, "title");
		c->score = 100;
		c->evidence = arena_array(s->arena, EVIDENCE,
			sizeof(*c->evidence));
		ran = add_scans(c, scanners, s);
		add_findings(c, scanners, r, s);
		c->grade = rubric_grade(r, c->score);
		if (!ran && !c->findings) {
			if (!c->nevidence)
				tell(c, "not scanned");
			c->score = 0;
			c->grade = "-";
		}
	}
}
