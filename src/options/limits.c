/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits of sessions at once as options. Opens no file: a session does, and check/limits.c. */
#include "base/file.h"
#include "net/limits.h"
#include "options/value.h"

static bool set_limit(const struct setting *s, const struct option_row *row)
{
	uint16_t number;

	if (addr_parse_port(s->value, &number) < 0 || number > LIMITS_MAX)
		return option_expected(s, "a number from 1 to 4096, or 0 for no limit");
	*FIELD(s, row, uint16_t) = number;
	return true;
}

static void show_limit(const struct options *o, const struct option_row *row, struct text *t)
{
	uint16_t number = *CFIELD(o, row, uint16_t);

	if (number)
		text_uint(t, number);
}

const struct option_type type_limit = { .set = set_limit, .show = show_limit };

static bool set_limit_file(const struct setting *s, const struct option_row *row)
{
	const char *path = *s->value ? file_beside(s->value, s->origin.file) : NULL;

	(void)row;
	if (!*s->value)
		return option_expected(s, "the path of a file, like /run/picosocks5/limits");
	if (!path)
		return option_no_memory(s);
	s->o->limits.file = path;
	return true;
}

static void show_limit_file(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->limits.file || options_has_limit(&o->limits))
		text_str(t, options_limit_file(&o->limits));
}

const struct option_type type_limit_file = {
	.set = set_limit_file,
	.show = show_limit_file,
	.kind = KIND_FILE,
};
