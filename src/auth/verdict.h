/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the methods share: the verdict on a password, and the log's lines about failed logins. */
#ifndef AUTH_VERDICT_H
#define AUTH_VERDICT_H

#include "session.h"
#include "users/htpasswd.h"
#include "wire/userpass.h"

/*
 * Verifies this user name and password, and sets s->user. Wipes *login. Returns NULL if they match;
 * or, in words for error=, why the client is not let in, after it has logged the details. Ends the
 * session at the deadline, or if the client leaves meanwhile.
 */
const char *auth_check_password(struct session *s, struct userpass_request *login);

/* Logs the line that fail2ban reads: the client's address, and s->user. */
void auth_log_wrong(const struct session *s);

/* Logs that this line of the users file can't be used, and the remedy. */
void auth_log_bad_line(const struct session *s, size_t line, enum htpasswd_fault fault);

/* Logs that no password can be checked: err is the negative errno, library may be NULL. */
void auth_log_failure(const struct session *s, int err, const char *library);

#endif
