/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says what an unknown option or argument may have meant. Sets nothing and reports nothing. */
#include "options/unknown.h"
#include "options/table.h"
#include "base/hint.h"

#include <string.h>

/* The most bytes of a name that are quoted. */
enum { NAME_MAX_SHOWN = 100 };

/* Appends the answer to an option of another server. */
static void put_answer(struct text *t, const char *answer, bool in_file)
{
	text_str(t, ": ");
	for (; *answer; answer++) {
		if (*answer != '%')
			text_char(t, *answer);
		else if (!in_file)
			text_str(t, "--");
	}
}

static void did_you_mean(struct text *t, const char *dashes, const char *name)
{
	text_strs(t, ": did you mean ", dashes, name, "?", NULL);
}

/* Appends the nearest option that may stand there. Returns false if there is none. */
static bool put_nearest(struct text *t, const char *name, size_t len, bool in_file)
{
	struct hint hint = { .word = name, .len = len };

	for (size_t i = 0; i < option_table_len; i++)
		if (!in_file || !option_table[i].command_line)
			hint_offer(&hint, option_table[i].name);
	if (!hint.best)
		return false;
	did_you_mean(t, in_file ? "" : "--", hint.best);
	return true;
}

/* Appends the option whose letter is the same in the other case. */
static bool put_letter(struct text *t, char letter)
{
	for (size_t i = 0; i < option_table_len; i++) {
		const char known[] = { option_table[i].letter, '\0' };

		if (*known && hint_is(&letter, 1, known)) {
			did_you_mean(t, "-", known);
			return true;
		}
	}
	return false;
}

/* Appends what is wrong with the form of a line. Returns false if only the name is wrong. */
static bool put_form(struct text *t, const char *written, const char *name, size_t len)
{
	const struct option_row *row = NULL;

	for (size_t i = 0; i < option_table_len; i++)
		if (hint_is(name, len, option_table[i].name))
			row = &option_table[i];
	if (*written == '[' || *written == '{' || *written == '}')
		text_str(t, ": a file has no sections; leave this line out");
	else if (*written == ';' || strncmp(written, "//", 2) == 0)
		text_str(t, ": a comment begins with #");
	else if (strcmp(written, "-") == 0 || (row && name > written))
		text_str(t, ": in a file, write names without dashes");
	else if (row && name[len])
		text_str(t, ": write the name, a space and the value, without = or :");
	else if (name[len] == ':' && (name[len + 1] == '$' || name[len + 1] == '{'))
		text_str(t, ": this is a line of a users file; name that file with users");
	else
		return false;
	return true;
}

void unknown_option(struct text *t, const char *written, bool in_file)
{
	const char *name = written + strspn(written, "-");
	size_t len = strcspn(name, in_file ? "=:" : "=");
	size_t shown = (size_t)(name - written) + (len ? len : strlen(name));
	const char *answer = foreign_answer(name, len);
	const char *bytes = hint_bytes(written, shown);

	if (in_file && len && name[len])
		shown++;
	/* The value is left out, because it may be a password. */
	text_str(t, "unknown option ");
	text_quoted_bytes(t, written, shown, NAME_MAX_SHOWN);
	if (in_file && put_form(t, written, name, len))
		return;
	if (bytes)
		text_strs(t, ": ", bytes, NULL);
	else if (answer)
		put_answer(t, answer, in_file);
	else if (!(len == 1 && !in_file ? put_letter(t, *name) :
					  put_nearest(t, name, len, in_file)))
		text_str(t, in_file ? "; see picosocks5.conf(5)" : "; see picosocks5 --help");
}

void unknown_argument(struct text *t, const char *argument)
{
	const char *bytes = hint_bytes(argument, strlen(argument));

	text_str(t, "unexpected argument ");
	text_quoted(t, argument);
	if (bytes)
		text_strs(t, ": ", bytes, NULL);
	else if (option_find(argument))
		did_you_mean(t, "--", argument);
	else
		text_str(t, ": listening is left to systemd or inetd, see picosocks5(8)");
}
