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

static void warn_private(struct job *job, bool users)
{
	struct rules_warning warning = {
		.words = "also opens private networks; to close them, put deny \"to private\" "
			 "before it",
	};

	if (!rules_open_private(&job->o->rules, users, &warning.rule))
		return;
	if (!warning.rule.text)
		warning.words = "without rules, authenticated users may reach private networks; "
				"to close them, use deny \"to private\" and allow \"user *\"";
	warn(job, &warning);
}

void check_rules(const struct options *o, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };
	unsigned auth = 0;

	for (uint8_t i = 0; i < o->n_methods; i++)
		auth |= o->methods[i] == SOCKS5_METHOD_NONE ? RULES_AUTH_NONE : RULES_AUTH_PASSWORD;
	rules_review(&o->rules, auth, warn, &job);
	warn_private(&job, auth & RULES_AUTH_PASSWORD);
}
