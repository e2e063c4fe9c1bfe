/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of options that hold access rules. The language of the rules is in rules/. */
#include "base/file.h"
#include "base/keep.h"
#include "options/reader.h"
#include "options/value.h"
#include "options/rules_host.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

/* Says in s->why why the list file can't be read. */
static void unread(const struct setting *s, const struct rules_error *mistake)
{
	char *path = keep(mistake->word_len + 1);

	text_strs(s->why, ": ", file_error(mistake->err), NULL);
	if (!path)
		return;
	memcpy(path, mistake->word, mistake->word_len);
	as_explain(s->o, file_beside(path + (*path == '@'), s->origin.file), mistake->err, s->why);
}

/* Says in s->why what is wrong, without the place of the option: option_mistake() adds that. */
static bool wrong(const struct setting *s, struct rules_error *mistake)
{
	char buf[1024];

	if (mistake->err == -ENOMEM)
		*s->status = EX_OSERR;
	else if (mistake->unread || mistake->file != s->origin.file)
		*s->status = EX_CONFIG;
	if (mistake->file == s->origin.file)
		mistake->file = NULL;
	rules_error_format(mistake, buf, sizeof(buf));
	text_str(s->why, buf);
	if (mistake->unread)
		unread(s, mistake);
	else if (mistake->err != -EINVAL && mistake->err != -ENOMEM)
		text_strs(s->why, " (services: ", strerror(-mistake->err), ")", NULL);
	return false;
}

static bool add(const struct setting *s, struct rules *to, enum rules_verdict verdict,
		const char *rule)
{
	struct rules_error err;

	if (rules_parse(to, verdict, rule, strlen(rule), s->origin.file, s->origin.line, &err) == 0)
		return true;
	return wrong(s, &err);
}

static bool set_allow(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return add(s, &s->o->rules, RULES_ALLOW, s->value);
}

const struct option_type type_allow = { .set = set_allow };

static bool set_deny(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return add(s, &s->o->rules, RULES_DENY, s->value);
}

const struct option_type type_deny = { .set = set_deny };

static bool set_explain(const struct setting *s, const struct option_row *row)
{
	struct rules_error err;

	(void)row;
	if (s->o->mode == MODE_SERVE)
		s->o->mode = MODE_EXPLAIN;
	s->o->questions = NULL;
	if (*s->value == '@') {
		s->o->questions = s->value + 1;
		return s->value[1] || option_expected(s, "the name of a file after the @");
	}
	if (rules_question_parse(&rules_host, s->value, strlen(s->value), &s->o->question, &err) ==
	    0)
		return true;
	return wrong(s, &err);
}

const struct option_type type_explain = { .set = set_explain };

/*
 * The value is a list of NETs, as after `from` in a rule, so this makes such a rule and parses it.
 * The rule is kept, because the table points into its text.
 */
static bool set_balancers(const struct setting *s, const struct option_row *row)
{
	static const char from[] = "from ";
	char *rule;

	(void)row;
	if (!*s->value || strpbrk(s->value, " \t"))
		return option_expected(s,
				       "networks of load balancers, like 192.0.2.0/24,2001:db8::1");
	rule = keep(sizeof(from) + strlen(s->value));
	if (!rule)
		return option_no_memory(s);
	strcpy(rule, from);
	strcat(rule, s->value);
	return add(s, &s->o->balancers, RULES_ALLOW, rule);
}

const struct option_type type_balancers = { .set = set_balancers };
