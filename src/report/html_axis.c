/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the lines of a scale, and which bars are labelled. Writes nothing to the page. */
#include "report/html.h"

#include <string.h>

double html_axis_step(double max)
{
	double step = 1;

	/* Between three and six lines. */
	while (step * 5 < max) {
		if (step * 10 >= max)
			return step * 2;
		if (step * 25 >= max)
			return step * 5;
		step *= 10;
	}
	return step;
}

/*
 * The labels stand at whole multiples of a step, so that they fall on midnights, Mondays, first
 * days of a month and Januaries. A narrow page shows every second or third of them.
 */
struct density {
	size_t bars; /* up to so many */
	int wide, narrow;
};

static enum axis_label at(int n, const struct density *d)
{
	return n % d->narrow == 0 ? AXIS_ALWAYS : n % d->wide == 0 ? AXIS_IF_WIDE : AXIS_NONE;
}

static const struct density *density_of(const struct density *d, size_t bars)
{
	while (d->bars < bars)
		d++;
	return d;
}

static enum axis_label label_of_hour(const struct series *s, const struct tm *tm)
{
	static const struct density densities[] = {
		{ 6, 1, 2 }, { 12, 2, 4 }, { 24, 3, 6 }, { 48, 6, 12 }, { HTML_BARS, 12, 24 }
	};

	return at(tm->tm_hour, density_of(densities, s->n));
}

static enum axis_label label_of_day(const struct series *s, const struct tm *tm, size_t i)
{
	static const struct density days[] = { { 7, 1, 2 }, { 14, 2, 4 } };
	static const struct density mondays[] = { { 35, 1, 1 }, { 49, 1, 2 }, { 70, 2, 4 } };
	static const struct density months[] = { { 150, 1, 2 }, { HTML_BARS, 1, 3 } };

	if (s->n <= 14)
		return at((int)i, density_of(days, s->n));
	if (s->n <= 70)
		return tm->tm_wday == 1 ? at((int)(i / 7), density_of(mondays, s->n)) : AXIS_NONE;
	return tm->tm_mday == 1 ? at(tm->tm_mon, density_of(months, s->n)) : AXIS_NONE;
}

static enum axis_label label_of_month(const struct series *s, const struct tm *tm)
{
	static const struct density few[] = { { 12, 1, 3 }, { 36, 3, 12 }, { 120, 12, 24 } };
	static const struct density years[] = { { HTML_BARS, 5, 10 } };
	const struct density *d = s->n <= 120 ? density_of(few, s->n) : years;

	if (d == years)
		return tm->tm_mon == 0 ? at(tm->tm_year + 1900, d) : AXIS_NONE;
	return at((tm->tm_year % 2 + 2) % 2 * 12 + tm->tm_mon, d);
}

static enum axis_label label_of_year(const struct series *s, const struct tm *tm)
{
	static const struct density densities[] = { { 10, 1, 3 },
						    { 50, 5, 10 },
						    { HTML_BARS, 50, 100 } };

	return at(tm->tm_year + 1900, density_of(densities, s->n));
}

/* Januaries and midnights are named by what begins there: a year, a day. */
static size_t put_text(char buf[HTML_MOMENT], const struct series *s, const struct tm *tm)
{
	bool months = s->unit == SERIES_MONTH || (s->unit == SERIES_DAY && s->n > 70);

	if (s->unit == SERIES_YEAR || (months && tm->tm_mon == 0))
		return strftime(buf, HTML_MOMENT, "%Y", tm);
	if (months)
		return strftime(buf, HTML_MOMENT, "%b", tm);
	if (s->unit == SERIES_HOUR && (tm->tm_hour || s->n <= 12))
		return strftime(buf, HTML_MOMENT, "%H:%M", tm);
	return strftime(buf, HTML_MOMENT, "%e %b", tm);
}

enum axis_label html_axis_label(char buf[HTML_MOMENT], const struct series *s, size_t i)
{
	struct tm tm = html_series_time(s, i);
	enum axis_label label;

	switch (s->unit) {
	case SERIES_HOUR:
		label = label_of_hour(s, &tm);
		break;
	case SERIES_DAY:
		label = label_of_day(s, &tm, i);
		break;
	case SERIES_MONTH:
		label = label_of_month(s, &tm);
		break;
	default:
		label = label_of_year(s, &tm);
		break;
	}
	buf[put_text(buf, s, &tm)] = 0;
	html_text_squeeze(buf);
	return label;
}
