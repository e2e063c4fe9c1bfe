/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks that options go together, so that none is ignored. Reads no argument. */
#include "report/asked.h"
#include "report/when.h"

#include <stdarg.h>
#include <stdio.h>

enum { METRICS_TOP_MAX = 1000 };

void asked_mistake(const char *first, ...)
{
	va_list ap;
	const char *s;

	fputs("picosocks5-report: ", stderr);
	va_start(ap, first);
	for (s = first; s; s = va_arg(ap, const char *))
		fputs(s, stderr);
	va_end(ap);
	fputc('\n', stderr);
}

/* Returns the first option that --now would ignore, or NULL. */
static const char *ignored_by_now(const struct asked *a)
{
	if (a->has_since)
		return "--since";
	if (a->has_until)
		return "--until";
	if (a->has_by)
		return "--by";
	if (a->top)
		return "--top";
	if (a->output == OUTPUT_HTML)
		return "--html";
	return a->output == OUTPUT_METRICS ? "--metrics" : NULL;
}

static bool check_now(const struct asked *a)
{
	const char *ignored = ignored_by_now(a);

	if (a->n_files)
		asked_mistake("--now lists the sessions of this moment, which no FILE has: leave "
			      "out --now or the files",
			      NULL);
	else if (ignored)
		asked_mistake("--now and ", ignored,
			      " don't go together: --now lists all sessions of this moment, as a "
			      "table, with --json or with --csv",
			      NULL);
	else
		return true;
	return false;
}

static bool check_form(const struct asked *a)
{
	static const char *const name[] = {
		[OUTPUT_JSON] = "--json", [OUTPUT_HTML] = "--html", [OUTPUT_METRICS] = "--metrics"
	};

	if (a->has_by && a->output == OUTPUT_METRICS)
		asked_mistake("--by has no effect on --metrics, which are by user and end: leave "
			      "it out",
			      NULL);
	else if (a->has_by && (a->output == OUTPUT_JSON || a->output == OUTPUT_HTML))
		asked_mistake("--by has no effect on ", name[a->output],
			      ", which has all tables: leave it out", NULL);
	else if (a->output == OUTPUT_METRICS && a->top > METRICS_TOP_MAX)
		asked_mistake("--top: expected at most 1000 with --metrics, because each user is "
			      "a time series of its own",
			      NULL);
	else
		return true;
	return false;
}

bool asked_check(struct asked *a)
{
	if (a->now)
		return check_now(a);
	if (!check_form(a))
		return false;
	if (a->has_since && a->has_until && a->since_us >= a->until_us) {
		asked_mistake("no session can be between --since and --until: --since must be the "
			      "earlier time",
			      NULL);
		return false;
	}
	if (a->n_files || a->has_since)
		return true;
	a->has_since = true;
	a->since_us = when_today(a->now_us);
	if (!a->has_until || a->since_us < a->until_us)
		return true;
	asked_mistake("--until is not after the last midnight, from which on the journal is read: "
		      "say --since too",
		      NULL);
	return false;
}
