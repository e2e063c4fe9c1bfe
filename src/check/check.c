/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the answer of each mode. The other files here hold the checks of --check. */
#include "check/check.h"
#include "check/explain.h"
#include "check/findings.h"

#include <sysexits.h>

static int print(const struct options *o)
{
	if (o->mode == MODE_HELP)
		return options_print_help();
	if (o->mode == MODE_VERSION)
		return options_print_version();
	if (o->mode == MODE_EXPLAIN)
		return explain(o);
	return options_print_settings(o);
}

/* Reports all mistakes and warnings. Returns the exit status of the first mistake. */
static int judge(const struct options *o, struct client *client, int status)
{
	int found = check_users(o, options_report_to_log, client);

	check_settings(o, options_report_to_log, client);
	check_rules(o, options_report_to_log, client);
	return status ? status : found;
}

int check_run(const struct options *o, struct client *client, int status)
{
	if (o->mode == MODE_CHECK)
		status = judge(o, client, status);
	if (o->mode == MODE_EXPLAIN && status)
		return status;
	/* A client would take the text for an answer of the proxy. */
	if (!client->stream.is_socket && print(o) < 0 && !status)
		return EX_OSERR;
	return status;
}
