/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines about logins that failed, for the administrator and for fail2ban. Never has a password.
 */
#include "auth/verdict.h"
#include "base/text.h"

#include <errno.h>
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

static void put_saslauthd(struct text *t, int err)
{
	if (err == -ETIMEDOUT)
		text_str(t, "saslauthd did not answer within handshake-timeout");
	else if (err == -ECONNRESET)
		text_str(t, "saslauthd closed the connection without an answer");
	else if (err == -EPROTO)
		text_str(t, "the answer of saslauthd is malformed");
	else
		text_strs(t, "saslauthd can't be reached: ", strerror(-err), NULL);
}

static const char *saslauthd_remedy(int err)
{
	if (err == -ENOENT || err == -ECONNREFUSED)
		return "; start saslauthd, or correct the option saslauthd";
	if (err == -EACCES)
		return "; add the proxy's user to the group of the socket's folder (on Debian: "
		       "adduser picosocks5 sasl)";
	if (err == -ETIMEDOUT)
		return "; find out what it waits for, or raise the number of its processes (-n) "
		       "or handshake-timeout";
	return "";
}

void auth_log_saslauthd(const struct session *s, int err, struct text *error)
{
	char line[LOG_LINE_MAX];
	struct text t = TEXT_OF(line);

	put_saslauthd(error, err);
	text_escaped(&t, s->opt->saslauthd, strlen(s->opt->saslauthd));
	text_strs(&t, ": ", error->buf, saslauthd_remedy(err), NULL);
	log_line(s->log, LOG_ERR, line);
}

void auth_log_no_gssapi(const struct session *s, const char *why)
{
	const char *keytab = s->opt->gssapi.keytab;
	char line[LOG_LINE_MAX];
	struct text t = TEXT_OF(line);

	text_str(&t, "gssapi-keytab: ");
	text_escaped(&t, keytab, strlen(keytab));
	text_str(&t, ": no client can log in by gssapi: ");
	text_escaped(&t, why, strlen(why));
	text_str(&t, "; picosocks5 --check tells what to do");
	log_line(s->log, LOG_ERR, line);
}

static void put_client(const struct session *s, struct text *t)
{
	char client[ADDR_TEXT_MAX];

	if (addr_format(&s->client.addr, client))
		text_str(t, client);
	else
		text_str(t, s->client.kind == CLIENT_LOCAL ? "local" : "unknown");
}

void auth_log_refused(const struct session *s, const char *method)
{
	char line[LOG_LINE_MAX];
	struct text t = TEXT_OF(line);

	text_str(&t, "login failed: client=");
	put_client(s, &t);
	text_strs(&t, " method=", method, NULL);
	log_line(s->log, LOG_NOTICE, line);
}

void auth_log_wrong(const struct session *s)
{
	char line[LOG_LINE_MAX];
	struct text t = TEXT_OF(line);

	text_str(&t, "wrong password: client=");
	put_client(s, &t);
	text_str(&t, " user=\"");
	text_escaped(&t, s->user, strlen(s->user));
	text_char(&t, '"');
	log_line(s->log, LOG_NOTICE, line);
}
