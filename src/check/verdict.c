/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words the last line of --check. Pure: examines nothing, and prints nothing. */
#include "check/verdict.h"

#include <string.h>

static void count(struct text *t, uint64_t n, const char *thing)
{
	text_str(t, ", ");
	if (n)
		text_uint(t, n);
	else
		text_str(t, "no");
	text_strs(t, " ", thing, n == 1 ? "" : "s", NULL);
}

void verdict_format(const struct verdict *verdict, struct text *t)
{
	if (verdict->config)
		text_escaped(t, verdict->config, strlen(verdict->config));
	else
		text_str(t, "command line");
	if (verdict->configs > 1) {
		text_str(t, " and ");
		text_uint(t, verdict->configs - 1);
		text_str(t, " more");
	}
	text_str(t, ": fine");
	if (verdict->users >= 0)
		count(t, (uint64_t)verdict->users, "user");
	count(t, verdict->rules, "rule");
	count(t, verdict->warnings, "warning");
}
