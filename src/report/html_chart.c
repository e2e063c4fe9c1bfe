/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draws the charts over time in SVG. The bars are placed in percent and the text is not scaled, so
 * a chart is readable at every width. The scale is a drawing of its own, left of the bars.
 */
#include "report/html.h"

#include <string.h>

enum { HEIGHT = 180, TOP = 8, BOTTOM = 28, SLOTS_MIN = 4, BAR_MAX = 6 };

static uint64_t failed(const struct usage *u)
{
	return u->failed;
}

static uint64_t sessions(const struct usage *u)
{
	return u->sessions;
}

static uint64_t sent(const struct usage *u)
{
	return u->sent;
}

/* A bar has two parts. The lower one is hatched, so that it is not told by its colour alone. */
struct chart {
	const char *id, *title, *lower_name, *upper_name, *lower_class, *upper_class;
	uint64_t (*lower)(const struct usage *u), (*whole)(const struct usage *u);
	const char *(*text)(char buf[FIGURE_MAX], uint64_t n);
};

static const struct chart charts[] = {
	{ .id = "sessions",
	  .title = "Sessions",
	  .lower_name = "failed",
	  .upper_name = "granted",
	  .lower_class = "failed",
	  .upper_class = "granted",
	  .lower = failed,
	  .whole = sessions,
	  .text = figure_count },
	{ .id = "bytes",
	  .title = "Bytes",
	  .lower_name = "sent by clients",
	  .upper_name = "received by clients",
	  .lower_class = "sent",
	  .upper_class = "received",
	  .lower = sent,
	  .whole = usage_bytes,
	  .text = html_text_bytes },
};

static const char *const unit_names[SERIES_UNITS] = {
	[SERIES_HOUR] = "hour",
	[SERIES_DAY] = "day",
	[SERIES_MONTH] = "month",
	[SERIES_YEAR] = "year",
};

/* Two lines of a scale, and what it reaches to. */
struct scale {
	double step, max;
};

static size_t most_of(const struct chart *c, const struct series *s)
{
	return c->whole == sessions ? s->most_sessions : s->most_bytes;
}

static struct scale scale_of(const struct chart *c, const struct series *s)
{
	double most = (double)c->whole(&s->bar[most_of(c, s)]);
	struct scale scale = { .step = html_axis_step(most) };

	while (scale.max < most || scale.max == 0)
		scale.max += scale.step;
	return scale;
}

static double height(const struct scale *scale, double value)
{
	return HEIGHT * value / scale->max;
}

/* A scale may reach beyond the largest sum. */
static uint64_t number_of(double value)
{
	return value < 0x1p64 ? (uint64_t)value : UINT64_MAX;
}

static void put_legend(FILE *out, const struct chart *c)
{
	fprintf(out,
		"<p class=\"legend\"><svg aria-hidden=\"true\"><rect class=\"%s\"/></svg> %s "
		"<svg aria-hidden=\"true\"><rect fill=\"url(#hatch-%s)\"/></svg> %s</p>\n",
		c->upper_class, c->upper_name, c->id, c->lower_name);
}

/* Cuts "5.00 GB" to "5 GB". */
static const char *without_zeros(char *text)
{
	char *point = strchr(text, '.'), *end = strchr(text, ' '), *cut = end;

	if (!point || !end)
		return text;
	while (cut[-1] == '0')
		cut--;
	if (cut[-1] == '.')
		cut--;
	memmove(cut, end, strlen(end) + 1);
	return text;
}

/* Writes the numbers of the scale. Half of a text's height is added, so it stands beside a line. */
static void put_scale(FILE *out, const struct chart *c, const struct scale *scale)
{
	char text[FIGURE_MAX];
	double v;

	fputs("<svg class=\"scale\" aria-hidden=\"true\">", out);
	for (v = 0; v <= scale->max; v += scale->step) {
		c->text(text, number_of(v));
		fprintf(out, "<text x=\"56\" y=\"%.1f\">%s</text>",
			TOP + HEIGHT - height(scale, v) + 4, without_zeros(text));
	}
	fputs("</svg>\n", out);
}

static void put_words(FILE *out, const struct chart *c, const struct series *s)
{
	char number[FIGURE_MAX], name[HTML_MOMENT];
	size_t most = most_of(c, s);

	fprintf(out, "<title id=\"%s-title\">%s per %s</title>\n<desc id=\"%s-desc\">", c->id,
		c->title, unit_names[s->unit], c->id);
	fprintf(out, "%zu bar%s, from %s ", s->n, s->n == 1 ? "" : "s",
		html_series_name(name, s, 0));
	fprintf(out, "to %s. ", html_series_name(name, s, s->n - 1));
	fprintf(out, "The highest is %s: %s", html_series_name(name, s, most),
		c->text(number, c->whole(&s->bar[most])));
	fprintf(out, ", of which %s: %s. The table below has all figures.</desc>\n", c->lower_name,
		c->text(number, c->lower(&s->bar[most])));
}

static void put_lines(FILE *out, const struct scale *scale)
{
	double v;

	for (v = 0; v <= scale->max; v += scale->step) {
		double y = TOP + HEIGHT - height(scale, v);

		fprintf(out, "<line class=\"%s\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
			v > 0 ? "line" : "base", y, y);
	}
}

static void put_part(FILE *out, const char *attributes, double x, double width, double y, double h)
{
	fprintf(out, "<rect %s x=\"%.3f%%\" width=\"%.3f%%\" y=\"%.1f\" height=\"%.1f\"/>",
		attributes, x, width, y, h);
}

/* Returns the width of a bar and the gap beside it, in percent. */
static double slot_of(const struct series *s)
{
	return 100.0 / (double)(s->n < SLOTS_MIN ? SLOTS_MIN : s->n);
}

/* Writes a bar, and a title for the pointer's whole column. */
static void put_bar(FILE *out, const struct chart *c, const struct series *s,
		    const struct scale *scale, size_t i)
{
	const struct usage *u = &s->bar[i];
	double slot = slot_of(s), width = slot * 0.76 < BAR_MAX ? slot * 0.76 : BAR_MAX;
	double x = ((double)i + 0.5) * slot - width / 2;
	double whole = height(scale, (double)c->whole(u));
	double lower = height(scale, (double)c->lower(u));
	char number[FIGURE_MAX], name[HTML_MOMENT], attributes[64];

	fprintf(out, "<g><title>%s: %s, ", html_series_name(name, s, i),
		c->text(number, c->whole(u)));
	fprintf(out, "%s: %s</title>", c->lower_name, c->text(number, c->lower(u)));
	put_part(out, "class=\"column\"", (double)i * slot, slot, TOP, HEIGHT);
	if (c->whole(u)) {
		snprintf(attributes, sizeof(attributes), "class=\"%s\"", c->upper_class);
		put_part(out, attributes, x, width, TOP + HEIGHT - whole, whole - lower);
	}
	if (c->lower(u)) {
		snprintf(attributes, sizeof(attributes), "fill=\"url(#hatch-%s)\"", c->id);
		put_part(out, attributes, x, width, TOP + HEIGHT - lower, lower);
	}
	fputs("</g>\n", out);
}

/* A label at the right edge would meet the one before on a narrow page. */
static void put_labels(FILE *out, const struct series *s)
{
	char text[HTML_MOMENT];
	size_t i;

	for (i = 0; i < s->n; i++) {
		enum axis_label label = html_axis_label(text, s, i);
		double x = ((double)i + 0.5) * slot_of(s);

		if (label != AXIS_NONE)
			fprintf(out, "<text%s x=\"%.3f%%\" y=\"%d\">%s</text>\n",
				label == AXIS_IF_WIDE || x > 94 ? " class=\"if-wide\"" : "", x,
				TOP + HEIGHT + 18, text);
	}
}

static void put_chart(FILE *out, const struct chart *c, const struct series *s)
{
	struct scale scale = scale_of(c, s);
	size_t i;

	fprintf(out, "<section aria-labelledby=\"%s-head\">\n<h3 id=\"%s-head\">%s per %s</h3>\n",
		c->id, c->id, c->title, unit_names[s->unit]);
	put_legend(out, c);
	fputs("<div class=\"chart\">\n", out);
	put_scale(out, c, &scale);
	fprintf(out,
		"<svg class=\"bars\" role=\"img\" aria-labelledby=\"%s-title\" "
		"aria-describedby=\"%s-desc\">\n",
		c->id, c->id);
	put_words(out, c, s);
	fprintf(out,
		"<defs><pattern id=\"hatch-%s\" width=\"5\" height=\"5\" "
		"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
		"class=\"ground\" width=\"5\" height=\"5\"/><rect class=\"%s\" width=\"3\" "
		"height=\"5\"/></pattern></defs>\n",
		c->id, c->lower_class);
	put_lines(out, &scale);
	for (i = 0; i < s->n; i++)
		put_bar(out, c, s, &scale, i);
	put_labels(out, s);
	fputs("</svg>\n</div>\n</section>\n", out);
}

void html_chart_put(FILE *out, const struct series *s)
{
	size_t i;

	for (i = 0; i < sizeof(charts) / sizeof(*charts); i++)
		put_chart(out, &charts[i], s);
}
