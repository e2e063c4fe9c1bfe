/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remembers for --check where each option was set, because some mistakes are found when all options
 * have been read, and which files the command line named. A session remembers nothing.
 */
#include "base/keep.h"
#include "options/reader.h"
#include "options/value.h"

#include <sysexits.h>

void places_begin(struct options *o)
{
	o->check.where = (void *)keep(option_table_len * sizeof(*o->check.where));
}

void place_note(struct options *o, const struct option_row *row, const char *value,
		struct origin origin)
{
	if (!o->check.where)
		return;
	o->check.where[row - option_table] = origin;
	if (row->type == &type_config && !origin.file && !o->check.configs++)
		o->check.config = value;
}

int options_place(const struct options *o, const char *name, struct text *t)
{
	struct origin origin = { 0 };

	if (o->check.where)
		origin = o->check.where[option_find(name) - option_table];
	option_place(t, origin, name);
	return origin.file ? EX_CONFIG : EX_USAGE;
}
