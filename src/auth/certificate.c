/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The login by the certificate that the client has shown inside TLS. Nothing is negotiated: the
 * certificate has been verified in the handshake, and only its subject's name is read here.
 */
#include "auth/auth.h"
#include "auth/verdict.h"
#include "end/end.h"
#include "log/title.h"

#include <string.h>

void auth_certificate(struct session *s, const char *name, size_t len)
{
	if (!options_accept(s->opt, METHOD_CERTIFICATE))
		return;
	if (!len)
		auth_refuse_certificate(
			s, "the client's certificate has no valid common name (CN), or "
			   "more than one");
	if (len >= sizeof(s->user) || memchr(name, '\0', len))
		auth_refuse_certificate(s, "the common name (CN) of the client's certificate can't "
					   "be a user name, which has 1 to 255 bytes and no NUL");
	memcpy(s->user, name, len);
	s->user[len] = '\0';
	s->certified = true;
	s->rec.user = s->user;
	s->rec.auth = "certificate";
	title_show(&s->client, s->user, NULL, NULL);
}

void auth_forget_certificate(struct session *s)
{
	if (!s->certified)
		return;
	s->certified = false;
	s->replaced = true;
	s->user[0] = '\0';
	s->rec.user = NULL;
	s->rec.auth = NULL;
	title_show(&s->client, NULL, NULL, NULL);
}

_Noreturn void auth_refuse_certificate(struct session *s, const char *error)
{
	auth_log_refused(s, "certificate");
	end_hangup(s, END_AUTH, error);
}
