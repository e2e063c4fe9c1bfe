/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of options, and what is printed from it. Reads no argument. */
#include "report/option.h"
#include "config.h"
#include "report/write.h"
#include "base/hint.h"

#include <stdio.h>
#include <string.h>

const struct option_row option_rows[OPTIONS] = {
	[OPTION_SINCE] = { "since", "TIME", "count sessions that ended at TIME or later", 0 },
	[OPTION_UNTIL] = { "until", "TIME", "count sessions that ended before TIME", 0 },
	[OPTION_BY] = { "by", "TABLE", "show one table: user, client, dest, rule, end or hour", 0 },
	[OPTION_TOP] = { "top", "N", "show the first N rows of each table", 0 },
	[OPTION_NOW] = { "now", "", "list the sessions of this moment instead", 0 },
	[OPTION_JSON] = { "json", "", "print all tables as a JSON object", 0 },
	[OPTION_CSV] = { "csv", "", "print one table as CSV: that of --by (user)", 0 },
	[OPTION_HTML] = { "html", "FILE", "write a page with charts; -: to standard output", 0 },
	[OPTION_METRICS] = { "metrics", "FILE",
			     "write metrics for Prometheus; -: to standard output", 0 },
	[OPTION_HELP] = { "help", "", "print this help", 'h' },
	[OPTION_VERSION] = { "version", "", "print the version", 'V' },
};

static void print_row(const struct option_row *row)
{
	char left[32];

	snprintf(left, sizeof(left), "--%s%s%s", row->name, *row->argument ? " " : "",
		 row->argument);
	if (row->letter)
		printf("  -%c, %-18s%s\n", row->letter, left, row->help);
	else
		printf("      %-18s%s\n", left, row->help);
}

int option_print_help(void)
{
	int i;

	puts("Usage: picosocks5-report [OPTION]... [FILE]...\n"
	     "Tells from the log of picosocks5 who used the proxy, how much, where to, when,\n"
	     "and what failed. Reads the journal from the last midnight on; or log FILEs, as\n"
	     "a whole, plain or gzip; -: standard input.\n");
	for (i = 0; i < OPTIONS; i++)
		print_row(&option_rows[i]);
	puts("\nTIME: today, yesterday, 2026-11-28, \"2026-11-28 14:00\", 14:00, -2h, now.\n"
	     "Exit status: 0 the report is written; 64 wrong usage; 66 a log can't be read;\n"
	     "71 a system failure; 73, 74 the report can't be written. See\n"
	     "picosocks5-report(1).");
	return write_finish(stdout);
}

int option_print_version(void)
{
	puts("picosocks5-report " PACKAGE_VERSION "\n"
	     "Licence GPLv3 or later <https://gnu.org/licenses/gpl.html>. No warranty.");
	return write_finish(stdout);
}

bool option_is_misread(const char *written, enum option_id id)
{
	const char *name = option_rows[id].name;
	size_t len = strlen(name);

	if (written[1] != '-')
		return written[2] != '\0';
	return strncmp(written + 2, name, len) != 0 ||
	       (written[2 + len] && written[2 + len] != '=');
}

void option_bad_value(struct text *t, enum option_id id)
{
	const struct option_row *row = &option_rows[id];

	text_strs(t, "option \"--", row->name, "\" ", NULL);
	if (*row->argument)
		text_strs(t, "needs a value: write --", row->name, " ", row->argument, NULL);
	else
		text_strs(t, "takes no value: write --", row->name, NULL);
	text_str(t, "; see picosocks5-report --help");
}

void option_unknown(struct text *t, const char *written)
{
	const char *name = written + strspn(written, "-");
	size_t len = strcspn(name, "=");
	struct hint hint = { .word = name, .len = len };
	const char *bytes = hint_bytes(written, strlen(written));
	int i;

	for (i = 0; i < OPTIONS; i++)
		hint_offer(&hint, option_rows[i].name);
	text_str(t, "unknown option ");
	text_quoted_bytes(t, written, (size_t)(name - written) + len, 100);
	if (bytes)
		text_strs(t, ": ", bytes, NULL);
	else if (hint.best && len > 1)
		text_strs(t, ": did you mean --", hint.best, "?", NULL);
	else
		text_str(t, "; see picosocks5-report --help");
}
