/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program of the build: prints the table of options for the completions of shells, which stand
 * beside this file. It is not installed, and picosocks5 does not contain it. One row a line, with
 * seven fields, each of which may be empty:
 *
 *     LETTER|NAME|ARG|KIND|GROUP|HELP|WORDS
 *
 * KIND is a word of kind_name, GROUP is "adds" or "mode" as in struct option_type, and WORDS have
 * spaces between them.
 */
#include "options/table.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const char *const kind_name[] = {
	[KIND_TEXT] = "",     [KIND_LIST] = "list",
	[KIND_FILE] = "file", [KIND_INTERFACE] = "interface",
	[KIND_USER] = "user",
};

/* Prints one field. No field may hold the separator. */
static bool put(const char *s, size_t n)
{
	printf("%.*s|", (int)n, s);
	return !memchr(s, '|', n);
}

static bool put_row(const struct option_row *row)
{
	const struct option_type *type = row->type;
	const char *arg = option_argument(row), *kind = kind_name[type->kind];
	const char *help = option_help(row);
	const char *group = type->adds ? "adds" : type->mode ? "mode" : "";
	const struct option_word *w = *arg ? type->words : NULL;
	bool good = put(&row->letter, row->letter ? 1 : 0) && put(row->name, strlen(row->name));

	/* Without "[,...]", and without what the help text says behind a colon or in more lines. */
	good = good && put(arg, strcspn(arg, "[")) && put(kind, strlen(kind)) &&
	       put(group, strlen(group)) && put(help, strcspn(help, ":\n"));
	for (; w && w->word[0]; w++)
		printf("%s%s", w->word, w[1].word[0] ? " " : "");
	putchar('\n');
	return good;
}

int main(void)
{
	for (size_t i = 0; i < option_table_len; i++)
		if (!put_row(&option_table[i])) {
			fprintf(stderr, "option %s: a | in the table\n", option_table[i].name);
			return EX_DATAERR;
		}
	return fflush(stdout) || ferror(stdout) ? EX_IOERR : 0;
}
