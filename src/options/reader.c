/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets one option and reports one mistake, the same way for the command line and for configuration
 * files. Reads no file, and knows no option by its name.
 */
#include "options/reader.h"

#include <string.h>
#include <sysexits.h>

void option_place(struct text *t, struct origin origin, const char *name)
{
	if (origin.file) {
		text_escaped(t, origin.file, strlen(origin.file));
		text_char(t, ':');
		text_uint(t, origin.line);
		text_str(t, ": ");
	}
	if (name)
		text_strs(t, origin.file ? "" : "--", name, ": ", NULL);
}

void option_mistake(struct option_reader *r, struct origin origin, const char *name,
		    const char *why)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	option_place(&t, origin, name);
	text_str(&t, why);
	r->report(r->ctx, r->o, buf);
	if (!r->status)
		r->status = origin.file ? EX_CONFIG : EX_USAGE;
}

void option_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin)
{
	char buf[1200];
	struct text why = TEXT_OF(buf);
	bool first = !r->status;
	int status = 0;
	struct setting s = { .o = r->o,
			     .value = value,
			     .origin = origin,
			     .why = &why,
			     .reader = r,
			     .status = &status };

	if (!row->type->set(&s, row))
		option_mistake(r, origin, row->name, buf);
	if (first && status)
		r->status = status;
}
