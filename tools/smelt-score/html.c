#include "smelt-score/html.h"

#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "base/str.h"

static const double turn = 6.283185307179586;

void
html_text(struct str *out, const char *text)
{
	struct str safe;
	const char *p;

	str_init(&safe, STR_RECORD);
	diag_escape(&safe, text, strlen(text));
	for (p = str_s(&safe); *p; p++) {
		switch (*p) {
		case '&':
			str_puts(out, "&amp;");
			break;
		case '<':
			str_puts(out, "&lt;");
			break;
		case '>':
			str_puts(out, "&gt;");
			break;
		case '"':
			str_puts(out, "&quot;");
			break;
		case '\'':
			str_puts(out, "&#39;");
			break;
		default:
			str_putc(out, *p);
		}
	}
	str_release(&safe);
}

const char *
html_class(const char *letter)
{
	static const char *const classes[] = { "ga", "gb", "gc", "gd", "gf" };
	static const char letters[] = "ABCDF";
	const char *at = *letter ? strchr(letters, *letter) : NULL;

	return at ? classes[at - letters] : "gn";
}

void
html_badge(struct str *out, const char *letter)
{
	str_addf(out, "<span class=\"badge %s\">", html_class(letter));
	html_text(out, strcmp(letter, "-") == 0 ? "–" : letter);
	str_puts(out, "</span>");
}

void
html_ring(struct str *out, const char *letter, double score)
{
	double length = turn * 52, filled = length * score / 100;

	str_addf(out, "<svg class=\"ring %s\" viewBox=\"0 0 128 128\" "
		"role=\"img\" aria-label=\"grade ", html_class(letter));
	html_text(out, letter);
	str_addf(out, ", %.0f of 100\">"
		"<circle class=\"track\" cx=\"64\" cy=\"64\" r=\"52\"/>"
		"<circle class=\"fill\" cx=\"64\" cy=\"64\" r=\"52\" "
		"stroke-dasharray=\"%.1f %.1f\" "
		"transform=\"rotate(-90 64 64)\"/>"
		"<text class=\"letter\" x=\"64\" y=\"72\">", score, filled,
		length);
	html_text(out, letter);
	str_addf(out, "</text><text class=\"number\" x=\"64\" y=\"92\">"
		"%.0f / 100</text></svg>", score);
}

void
html_bar(struct str *out, const char *letter, double score, double potential)
{
	str_addf(out, "<svg class=\"bar %s\" viewBox=\"0 0 100 6\" "
		"preserveAspectRatio=\"none\" role=\"img\" "
		"aria-label=\"%.0f of 100\">"
		"<rect class=\"track\" width=\"100\" height=\"6\"/>",
		html_class(letter), score);
	if (potential > score)
		str_addf(out, "<rect class=\"more\" x=\"%.1f\" width=\"%.1f\" "
			"height=\"6\"/>", score, potential - score);
	str_addf(out, "<rect class=\"fill\" width=\"%.1f\" height=\"6\"/>"
		"</svg>", score);
}

/* A point on axis i of n, at that part of the radius. */
static void
point(struct str *out, size_t i, size_t n, double radius)
{
	double angle = turn * (double)i / (double)n - turn / 4;

	str_addf(out, "%.1f,%.1f ", 170 + radius * cos(angle),
		120 + radius * sin(angle));
}

static void
polygon(struct str *out, const char *class, size_t n, const double *scores,
	double radius)
{
	size_t i;

	str_addf(out, "<polygon class=\"%s\" points=\"", class);
	for (i = 0; i < n; i++)
		point(out, i, n, scores ? radius * scores[i] / 100 : radius);
	str_puts(out, "\"/>");
}

static void
label(struct str *out, const char *text, size_t i, size_t n)
{
	double angle = turn * (double)i / (double)n - turn / 4;
	double x = 170 + 96 * cos(angle), y = 120 + 98 * sin(angle);
	const char *anchor = fabs(cos(angle)) < 0.1 ? "middle" :
		cos(angle) > 0 ? "start" : "end";
	const char *space = strchr(text, ' ');

	str_addf(out, "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">",
		anchor, x, y + (sin(angle) > 0.5 ? 8 : sin(angle) < -0.5 ?
		-4 : 0));
	if (space && fabs(cos(angle)) >= 0.1) {
		struct str first;

		str_init(&first, STR_LINE);
		str_add(&first, text, (size_t)(space - text));
		html_text(out, str_s(&first));
		str_release(&first);
		str_addf(out, "<tspan x=\"%.1f\" dy=\"13\">", x);
		html_text(out, space + 1);
		str_puts(out, "</tspan>");
	} else {
		html_text(out, text);
	}
	str_puts(out, "</text>");
}

void
html_radar(struct str *out, const char *const *labels, const double *scores,
	size_t n)
{
	size_t i;
	int level;

	str_puts(out, "<svg class=\"radar\" viewBox=\"0 0 340 240\" "
		"role=\"img\" aria-label=\"the six dimensions, 0 in the "
		"middle, 100 outside\">");
	for (level = 1; level <= 4; level++)
		polygon(out, level == 4 ? "grid rim" : "grid", n, NULL,
			22.0 * level);
	for (i = 0; i < n; i++) {
		str_puts(out, "<polyline class=\"grid\" points=\"170,120 ");
		point(out, i, n, 88);
		str_puts(out, "\"/>");
	}
	polygon(out, "area", n, scores, 88);
	for (i = 0; i < n; i++)
		label(out, labels[i], i, n);
	str_puts(out, "</svg>");
}
