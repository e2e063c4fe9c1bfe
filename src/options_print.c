/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help, --version and --check on standard output. The only user of stdio. */
#include "config.h"
#include "options_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int finish(void)
{
	return fflush(stdout) || ferror(stdout) ? -EIO : 0;
}

static void print_row(const struct option_row *row)
{
	char left[48];
	int n = snprintf(left, sizeof(left), "%s--%s%s%s", row->letter ? "" : "    ", row->name,
			 row->arg ? " " : "", row->arg ? row->arg : "");

	if (row->letter)
		printf("  -%c, ", row->letter);
	else
		printf("  ");
	printf("%-*s", row->letter ? 24 : 28, left);
	if (n > (row->letter ? 23 : 27))
		printf("\n%30s", "");
	printf("%s\n", row->help);
}

int options_print_help(void)
{
	puts("Usage: picosocks5 [OPTION]...\n"
	     "Serves one SOCKS5 client on standard input and output, or on an activated\n"
	     "descriptor, and exits. Listening is left to systemd or inetd.\n");
	for (size_t i = 0; i < option_table_len; i++)
		print_row(&option_table[i]);
	puts("\nDefaults are in parentheses. TIME: 30s, 2h4m, 500ms; 0 is no limit.\n"
	     "Exit status: 0 the client was served; 64 wrong usage; 71 the system failed us;\n"
	     "78 the configuration can't be used. See picosocks5(8).");
	return finish();
}

int options_print_version(void)
{
	puts("picosocks5 " PACKAGE_VERSION " (" BUILD_FEATURES ")\n"
	     "Licence GPLv3 or later <https://gnu.org/licenses/gpl.html>. No warranty.");
	return finish();
}

static bool needs_quotes(const char *value)
{
	return !*value || strpbrk(value, " #\"\\");
}

static void print_setting(const char *name, const char *value)
{
	printf("%s ", name);
	if (!needs_quotes(value)) {
		puts(value);
		return;
	}
	putchar('"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putchar('\\');
		putchar(*value);
	}
	puts("\"");
}

int options_print_settings(const struct options *o)
{
	for (size_t i = 0; i < option_table_len; i++) {
		const struct option_row *row = &option_table[i];
		char buf[4096];
		struct text t = TEXT_OF(buf);

		row->show(o, row, &t);
		if (t.len && row->arg)
			print_setting(row->name, buf);
		else if (t.len)
			puts(row->name);
	}
	return finish();
}
