/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines about logins that failed, for the administrator and for fail2ban. Never has a password.
 */
#include "auth/verdict.h"
#include "base/text.h"

#include <string.h>

void auth_log_bad_line(const struct session *s, size_t line, enum htpasswd_fault fault)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_escaped(&t, s->opt->users, strlen(s->opt->users));
	text_char(&t, ':');
	text_uint(&t, line);
	text_strs(&t, ": ", htpasswd_explain(fault), "; ", htpasswd_remedy(fault), NULL);
	log_line(s->log, LOG_ERR, buf);
}

void auth_log_failure(const struct session *s, int err, const char *library)
{
	log_strs(s->log, LOG_ERR, "users: ", s->opt->users,
		 ": can't check a password: ", library ? library : "", library ? ": " : "",
		 strerror(-err), NULL);
}

void auth_log_wrong(const struct session *s)
{
	char line[LOG_LINE_MAX], client[ADDR_TEXT_MAX];
	struct text t = TEXT_OF(line);
	const char *who = s->client.kind == CLIENT_LOCAL ? "local" : "unknown";

	if (addr_format(&s->client.addr, client))
		who = client;
	text_strs(&t, "wrong password: client=", who, " user=\"", NULL);
	text_escaped(&t, s->user, strlen(s->user));
	text_char(&t, '"');
	log_line(s->log, LOG_NOTICE, line);
}
