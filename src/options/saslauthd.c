/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket of saslauthd as an option. Only its form is judged here, because the daemon may start
 * later than the proxy: check/saslauthd.c tries it for --check, and nothing else does.
 */
#include "base/file.h"
#include "options/value.h"
#include "users/saslauthd.h"

static bool set_saslauthd(const struct setting *s, const struct option_row *row)
{
	const char *path = *s->value ? file_beside(s->value, s->origin.file) : NULL;

	(void)row;
	if (!*s->value)
		return option_expected(s, "the path of a socket, like /run/saslauthd/mux");
	if (!path)
		return option_no_memory(s);
	if (!saslauthd_path_fits(path))
		return option_expected(s, "the path of a socket, which has at most 107 bytes");
	s->o->saslauthd = path;
	s->o->saslauthd_origin = s->origin;
	return true;
}

static void show_saslauthd(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->saslauthd)
		text_str(t, o->saslauthd);
}

const struct option_type type_saslauthd = {
	.set = set_saslauthd,
	.show = show_saslauthd,
	.kind = KIND_FILE,
};
