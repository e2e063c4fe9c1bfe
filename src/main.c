/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of contents: put the process right, find the client, read the options, converse. */
#include "activate.h"
#include "check/check.h"
#include "end/end.h"
#include "log/log.h"
#include "log/title.h"
#include "options/options.h"
#include "session.h"
#include "startup.h"
#include "base/wait.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* It is not known yet whether stderr is the client's connection: write to syslog. */
static int fail_to_start(int err)
{
	struct log log;

	log_open(&log, LOG_SINK_SYSLOG, LOG_ERR, true);
	log_strs(&log, LOG_ERR, "can't set up standard input, output and error: ", strerror(-err),
		 NULL);
	return EX_OSERR;
}

int main(int argc, char **argv)
{
	static struct options o;
	static struct session s = { .opt = &o, .rules = &o.rules, .rec = { .reply = -1 } };
	enum activation activation;
	const char *why;
	struct log log;
	bool had_stderr;
	int status;

	title_prepare(argc, argv);
	status = startup(&had_stderr);
	if (status < 0)
		return fail_to_start(status);
	s.rec.start_ms = wait_now();
	activation = activate(&s.client, &why);
	s.client.owns_fd2 |= !had_stderr;
	status = options_read(&o, argc, argv, options_report_to_log, &s.client);
	log_open(&log, o.log, o.log_level, s.client.owns_fd2);
	if (o.mode != MODE_SERVE)
		return check_run(&o, &s.client, status);
	if (status)
		return status;
	if (activation == ACTIVATION_GONE)
		return 0;
	if (activation == ACTIVATION_FAILED) {
		log_strs(&log, LOG_ERR, "can't inspect the client's connection: ", why, NULL);
		return EX_OSERR;
	}
	if (activation == ACTIVATION_REFUSED) {
		log_for_terminal(&log);
		log_line(&log, LOG_ERR, why);
		return EX_USAGE;
	}
	if (had_stderr)
		activate_let_go(&s.client);
	s.log = &log;
	s.rec.client = &s.client;
	s.deadline_ms = wait_deadline(o.handshake_timeout_ms);
	wait_set_lifetime(wait_deadline(o.lifetime_ms));
	session_run(&s);
}
