/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When each limit counts a session, and how it ends one. Counts nothing itself: net/limits.c does.
 */
#include "session_limit.h"
#include "base/cold.h"
#include "end/end.h"
#include "net/limits.h"

/* A process that the kernel lets run notices the end of its client's connection within this time.
 */
enum { PATIENCE_MS = 100 };

/* Static, because the locks last to the end. */
COLD struct limits session_limits;

static COLD_CODE _Noreturn void fail(struct session *s, int err)
{
	const char *path = options_limit_file(&s->opt->limits);
	char line[LOG_LINE_MAX], error[LOG_LINE_MAX];
	struct text t = TEXT_OF(line), why = TEXT_OF(error);

	text_str(&why, "limit-file: ");
	limits_explain(&why, path, err);
	text_strs(&t, error, "; nobody is served", NULL);
	limits_remedy(&t, path, err);
	log_line(s->log, LOG_ERR, line);
	end_system(s, error);
}

/* Writes: "1 session of this user is the limit (limit-user)". */
static COLD_CODE _Noreturn void refuse(struct session *s, unsigned max, const char *whose,
				       const char *option)
{
	char error[80];
	struct text t = TEXT_OF(error);

	text_uint(&t, max);
	text_strs(&t, max == 1 ? " session" : " sessions", whose, max == 1 ? " is" : " are",
		  " the limit (", option, ")", NULL);
	if (s->rec.command)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_LIMIT, error);
	end_hangup(s, END_LIMIT, error);
}

void session_limit_open(struct session *s)
{
	const struct limit_options *o = &s->opt->limits;

	if (!options_has_limit(o))
		return;
	s->limits = &session_limits;
	limits_open(s->limits, options_limit_file(o));
	s->limits->patience_ms = PATIENCE_MS;
}

/* taken is what the function of net/limits.h returned. */
static void judge(struct session *s, int taken, unsigned max, const char *whose, const char *option)
{
	if (taken < 0)
		fail(s, taken);
	if (!taken)
		refuse(s, max, whose, option);
}

/* Returns true if the limit is set and the file is open. */
static bool is_set(struct session *s, unsigned max)
{
	if (s->limits && s->limits->fd < 0)
		fail(s, s->limits->fd);
	return max;
}

void session_limit_all(struct session *s)
{
	unsigned max = s->opt->limits.all;

	if (!is_set(s, max) || s->counted)
		return;
	s->counted = true;
	judge(s, limits_take_any(s->limits, max), max, "", "limit");
}

void session_limit_client(struct session *s)
{
	unsigned max = s->opt->limits.client;

	if (is_set(s, max))
		judge(s, limits_take_client(s->limits, &s->client, max), max, " of this client",
		      "limit-client");
	session_limit_all(s);
}

void session_limit_user(struct session *s)
{
	unsigned max = s->opt->limits.user;

	/* PAM and LDAP often let a user in by a name in any case. */
	if (is_set(s, max) && s->user[0])
		judge(s, limits_take_user(s->limits, s->user, s->opt->saslauthd, max), max,
		      " of this user", "limit-user");
}
