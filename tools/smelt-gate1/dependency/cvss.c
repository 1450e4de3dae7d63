#include "smelt-gate1/dependency/cvss.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"

/* The letter of a metric, or 0. */
static char
metric(const char *vector, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = strchr(vector, '/'); p; p = strchr(p, '/')) {
		p++;
		if (!strncmp(p, name, n) && p[n] == ':' && p[n + 1] &&
		    (!p[n + 2] || p[n + 2] == '/'))
			return p[n + 1];
	}
	return 0;
}

struct base {
	char av, ac, pr, ui, c, i, a;
	bool changed;		/* scope */
};

static double
weight(char letter, const char *letters, const double *weights)
{
	const char *at = letter ? strchr(letters, letter) : NULL;

	return at ? weights[at - letters] : -1;
}

static double
impact_weight(char letter)
{
	static const double weights[] = { 0.56, 0.22, 0 };

	return weight(letter, "HLN", weights);
}

/* To one decimal upwards, as 3.1 defines it in whole numbers. */
static double
round_up(double x)
{
	long n = lround(x * 100000);

	return n % 10000 ? (double)(n / 10000 + 1) / 10 :
		(double)n / 100000;
}

static bool
score_of(const struct base *b, double *score)
{
	static const double av[] = { 0.85, 0.62, 0.55, 0.2 };
	static const double ac[] = { 0.77, 0.44 };
	static const double pr[] = { 0.85, 0.62, 0.27 };
	static const double pr_changed[] = { 0.85, 0.68, 0.5 };
	static const double ui[] = { 0.85, 0.62 };
	double w[7], iss, impact, exploit;

	w[0] = weight(b->av, "NALP", av);
	w[1] = weight(b->ac, "LH", ac);
	w[2] = weight(b->pr, "NLH", b->changed ? pr_changed : pr);
	w[3] = weight(b->ui, "NR", ui);
	w[4] = impact_weight(b->c);
	w[5] = impact_weight(b->i);
	w[6] = impact_weight(b->a);
	for (size_t i = 0; i < 7; i++)
		if (w[i] < 0)
			return false;
	iss = 1 - (1 - w[4]) * (1 - w[5]) * (1 - w[6]);
	impact = b->changed ?
		7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15) :
		6.42 * iss;
	exploit = 8.22 * w[0] * w[1] * w[2] * w[3];
	if (impact <= 0)
		*score = 0;
	else
		*score = round_up(fmin(b->changed ?
			1.08 * (impact + exploit) : impact + exploit, 10));
	return true;
}

static bool
score_v3(const char *v, double *score)
{
	char scope = metric(v, "S");
	const struct base b = { metric(v, "AV"), metric(v, "AC"),
		metric(v, "PR"), metric(v, "UI"), metric(v, "C"),
		metric(v, "I"), metric(v, "A"), scope == 'C' };

	return (scope == 'C' || scope == 'U') && score_of(&b, score);
}

static bool
touched(char letter)
{
	return letter && letter != 'N';
}

static bool
score_v4(const char *v, double *score)
{
	char ui = metric(v, "UI");
	const struct base b = { metric(v, "AV"),
		metric(v, "AT") == 'P' ? 'H' : metric(v, "AC"),
		metric(v, "PR"), ui == 'P' || ui == 'A' ? 'R' : ui,
		metric(v, "VC"), metric(v, "VI"), metric(v, "VA"),
		touched(metric(v, "SC")) || touched(metric(v, "SI")) ||
		touched(metric(v, "SA")) };
	struct base later = b;

	if (!score_of(&b, score))
		return false;
	if (*score > 0 || !b.changed)
		return true;
	/* only other systems are hurt */
	later.c = metric(v, "SC");
	later.i = metric(v, "SI");
	later.a = metric(v, "SA");
	return score_of(&later, score);
}

bool
cvss_score(const char *vector, double *score)
{
	if (str_starts(vector, "CVSS:3.1/") || str_starts(vector, "CVSS:3.0/"))
		return score_v3(vector, score);
	if (str_starts(vector, "CVSS:4.0/"))
		return score_v4(vector, score);
	return false;
}
