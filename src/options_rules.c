/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths and access rules as values of options. The rules' own language is policy/rules.h's. */
#include "options_read.h"
#include "options_value.h"

#include <errno.h>
#include <string.h>

bool set_path(const struct setting *s, const struct option_row *row)
{
	const char **field = (const char **)(void *)((char *)s->o + row->offset);

	if (!*s->value)
		return option_expected(s, "the name of a file");
	*field = config_path(s->value, s->origin.file);
	if (!*field)
		text_str(s->why, "out of memory");
	return *field;
}

void show_path(const struct options *o, const struct option_row *row, struct text *t)
{
	const char *path = *(const char *const *)(const void *)((const char *)o + row->offset);

	if (path)
		text_str(t, path);
}

/* A mistake in the rule itself is told without its place, which option_mistake() puts in front. */
static bool add(const struct setting *s, enum rules_verdict verdict)
{
	struct rules_error err;
	char buf[1024];

	if (rules_parse(&s->o->rules, verdict, s->value, strlen(s->value), s->origin.file,
			s->origin.line, &err) == 0)
		return true;
	if (!err.file || err.file == s->origin.file) {
		err.file = NULL;
		err.line = 0;
	}
	rules_error_format(&err, buf, sizeof(buf));
	text_str(s->why, buf);
	return false;
}

bool set_allow(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return add(s, RULES_ALLOW);
}

bool set_deny(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return add(s, RULES_DENY);
}
