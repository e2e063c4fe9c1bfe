/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the answer of each mode. The other files here hold the checks of --check. */
#include "check/check.h"
#include "check/explain.h"
#include "check/findings.h"
#include "check/hash.h"
#include "check/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/*
 * The checks run twice: once for the mistakes, and, if there are none, once for the warnings. So
 * nothing has to be remembered, even if a million lines of the users file deserve a warning.
 */
struct findings {
	struct client *client;
	bool warnings; /* which of the two is reported now */
	unsigned n;    /* how many were reported */
};

/* What the answer says of the files that were read. */
struct found {
	long users;	  /* that can log in; negative: no users file */
	int64_t tls_ends; /* until when the certificate is valid; 0: there is none */
};

static void report(void *ctx, const struct options *o, const char *message)
{
	struct findings *findings = ctx;

	if (options_is_warning(message) != findings->warnings)
		return;
	findings->n++;
	options_report_to_log(findings->client, o, message);
}

/* Returns the exit status of the first mistake. */
static int judge(const struct options *o, struct findings *findings, struct found *found)
{
	int network = check_network(o, report, findings);
	int file = check_users(o, &found->users, report, findings);
	int daemon = check_saslauthd(o, report, findings);
	int parents = check_parents(o, report, findings);
	int gssapi = check_gssapi(o, report, findings);
	int limits = check_limits(o, report, findings);
	int tls = check_tls(o, &found->tls_ends, report, findings);

	check_settings(o, report, findings);
	check_rules(o, report, findings);
	check_named_users(o, report, findings);
	return network ? network :
	       file    ? file :
	       daemon  ? daemon :
	       parents ? parents :
	       gssapi  ? gssapi :
	       limits  ? limits :
			 tls;
}

/* Prints a comment, as options_print_settings() does. */
static void print_validity(int64_t ends)
{
	char buf[40];
	struct text t = TEXT_OF(buf);

	if (!ends)
		return;
	check_put_time(ends, &t);
	printf("# certificate: valid until %s\n", buf);
}

static int print_check(const struct options *o, const struct findings *findings,
		       const struct found *found)
{
	const struct verdict verdict = {
		.config = o->check.config,
		.configs = o->check.configs,
		.users = found->users,
		.rules = o->rules.count,
		.warnings = findings->n,
	};
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	verdict_format(&verdict, &t);
	if (options_print_settings(o) < 0)
		return -EIO;
	print_validity(found->tls_ends);
	return puts(buf) < 0 || fflush(stdout) ? -EIO : 0;
}

static int check(const struct options *o, struct client *client, int status)
{
	struct findings findings = { .client = client };
	struct found found;
	int mistake = judge(o, &findings, &found);

	if (status || mistake)
		return status ? status : mistake;
	findings.warnings = true;
	judge(o, &findings, &found);
	/* A client would take the text for an answer of the proxy. */
	if (!client->stream.is_socket && print_check(o, &findings, &found) < 0)
		return EX_OSERR;
	return 0;
}

static int print(const struct options *o)
{
	if (o->mode == MODE_HELP)
		return options_print_help();
	return options_print_version();
}

int check_run(const struct options *o, struct client *client, int status)
{
	if (o->mode == MODE_CHECK)
		return check(o, client, status);
	if (o->mode == MODE_EXPLAIN)
		return status ? status : explain(o, client);
	if (o->mode == MODE_HASH)
		return status ? status : hash(o, client);
	/* A client would take the text for an answer of the proxy. */
	if (!client->stream.is_socket && print(o) < 0 && !status)
		return EX_OSERR;
	return status;
}
