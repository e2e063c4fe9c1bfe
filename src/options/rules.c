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

/* Outside struct options, which every session touches. */
COLD struct rules_question options_question;

/* The most mistakes in one list that are reported. */
enum { MISTAKES_MAX = 20 };

/* Says in s->why that the file of `@FILE` can't be opened. */
static COLD_CODE void cannot_open(const struct setting *s, const struct rules_error *mistake)
{
	char *path = keep(mistake->word_len);
	const char *found;

	if (path)
		memcpy(path, mistake->word + 1, mistake->word_len - 1);
	found = path ? file_beside(path, s->origin.file) : NULL;
	as_cannot_open(s->o, found ? found : "the list", mistake->err, s->why);
}

/* Appends the mistake without the place of the option: option_mistake() adds that. */
static COLD_CODE void put_mistake(const struct setting *s, struct text *t,
				  const struct rules_error *mistake)
{
	struct rules_error local = *mistake;
	char buf[1024];

	if (local.file == s->origin.file)
		local.file = NULL;
	rules_error_format(&local, buf, sizeof(buf));
	text_str(t, buf);
	if (local.err != -EINVAL && local.err != -ENOMEM)
		text_strs(t, " (services: ", strerror(-local.err), ")", NULL);
}

/* Reports the mistakes in a list, except for the last, which stays in s->why. */
static COLD_CODE void others(const struct setting *s, const struct option_row *row,
			     struct rules_error *mistake)
{
	for (unsigned n = 1; rules_next_mistake(&rules_host, mistake); n++) {
		option_mistake(s->reader, s->origin, row->name, s->why->buf);
		s->why->len = 0;
		if (n == MISTAKES_MAX) {
			text_str(s->why, "this list has more mistakes");
			return;
		}
		put_mistake(s, s->why, mistake);
	}
}

/* Says in s->why what is wrong. Returns false. */
static COLD_CODE bool wrong(const struct setting *s, const struct option_row *row,
			    struct rules_error *mistake)
{
	if (mistake->err == -ENOMEM)
		*s->status = EX_OSERR;
	else if (mistake->unread || mistake->file != s->origin.file)
		*s->status = EX_CONFIG;
	if (mistake->unread) {
		cannot_open(s, mistake);
		return false;
	}
	/* The remedies are for a rule, and this is only a part of one. */
	if (row->type == &type_balancers)
		mistake->part = RULES_PART_NONE;
	put_mistake(s, s->why, mistake);
	/* A session, which serves nobody now, reports only the first of a list. */
	if (mistake->list_end && s->o->mode != MODE_SERVE)
		others(s, row, mistake);
	return false;
}

/* Judges the place of the password in the route of the newest rule. */
static void judge_route(const struct setting *s, const struct option_row *row,
			const struct rules *rules)
{
	struct rules_where rule;

	rules_newest(rules, &rule);
	if (route_password(rule.route, rule.route_len).at)
		options_check_password(s->reader, s->origin, row->name);
}

static bool add(const struct setting *s, const struct option_row *row, struct rules *to,
		enum rules_verdict verdict, const char *rule)
{
	uint32_t routes = to->routes;
	struct rules_error err;

	if (rules_parse(to, verdict, rule, strlen(rule), s->origin.file, s->origin.line, &err) < 0)
		return wrong(s, row, &err);
	if (to->routes > routes)
		judge_route(s, row, to);
	return true;
}

static bool set_allow(const struct setting *s, const struct option_row *row)
{
	return add(s, row, &s->o->rules, RULES_ALLOW, s->value);
}

const struct option_type type_allow = { .set = set_allow, .adds = true };

static bool set_deny(const struct setting *s, const struct option_row *row)
{
	return add(s, row, &s->o->rules, RULES_DENY, s->value);
}

const struct option_type type_deny = { .set = set_deny, .adds = true };

static bool set_explain(const struct setting *s, const struct option_row *row)
{
	struct rules_error err;

	if (s->o->mode == MODE_SERVE)
		s->o->mode = MODE_EXPLAIN;
	s->o->questions = NULL;
	if (*s->value == '@') {
		s->o->questions = s->value + 1;
		return s->value[1] || option_expected(s, "the name of a file after the @");
	}
	s->o->question = &options_question;
	if (rules_question_parse(&rules_host, s->value, strlen(s->value), &options_question,
				 &err) == 0)
		return true;
	return wrong(s, row, &err);
}

const struct option_type type_explain = { .set = set_explain, .mode = true };

/*
 * The value is a list of NETs, as after `from` in a rule, so this makes such a rule and parses it.
 * The rule is kept, because the table points into its text.
 */
static bool set_balancers(const struct setting *s, const struct option_row *row)
{
	static const char from[] = "from ";
	char *rule;

	if (!*s->value || strpbrk(s->value, " \t"))
		return option_expected(s,
				       "networks of load balancers, like 192.0.2.0/24,2001:db8::1");
	rule = keep(sizeof(from) + strlen(s->value));
	if (!rule)
		return option_no_memory(s);
	strcpy(rule, from);
	strcat(rule, s->value);
	return add(s, row, &s->o->balancers, RULES_ALLOW, rule);
}

const struct option_type type_balancers = { .set = set_balancers, .adds = true };
