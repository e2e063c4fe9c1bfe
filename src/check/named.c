/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Warns of users that rules name and that no client can be: those that the users file lacks, and,
 * with GSS-API, those that are no principals. Of a list of users, only the first is reported.
 */
#include "base/text.h"
#include "check/findings.h"
#include "check/names.h"
#include "check/way.h"

#include <string.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	const struct names *names; /* of the users file; NULL: users are principals */
	const char *told;	   /* the list that has been reported */
};

static void warn(const struct job *job, const struct rules_user *user)
{
	const struct rules_where *rule = &user->rule;
	char buf[LOG_LINE_MAX], place[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	if (rule->text) {
		rules_where_format(rule, place, sizeof(place));
		text_str(&t, place);
	} else {
		text_escaped(&t, rule->file, strlen(rule->file));
		text_char(&t, ':');
		text_uint(&t, rule->line);
	}
	text_str(&t, ": user ");
	text_quoted_bytes(&t, user->name, user->len, HTPASSWD_NAME_MAX);
	if (job->names) {
		text_str(&t, " is not in ");
		text_escaped(&t, job->o->users, strlen(job->o->users));
	} else {
		text_str(&t, " is not a Kerberos principal, like alice@EXAMPLE.ORG");
	}
	if (!rule->text)
		text_str(&t, " (the first such line of this file)");
	job->report(job->ctx, job->o, buf);
}

static void judge(void *ctx, const struct rules_user *user)
{
	struct job *job = ctx;

	if (!user->rule.text && user->rule.file == job->told)
		return;
	if (job->names ? names_have(job->names, user->name, user->len) :
			 way_is_principal(user->name, user->len))
		return;
	if (!user->rule.text)
		job->told = user->rule.file;
	warn(job, user);
}

static void judge_by_file(struct job *job)
{
	struct names names;
	struct htpasswd_walk walk = { 0 };
	struct htpasswd_line line;

	if (job->o->users_fd < 0 || names_open(&names, job->o->users_fd) < 0)
		return;
	htpasswd_feed(&walk, names.text, names.len);
	while (htpasswd_next(&walk, &line))
		if (line.namelen)
			names_add(&names, &line);
	job->names = &names;
	rules_users(&job->o->rules, judge, job);
	names_close(&names);
}

void check_named_users(const struct options *o, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };

	if (way_is_file(o))
		judge_by_file(&job);
	else if (way_is_ticket(o))
		rules_users(&o->rules, judge, &job);
}
