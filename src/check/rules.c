/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts --check's warnings about access rules into a report. The rules are examined in rules/. */
#include "check/findings.h"
#include "base/text.h"
#include "rules/private.h"
#include "wire/socks5.h"

#include <string.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
};

static void warn(void *context, const struct rules_warning *warning)
{
	const struct job *job = context;
	char buf[LOG_LINE_MAX], words[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf);

	rules_warning_format(warning, words, sizeof(words));
	text_strs(&t, "warning: ", words, NULL);
	job->report(job->ctx, job->o, buf);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Has the rule the word `to`, with something after it? */
static bool has_to(const struct rules_where *rule)
{
	const char *p = rule->text;

	for (size_t i = 0; i + 2 < rule->text_len; i++)
		if (p[i] == 't' && p[i + 1] == 'o' && is_blank(p[i + 2]) &&
		    (i == 0 || is_blank(p[i - 1])))
			return true;
	return false;
}

/* What to do about a rule that opens private networks. */
static void advise(struct text *t, const struct rules_where *rule)
{
	text_str(t,
		 "also opens private networks; to close them, put deny \"to private\" before it; "
		 "if they are meant to be open, put ");
	/* `via` stands last, so nothing can be appended. */
	if (rule->text_len > 100 || rule->route || has_to(rule)) {
		text_str(t, "the same rule with \"to private\" before it");
		return;
	}
	text_str(t, "allow \"");
	text_escaped(t, rule->text, rule->text_len);
	text_strs(t, rule->text_len ? " " : "", "to private\" before it", NULL);
}

static void warn_private(struct job *job, bool users)
{
	struct rules_warning warning = {
		.words =
			"without rules, authenticated users may reach private networks; to close "
			"them, use deny \"to private\", allow \"user *\" and allow \"from local\"; "
			"if they are meant to be open, use allow \"user * to private\", "
			"allow \"user *\" and allow \"from local\"",
	};
	char buf[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf);

	if (!rules_open_private(&job->o->rules, users, &warning.rule))
		return;
	if (warning.rule.text) {
		advise(&t, &warning.rule);
		warning.words = buf;
	}
	warn(job, &warning);
}

/* Returns whether the method gives a client a user name. `tls` gives none, and other methods do. */
static unsigned auth_of(const struct options *o, uint8_t method)
{
	if (method == SOCKS5_METHOD_SSL)
		return options_is_only_tls(o) ? RULES_AUTH_NONE : 0;
	return method == SOCKS5_METHOD_NONE ? RULES_AUTH_NONE : RULES_AUTH_PASSWORD;
}

void check_rules(const struct options *o, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };
	unsigned auth = 0;

	for (uint8_t i = 0; i < o->n_methods; i++)
		auth |= auth_of(o, o->methods[i]);
	rules_review(&o->rules, auth, warn, &job);
	warn_private(&job, auth & RULES_AUTH_PASSWORD);
}
